"""The pictures of a round: of the run's own epochs, mixed, judged by that epoch's discriminator."""

import numpy as np
import pytest

from gan import inside
from gan.rooms import can_play, draw_round
from gan.rooms.rounds import LEAST, PICTURES
from gan.runs.server.exhibit import exhibit


@pytest.fixture
def run():
    return exhibit()


def test_a_round_mixes_real_pictures_and_fakes_of_one_epoch(run):
    assert can_play(run)
    shown = draw_round(run, 2)
    assert len(shown.pictures) == len(shown.is_fake) == len(shown.beliefs) == PICTURES
    assert LEAST <= sum(shown.is_fake) <= PICTURES - LEAST
    assert shown.epoch in run.moments.epochs
    assert all(0 <= belief <= 1 for belief in shown.beliefs)


def test_the_detective_of_that_epoch_judged_each(run):
    shown = draw_round(run, 3)
    moment = inside.open_moment(run.snapshot().as_of(shown.epoch)[0].config, run.moments.read(shown.epoch))
    reals = inside.reals(moment, 5000)
    places = {picture.tobytes(): place for place, picture in enumerate(reals.pictures)}
    for picture, fake, belief in zip(shown.pictures, shown.is_fake, shown.beliefs, strict=True):
        place = places.get(picture.tobytes())
        assert (place is None) == fake
        if not fake:
            assert belief == pytest.approx(reals.beliefs[place], abs=1e-4)


def test_a_run_that_has_ended_is_played_from_its_first_epoch_to_its_last(run):
    epochs = [draw_round(run, number).epoch for number in range(1, 8)]
    assert epochs[0] == run.moments.epochs[0] and epochs[4:] == [run.moments.epochs[-1]] * 3
    assert epochs == sorted(epochs)


def test_rounds_differ_and_the_same_round_is_the_same(run):
    first, again, other = draw_round(run, 6), draw_round(run, 6), draw_round(run, 7)  # all of the last epoch
    assert first.truth == again.truth and np.array_equal(first.pictures, again.pictures)
    assert not np.array_equal(first.pictures, other.pictures)
