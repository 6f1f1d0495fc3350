"""All lessons: files in `assets/lessons`, one a lesson and language, such as `first_look.es.md`."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from gan.messages import Message, msg
from pages.shared.draw.theme import ASSETS
from pages.shared.lessons.lesson import Broken, Lesson, read
from pages.shared.words import language
from pages.shared.words.catalogues import FIRST

FOLDER = ASSETS / "lessons"


class Course(NamedTuple):
    lessons: dict[str, Lesson]  # by their names, in their order
    broken: list[Message]  # what is wrong with the files that cannot be read, a sentence each


def course(spoken: str | None = None) -> Course:
    """Every lesson in the visitor's language, or `spoken`; in English where it lacks one, or where that is broken."""
    found: dict[str, Lesson] = {}
    broken = []
    for tag in (FIRST, spoken or language()):
        for path in sorted(FOLDER.glob(f"*.{tag}.md")):
            name = path.name.removesuffix(f".{tag}.md")
            read_or_not = _read(name, path, path.stat().st_mtime_ns)
            if isinstance(read_or_not, Lesson):
                found[name] = read_or_not
            else:
                broken.append(msg("lesson.file", "{file}: {told}", file=path.name, told=read_or_not))
    ordered = sorted(found.values(), key=lambda lesson: (lesson.order, lesson.name))
    return Course({lesson.name: lesson for lesson in ordered}, list(dict.fromkeys(broken)))


@lru_cache(256)
def _read(name: str, path: Path, changed: int) -> Lesson | Message:
    """The lesson of a file as it was when it was `changed`, or what is wrong with it."""
    try:
        return read(name, path.read_text("utf-8"))
    except Broken as error:
        return error.message
    except (OSError, UnicodeDecodeError):
        return msg("lesson.unreadable", "This is no text in UTF-8.")
