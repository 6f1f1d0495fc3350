"""Turns: one trains at a time, whoever has had least goes next, and nobody is waited for in vain."""

import threading

from gan.records import Budget
from gan.runs.live.turns import SLICE_SECONDS, Turns
from tests.fakes import wait_until

BUDGET = Budget(seconds=10 * SLICE_SECONDS, scored=9)


class Worker:
    """Takes steps of so many seconds in its turns, until it has trained for the budget."""

    def __init__(self, seat, step, log, name):
        self.seat, self.step, self.log, self.name = seat, step, log, name
        self.trained, self.over = 0.0, False
        self.thread = threading.Thread(target=self.work, daemon=True)

    def work(self):
        while self.trained < BUDGET.seconds and self.seat.take(self.trained, lambda: self.over):
            self.log.append((self.name, self.trained))
            self.trained += self.step
        self.seat.leave()


def workers(*steps):
    log = []
    seats = zip(Turns(BUDGET, len(steps)).seats, steps, strict=True)
    return log, [Worker(*each, log, number) for number, each in enumerate(seats)]


def test_all_get_their_seconds_and_none_is_ahead_by_more_than_a_slice():
    log, found = workers(0.3 * SLICE_SECONDS, 0.25 * SLICE_SECONDS, 0.7 * SLICE_SECONDS)
    for each in found:
        each.thread.start()
    for each in found:
        each.thread.join(10)
    trained = [0.0] * 3
    for name, before in log:
        assert before < min(trained) + 2 * SLICE_SECONDS
        trained[name] = before + found[name].step
    assert all(BUDGET.seconds <= each.trained < BUDGET.seconds + each.step for each in found)


def test_nobody_begins_before_all_have_come():
    log, (first, second) = workers(SLICE_SECONDS, SLICE_SECONDS)
    first.thread.start()
    wait_until(lambda: first.seat.waits)
    assert not log
    second.thread.start()
    first.thread.join(10), second.thread.join(10)
    assert [name for name, _ in log] == [0, 1] * 10


def test_one_that_leaves_or_rests_is_not_waited_for():
    turns = Turns(BUDGET, 3)
    gone, resting, working = turns.seats
    gone.leave()
    resting.has_come = True
    assert working.take(5.0, lambda: False), "the one at rest has had less, but does not ask"
    working.rest()
    assert resting.take(0.0, lambda: False)
    assert not working.take(5.0, lambda: True), "nobody wants it any more"
    resting.leave()
    assert working.take(5.0, lambda: False)
