"""A lesson, read from its file: a head of `name: value` lines, then steps, each a heading and what stands below it.

    ---
    title: What is a GAN?
    minutes: 8
    order: 1
    ---
    ## Will it work?
    run: quick epochs=6
    ask: What will the fakes look like?
    - noise {realism >= 500}
    - digits {else}

    For everyone. **Bold** words, and all else that Markdown has but pictures.
    > With terms and numbers, from the second reading level on.
    >> With formulas, on the third.

    ---
    What is said once the truth is known: the detective was right {accuracy:.0%} of the time.

Settings of a step stand right below its heading: `page`, the one it stands beside; `view`, what lies below the
pictures; `film`, a recorded run; `picture`, what a recipe draws; `mark`, a part of the page to look at; `hide`, one
that comes after the answer; `run`, a recipe and what is changed in it, or `own`: the lesson's first run with one thing
changed by the class; `ask`, a question whose answers follow, or `afterwards`, one about a run that has begun.
`docs/lessons.md` says it to teachers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from gan.messages import Message, Refusal, message_of, msg
from gan.rooms.room import ANSWERS
from gan.setup.config import RunConfig
from pages.shared.draw import film
from pages.shared.lessons import truths
from pages.shared.lessons.truths import Truth
from pages.shared.settings import controls, gallery
from pages.shared.words import states

HEAD = ("title", "about", "minutes", "order", "tags", "shelf")
# What stands apart: runs that fail, the Train page in a minute, and steps that are shown all at once.
CLINIC, TOUR, STORY = SHELVES = "clinic", "tour", "story"
WHOLE = ("minutes", "order")
PAGES = ("train", "dots", "race", "versus", "sweep", "compare", "latent", "detective", "library", "home")
SETTINGS = "settings"
MARKS = {  # parts of the Train page that a step can point at, or hide -> their keys on the page
    "buttons": "bar",
    SETTINGS: "dock",
    "pictures": "sheets",
    "standing": "standing",
    "doctor": "doctor_bar",
    "views": "views",
    "below": "lower",
    "stage": "stage",
}
OWN_RUN = "own"
SETTING = re.compile(r"(page|view|film|picture|mark|hide|run|ask|afterwards):\s*(.+)")
OPTION = re.compile(r"-\s+(.*\S)\s*\{([^{}]+)\}|-\s+(.*\S)")
LEVEL = re.compile(r"(>{0,2})\s?(.*)")
FORMULA = r"\$[^$]*\$"  # its braces are its own
PLACE = re.compile(FORMULA + r"|\{(?P<name>[a-z_]+)(?P<run>@\d)?(?P<spec>:[^{}]*)?\}")  # or a formula, without a name
PICTURE = re.compile(r"!\[[^\]]*\]")


class Broken(Refusal):
    """A file that is no lesson: the message names its line."""


class Paragraph(NamedTuple):
    text: str
    level: int  # 0 = for everyone, 1 = with terms and numbers, 2 = with formulas


class Option(NamedTuple):
    text: str
    truth: Truth | None  # None: an opinion, neither right nor wrong


@dataclass
class LessonStep:
    """One thing at a time: read, answer, run, and see whether it came so."""

    title: str
    page: str = "train"
    view: str = states.CHARTS
    film: str = ""
    picture: str = ""
    mark: str = ""
    hide: str = ""  # until the class has answered
    preset: str = ""
    run: RunConfig | None = None
    is_own: bool = False  # the run is the class's: the lesson's first with one thing changed
    ask: str = ""
    asks_afterwards: bool = False  # of a run that has begun, instead of before it
    options: list[Option] = field(default_factory=list)
    before: list[Paragraph] = field(default_factory=list)
    after: list[Paragraph] = field(default_factory=list)  # once the truth is known

    @property
    def trains(self) -> bool:
        return self.run is not None or self.is_own


@dataclass
class Headed:
    """What a lesson's head says, and a plan's."""

    name: str
    title: str
    about: str
    minutes: int
    order: int
    tags: str


@dataclass
class Lesson(Headed):
    shelf: str
    steps: list[LessonStep]

    @property
    def first_run(self) -> RunConfig:
        """What the class's own runs differ from."""
        return next(step.run for step in self.steps if step.run)

    @property
    def skeleton(self) -> list[tuple]:
        """What has to be the same in every language."""
        return [
            (
                *(
                    step.page,
                    step.view,
                    step.film,
                    step.picture,
                    step.mark,
                    step.hide,
                    step.preset,
                    step.run,
                    step.is_own,
                ),
                *(bool(step.ask), step.asks_afterwards),
                *(option.truth for option in step.options),
                *(paragraph.level for paragraph in (*step.before, *step.after)),
            )
            for step in self.steps
        ]


