"""Watching: which browser tab watches which runs."""

import threading

from gan.runs.live.run import Run

REMEMBERED = 10_000  # tabs that are gone: one may still be busy with its last page as it closes


class Watchers:
    """Joins and leaves the leases of runs. A viewer is any string that names one browser tab.

    Who has left never comes back under that name: a page that is still being drawn for a closed tab would make a
    viewer of it that nobody ever sees leave. Any thread may call it; nothing here waits for a run.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watching: dict[str, tuple[Run, ...]] = {}
        self._gone: dict[str, None] = {}  # oldest first

    def watch(self, viewer: str, *runs: Run) -> None:
        """`viewer` watches these runs from now on, and no others."""
        with self._lock:
            for run in runs:
                run.lease.join(viewer)
            for run in self._watching.get(viewer, ()):
                if run not in runs:
                    run.lease.leave(viewer)
            self._watching[viewer] = runs
            if viewer in self._gone:
                self._leave(viewer)

    def leave(self, viewer: str) -> None:
        """`viewer` is gone. Never blocks on a run: it only lets the grace time of its runs begin."""
        with self._lock:
            self._gone[viewer] = None
            if len(self._gone) > REMEMBERED:
                del self._gone[next(iter(self._gone))]
            self._leave(viewer)

    def _leave(self, viewer: str) -> None:
        for run in self._watching.pop(viewer, ()):
            run.lease.leave(viewer)

    @property
    def count(self) -> int:
        """How many watch a run that goes on or waits for its place."""
        with self._lock:
            return sum(any(run.is_live for run in runs) for runs in self._watching.values())
