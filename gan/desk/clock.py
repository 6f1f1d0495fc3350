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

    @property
    def has_begun(self) -> bool:
        """Not so where a part was looked at, and the clock not started."""
        return self.runs or self.spent > 0

    def left(self, minutes: Sequence[float]) -> float:
        """Seconds of the part that are left, where `minutes` are those of each part; below 0 where it is over. The
        part is the last one where the plan, as it is now, has fewer.
        """
        return 60 * minutes[min(self.part, len(minutes) - 1)] - self.in_part

    def due(self, minutes: Sequence[float]) -> int:
        """The part that the plan would be at after as much time; the last one when all is over."""
        ends = accumulate(minutes)
        return next((part for part, end in enumerate(ends) if self.spent < 60 * end), len(minutes) - 1)


class Clock:
    """Started, paused, turned on to the next part. Several desks may share it, each with a plan of its own on screen:
    whoever turns it or pauses it says in which plan, and starting another plan is all that takes it from one that has
    begun.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._now, self._lock = clock, Lock()
        self.reset()

    def reset(self) -> None:
        """No plan is on."""
        with self._lock:
            self._set("")

    def start(self, plan: str, part: int = 0) -> None:
        """Begin this plan with a part, or go on with it after a pause."""
        with self._lock:
            if plan != self._plan:
                self._set(plan, part)
            if self._since is None:
                self._since = self._now()

    def pause(self, plan: str) -> None:
        with self._lock:
            if plan == self._plan:
                self._spent, self._since = self._total(), None

    def turn(self, plan: str, part: int) -> None:
        """Go to a part; its time begins now. Where another plan has begun, that stays."""
        with self._lock:
            if plan == self._plan:
                self._part, self._begun = max(0, part), self._total()
            elif not self._time().has_begun:
                self._set(plan, part)

    def time(self) -> Time:
        with self._lock:
            return self._time()

    def _set(self, plan: str, part: int = 0) -> None:
        self._plan, self._part = plan, max(0, part)
        self._since: float | None = None  # when it was started last; None = it rests
        self._spent = self._begun = 0.0  # seconds before that; of those, when the part began

    def _time(self) -> Time:
        spent = self._total()
        return Time(self._plan, self._part, self._since is not None, spent, spent - self._begun)

    def _total(self) -> float:
        return self._spent + (0.0 if self._since is None else self._now() - self._since)