def read(name: str, text: str) -> Lesson:
    """The lesson of a file. Raises Broken with the line that cannot be read."""
    lines = [line.strip() for line in text.splitlines()]
    head, begin = read_head(lines)
    steps: list[LessonStep] = []
    asked: dict[int, int] = {}  # a step's place -> the line of its question
    for number, line in enumerate(lines[begin:], start=begin + 1):
        try:
            if line.startswith("## "):
                steps.append(LessonStep(line[3:]))
                part = steps[-1].before
            elif steps:
                part = _take(steps[-1], part, line)
                if steps[-1].ask:
                    asked.setdefault(len(steps) - 1, number)
            elif line:
                raise Refusal("lesson.no_step", "A lesson's text stands below a heading such as '## Look'.")
        except ValueError as error:
            raise broken(number, message_of(error)) from error
    if not steps:
        raise broken(len(lines), msg("lesson.empty", "There is no step: begin one with '## ' and its title."))
    if any(step.is_own for step in steps) and not any(step.run for step in steps):
        raise broken(len(lines), msg("lesson.nothing_to_change", "'run: own' changes a run, and there is none here."))
    for at, number in asked.items():
        _check_answers(number, len(steps[at].options))
    for step in steps:
        step.before, step.after = ([each for each in part if each.text] for part in (step.before, step.after))
    return Lesson(name, steps=steps, **head)


def read_head(lines: list[str]) -> tuple[dict[str, Any], int]:
    """The head's values, and the number of its last line. Raises Broken."""
    if lines[:1] != ["---"] or "---" not in lines[1:]:
        raise broken(1, msg("lesson.no_head", "A lesson begins with its head, between two lines '---'."))
    end = lines.index("---", 1)
    head: dict[str, Any] = {"tags": "", "shelf": ""}
    for number, line in enumerate(lines[1:end], start=2):
        name, _, value = (part.strip() for part in line.partition(":"))
        if name not in HEAD or not value:
            told = msg(
                "lesson.head", "{line!r} should be one of {names:list}, a colon, and a value.", line=line, names=HEAD
            )
            raise broken(number, told)
        if name in WHOLE and not value.isdecimal():
            raise broken(number, msg("lesson.number", "{name} must be a whole number.", name=name))
        if name == "shelf" and value not in SHELVES:
            raise broken(number, message_of(_no_such(name, value, SHELVES)))
        head[name] = int(value) if name in WHOLE else value
    if lacking := [name for name in HEAD if name not in head]:
        raise broken(end + 1, msg("lesson.lacks", "The head says nothing of {names:list}.", names=lacking))
    return head, end + 1


def _take(step: LessonStep, part: list[Paragraph], line: str) -> list[Paragraph]:
    """Take one line into the step; what comes next goes to the part that is returned."""
    setting, option = SETTING.fullmatch(line), OPTION.fullmatch(line)
    if line == "---":
        return step.after
    if setting and not part:
        _set(step, setting[1], setting[2])
    elif step.ask and option and not part:
        step.options.append(Option(option[1] or option[3], truths.truth(option[2].strip()) if option[2] else None))
    else:
        marks, words = LEVEL.fullmatch(line).groups()
        _check(words)
        goes_on = part and words and part[-1].text and part[-1].level == len(marks)
        if goes_on:
            part[-1] = Paragraph(f"{part[-1].text}\n{words}", len(marks))
        elif words or part:
            part.append(Paragraph(words, len(marks)))
    return part


def _set(step: LessonStep, name: str, value: str) -> None:
    allowed = {
        "page": PAGES,
        "view": (*states.VIEWS, states.OWN),
        "film": film.recordings(),
        "picture": gallery.drawn(),
        "mark": MARKS,
        "hide": MARKS,
    }.get(name, (value,))
    if value not in allowed:
        raise _no_such(name, value, allowed)
    if name == "run" and value == OWN_RUN:
        step.is_own = True
    elif name == "run":
        step.preset, _, changes = value.partition(" ")
        pairs = [change.partition("=") for change in changes.split()]
        step.run = controls.from_link({controls.PRESET: step.preset} | {key: given for key, _, given in pairs})
    elif name == "afterwards":
        step.ask, step.asks_afterwards = value, True
    else:
        setattr(step, name, value)


def _no_such(name: str, value: str, allowed: Iterable[str]) -> Refusal:
    return Refusal(
        "lesson.setting", "{name} cannot be {value!r}. There are: {allowed:list}.",
        name=name, value=value, allowed=[*allowed],
    )  # fmt: skip


def _check_answers(line: int, count: int) -> None:
    """Raises Broken where a question has none, or more than devices can send."""
    if not 1 <= count <= len(ANSWERS):
        told = msg(
            "lesson.answers",
            "A question has {fewest} to {most} answers right below it, a line '- ' each. Here are {count}.",
            fewest=1,
            most=len(ANSWERS),
            count=count,
        )
        raise broken(line, told)


def _check(text: str) -> None:
    """Raises Refusal for what is not shown: pictures from elsewhere, measures that there are not."""
    if PICTURE.search(text):
        raise Refusal("lesson.picture", "A lesson shows no pictures from elsewhere: name a film or a run.")
    for place in filter(itemgetter("name"), PLACE.finditer(text)):
        truths.operand(place["name"] + (place["run"] or ""))
        try:
            format(0.5, (place["spec"] or ":")[1:])
        except ValueError as error:
            raise Refusal("lesson.format", "{spec!r} writes no number.", spec=place["spec"]) from error


def broken(line: int, told: Message) -> Broken:
    """What is raised for this line."""
    return Broken("lesson.broken", "Line {line}: {told}", line=line, told=told)
