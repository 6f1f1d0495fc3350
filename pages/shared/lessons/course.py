"""All lessons: files in `assets/lessons`."""

from typing import NamedTuple

from gan.messages import Message
from pages.shared.draw import film
from pages.shared.draw.theme import ASSETS
from pages.shared.lessons import files
from pages.shared.lessons.lesson import Lesson, read
from pages.shared.settings import gallery

FOLDER = ASSETS / "lessons"


class Course(NamedTuple):
    lessons: dict[str, Lesson]  # by their names, in their order
    broken: list[Message]  # what is wrong with the files that cannot be read, a sentence each


def course(spoken: str | None = None) -> Course:
    """Every lesson in the visitor's language, or `spoken`; in English where it lacks one, or where that is broken."""
    shown = tuple(film.recordings()), tuple(gallery.drawn())  # a lesson may name any of these
    return Course(*files.in_language(FOLDER, read, spoken, shown))
