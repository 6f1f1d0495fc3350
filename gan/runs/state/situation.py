"""The whole situation of a run in one word: how the fakes do, how the discriminator does, whether the losses jump.

Each trend has a rule here, with a threshold at which it begins to be said and a lower one at which it is no longer
said; and a new situation is said only after it has held for a while. So the word is calm, and at each epoch of the
past it is what it was then.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import Enum
from itertools import accumulate
from statistics import fmean
from typing import NamedTuple

from gan.records import Point, Scores

FIRST_STEPS = 400  # something is said after them at the latest, and before as soon as the numbers have settled
LEAST_POINTS = 3  # of each half whose means are compared with each other to see that
LEAST_STEPS = (
    200  # of a part whose mean is compared with that of the part before; in a run of less than two, half of it
)
PART = 1 / 6  # of the steps so far, where that is more
HOLD_STEPS, HOLD = 100, 1 / 50  # a new situation must hold for so many steps, or share of the steps so far
LAST_POINTS = 12  # in which losses are called wild


class Threshold(NamedTuple):
    """A trend begins to be said at `begin`, and is said as long as it stays beyond `stay`."""

    begin: float
    stay: float

    def passed(self, value: float, is_said: bool) -> bool:
        return value >= (self.stay if is_said else self.begin)


CHANGE = Threshold(0.03, 0.015)  # of D's accuracy, from one part to the next
SURE = Threshold(0.95, 0.93)  # D's accuracy
GUESSING = Threshold(-0.57, -0.6)  # D's accuracy, and less
BETTER = Threshold(math.log(1 / 0.9), math.log(1 / 0.95))  # ratio of realism: noise is under 10 %
WILD = Threshold(8.0, 4.0)  # the greatest of the last losses, in units of the usual one


class Fakes(Enum):
    UNKNOWN, WORSE, SAME, BETTER = range(4)


class Detective(Enum):
    GUESSES, LOSES, HOLDS, GAINS, SURE = range(5)


class Situation(Enum):
    BEGINNING = "beginning"  # too few steps
    WILD = "wild"  # the losses jump
    BETTER_GUESSES = "better_guesses"
    BETTER_LOSES = "better_loses"
    BETTER_HOLDS = "better_holds"
    BETTER_GAINS = "better_gains"
    BETTER_SURE = "better_sure"
    SAME_GUESSES = "same_guesses"
    SAME_HOLDS = "same_holds"
    SAME_SURE = "same_sure"
    WORSE_GUESSES = "worse_guesses"
    WORSE_HOLDS = "worse_holds"
    WORSE_SURE = "worse_sure"
    GUESSES = "guesses"  # the others: nobody measures the fakes
    LOSES = "loses"
    HOLDS = "holds"
    GAINS = "gains"
    SURE = "sure"
    STARTS = "starts"  # the last four: nobody judges them
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"

    @classmethod
    def of(cls, fakes: Fakes, detective: Detective) -> "Situation":
        """Where the fakes get no better, it matters how well D tells, and not whether it tells better than before."""
        if fakes is Fakes.UNKNOWN:
            return cls[detective.name]
        is_moving = detective in (Detective.LOSES, Detective.GAINS)
        if is_moving and fakes is not Fakes.BETTER:
            detective = Detective.HOLDS
        return cls[f"{fakes.name}_{detective.name}"]


def situation(points: Sequence[Point], scores: Sequence[tuple[float, Scores]], epoch: float = math.inf) -> Situation:
    """The situation of a run after `epoch`, or now."""
    if points and all(point.own for point in points):
        return _without_a_judge(scores, epoch)
    known = [
        p for p in points if p.epoch <= epoch and all(map(math.isfinite, (p.epoch, p.d_loss, p.g_loss, _right(p))))
    ]
    steps = list(accumulate((p.weight for p in known), initial=0))
    rights = list(accumulate((p.weight * _right(p) for p in known), initial=0.0))
    squares = list(accumulate((p.weight * _right(p) ** 2 for p in known), initial=0.0))
    realism = _Realism(scores)
    wildness = [_wildness([getattr(p, name) for p in known]) for name in ("d_loss", "g_loss")]
    said = meant = Situation.BEGINNING
    fakes, detective, is_wild, since = Fakes.UNKNOWN, Detective.HOLDS, False, 0
    for number, point in enumerate(known, start=1):
        is_early = number < 3 or (said is Situation.BEGINNING and steps[number] < FIRST_STEPS)
        if is_early and not _settled(steps, rights, squares, number):
            meant = Situation.BEGINNING
            continue
        fakes = _fakes(realism.change(point.epoch), fakes)
        detective = _detective(*_parts(steps, rights, number), detective)
        is_wild = WILD.passed(max(each[number - 1] for each in wildness), is_wild)
        found = Situation.WILD if is_wild else Situation.of(fakes, detective)
        if found is not meant:
            meant, since = found, steps[number]
        if steps[number] - since >= max(HOLD_STEPS, HOLD * steps[number]):
            said = found
    return said


def _without_a_judge(scores: Sequence[tuple[float, Scores]], epoch: float) -> Situation:
    """How the fakes do, where no discriminator plays."""
    realism, said = _Realism(scores), Fakes.UNKNOWN
    for at, _ in scores:
        if at <= epoch:
            said = _fakes(realism.change(at), said)
    return Situation.STARTS if said is Fakes.UNKNOWN else Situation[said.name]


def _right(point: Point) -> float:
    """D's accuracy; in runs that were kept before it was counted, its mean probability for the right answer."""
    return point.d_right if math.isfinite(point.d_right) else point.d_sure


