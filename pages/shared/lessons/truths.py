"""What a lesson can ask of a run: its measures by name, and conditions such as `realism@2 < 0.5 * realism@1`.

Each is computed from the run's snapshot. `accuracy@1` is that of the lesson's first run; without a number it is the
newest's. None is what a run cannot tell.
"""

import math
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from statistics import fmean, median
from typing import NamedTuple

from gan import families, inside
from gan.doctor import Condition
from gan.messages import Message, Refusal
from gan.records import EpochRecord, Point
from gan.runs import Snapshot
from gan.runs.state.balance import accuracy, fooled
from pages.shared.stage import doctor_bar

LAST_POINTS = 10  # of which a belief or a loss is the mean
LAST_EPOCHS = 5  # of which a gradient is the median
WATTS = 15.0  # that training adds to what a school laptop draws at rest, about; a lesson says so
Value = float | str | Message | None

YES, OTHERWISE, USUALLY = "yes", "else", "usually "
OPERATORS = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "=": operator.eq}
BETWEEN = re.compile(r"\s*(<=|>=|<|>|=)\s*")
OPERAND = re.compile(r"(?:(?P<times>\d+(?:\.\d+)?)\s*\*\s*)?(?P<name>[a-z_]+)(?:@(?P<run>[1-9]))?")


def _mean(name: str) -> Callable[[Snapshot], Value]:
    return lambda snapshot: _known(fmean, name, snapshot.points[-LAST_POINTS:])


def _score(name: str) -> Callable[[Snapshot], Value]:
    def newest(snapshot: Snapshot) -> Value:
        return getattr(snapshot.scores[-1][1], name) if snapshot.scores else None

    return newest


def _gradient(name: str) -> Callable[[Snapshot], Value]:
    """The norm of a network's gradient; the median of the last epochs, since that of a single step is up to chance."""

    return lambda snapshot: _known(median, name, snapshot.records[-LAST_EPOCHS:])


def _known(middle: Callable[[Sequence[float]], float], name: str, among: Sequence[Point | EpochRecord]) -> Value:
    """The middle of a number of these, where they have it."""
    told = [getattr(each, name) for each in among]
    told = [value for value in told if math.isfinite(value)]
    return middle(told) if told else None


def _doctor(part: str) -> Callable[[Snapshot], Value]:
    return lambda snapshot: (
        getattr(doctor_bar.examine(snapshot), part) if families.judges(snapshot.config.family) else None
    )


