"""Who is watching a run, and when it has been alone for too long."""

import threading
from collections.abc import Callable
from time import monotonic

from gan.runs.limits import DEFAULTS

GRACE_SECONDS = DEFAULTS.grace_seconds


class Lease:
    """A run may go on while somebody watches, and for `grace_seconds` after the last one left.

    A lease that nobody ever joined does not end.
    """

    def __init__(self, grace_seconds: float = GRACE_SECONDS, clock: Callable[[], float] = monotonic) -> None:
        self._grace, self._clock = grace_seconds, clock
        self._lock = threading.Lock()
        self._viewers: set[str] = set()
        self._alone_since: float | None = None

    def join(self, viewer: str) -> None:
        with self._lock:
            self._viewers.add(viewer)
            self._alone_since = None

    def leave(self, viewer: str) -> None:
        with self._lock:
            if viewer in self._viewers:
                self._viewers.remove(viewer)
                if not self._viewers:
                    self._alone_since = self._clock()

    @property
    def is_watched(self) -> bool:
        return bool(self._viewers)

    @property
    def ended(self) -> bool:
        alone_since = self._alone_since
        return alone_since is not None and self._clock() - alone_since > self._grace
