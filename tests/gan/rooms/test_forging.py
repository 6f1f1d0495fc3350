"""Drawings that are to fool the discriminator: what is a better one, who has judged it, and what is forgotten."""

import numpy as np
import pytest

from gan import inside
from gan.rooms import Forged, Forging, Phase, Refused, Room, begin_forging
from gan.rooms.forging import REST_SECONDS
from gan.rooms.room import MOST_DRAWINGS, SIDE
from gan.runs.server.exhibit import exhibit

ONE, TWO = "device01", "device02"


@pytest.fixture
def run():
    return exhibit()


@pytest.fixture
def room(run):
    room = Room("secret", "BCDF", run.run_id)
    room.ask_to_fool(begin_forging(run))
    return room


@pytest.fixture
def real(run) -> bytes:
    """A real picture that the newest discriminator finds very real, as large as devices draw."""
    moment = inside.open_moment(*run.as_kept(run.moments.epochs[-1]))
    reals = inside.reals(moment, 50)
    return np.kron(reals.pictures[int(np.argmax(reals.beliefs))], np.ones((2, 2), np.uint8)).tobytes()


def stripes() -> bytes:
    """What no digit looks like."""
    levels = np.zeros((SIDE, SIDE), np.uint8)
    for row in range(4, 52, 8):
        levels[row : row + 4, 4:52] = 255
    return levels.tobytes()


def forged(epoch: int, belief: float) -> Forged:
    return Forged(1, epoch, np.zeros((28, 28), np.uint8), belief)


def test_a_later_detective_that_is_fooled_counts_for_more_and_one_that_is_not_fooled_for_nothing():
    order = [forged(9, 0.2), forged(2, 0.5), forged(1, 0.9), forged(4, 0.6), forged(4, 0.7), forged(5, 0.51)]
    assert sorted(order, key=lambda each: each.rank) == order


def test_the_newest_kept_epoch_judges_and_each_device_keeps_its_best(room, run, real):
    room.draw(ONE, "drawing01", "", real)
    room.draw(TWO, "drawing02", "", stripes())
    assert room.forging.best(5) == [] and room.look(ONE).phase is Phase.FORGE  # nobody has judged yet
    before = room.version
    room.judge(run)
    assert room.version == before + 1 and room.forging.tries == 2
    room.judge(run)
    assert room.version == before + 1  # there was nothing new
    first, second = room.forging.best(5)
    assert (first.device, second.device) == (1, 2) and first.epoch == run.moments.epochs[-1]
    assert first.has_fooled and not second.has_fooled and first.belief > 0.5 >= second.belief
    room.draw(ONE, "drawing03", "", stripes())
    room.judge(run)
    last, best = room.forging.of(1)
    assert last.belief < best.belief == first.belief and room.forging.best(1) == [first]


def test_a_drawing_is_judged_as_it_would_be_on_the_page_of_the_detective(room, run, real):
    moment = inside.open_moment(*run.as_kept(run.moments.epochs[-1]))
    picture = inside.into_frame(moment, np.frombuffer(real, np.uint8).reshape(SIDE, SIDE))
    room.draw(ONE, "drawing01", "", real)
    room.judge(run)
    (only,) = room.forging.best(5)
    assert np.array_equal(only.picture, picture) and only.file.startswith(b"\x89PNG")
    told = inside.Subject(picture, True, inside.read(moment, picture).label)  # as the referee reads it
    assert only.belief == pytest.approx(inside.judge(moment, told).belief)


def test_what_is_empty_is_refused_and_what_comes_twice_is_one(room, run, real):
    with pytest.raises(Refused) as refused:
        room.draw(ONE, "drawing01", "", bytes(SIDE * SIDE))
    assert refused.value.status == 400
    for _ in range(2):
        room.draw(ONE, "drawing02", "", real)
    room.judge(run)
    assert room.forging.tries == 1


def test_for_devices_it_is_judged_once_and_then_there_is_a_rest(run, real):
    now = [100.0]
    forging = Forging(clock=lambda: now[0])
    levels = np.frombuffer(real, np.uint8).reshape(SIDE, SIDE)
    assert not forging.is_due()  # nothing has come
    forging.take(1, levels)
    assert [forging.is_due() for _ in range(60)] == [True] + [False] * 59  # one of the class has it judged
    now[0] += 3 * REST_SECONDS  # it took so long
    forging.judge(run)
    forging.take(2, levels)
    assert not forging.is_due()
    now[0] += REST_SECONDS
    assert forging.is_due()


def test_what_cannot_be_judged_waits(run, real):
    class Unreadable:
        moments = run.moments

        def as_kept(self, epoch: int):
            raise ValueError("broken")

    forging = Forging()
    forging.take(1, np.frombuffer(real, np.uint8).reshape(SIDE, SIDE))
    with pytest.raises(ValueError, match="broken"):
        forging.judge(Unreadable())
    assert forging.judge(run) and forging.tries == 1


def test_what_is_being_judged_while_its_device_is_sent_away_counts_no_more(room, run, real, monkeypatch):
    def judged(moment, device, epoch, levels):
        if device == 1:
            room.send_away(1)
        return Forged(device, epoch, levels, 0.9)

    for number, token in enumerate((ONE, TWO)):
        room.draw(token, f"drawing{number}x", "", real)
    monkeypatch.setattr("gan.rooms.forging._judged", judged)
    room.judge(run)
    assert [each.device for each in room.forging.best(5)] == [2] and room.forging.of(1) == (None, None)
    room.forging.take(1, np.frombuffer(real, np.uint8).reshape(SIDE, SIDE))  # it came through the door before
    assert not room.forging.judge(run)


def test_who_is_sent_away_leaves_the_board_and_the_end_leaves_nothing(room, run, real):
    for number, token in enumerate((ONE, TWO)):
        room.draw(token, f"drawing{number}x", "", real)
    room.judge(run)
    room.draw(ONE, "drawing09", "", stripes())
    room.send_away(1)
    room.judge(run)
    assert [each.device for each in room.forging.best(5)] == [2] and room.forging.of(1) == (None, None)
    room.end()
    room.judge(run)
    assert room.forging is None


def test_a_new_go_is_open_to_those_who_had_drawn_enough_for_the_one_before(room, run):
    for number in range(MOST_DRAWINGS):
        room.draw(ONE, f"drawing{number}", "", stripes())
    with pytest.raises(Refused, match="429"):
        room.draw(ONE, "drawing99", "", stripes())
    room.ask_to_fool(begin_forging(run))
    room.draw(ONE, "drawing0", "", stripes())
    room.forging.judge(run)
    assert room.forging.tries == 1
