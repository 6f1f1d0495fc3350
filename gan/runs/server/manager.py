"""RunManager: all runs of one server. Each of its rooms does one thing; this is where they meet."""

from collections.abc import Callable
from functools import partial
from typing import Any

from gan.runs.kept.store import Store
from gan.runs.live.engine import Eyes, check_room, make_trainer
from gan.runs.live.places import Places
from gan.runs.live.run import Run
from gan.runs.server.parcels import Parcels
from gan.runs.server.registry import Registry
from gan.runs.server.starting import Starting
from gan.runs.server.watching import Watchers
from gan.runs.state.limits import DEFAULTS, Limits
from gan.runs.state.snapshot import Snapshot


class RunManager:
    """Starts runs, finds them again, and ends those that nobody watches. Any thread may call it.

    A viewer is any string that names one browser tab; an owner is who may not take all places, by default the
    viewer. Without a `store` runs are forgotten with the server.
    """

    def __init__(
        self,
        make: Callable | None = None,
        limits: Limits = DEFAULTS,
        store: Store | None = None,
        eyes: type[Eyes] = Eyes,
    ) -> None:
        self._make = make or partial(make_trainer, shared_by=limits.runs_at_once or 1)
        self._eyes, self.store = eyes, store
        self.places, self._watchers = Places(limits), Watchers()
        self._registry = Registry(self._from_store, store)
        check = check_room if make is None else lambda config: None  # another engine knows better what it needs
        self.starting = Starting(self._build, self._registry, self._watchers, self.places, store, limits, check)
        self._parcels = Parcels(self._build, eyes.check, self._registry, store)

    # Beginning: see `starting`

    def ahead(self, viewer: str, owner: str | None = None, instead_of: Run | None = None) -> int:
        """The place in the queue that a new run would have once `instead_of` is stopped; 0 where it begins at once."""
        return self.places.ahead(owner or viewer, instead_of and instead_of.ticket)

    # Finding

    def get(self, run_id: str | None) -> Run | None:
        """The run of that id, from memory or from the store."""
        return self._registry.get(run_id)

    def parent(self, run: Run) -> Run | None:
        """The run that this one was forked from, if it is still known."""
        return self._registry.get(run.snapshot().parent)

    def find_watched(self, name: str | None) -> Run | None:
        """The run with this `watch_id`, from memory or from the store."""
        return self._registry.find_watched(name)

    def lead_on(self, before: Run, run: Run) -> None:
        """Who watches the run `before` is to watch `run` from now on."""
        self._registry.lead_on(before, run)

    def newest(self, run: Run | None) -> Run | None:
        """The run that those who watch `run` are to see: itself, or the last one that it led on to."""
        return self._registry.newest(run)

    def runs(self) -> list[Run]:
        """All runs in memory, oldest first."""
        return self._registry.runs()

    def forget(self, run_id: str) -> None:
        """Let go of a run in memory; a kept one is read from the store again."""
        self._registry.forget(run_id)

    # As a file

    def wrap(self, run: Run | None) -> bytes:
        """A run that has ended, as the content of a file that `unwrap` reads. Raises ValueError where there is none."""
        return self._parcels.wrap(run)

    def unwrap(self, content: bytes, owner: str | None = None) -> Run:
        """Take in a run from a file. Raises ValueError with a sentence, and takes nothing, where it is no run."""
        return self._parcels.unwrap(content, owner)

    # Watching

    def follow(self, viewer: str, *runs: Run) -> None:
        """`viewer` watches these runs from now on, and no others."""
        self._watchers.follow(viewer, *runs)

    def leave(self, viewer: str) -> None:
        """`viewer` is gone for good. Never blocks on a run: it only lets the grace time of its runs begin."""
        self._watchers.leave(viewer)

    @property
    def viewers(self) -> int:
        """How many watch a run that goes on or waits for its place."""
        return self._watchers.count

    def stop_all(self, timeout: float = 5.0) -> None:
        """Stop every run, wait for each, and close the store."""
        for run in self.runs():
            run.stop()
        ended = [run.wait(timeout) for run in self.runs()]
        if self.store and all(ended):
            self.store.close()

    # Within

    def _build(self, snapshot: Snapshot, **rest: Any) -> Run:
        return Run(snapshot, self._make, eyes=self._eyes, **rest)

    def _from_store(self, snapshot: Snapshot) -> Run:
        return self._build(snapshot, store=self.store)