def _fakes(change: float | None, said: Fakes) -> Fakes:
    if change is None:
        return Fakes.UNKNOWN
    if BETTER.passed(change, said is Fakes.BETTER):
        return Fakes.BETTER
    return Fakes.WORSE if BETTER.passed(-change, said is Fakes.WORSE) else Fakes.SAME


def _detective(before: float, now: float, said: Detective) -> Detective:
    if SURE.passed(now, said is Detective.SURE):
        return Detective.SURE
    if GUESSING.passed(-now, said is Detective.GUESSES):
        return Detective.GUESSES
    if CHANGE.passed(now - before, said is Detective.GAINS):
        return Detective.GAINS
    return Detective.LOSES if CHANGE.passed(before - now, said is Detective.LOSES) else Detective.HOLDS


def _settled(steps: Sequence[float], rights: Sequence[float], squares: Sequence[float], number: int) -> bool:
    """Whether D's mean accuracies in both halves of the first `number` points say more than their spread: twice the
    standard error of their difference is less than a change that would be told, or than this difference.
    """
    middle = bisect_left(steps, steps[number] / 2)
    means, error = [], 0.0
    for begin, end in ((0, middle), (middle, number)):
        count, length = end - begin, steps[end] - steps[begin]
        if count < LEAST_POINTS:
            return False
        means.append((rights[end] - rights[begin]) / length)
        spread = max(0.0, (squares[end] - squares[begin]) / length - means[-1] ** 2)
        error += spread / (count - 1)
    return 2 * math.sqrt(error) <= max(CHANGE.begin, abs(means[1] - means[0]))


def _parts(steps: Sequence[float], rights: Sequence[float], number: int) -> tuple[float, float]:
    """D's mean accuracy in the last part of the first `number` points, and in the part before: the earlier first."""
    length = min(max(LEAST_STEPS, PART * steps[number]), steps[number] / 2)
    middle, first = (bisect_left(steps, steps[number] - parts * length) for parts in (1, 2))
    middle = min(max(middle, 1), number - 1)
    first = min(first, middle - 1)

    def mean(begin: int, end: int) -> float:
        return (rights[end] - rights[begin]) / (steps[end] - steps[begin])

    return mean(first, middle), mean(middle, number)


def _wildness(losses: Sequence[float]) -> list[float]:
    """At each point the greatest of the last losses in units of the usual loss until then, both taken as 1 at least."""
    sizes = [max(1.0, abs(loss)) for loss in losses]
    logs = accumulate(map(math.log, sizes))
    usual = [math.exp(total / count) for count, total in enumerate(logs, start=1)]
    return [max(sizes[max(0, at - LAST_POINTS) : at]) / usual[at - 1] for at in range(1, len(sizes) + 1)]


class _Realism:
    """How realism changes, in logarithms: above 0 the fakes get better."""

    SHARE, LEAST = 1 / 3, 6  # of the run that is looked at, and scores at least

    def __init__(self, scores: Sequence[tuple[float, Scores]]) -> None:
        known = [(epoch, each.distance) for epoch, each in scores if epoch > 0 and each.distance and each.distance > 0]
        self._epochs = [epoch for epoch, _ in known]
        self._logs = [math.log(realism) for _, realism in known]

    def change(self, epoch: float) -> float | None:
        """From the older to the newer half of what was measured lately, up to `epoch`; None for fewer than three."""
        count = bisect_right(self._epochs, epoch)
        if count < 3:
            return None
        recent = count - bisect_left(self._epochs, (1 - self.SHARE) * self._epochs[count - 1], hi=count)
        logs = self._logs[max(0, count - max(recent, self.LEAST)) : count]
        half = len(logs) // 2
        return fmean(logs[:half]) - fmean(logs[-half:])
