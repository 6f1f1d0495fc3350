"""RunManager: all runs of one server, and who watches which."""

import secrets
import threading
from collections.abc import Callable

from gan.config import RunConfig
from gan.runs.lease import GRACE_SECONDS, Lease
from gan.runs.run import Run, make_trainer

KEPT = 20  # ended runs that can still be looked at


class RunManager:
    """Starts runs, finds them again, and ends those that nobody watches.

    A viewer is any string that names one browser tab; it watches one run at a time.
    """

    def __init__(self, make: Callable = make_trainer, grace_seconds: float = GRACE_SECONDS) -> None:
        self._make, self._grace_seconds = make, grace_seconds
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._watching: dict[str, Run] = {}

    def start(self, config: RunConfig, viewer: str, parent: Run | None = None, epoch: int = 0) -> Run:
        """Start a run that `viewer` watches from now on; with a `parent`, from what that run was after `epoch`."""
        run = Run(secrets.token_hex(8), config, self._make, Lease(self._grace_seconds), parent, epoch)
        with self._lock:
            self._runs[run.run_id] = run
            self._forget_old()
        self.follow(run, viewer)
        run.start()
        return run

    def get(self, run_id: str | None) -> Run | None:
        """The run of that id, if this server still knows it."""
        return self._runs.get(run_id)

    def find_watched(self, watch_id: str | None) -> Run | None:
        """The run that this id lets watch, if this server still knows it."""
        return next((run for run in self.runs() if run.watch_id == watch_id), None)

    def runs(self) -> list[Run]:
        """All runs that are still known, oldest first."""
        return list(self._runs.values())

    def follow(self, run: Run, viewer: str) -> None:
        """`viewer` watches `run` from now on, and no other."""
        with self._lock:
            before = self._watching.get(viewer)
            self._watching[viewer] = run
        run.lease.join(viewer)
        if before and before is not run:
            before.lease.leave(viewer)

    def leave(self, viewer: str) -> None:
        """`viewer` is gone. Never blocks on a run: it only lets the run's grace time begin."""
        with self._lock:
            run = self._watching.pop(viewer, None)
        if run:
            run.lease.leave(viewer)

    def stop_all(self, timeout: float = 5.0) -> None:
        """Stop every run and wait for each."""
        for run in self.runs():
            run.stop()
        for run in self.runs():
            run.wait(timeout)

    def _forget_old(self) -> None:
        ended = [run_id for run_id, run in self._runs.items() if not run.is_live]
        for run_id in ended[:-KEPT]:
            del self._runs[run_id]
