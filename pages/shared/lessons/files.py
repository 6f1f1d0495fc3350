"""Lessons and plans in files, one a language, such as `first_look.es.md`: read once, and again when they change."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from gan.messages import Message, msg
from pages.shared.lessons.lesson import Broken, Headed
from pages.shared.words import language
from pages.shared.words.catalogues import FIRST

T = TypeVar("T", bound=Headed)
UNREADABLE = msg("lesson.unreadable", "This is no text in UTF-8.")


def in_language(
    folder: Path, read: Callable[[str, str], T], spoken: str | None = None, beside: Hashable = None
) -> tuple[dict[str, T], list[Message]]:
    """All of a folder by their names, in their order, and what is wrong with the files that cannot be read.

    In the visitor's language, or `spoken`; in English where it lacks one, or where that is broken. `read` makes one of
    a name and a text, and raises Broken; `beside` is all else that it looks at: where that has changed, every file is
    read again.
    """
    found: dict[str, T] = {}
    broken = []
    for tag in (FIRST, spoken or language()):
        for path in sorted(folder.glob(f"*.{tag}.md")):
            name = path.name.removesuffix(f".{tag}.md")
            try:
                read_or_not = _read(read, name, path, _state(path), beside)
            except FileNotFoundError:  # it went meanwhile
                continue
            except OSError:
                read_or_not = UNREADABLE
            if isinstance(read_or_not, Message):
                broken.append(msg("lesson.file", "{file}: {told}", file=path.name, told=read_or_not))
            else:
                found[name] = read_or_not
    ordered = sorted(found.values(), key=lambda each: (each.order, each.name))
    return {each.name: each for each in ordered}, list(dict.fromkeys(broken))


def _state(path: Path) -> tuple[int, ...]:
    """What is another one once the file has changed."""
    told = path.stat()
    return told.st_mtime_ns, told.st_ctime_ns, told.st_size


@lru_cache(256)
def _read(
    read: Callable[[str, str], T], name: str, path: Path, state: tuple[int, ...], beside: Hashable
) -> T | Message:
    """What a file had in this `state`, or what is wrong with it. An OSError is not remembered: it may pass."""
    try:
        return read(name, path.read_text("utf-8"))
    except Broken as error:
        return error.message
    except UnicodeDecodeError:
        return UNREADABLE
