"""The clock of a lesson plan."""

import pytest

from gan.desk.clock import Clock

MINUTES = (5, 10, 30)


@pytest.fixture
def seconds():
    return [0.0]


@pytest.fixture
def clock(seconds):
    return Clock(lambda: seconds[0])


def test_it_runs_rests_and_goes_on(clock, seconds):
    assert clock.time().plan == "" and not clock.time().runs
    clock.start("first")
    seconds[0] = 60
    assert clock.time().spent == 60 and clock.time().left(MINUTES) == 240
    clock.pause("first")
    seconds[0] = 600
    assert clock.time().spent == 60 and not clock.time().runs
    clock.start("first")
    seconds[0] = 660
    assert clock.time().spent == 120
    clock.start("first")  # pressed twice
    assert clock.time().spent == 120


def test_a_part_has_its_own_time_and_the_plan_says_which_is_due(clock, seconds):
    clock.start("first")
    seconds[0] = 200
    clock.turn("first", 1)
    seconds[0] = 320
    time = clock.time()
    assert (time.part, time.in_part, time.left(MINUTES), time.due(MINUTES)) == (1, 120, 480, 1)
    seconds[0] = 200 + 660
    assert clock.time().left(MINUTES) == -60
    seconds[0] = 900
    assert clock.time().due(MINUTES) == 2
    seconds[0] = 99_999
    assert clock.time().due(MINUTES) == 2


def test_another_plan_begins_at_its_beginning(clock, seconds):
    clock.start("first")
    clock.turn("first", 2)
    seconds[0] = 500
    clock.start("second")
    assert clock.time() == clock.time() and (clock.time().part, clock.time().spent) == (0, 0)
    clock.reset()
    assert clock.time().plan == ""


def test_a_plan_that_has_begun_gives_way_to_no_other_but_to_one_that_is_started(clock, seconds):
    clock.turn("second", 4)  # looked at: none has begun
    clock.turn("first", 1)
    assert (clock.time().plan, clock.time().part, clock.time().has_begun) == ("first", 1, False)
    clock.start("first")
    seconds[0] = 60
    before = clock.time()
    clock.turn("second", 4)  # at a desk that does not know yet
    clock.pause("second")
    assert clock.time() == before and before.has_begun
    clock.pause("first")
    clock.turn("second", 4)
    assert clock.time().plan == "first" and clock.time().spent == 60
    clock.start("second", 4)
    assert (clock.time().plan, clock.time().part, clock.time().spent, clock.time().runs) == ("second", 4, 0, True)


def test_a_plan_that_has_come_to_have_fewer_parts_is_in_its_last(clock, seconds):
    clock.start("first", 5)
    seconds[0] = 60
    assert clock.time().left(MINUTES) == 30 * 60 - 60 and clock.time().due(MINUTES) == 0
