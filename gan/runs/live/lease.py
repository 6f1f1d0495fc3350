"""Who is watching a run, and when it has been alone for too long."""

import threading
from collections.abc import Callable
from time import monotonic

from gan.runs.state.limits import DEFAULTS

LOOK_SHARE = 0.05  # of the grace time is the most that the time between two looks counts, but at least
LOOK_SECONDS = 1.0  # as long as a run at rest waits for its next look


class Lease:
    """A run may go on while somebody watches, and for `grace_seconds` after the last one left.

    A lease that nobody ever joined or left does not end. The run asks again and again whether it has `ended`, and
    of the time between two such looks only a little counts: a computer that has slept for an hour, viewers and run
    alike, wakes to a run that goes on, whether its clock counts the sleep or not.
    """

    def __init__(self, grace_seconds: float = DEFAULTS.grace_seconds, clock: Callable[[], float] = monotonic) -> None:
        self._grace, self._clock = grace_seconds, clock
        self._lock = threading.Lock()
        self._viewers: set[str] = set()
        self._most_a_look = max(LOOK_SECONDS, LOOK_SHARE * grace_seconds)
        self._alone_seconds = 0.0
        self._looked: float | None = None  # at being alone, last

    def join(self, viewer: str) -> None:
        with self._lock:
            self._viewers.add(viewer)
            self._looked = None

    def leave(self, viewer: str) -> None:
        """Whoever comes and goes between two roll calls is heard of only as gone: that begins the grace time too."""
        with self._lock:
            self._viewers.discard(viewer)
            if not self._viewers and self._looked is None:
                self._alone_seconds, self._looked = 0.0, self._clock()

    @property
    def is_watched(self) -> bool:
        return bool(self._viewers)

    @property
    def ended(self) -> bool:
        with self._lock:
            if self._looked is None:
                return False
            before, self._looked = self._looked, self._clock()
            self._alone_seconds += min(self._most_a_look, self._looked - before)
            return self._alone_seconds > self._grace
