"""What the rules look at: the last part of a run, and what it says about the pictures."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gan.doctor.series import LAST_SCORES, finite, gathered, has_fallen, middle, mostly, trend_of
from gan.parts import losses
from gan.records import Point, Scores
from gan.setup.config import RunConfig

# How much of a run is looked at
MIN_STEPS = 300  # before that the networks only wake up: every run looks wild
MIN_POINTS = 12  # fewer points show no trend
STEPS_OF_POINT = (
    MIN_STEPS // MIN_POINTS
)  # a point that covers fewer joins the next: a slow computer's are half a second too
WINDOW_STEPS = 150  # the last steps that levels are taken from: enough to even out small batches
RECENT_SHARE = 1 / 3  # of the run: its scores show whether the pictures get better
RECENT_SCORES = 6  # or the scores before, if these are fewer

# Is D never wrong any more?
SURE = 0.95  # belief in real pictures; healthy digits stay below for minutes
CAUGHT = 0.05  # belief in fakes
NEVER_WRONG = 0.05  # D's loss in units of guessing, where beliefs are no probabilities

# Are the pictures good, and do they get better?
BETTER = 0.9  # realism of the newer half of the recent scores, in units of the older half: noise is under 10 %
WORSE = 1.3  # realism now, in units of the run's best: three times the noise
BAD_REALISM = 100.0  # times the floor's; readable digits have 10 to 60 times, noise over 400
NOISE_REALISM = 390.0  # the same for noise
BAD_JS = 0.45  # of dots; 0.69 is nothing in common
BAD_PRECISION = 0.2  # real pictures have about 0.9, noise and smears under 0.1, fakes that are a digit over 0.5


@dataclass(frozen=True)
class Case:
    """What the rules look at: the last part of a run, and what it says about the pictures."""

    config: RunConfig
    points: tuple[Point, ...]
    all_scores: tuple[tuple[float, Scores], ...]
    floor: Scores | None
    diverged: bool

    @cached_property
    def usable(self) -> list[Point]:
        """The points whose means are numbers, of STEPS_OF_POINT steps or more each."""
        numbers = [p for p in self.points if all(map(math.isfinite, (p.epoch, p.d_loss, p.g_loss, p.d_real, p.d_fake)))]
        return gathered(numbers, STEPS_OF_POINT)

    @cached_property
    def steps(self) -> int:
        return sum(point.weight for point in self.usable)

    @cached_property
    def last(self) -> list[Point]:
        """The last points: at least MIN_POINTS of them, over at least WINDOW_STEPS steps."""
        return self.newest(MIN_POINTS, WINDOW_STEPS)

    def newest(self, count: int, steps: int) -> list[Point]:
        """The last points: at least `count` of them, over at least `steps` steps, where there are so many."""
        begin, covered = len(self.usable), 0
        while begin and (len(self.usable) - begin < count or covered < steps):
            begin -= 1
            covered += self.usable[begin].weight
        return self.usable[begin:]

    @cached_property
    def early(self) -> list[Point]:
        """The first half of what lies before the last points."""
        before = len(self.usable) - len(self.last)
        return self.usable[: (before + 1) // 2]

    def level(self, name: str) -> float:
        """The median of a number over the last points; not a number where it is unknown."""
        return middle([getattr(point, name) for point in self.last])

    # Beliefs and losses

    @cached_property
    def loss(self) -> dict[str, Any]:
        """What the loss says of itself (`gan.parts.losses`)."""
        return losses.facts(self.config.loss)

    @property
    def has_levels(self) -> bool:
        """D's beliefs are probabilities, or labels, so that 0.95 is a lot; a critic's say what it tells apart alone."""
        return not (self.loss.get("CRITIC") or self.loss.get("HAS_MARGIN"))

    @property
    def discriminator_wins(self) -> bool:
        """Nearly all of the last points say that D is not wrong any more; a Wasserstein critic cannot win."""
        if self.has_levels:
            sure = SURE * self.most_belief
            return mostly(self.last, lambda p: p.d_real >= sure and p.d_fake <= CAUGHT)
        return bool(self.guessing) and mostly(self.last, lambda p: p.d_loss <= NEVER_WRONG * self.guessing)

    @property
    def guessing(self) -> float | None:
        """D's loss when it can only guess, where it has such a level."""
        return self.loss.get("GUESSING")

    @property
    def saturates(self) -> bool:
        """G learns next to nothing while D is sure of its fakes."""
        return self.loss.get("SATURATES", False)

    @property
    def most_belief(self) -> float:
        """The highest belief in real pictures that D is asked for."""
        return 1 - self.config.label_smoothing

    # Pictures

    @cached_property
    def scores(self) -> list[tuple[float, Scores]]:
        """The scores of networks that have been trained."""
        return [(epoch, scores) for epoch, scores in self.all_scores if epoch > 0]

    def recent(self, name: str) -> list[float]:
        """The known values of a score in the last part of the run."""
        begin = (1 - RECENT_SHARE) * self.scores[-1][0] if self.scores else 0.0
        count = sum(epoch > begin for epoch, _ in self.scores)
        return finite([getattr(scores, name) for _, scores in self.scores[-max(count, RECENT_SCORES) :]])

    @cached_property
    def trend(self) -> float | None:
        """The distance to the real pictures in the newer half of the recent scores, in units of the older half; below
        1 is better.
        """
        return trend_of(self.recent("distance"))

    @property
    def gets_better(self) -> bool:
        return self.trend is not None and self.trend < BETTER and has_fallen(self.recent("distance"))

    @property
    def is_stuck(self) -> bool:
        return self.trend is not None and not self.gets_better

    @cached_property
    def best(self) -> tuple[float, float] | None:
        """The epoch and the level of the run's best realism; a level is the median of LAST_SCORES in a row."""
        known = [(epoch, scores.realism) for epoch, scores in self.scores if finite([scores.realism])]
        rows = [known[n : n + LAST_SCORES] for n in range(len(known) - LAST_SCORES + 1)]
        return min(
            ((row[-1][0], middle([each for _, each in row])) for row in rows), key=lambda best: best[1], default=None
        )

    @property
    def now(self) -> float:
        """The present level of realism; not a number where it is unknown."""
        return middle(self.recent("realism")[-LAST_SCORES:])

    @property
    def reals_realism(self) -> float | None:
        """What real pictures have for realism: not 0, since no two are alike. None where nobody can say."""
        return next(iter(finite([self.floor.realism]) if self.floor else []), None)

    @property
    def is_worse(self) -> bool:
        """Whether the pictures were clearly better before: by more, too, than real ones differ from each other."""
        if self.best is None:
            return False
        best = self.best[1]
        return self.now > WORSE * best and self.now - best > (self.reals_realism or 0.0)

    @property
    def is_noise(self) -> bool | None:
        """Whether the fakes are as far from the real pictures as noise is; None where nobody can say."""
        known = self.reals_realism is not None and math.isfinite(self.now)
        return self.now >= NOISE_REALISM * self.reals_realism if known else None

    @cached_property
    def is_bad(self) -> bool | None:
        """Whether the fakes do not look real; None where nobody can say."""
        realism, precision, js = (self.recent(name) for name in ("realism", "precision", "js"))
        signs = []
        if realism and self.reals_realism:
            signs.append(middle(realism[-LAST_SCORES:]) > BAD_REALISM * self.reals_realism)
        if precision:
            signs.append(middle(precision[-LAST_SCORES:]) < BAD_PRECISION)
        if js:
            signs.append(middle(js[-LAST_SCORES:]) > BAD_JS)
        return any(signs) if signs else None

    @property
    def blobs(self) -> tuple[int, int] | None:
        """How many of the real dots' blobs the fakes find, and how many there are; None where nobody can say."""
        found = self.recent("kinds")
        if len(found) < LAST_SCORES or not (self.floor and self.floor.kinds):
            return None
        return int(max(found[-1], middle(found[-LAST_SCORES:]))), self.floor.kinds


def floor_variety(case: Case) -> float:
    """The variety of real pictures, or the number of classes where it was not measured."""
    known = finite([case.floor.variety]) if case.floor else []
    return min([*known, float(len(case.config.learned_classes))])
