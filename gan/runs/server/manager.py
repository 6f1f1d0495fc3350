"""RunManager: all runs of one server. Each of its rooms does one thing; this is where they meet."""

from collections.abc import Callable

from gan.runs.kept.store import Store
from gan.runs.live.engine import Engine
from gan.runs.live.run import Run
from gan.runs.live.threads import Threads
from gan.runs.live.training import Eyes
from gan.runs.server.parcels import Parcels
from gan.runs.server.registry import Registry
from gan.runs.server.starting import Starting
from gan.runs.server.watching import Watchers
from gan.runs.state.limits import DEFAULTS, Limits


class RunManager:
    """Starts runs, finds them again, and ends those that nobody watches. Any thread may call it.

    A viewer is any string that names one browser tab; an owner is who may not take all places, by default the
    viewer. Without a `store` runs are forgotten with the server. They train on the `engine`: by default on threads
    here, by trainers that `make` builds.
    """

    def __init__(
        self,
        make: Callable | None = None,
        limits: Limits = DEFAULTS,
        store: Store | None = None,
        eyes: type[Eyes] = Eyes,
        engine: Engine | None = None,
    ) -> None:
        self.store, self._watchers = store, Watchers()
        self.engine = engine = engine or Threads(make, eyes, limits)
        self._registry = Registry(engine, store)
        self.starting = Starting(engine, self._registry, self._watchers, store, limits)
        self._parcels = Parcels(engine.build, eyes.check, self._registry, store)

    # Beginning: see `starting`

    def ahead(self, viewer: str, owner: str | None = None, instead_of: Run | None = None) -> int:
        """The place in the queue that a new run would have once `instead_of` is stopped; 0 where it begins at once."""
        return self.engine.ahead(owner or viewer, instead_of)

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

    def watch(self, viewer: str, *runs: Run) -> None:
        """`viewer` watches these runs from now on, and no others."""
        self._watchers.watch(viewer, *runs)

    def leave(self, viewer: str) -> None:
        """`viewer` is gone for good. Never blocks on a run: it only lets the grace time of its runs begin."""
        self._watchers.leave(viewer)

    @property
    def viewers(self) -> int:
        """How many watch a run that goes on or waits for its place."""
        return self._watchers.count

    def stop_all(self, timeout: float = 5.0) -> None:
        """Stop every run that trains in this server, wait for each, and close the store."""
        if self.engine.close(self.runs(), timeout) and self.store:
            self.store.close()
