"""Turns: runs that share one machine fairly. One trains at a time; who has trained the shortest goes next."""

import threading
from collections.abc import Callable

from gan.records import Budget

SLICE_SECONDS = 1.0  # of training, in a turn
LOOK_SECONDS = 0.2  # how often one who waits looks whether it still wants to


class Turns:
    """The turns of `count` runs with one budget. None begins before all have come, or have left."""

    def __init__(self, budget: Budget, count: int) -> None:
        self.budget = budget
        self.seats = tuple(Seat(self) for _ in range(count))
        self._news = threading.Condition()
        self._at_work: Seat | None = None

    def take(self, seat: "Seat", trained: float, is_over: Callable[[], bool]) -> bool:
        """Wait for a turn, unless it goes on; False as soon as `is_over` says that none is wanted any more."""
        with self._news:
            seat.trained = trained
            if self._at_work is seat and trained - seat.since < SLICE_SECONDS:
                return True
            self._put_down(seat)
            seat.has_come = seat.waits = True
            self._news.notify_all()
            while not (over := is_over()) and self._next() is not seat:
                self._news.wait(LOOK_SECONDS)
            seat.waits = False
            if not over:
                self._at_work, seat.since = seat, trained
            return not over

    def rest(self, seat: "Seat") -> None:
        """Let the others go on, until `take`."""
        with self._news:
            self._put_down(seat)

    def leave(self, seat: "Seat") -> None:
        """Let the others go on for good."""
        with self._news:
            seat.has_left = True
            self._put_down(seat)
            self._news.notify_all()

    def _put_down(self, seat: "Seat") -> None:
        if self._at_work is seat:
            self._at_work = None
            self._news.notify_all()

    def _next(self) -> "Seat | None":
        here = [seat for seat in self.seats if not seat.has_left]
        if self._at_work or not all(seat.has_come for seat in here):
            return None
        return min((seat for seat in here if seat.waits), key=lambda seat: seat.trained, default=None)


class Seat:
    """One run among those that take turns."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.trained = turns, 0.0  # seconds
        self.since = 0.0  # what it had trained when its turn began
        self.has_come = self.waits = self.has_left = False

    @property
    def budget(self) -> Budget:
        return self.turns.budget

    def take(self, trained: float, is_over: Callable[[], bool]) -> bool:
        """See `Turns.take`."""
        return self.turns.take(self, trained, is_over)

    def rest(self) -> None:
        self.turns.rest(self)

    def leave(self) -> None:
        self.turns.leave(self)
