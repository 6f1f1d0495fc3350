"""A lesson plan, read from its file: a head as a lesson has it, then parts, each a heading and what stands below it.

    ---
    title: Forger and detective
    about: The first lesson.
    minutes: 45
    order: 1
    tags: AI4K12 3-A-i
    ---
    ## What is a GAN?
    minutes: 10
    open: lesson first_look
    open: print worksheet first_look

    What the teacher says, shows and asks, in Markdown.

Right below the heading stand the minutes, and what is opened for the part: a page, `lesson` and its name, or `print`
and what is printed. The minutes of the parts add up to those of the head. `docs/plans.md` says it to teachers.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from gan.messages import Message, Refusal, message_of, msg
from pages.shared.draw.theme import ASSETS
from pages.shared.lessons import course, files
from pages.shared.lessons.lesson import PAGES, PICTURE, Headed, broken, read_head
from pages.shared.printed.worksheet import asking
from pages.shared.words.catalogues import FIRST

FOLDER = ASSETS / "plans"
SETTING = re.compile(r"(minutes|open):\s*(.+)")
OPENS = (*PAGES, "lessons", "game")  # pages
LESSON, PRINT = "lesson", "print"
WORKSHEET = "worksheet"  # of a lesson
SHEETS = ("game", WORKSHEET, "certificate")
NO_PART = msg("plan.no_part", "A plan's text stands below a heading such as '## The game'.")


class Way(NamedTuple):
    """What is opened: a page; or LESSON or PRINT, and what of it."""

    to: str
    what: str = ""


@dataclass
class Part:
    title: str
    minutes: int = 0
    ways: list[Way] = field(default_factory=list)
    notes: str = ""


@dataclass
class Plan(Headed):
    parts: list[Part]

    @property
    def skeleton(self) -> list[tuple]:
        """What has to be the same in every language."""
        return [(part.minutes, *part.ways, part.notes.count("\n- ")) for part in self.parts]


class Plans(NamedTuple):
    plans: dict[str, Plan]  # by their names, in their order
    broken: list[Message]  # what is wrong with the files that cannot be read, a sentence each


def plans(spoken: str | None = None) -> Plans:
    """Every plan in the visitor's language, or `spoken`; in English where it lacks one, or where that is broken."""
    lessons = course.course(FIRST).lessons  # which of them there are, and which ask something, decides what is opened
    asked = tuple((name, bool(asking(lesson))) for name, lesson in lessons.items())
    return Plans(*files.in_language(FOLDER, read, spoken, asked))


def read(name: str, text: str) -> Plan:
    """The plan of a file. Raises Broken with the line that cannot be read."""
    lines = [line.strip() for line in text.splitlines()]
    head, begin = read_head(lines)
    head.pop("shelf")
    parts: list[Part] = []
    for number, line in enumerate(lines[begin:], start=begin + 1):
        try:
            if line.startswith("## "):
                parts.append(Part(line[3:]))
            elif parts:
                _take(parts[-1], line)
            elif line:
                raise Refusal(NO_PART)
        except ValueError as error:
            raise broken(number, message_of(error)) from error
    if not parts:
        raise broken(len(lines), NO_PART)
    total = sum(part.minutes for part in parts)
    if total != head["minutes"]:
        told = msg(
            "plan.minutes",
            "The parts take {total} minutes, the plan {minutes}.",
            total=total,
            minutes=head["minutes"],
        )
        raise broken(1, told)
    for part in parts:
        part.notes = part.notes.strip()
    return Plan(name, parts=parts, **head)


def _take(part: Part, line: str) -> None:
    setting = SETTING.fullmatch(line)
    if setting and not part.notes.strip():
        name, value = setting.groups()
        if name == "open":
            part.ways.append(_way(value))
        elif value.isascii() and value.isdecimal():
            part.minutes = int(value)
        else:
            raise Refusal("lesson.number", "{name} must be a whole number.", name=name)
        return
    if PICTURE.search(line):
        raise Refusal("lesson.picture", "A lesson shows no pictures from elsewhere: name a film or a run.")
    part.notes += f"{line}\n"


def _way(value: str) -> Way:
    to, _, what = value.partition(" ")
    lessons = course.course(FIRST).lessons
    sheet, _, of = what.partition(" ")
    fits = {
        LESSON: what in lessons,
        PRINT: sheet in SHEETS and (of in lessons and bool(asking(lessons[of])) if sheet == WORKSHEET else not of),
    }.get(to, to in OPENS and not what)
    if not fits:
        raise Refusal("plan.open", "{value!r} cannot be opened: there is no such page, lesson or sheet.", value=value)
    return Way(to, what)
