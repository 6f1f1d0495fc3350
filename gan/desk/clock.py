"""The clock of a lesson plan: which part is on, how long it has been, and which part the plan would be at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from threading import Lock
from time import monotonic


@dataclass(frozen=True)
class Time:
    """A moment of a plan; seconds."""

    plan: str  # "" = none is on
    part: int  # the part that is on, from 0
    runs: bool
    spent: float  # of the lesson, without pauses
    in_part: float  # of the part

    def left(self, minutes: Sequence[float]) -> float:
        """Seconds of the part that are left, where `minutes` are those of each part; below 0 where it is over."""
        return 60 * minutes[self.part] - self.in_part

    def due(self, minutes: Sequence[float]) -> int:
        """The part that the plan would be at after as much time; the last one when all is over."""
        ends = accumulate(minutes)
        return next((part for part, end in enumerate(ends) if self.spent < 60 * end), len(minutes) - 1)


class Clock:
    """Started, paused, turned on to the next part."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._now, self._lock = clock, Lock()
        self.reset()

    def reset(self) -> None:
        """No plan is on."""
        with self._lock:
            self._plan, self._part = "", 0
            self._since: float | None = None  # when it was started last; None = it rests
            self._spent = self._begun = 0.0  # seconds before that; of those, when the part began

    def start(self, plan: str) -> None:
        """Begin this plan, or go on with it after a pause."""
        if plan != self._plan:
            self.reset()
        with self._lock:
            self._plan = plan
            if self._since is None:
                self._since = self._now()

    def pause(self) -> None:
        with self._lock:
            self._spent, self._since = self._total(), None

    def turn(self, part: int) -> None:
        """Go to a part; its time begins now."""
        with self._lock:
            self._part, self._begun = max(0, part), self._total()

    def time(self) -> Time:
        with self._lock:
            spent = self._total()
            return Time(self._plan, self._part, self._since is not None, spent, spent - self._begun)

    def _total(self) -> float:
        return self._spent + (0.0 if self._since is None else self._now() - self._since)
