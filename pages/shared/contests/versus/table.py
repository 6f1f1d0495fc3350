"""The courses' table, filled with what was measured; each number says how, when it is pointed at or tapped."""

from collections.abc import Callable
from dataclasses import dataclass

from gan.messages import Message, msg
from gan.records import Measures
from gan.runs.server.contest_rules import Out
from gan.runs.state.comparison import Comparison, Course
from pages.shared.contests.versus import words
from pages.shared.words import html
from pages.shared.words.races import LETTERS, OUTS

Value = Callable[[Course], float | None]
LOW, HIGH, LIKE_REAL, NEITHER = "↓", "↑", "≈", ""
SIGNS = msg("versus.signs", "↓ low is good, ↑ high is good, ≈ like real is good.")


@dataclass(frozen=True)
class Row:
    """One measure."""

    title: Message
    better: str  # what to wish for
    how: Message
    value: Value  # of a course that was measured; None where its family cannot
    told: Message
    real: Callable[[Measures], float | None] | None = None  # the same of real pictures, where it has a meaning


ROWS = (
    Row(
        msg("versus.realism", "Realism"),
        LOW,
        msg(
            "versus.realism.how",
            "How far {count:,} fakes are from the real pictures in what the referee sees (Fréchet distance). As many "
            "real pictures have {real:.1f} themselves.",
        ),
        lambda course: course.measures.scores.realism,
        msg("versus.number1", "{number:.1f}"),
        lambda measures: measures.real.realism,
    ),
    Row(
        msg("versus.sharpness", "Sharpness"),
        LIKE_REAL,
        msg(
            "versus.sharpness.how",
            "The height of a typical step in brightness from one pixel to the next: 1 is from black to white at once. "
            "Blur makes it lower; noise makes it higher.",
        ),
        lambda course: course.measures.sharpness,
        msg("versus.number2", "{number:.2f}"),
        lambda measures: measures.real_sharpness,
    ),
    Row(
        msg("versus.variety", "Variety"),
        HIGH,
        msg(
            "versus.variety.how",
            "How many kinds {count:,} fakes are spread over, as the referee reads them. Who is told the kind draws "
            "them all.",
        ),
        lambda course: course.measures.scores.variety,
        msg("versus.number1", "{number:.1f}"),
        lambda measures: measures.real.variety,
    ),
    Row(
        msg("versus.recall", "Recall"),
        HIGH,
        msg(
            "versus.recall.how",
            "The share of real pictures that lie among {count:,} fakes in what the referee sees: what is missing was "
            "never drawn.",
        ),
        lambda course: course.measures.scores.recall,
        msg("versus.share", "{number:.0%}"),
        lambda measures: measures.real.recall,
    ),
    Row(
        msg("versus.time", "Time for 64"),
        LOW,
        msg("versus.time.how", "The time to draw 64 pictures on this computer: the middle one of three tries."),
        lambda course: 1000 * course.measures.draw_seconds,
        msg("versus.milliseconds", "{number:,.0f} ms"),
    ),
    Row(
        msg("versus.walk", "Jump in a walk"),
        LOW,
        msg(
            "versus.walk.how",
            "Ten walks from one noise to another in 16 steps: the share of all change that comes in the biggest step. "
            "Even steps have 6% each.",
        ),
        lambda course: course.measures.jump,
        msg("versus.share", "{number:.0%}"),
    ),
    Row(
        msg("versus.error", "Redrawing error"),
        LOW,
        msg(
            "versus.error.how",
            "Reconstruction error: 256 real pictures are squeezed into a few numbers and drawn again. So far off is a "
            "pixel, of the way from black to white. Only autoencoders can do that.",
        ),
        lambda course: course.measures.error,
        msg("versus.share", "{number:.0%}"),
    ),
    Row(
        msg("versus.steps", "Steps in that time"),
        NEITHER,
        msg("versus.steps.how", "How often it learned from a batch of pictures. A step of a big network takes longer."),
        lambda course: course.steps,
        msg("versus.steps.number", "{number:,}"),
    ),
)
STABILITY = msg("versus.stability", "Stability")
STABILITY_HOW = msg(
    "versus.stability.how",
    "The realism of the same recipe with other seeds: best and worst. The further apart, the more luck is in it. "
    "One seed alone says nothing: train more.",
)


def table(comparison: Comparison) -> str:
    """All that was measured, as HTML: a column a recipe, and one of real pictures."""
    courses = comparison.firsts
    heads = "".join(
        f"<th scope='col' class='lane-{n}'>{LETTERS[n]}<small>{html(words.title(course))}</small></th>"
        for n, course in enumerate(courses)
    )
    body = "".join(_row(row, courses) for row in ROWS) + _stability(comparison)
    return (
        f"<table class='compare versus'><thead><tr><td></td>{heads}"
        f"<th scope='col' class='real'><small>{html(words.REAL)}</small></th></tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: Row, courses: tuple[Course, ...]) -> str:
    known = next((each.measures for each in courses if each.measures), None)
    real = row.real(known) if known and row.real else None
    numbers = [row.value(each) if each.measures else None for each in courses]
    counted = [None if each.is_changed else number for each, number in zip(courses, numbers, strict=True)]
    best = winners(row, counted, real)
    how = row.how.but(count=known.scores.samples if known else 0, real=real or 0)
    cells = "".join(
        _cell(_told(row, course, number), how, n in best)
        for n, (course, number) in enumerate(zip(courses, numbers, strict=True))
    )
    aside = words.NONE if real is None else row.told.but(number=real)
    return f"<tr>{_head(row.title, row.better)}{cells}{_cell(aside, how, kind='real')}</tr>"


def winners(row: Row, numbers: list[float | None], real: float | None) -> set[int]:
    """Which of the numbers are best, to what is shown of them; none where there is nothing to choose from."""
    shown = {n: str(row.told.but(number=number)) for n, number in enumerate(numbers) if number is not None}
    if len(shown) < 2 or row.better == NEITHER:
        return set()
    distance = {LOW: lambda n: numbers[n], HIGH: lambda n: -numbers[n], LIKE_REAL: lambda n: abs(numbers[n] - real)}
    first = shown[min(shown, key=distance[row.better])]
    return {n for n, told in shown.items() if told == first}


def _told(row: Row, course: Course, number: float | None) -> Message:
    if course.measures is None:
        return words.NOT_YET
    return words.CANNOT if number is None else row.told.but(number=number)


def _stability(comparison: Comparison) -> str:
    cells = ""
    for course in comparison.firsts:
        found = comparison.realisms(course.recipe)
        told = words.ONE_SEED if found else words.CANNOT if course.measures else words.NOT_YET
        if not found and course.is_changed:
            told = OUTS[Out.CHANGED]
        if len(found) > 1:
            told = msg("versus.from_to", "{least:.1f} – {most:.1f}", least=min(found), most=max(found))
        cells += _cell(told, STABILITY_HOW)
    return f"<tr>{_head(STABILITY, NEITHER)}{cells}{_cell(words.NONE, STABILITY_HOW, kind='real')}</tr>"


def _head(title: Message, better: str) -> str:
    return f"<th scope='row'>{html(title)}{f'&nbsp;{better}' if better else ''}</th>"


def _cell(told: Message, how: Message, is_best: bool = False, kind: str = "") -> str:
    """A number, and how it was measured: shown while the pointer or the keyboard is on it, or after a tap."""
    number = f"<b>{html(told)}</b>" if is_best else html(told)
    css = f" class='{kind}'" if kind else ""
    return f"<td{css} tabindex='0'>{number}<span class='told_how' role='tooltip'>{html(how)}</span></td>"
