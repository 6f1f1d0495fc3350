"""Runs on threads of this process: the engine of one computer."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gan.records import Budget
from gan.runs.live.places import Places, Ticket
from gan.runs.live.run import Run
from gan.runs.live.thread_run import ThreadRun
from gan.runs.live.training import Eyes, check_room, make_trainer
from gan.runs.live.turns import Seat, Turns
from gan.runs.state.limits import Limits
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig


class Threads:
    """Trains runs here. Any thread may call anything.

    `make` builds a trainer and `eyes` see what was kept, both as `ThreadRun` takes them.
    """

    needs_store = False  # a run that cannot be kept trains all the same

    def __init__(self, make: Callable | None, eyes: type[Eyes], limits: Limits) -> None:
        self._make, self._eyes, self._places = make, eyes, Places(limits)
        self._checks = make is None  # other trainers know better
        if make is None:
            self._make = partial(make_trainer, shared_by=limits.runs_at_once or 1)

    def check(self, configs: Sequence[RunConfig], as_one: bool, beside: Sequence[RunConfig]) -> None:
        """See `Engine.check`."""
        if self._checks:
            check_room(configs, len(configs) if as_one else self._places.at_once, beside)

    def join(self, owner: str, run_ids: Sequence[str], as_one: bool = False) -> list[Ticket]:
        """See `Engine.join`."""
        return self._places.join(owner, run_ids[:1] * len(run_ids) if as_one else run_ids)

    def ahead(self, owner: str, leaving: Run | None = None) -> int:
        """The place in the queue that a new run of `owner`'s would have: see `Places.ahead`."""
        return self._places.ahead(owner, leaving and leaving.ticket)

    def seats(self, budget: Budget, count: int) -> Sequence[Seat]:
        """Seats for runs that take turns."""
        return Turns(budget, count).seats

    def build(self, snapshot: Snapshot, **rest: Any) -> Run:
        """A run of this snapshot, and of what `ThreadRun` takes by name."""
        return ThreadRun(snapshot, self._make, eyes=self._eyes, **rest)

    def find(self, run_id: str) -> Run | None:
        """A run that goes on, and that another server started: on threads none can be reached."""
        return None

    def close(self, runs: Sequence[Run], timeout: float) -> bool:
        """See `Engine.close`."""
        for run in runs:
            run.stop()
        return all([run.wait(timeout) for run in runs])
