"""Engine: where runs train. On threads of this process, or on a cluster."""

from collections.abc import Sequence
from typing import Any, Protocol

from gan.records import Budget
from gan.runs.live.run import Run, Ticket
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig


class Engine(Protocol):
    """Any thread may call anything."""

    needs_store: bool  # whether a run has to be kept to train

    def check(self, configs: Sequence[RunConfig], as_one: bool, beside: Sequence[RunConfig]) -> None:
        """Refuse, with a sentence, new runs for which there is no room in the memory `beside` those that have yet to
        take theirs. `as_one` all train at the same time, otherwise as many as there are places.
        """

    def join(self, owner: str, run_ids: Sequence[str], as_one: bool = False) -> list[Ticket]:
        """Queue up with these runs; `as_one` they take one place together.

        Raises QueueFull when more would have to wait than may.
        """

    def ahead(self, owner: str, leaving: Run | None = None) -> int:
        """The place in the queue, from 1, that a new run of `owner`'s would have once `leaving` has given its place
        back; 0 where it would begin at once.
        """

    def seats(self, budget: Budget, count: int) -> Sequence[Any]:
        """What `build` needs for runs that take turns."""

    def build(self, snapshot: Snapshot, **rest: Any) -> Run:
        """A run of this snapshot, and of what `ThreadRun` takes by name; with a ticket one that can be started."""

    def find(self, run_id: str) -> Run | None:
        """A run that goes on, and that another server started; who keeps it is to `follow` it."""

    def close(self, runs: Sequence[Run], timeout: float) -> bool:
        """The server ends: stop those of these runs that train in it, and wait so many seconds for each.

        Returns whether none goes on here.
        """
