"""The class teaches the detective: a copy learns, the run's own stays as it was."""

import numpy as np
import pytest

from gan import inside
from gan.rooms import Result, draw_round, said_real, teach
from gan.runs.server.exhibit import exhibit


@pytest.fixture
def run():
    return exhibit()


@pytest.fixture
def shown(run):
    return draw_round(run, 4)


def result(shown, real):
    """A round in which the class found each picture real with these shares."""
    fooled = [share if share is None or fake else 1 - share for share, fake in zip(real, shown.is_fake, strict=True)]
    return Result(shown.epoch, 0.5, 0.5, 9, tuple(fooled))


def test_it_comes_to_believe_what_the_class_says_even_where_that_is_wrong(run, shown):
    real = [float(fake) for fake in shown.is_fake]  # all of it wrong
    taught = teach(run, shown, result(shown, real))
    assert taught.before == pytest.approx(shown.beliefs, abs=1e-4)
    for before, after, said in zip(taught.before, taught.after, real, strict=True):
        assert abs(after - said) < abs(before - said)
    assert taught.right_after < taught.right_before  # and is worse for it


def test_the_runs_own_detective_stays_as_it_was(run, shown):
    teach(run, shown, result(shown, [1.0] * len(shown.pictures)))
    again = draw_round(run, 4)
    assert again.beliefs == shown.beliefs and np.array_equal(again.pictures, shown.pictures)


def test_what_nobody_judged_is_looked_at_and_not_learned(run, shown):
    silent = [None] * len(shown.pictures)
    assert teach(run, shown, result(shown, silent)) is None
    one = [0.0, *silent[1:]]
    taught = teach(run, shown, result(shown, one))
    assert taught.after[0] < taught.before[0] and len(taught.after) == len(silent)
    assert said_real(shown, result(shown, one)) == one


def test_a_detective_that_is_sure_can_still_learn(run, shown):
    moment = inside.open_moment(run.snapshot().as_of(shown.epoch)[0].config, run.moments.read(shown.epoch))
    noise = np.random.default_rng(0).integers(0, 256, moment.shape[1:], np.uint8)
    subject = inside.Subject(noise, is_real=False, label=3)
    taught = inside.teach(moment, [subject], [1.0])
    assert taught.after[0] > taught.before[0]
