"""Who trains and who waits."""

import threading

import pytest

from gan.runs import RunManager, RunState
from gan.runs.live.places import Places, QueueFull
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from tests.fakes import FakeTrainer, wait_until

CONFIG = RunConfig(epochs=3)


def never() -> bool:
    return False


@pytest.fixture
def places():
    """Room for two runs."""
    places = Places(Limits(runs_at_once=2))
    first = places.join("nobody", ["first"])[0]
    assert first.wait(never)
    first.leave()
    return places


def order(places, *tickets) -> list[int | None]:
    return [ticket.place for ticket in tickets]


def test_as_many_as_there_are_places_train_and_the_others_wait_in_order(places):
    a, b, c, d = (places.join(name, [name])[0] for name in "abcd")
    assert order(places, a, b, c, d) == [None, None, 1, 2]
    a.leave()
    assert c.wait(never) and order(places, b, c, d) == [None, None, 1]


def test_one_owner_cannot_keep_the_others_waiting(places):
    hog = [places.join("hog", [f"hog {n}"])[0] for n in range(5)]
    late = places.join("late", ["late"])[0]
    assert order(places, *hog, late) == [None, None, 2, 3, 4, 1]
    hog[0].leave()
    assert late.place is None


def test_one_can_know_before_whether_a_new_run_would_wait(places):
    a = places.join("a", ["a"])[0]
    assert places.ahead("a") == places.ahead("b") == 0
    b = places.join("b", ["b"])[0]
    assert places.ahead("a") == 1 and places.ahead("a", leaving=a) == 0
    places.join("c", ["c"])
    assert places.ahead("d") == 2 and places.ahead("a", leaving=a) == 1, "who waits already comes first"
    assert order(places, a, b) == [None, None], "asking changes nothing"


def test_a_party_takes_one_place_together(places):
    race = places.join("ann", ["race"] * 4)
    other, waiting = places.join("ben", ["other"])[0], places.join("cleo", ["waiting"])[0]
    assert order(places, *race, other, waiting) == [None] * 5 + [1]
    for ticket in race[:3]:
        ticket.leave()
    assert waiting.place == 1, "the last of the party still trains"
    race[3].leave()
    assert waiting.place is None


def test_the_queue_of_one_owner_is_bounded(places):
    for number in range(2 + 16):
        places.join("hog", [str(number)])
    with pytest.raises(QueueFull, match="16 runs in the queue already"):
        places.join("hog", ["one more"])
    assert places.join("ben", ["his"])[0].place == 1


def test_the_queue_is_bounded(places):
    for number in range(202):
        places.join(f"owner {number}", [f"run {number}"])
    with pytest.raises(QueueFull, match="The queue is full"):
        places.join("late", ["late"])


def test_who_gives_up_leaves_the_queue(places):
    places.join("a", ["a"]), places.join("b", ["b"])
    waiting, behind = places.join("c", ["c"])[0], places.join("d", ["d"])[0]
    assert not waiting.wait(lambda: True)
    waiting.leave()
    assert behind.place == 1


class TestManager:
    @pytest.fixture
    def manager(self):
        manager = RunManager(FakeTrainer, Limits(runs_at_once=1))
        yield manager
        manager.stop_all()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("run-")]

    def test_the_second_run_waits_and_begins_by_itself(self, manager):
        first, second = manager.starting.new(CONFIG, "ann"), manager.starting.new(CONFIG, "ben")
        wait_until(lambda: first.snapshot().reading)
        assert second.snapshot().state is RunState.QUEUED and second.snapshot().place == 1 and second.is_live
        first.stop()
        wait_until(lambda: second.snapshot().reading)
        assert second.snapshot().state is RunState.RUNNING and second.snapshot().place is None

    def test_a_run_that_waits_can_be_stopped(self, manager):
        first, second = manager.starting.new(CONFIG, "ann"), manager.starting.new(CONFIG, "ben")
        wait_until(lambda: first.snapshot().reading)
        second.stop()
        assert second.wait(5) and second.snapshot().state is RunState.STOPPED and first.is_live

    def test_a_run_that_nobody_waits_for_leaves_the_queue(self):
        manager = RunManager(FakeTrainer, Limits(grace_seconds=0, runs_at_once=1))
        first, second = manager.starting.new(CONFIG, "ann"), manager.starting.new(CONFIG, "ben")
        wait_until(lambda: first.snapshot().reading)
        manager.leave("ben")
        assert second.wait(5) and second.snapshot().state is RunState.ABANDONED
        manager.stop_all()

    def test_a_failed_run_gives_its_place_back(self, manager):
        first, second = manager.starting.new(CONFIG, "ann"), manager.starting.new(CONFIG, "ben")
        wait_until(lambda: first.snapshot().reading)
        FakeTrainer.made[-1].fail(SystemExit("the thread dies"))
        wait_until(lambda: second.snapshot().reading)
        assert first.snapshot().state is RunState.FAILED

    def test_runs_together_share_a_place_and_runs_in_turn_do_not(self, manager):
        race = manager.starting.together([CONFIG] * 3, "ann")
        sweep = manager.starting.in_turn([CONFIG] * 2, "ben")
        wait_until(lambda: all(run.snapshot().reading for run in race))
        assert [run.snapshot().place for run in sweep] == [1, 2]
        for run in race:
            run.stop()
        wait_until(lambda: sweep[0].snapshot().reading)
        assert sweep[1].snapshot().state is RunState.QUEUED

    def test_a_viewer_watches_all_runs_of_a_race(self, manager):
        race = manager.starting.together([CONFIG] * 3, "ann")
        manager.watch("ann", race[0])
        assert [run.lease.is_watched for run in race] == [True, False, False]
