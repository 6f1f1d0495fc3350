"""The situation of a run in one word: each from a made-up run that shows it, calm, and the same in the past."""

import itertools
import math
import random
from dataclasses import replace

import pytest

from gan.records import Point, Scores
from gan.runs.state.situation import Situation, situation


def made(right=0.8, until=0.8, realism=None, realism_until=None, count=80, noise=0.01, loss=1.0, epochs=20):
    """A run of `count` points of 30 steps: D's accuracy and realism go evenly from one value to another."""
    chance = random.Random(1)
    points, scores = [], []
    for n in range(1, count + 1):
        share = min(1, max(0, right + (until - right) * n / count + chance.gauss(0, noise)))
        epoch = epochs * n / count
        points.append(Point(epoch, loss, loss, 0.6, 0.4, weight=30, real_passed=share, fake_passed=1 - share))
        if realism and n % 4 == 0:
            now = realism * (realism_until / realism) ** (n / count)
            scores.append((epoch, Scores(samples=1000, realism=now * math.exp(chance.gauss(0, 0.02)))))
    return points, scores


RUNS = {
    Situation.BEGINNING: made(count=8),
    Situation.BETTER_GAINS: made(0.5, 0.93, 90, 5),
    Situation.BETTER_HOLDS: made(0.8, 0.8, 90, 5),
    Situation.BETTER_LOSES: made(0.94, 0.6, 90, 5),
    Situation.BETTER_GUESSES: made(0.53, 0.53, 90, 5),
    Situation.BETTER_SURE: made(0.98, 0.98, 90, 5),
    Situation.SAME_HOLDS: made(0.8, 0.8, 5, 5),
    Situation.SAME_SURE: made(0.99, 0.99, 50, 50),
    Situation.SAME_GUESSES: made(0.5, 0.5, 5, 5),
    Situation.WORSE_SURE: made(0.8, 0.99, 5, 200),
    Situation.WORSE_HOLDS: made(0.8, 0.8, 5, 200),
    Situation.WORSE_GUESSES: made(0.5, 0.5, 5, 200),
    Situation.GAINS: made(0.5, 0.93),
    Situation.LOSES: made(0.94, 0.6),
    Situation.HOLDS: made(),
    Situation.SURE: made(0.99, 0.99),
    Situation.GUESSES: made(0.5, 0.5),
}


def alone(realism=None, realism_until=None):
    """The same of a run that nobody judges: its points have no accuracy, but numbers of their own."""
    points, scores = made(realism=realism, realism_until=realism_until)
    return [Point(point.epoch, weight=30, own={"reconstruction": 1.0}) for point in points], scores


RUNS |= {
    Situation.STARTS: alone(),
    Situation.BETTER: alone(90, 5),
    Situation.SAME: alone(5, 5),
    Situation.WORSE: alone(5, 200),
}


@pytest.mark.parametrize("expected", RUNS)
def test_each_is_found_in_a_run_that_shows_it(expected):
    assert situation(*RUNS[expected]) is expected


def begun_at(points) -> int:
    """The steps after which something is said."""
    said = (n for n in range(1, len(points) + 1) if situation(points[:n], ()) is not Situation.BEGINNING)
    return sum(point.weight for point in points[: next(said)])


def slow(right, until, noise, count=100):
    """A slow laptop's run: a point every seven steps."""
    return [replace(point, weight=7) for point in made(right, until, count=count, noise=noise)[0]]


def test_something_is_said_as_soon_as_the_numbers_say_something():
    calm = slow(0.8, 0.8, 0.03)  # what batches of 16 give by chance
    assert 120 <= begun_at(calm) <= 280 and situation(calm[:40], ()) is Situation.HOLDS
    quick = slow(0.5, 2.0, 0.03)  # D learns fast
    assert begun_at(quick) <= 180 and situation(quick[:26], ()) is Situation.GAINS
    certain = slow(1.0, 1.0, 0.0)
    assert begun_at(certain) <= 150 and situation(certain[:25], ()) is Situation.SURE


def test_while_the_numbers_jump_nothing_is_said_for_as_long_as_ever():
    for seed in range(20):
        chance = random.Random(seed)
        wide = [replace(point, real_passed=chance.random(), weight=7) for point in made(count=57)[0]]
        said = {situation(wide[:n], ()) for n in range(1, 58)}
        assert said == {Situation.BEGINNING}, f"seed {seed}, in 399 steps"


def test_losses_that_jump_come_first():
    points, scores = made(0.8, 0.8, 90, 5)
    calm, wild = points[:-6], [Point(p.epoch, 40.0, 1.0, 0.6, 0.4, weight=30) for p in points[-6:]]
    assert situation([*calm, *wild], scores) is Situation.WILD


def test_every_situation_is_shown_here():
    assert {*RUNS, Situation.WILD} == {*Situation}


@pytest.mark.parametrize("noise", [0.02, 0.05])
def test_does_not_flicker_over_a_noisy_run(noise):
    points, scores = made(0.78, 0.82, 30, 20, count=300, noise=noise)
    said = [situation(points[:n], scores, points[n - 1].epoch) for n in range(10, 301)]
    changes = sum(one is not other for one, other in itertools.pairwise(said))
    assert changes <= 5, [each.value for each in said]


def test_of_an_epoch_of_the_past_is_what_it_was_then():
    points, scores = made(0.5, 0.93, 90, 5)
    for n in (20, 45, 79):
        epoch = points[n - 1].epoch
        then = [each for each in scores if each[0] <= epoch]
        assert situation(points, scores, epoch) is situation(points[:n], then)


def test_runs_from_before_right_answers_were_counted_have_one_too():
    sure = [Point(n / 4, 1.0, 1.0, 0.98, 0.03, weight=30) for n in range(1, 80)]
    assert situation(sure, ()) is Situation.SURE
    broken = [Point(math.nan, math.nan, math.inf, 0.5, 0.5)]
    assert situation([*sure, *broken], ()) is Situation.SURE and situation(broken, ()) is Situation.BEGINNING
