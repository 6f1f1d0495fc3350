"""Worksheets: what a lesson asks, to be ticked before its runs, and the answers for the teacher."""

from collections.abc import Iterable

from gan.messages import msg
from pages.shared.lessons.lesson import Lesson, LessonStep, Option
from pages.shared.lessons.truths import YES
from pages.shared.printed.page import Sheet, marked
from pages.shared.words.speech import Html

NAME = msg("print.name", "Name")
SAW = msg("print.saw", "What did you see?")
LINES = 2
MOST_PAGES = 12  # of the answers, on A4 and Letter, in every language


def sheet(voice: Html, lesson: Lesson) -> Sheet:
    """The questions of a lesson, with lines to write on where something is trained."""
    name = f'<p>{voice.say(NAME)}: <span class="write"></span></p>'
    how = voice.say(
        msg("print.first_tick", "Tick what you think **before** it is trained. Then write down what you saw.")
    )
    asked = "".join(_question(voice, number, step) for number, step in enumerate(asking(lesson), start=1))
    talk = voice.say(msg("print.learned", "What do you know now that you did not know before?"))
    body = f"<section><h1>{marked(lesson.title)}</h1>{name}<p>{how}</p>{asked}"
    return Sheet(marked(lesson.title), f'{body}<div class="whole"><h2>{talk}</h2>{_lines(3)}</div></section>')


def keys(voice: Html, lessons: Iterable[Lesson]) -> Sheet:
    """The answers of all lessons, for the teacher."""
    title = voice.say(msg("print.keys", "Answers"))
    about = voice.say(
        msg(
            "print.keys_about",
            "Filled: right. Where the run of your class decides, **usually** stands beside what came out when the "
            "lesson was tried; your run may say otherwise.",
        )
    )
    parts = []
    for lesson in filter(asking, lessons):
        answers = "".join(_answer(voice, step) for step in asking(lesson))
        parts.append(f"<h2>{marked(lesson.title)}</h2>{answers}")
    return Sheet(title, f"<section><h1>{title}</h1><p>{about}</p>{''.join(parts)}</section>")


def asking(lesson: Lesson) -> list[LessonStep]:
    """Its steps that ask something: without any there is no worksheet."""
    return [step for step in lesson.steps if step.ask]


def _question(voice: Html, number: int, step: LessonStep) -> str:
    ticks = "".join(f"<li><i></i>{marked(option.text)}</li>" for option in step.options)
    saw = f"<p>{voice.say(SAW)}</p>{_lines(LINES)}" if step.run else ""
    return f'<div class="whole"><h2>{number}. {marked(step.ask)}</h2><ul class="ask">{ticks}</ul>{saw}</div>'


def _answer(voice: Html, step: LessonStep) -> str:
    told = "".join(_told(voice, option) for option in step.options)
    return f'<div class="whole"><p>{marked(step.ask)}</p><ul class="ask">{told}</ul></div>'


def _told(voice: Html, option: Option) -> str:
    """An answer, filled where it is right, or was when the lesson was tried."""
    truth, text = option.truth, marked(option.text)
    if truth and truth.told == YES:
        return f'<li class="yes"><i></i>{text}</li>'
    if truth and truth.is_usual:
        return f'<li class="yes"><i></i>{text} ({voice.say(msg("print.usually", "**usually**"))})</li>'
    return f"<li><i></i>{text}</li>"


def _lines(count: int) -> str:
    return f'<div class="lines">{"<i></i>" * count}</div>'