def _jumps(snapshot: Snapshot) -> Value:
    """The greatest of the forger's losses in units of the usual one."""
    losses = sorted(point.g_loss for point in snapshot.points if math.isfinite(point.g_loss))
    return losses[-1] / losses[len(losses) // 2] if losses and losses[len(losses) // 2] > 0 else None


def _asked(snapshot: Snapshot) -> Value:
    """The share of the fakes on screen that are read as what they were asked to be."""
    reading = snapshot.reading
    if reading is None or reading.samples is None:
        return None
    return inside.as_asked(snapshot.config, reading.samples, snapshot.wish)


MEASURES: Mapping[str, Callable[[Snapshot], Value]] = {
    "accuracy": lambda snapshot: accuracy(snapshot.points),  # of the detective, 0..1
    "fooled": lambda snapshot: fooled(snapshot.points),  # share of the fakes that pass as real, 0..1
    "d_real": _mean("d_real"),
    "d_fake": _mean("d_fake"),
    "d_loss": _mean("d_loss"),
    "g_loss": _mean("g_loss"),
    "jumps": _jumps,
    "realism": _score("realism"),  # distance to the real pictures: 0 = the same
    "floor": lambda snapshot: snapshot.floor and snapshot.floor.realism,
    "variety": _score("variety"),  # kinds that the fakes spread over
    "precision": _score("precision"),
    "recall": _score("recall"),
    "copying": _score("copying"),
    "asked": _asked,  # of conditional networks, 0..1
    "kinds": _score("kinds"),  # blobs that dots find
    "js": _score("js"),  # distance of dots
    "seconds": lambda snapshot: snapshot.seconds,
    "watt_hours": lambda snapshot: snapshot.seconds * WATTS / 3600,
    "steps": lambda snapshot: snapshot.reading and float(snapshot.reading.step),
    "speed": lambda snapshot: snapshot.reading and snapshot.reading.steps_per_second,
    "d_gradient": _gradient("d_gradient"),
    "g_gradient": _gradient("g_gradient"),
    "doctor": _doctor("name"),
    "evidence": _doctor("evidence"),  # where the doctor sees it, in a sentence
}
WORDS: Mapping[str, Collection[str]] = {"doctor": [str(each) for each in Condition]}  # measures that are one of these
COMPARED = [name for name in MEASURES if name != "evidence"]  # that is a sentence


class Operand(NamedTuple):
    """A number, a word, or a measure of a run: of the newest where `run` is None, or of the lesson's first, 1, ..."""

    value: float | str
    is_measure: bool = False
    run: int | None = None
    times: float = 1.0

    def of(self, runs: Mapping[int, Snapshot]) -> Value:
        if not self.is_measure:
            return self.value
        snapshot = runs.get(self.run or max(runs, default=0))
        found = MEASURES[self.value](snapshot) if snapshot else None
        return found * self.times if isinstance(found, float | int) else found


class Truth(NamedTuple):
    """When an answer is right: always, where no other is, or where all comparisons between neighbours hold."""

    told: str
    operands: tuple[Operand, ...] = ()
    signs: tuple[str, ...] = ()
    is_usual: bool = False  # it held when the lesson was tried

    def holds(self, runs: Mapping[int, Snapshot]) -> bool | None:
        """None where the runs cannot tell."""
        if not self.signs:
            return self.told == YES
        values = [operand.of(runs) for operand in self.operands]
        if None in values:
            return None
        return all(
            OPERATORS[sign](left, right) for sign, left, right in zip(self.signs, values, values[1:], strict=False)
        )


def operand(text: str, among: Collection[str] = MEASURES) -> Operand:
    """Raises Refusal for what is no number and no measure `among` these."""
    with suppress(ValueError):
        if math.isfinite(number := float(text)):
            return Operand(number)
    found = OPERAND.fullmatch(text)
    if not found or found["name"] not in among:
        raise Refusal(
            "lesson.no_measure", "{name!r} is nothing that a run tells. There are: {names:list}.",
            name=text, names=[*among],
        )  # fmt: skip
    return Operand(found["name"], True, int(found["run"]) if found["run"] else None, float(found["times"] or 1))


def truth(text: str) -> Truth:
    """Read `yes`, `else`, `0.6 <= accuracy < 0.8`, `doctor = mode_collapse`, or `usually` and one of these.

    Raises Refusal for what no run could decide.
    """
    bare = text.removeprefix(USUALLY)
    usual = bare != text
    if bare in (YES, OTHERWISE):
        return Truth(bare, is_usual=usual)
    parts = BETWEEN.split(bare)
    if len(parts) < 3:
        raise Refusal("lesson.no_condition", "{text!r} compares nothing: write, say, accuracy < 0.6.", text=bare)
    between, signs = parts[::2], tuple(parts[1::2])
    measured = (OPERAND.fullmatch(part) for part in between)
    if word := next((found["name"] for found in measured if found and found["name"] in WORDS), None):
        if {*signs} != {"="}:
            raise _no_word(word, bare)
        return Truth(bare, tuple(_word(word, part, bare) for part in between), signs, usual)
    return Truth(bare, tuple(operand(part, COMPARED) for part in between), signs, usual)


def _word(measure: str, text: str, whole: str) -> Operand:
    """One of the words that this measure can be, or the measure of a run."""
    if text in WORDS[measure]:
        return Operand(text)
    found = OPERAND.fullmatch(text)
    if not found or found["name"] != measure or found["times"]:
        raise _no_word(measure, whole)
    return operand(text)


def _no_word(measure: str, whole: str) -> Refusal:
    return Refusal(
        "lesson.no_word", "{text!r} is nothing that {name} can be: write {name} = and one of {words:list}.",
        text=whole, name=measure, words=[*WORDS[measure]],
    )  # fmt: skip
