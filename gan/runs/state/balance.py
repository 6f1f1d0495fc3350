"""Who is winning: how often the discriminator has been right lately, at any moment of a run."""

import math
from collections.abc import Sequence

from gan.records import Point

WINDOW_STEPS = 200  # steps after which what was counted weighs 1/e as much: about two epochs of small sets


def accuracy(points: Sequence[Point], epoch: float = math.inf) -> float | None:
    """The share of real pictures and fakes together that D took for what they are, 0..1, 0.5 by guessing.

    It counts the pictures of all training steps up to `epoch` that the points tell of, the newest most: an
    exponential mean over WINDOW_STEPS. A critic's answers count as right on the right side of its midpoint. None where
    nothing was counted, as in runs that were kept before there was this number.
    """
    return _recent(points, epoch, lambda point: point.d_right)


def fooled(points: Sequence[Point], epoch: float = math.inf) -> float | None:
    """The same mean of the share of fakes alone that passed as real, 0..1."""
    return _recent(points, epoch, lambda point: point.fake_passed)


def _recent(points: Sequence[Point], epoch: float, value) -> float | None:
    """The exponential mean of a value of the points up to `epoch`; each stands for the `weight` steps before it."""
    total = weights = age = 0.0
    for point in reversed(points):
        if not (point.epoch <= epoch and math.isfinite(found := value(point))):
            continue
        weight = math.exp(-age / WINDOW_STEPS) - math.exp(-(age + point.weight) / WINDOW_STEPS)
        total, weights, age = total + weight * found, weights + weight, age + point.weight
        if age > 10 * WINDOW_STEPS:  # what is older weighs nothing
            break
    return total / weights if weights else None
