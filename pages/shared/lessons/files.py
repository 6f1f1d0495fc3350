"""Lessons and plans in files, one a language, such as `first_look.es.md`: read once, and again when they change."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from gan.messages import Message, msg
from pages.shared.lessons.lesson import Broken, Headed
from pages.shared.words import language
from pages.shared.words.catalogues import FIRST

T = TypeVar("T", bound=Headed)


def in_language(
    folder: Path, read: Callable[[str, str], T], spoken: str | None = None
) -> tuple[dict[str, T], list[Message]]:
    """All of a folder by their names, in their order, and what is wrong with the files that cannot be read.

    In the visitor's language, or `spoken`; in English where it lacks one, or where that is broken. `read` makes one of
    a name and a text, and raises Broken.
    """
    found: dict[str, T] = {}
    broken = []
    for tag in (FIRST, spoken or language()):
        for path in sorted(folder.glob(f"*.{tag}.md")):
            name = path.name.removesuffix(f".{tag}.md")
            read_or_not = _read(read, name, path, path.stat().st_mtime_ns)
            if isinstance(read_or_not, Message):
                broken.append(msg("lesson.file", "{file}: {told}", file=path.name, told=read_or_not))
            else:
                found[name] = read_or_not
    ordered = sorted(found.values(), key=lambda each: (each.order, each.name))
    return {each.name: each for each in ordered}, list(dict.fromkeys(broken))


@lru_cache(256)
def _read(read: Callable[[str, str], T], name: str, path: Path, changed: int) -> T | Message:
    """What a file had when it was `changed`, or what is wrong with it."""
    try:
        return read(name, path.read_text("utf-8"))
    except Broken as error:
        return error.message
    except (OSError, UnicodeDecodeError):
        return msg("lesson.unreadable", "This is no text in UTF-8.")
