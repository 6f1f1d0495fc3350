"""The one number that says who is winning: its maths, its calm, its past, and runs from before there was one."""

import math

import numpy as np
import pytest

from gan.records import Point
from gan.runs.kept import rows
from gan.runs.state import balance
from gan.runs.state.history import History
from tests.gan.runs.test_runs import reading


def point(epoch, right, weight=50):
    """D was right with this share of the reals and of the fakes."""
    return Point(epoch, 1.0, 1.0, 0.5, 0.5, weight=weight, real_passed=right, fake_passed=1 - right)


def step_by_step(shares):
    """The same mean, one training step after the other, its first steps not taken for more than they are."""
    mean = weights = 0.0
    keep = math.exp(-1 / balance.WINDOW_STEPS)
    for share in shares:
        mean, weights = keep * mean + (1 - keep) * share, keep * weights + (1 - keep)
    return mean / weights


def test_is_an_exponential_mean_over_the_training_steps():
    random = np.random.default_rng(0)
    points = [point(n, share, int(weight)) for n, (share, weight) in enumerate(zip(
        random.uniform(0, 1, 60), random.integers(1, 90, 60), strict=True), start=1)]  # fmt: skip
    steps = [each.d_right for each in points for _ in range(each.weight)]
    assert balance.accuracy(points) == pytest.approx(step_by_step(steps), abs=1e-4)


def test_hardly_moves_with_one_odd_batch():
    calm = [point(n, 0.8, 40) for n in range(1, 21)]
    assert abs(balance.accuracy([*calm, point(21, 0.0, 5)]) - 0.8) < 0.03


def test_of_the_past_is_what_it_was_then():
    points = [point(n, 0.5 + n / 100) for n in range(1, 31)]
    for epoch in (1, 7.5, 29):
        assert balance.accuracy(points, epoch) == balance.accuracy([each for each in points if each.epoch <= epoch])
    assert balance.accuracy(points, 0.5) is None


def test_merged_points_still_say_much_the_same():
    history, plain = History(), []
    for n in range(1, 500):
        right = 0.7 + 0.2 * math.sin(n / 40)
        history.add(reading(n / 10, 10 * n, real_passed=right, fake_passed=1 - right))
        plain.append(point(n / 10, right, 10))
    assert len(history.points) < 400 and abs(balance.accuracy(history.points) - balance.accuracy(plain)) < 0.01


def test_a_run_from_before_there_was_this_number_has_none():
    old = rows.to_array([point(1, 0.9), point(2, 0.9)])[:, :10]
    points = rows.to_points(old)
    assert [each.weight for each in points] == [50, 50] and points[1].d_sure == 0.5
    assert balance.accuracy(points) is None and math.isnan(points[0].d_right)
    assert balance.accuracy([*points, point(3, 0.75)]) == 0.75, "a run that goes on has it from there"
