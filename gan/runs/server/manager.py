"""RunManager: all runs of one server, and who watches which."""

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from gan.runs.kept import parcel
from gan.runs.kept.store import Store
from gan.runs.live.lease import Lease
from gan.runs.live.places import Places
from gan.runs.live.run import Run, Start, make_trainer, watch_id
from gan.runs.state.limits import DEFAULTS, Limits
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig

KEPT = 20  # ended runs that stay in memory; others are read from the store again


class RunManager:
    """Starts runs, finds them again, and ends those that nobody watches.

    A viewer is any string that names one browser tab; an owner is who may not take all places, by default the
    viewer. Without a `store` runs are forgotten with the server.
    """

    def __init__(self, make: Callable = make_trainer, limits: Limits = DEFAULTS, store: Store | None = None) -> None:
        self._make, self._limits = make, limits
        self.places, self.store = Places(limits), store
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._watching: dict[str, tuple[Run, ...]] = {}
        self._next: dict[str, str] = {}  # run ids, by that of the run before in the same tab

    # Beginning

    def start(
        self, config: RunConfig, viewer: str, parent: Run | None = None, epoch: int = 0, owner: str | None = None
    ) -> Run:
        """Start a run that `viewer` watches from now on; with a `parent`, from what that run was after `epoch`.

        It may have to wait for its place. Raises ValueError with a sentence when the queue is full or the
        parent's epoch is not kept.
        """
        snapshot, start = Snapshot(secrets.token_hex(8), config), None
        if parent:
            points = tuple(point for point in parent.snapshot().points if point.epoch <= epoch)
            snapshot = replace(snapshot, points=points, parent=parent.run_id, forked_at=epoch)
            start = Start(parent.moments.read(epoch), epoch)
        return self._begin([(snapshot, start)], viewer, owner)[0]

    def start_together(self, configs: Sequence[RunConfig], viewer: str, owner: str | None = None) -> list[Run]:
        """Start several runs that share one place and begin at the same time."""
        return self._begin(_beginnings(configs), viewer, owner, as_one=True)

    def start_in_turn(self, configs: Sequence[RunConfig], viewer: str, owner: str | None = None) -> list[Run]:
        """Start several runs that take their places one by one, as these become free."""
        return self._begin(_beginnings(configs), viewer, owner)

    def resume(self, run_id: str, viewer: str, owner: str | None = None) -> Run:
        """Go on with a run that ended before its last epoch, from its newest checkpoint.

        Raises ValueError with a sentence where nothing is kept of it.
        """
        before = self.get(run_id)
        if before is None or not before.moments.epochs:
            raise ValueError("This run cannot go on: its networks are not kept.")
        if before.is_live:
            return before
        epoch = before.moments.epochs[-1]
        content = before.moments.read(epoch)
        snapshot, again = before.snapshot().as_of(epoch)
        before.moments.rewind(epoch)
        if self.store:
            self.store.rewind(run_id, epoch)
        return self._begin([(snapshot, Start(content, epoch, again))], viewer, owner, are_new=False)[0]

    def _begin(
        self,
        beginnings: Sequence[tuple[Snapshot, Start | None]],
        viewer: str,
        owner: str | None,
        as_one: bool = False,
        are_new: bool = True,
    ) -> list[Run]:
        parties = [beginnings[0 if as_one else number][0].run_id for number in range(len(beginnings))]
        tickets, runs = self.places.join(owner or viewer, parties), []
        for (snapshot, start), ticket in zip(beginnings, tickets, strict=True):
            unkept = self._keep(snapshot, owner) if are_new else None
            store = None if unkept else self.store
            lease = Lease(self._limits.grace_seconds)
            runs.append(Run(replace(snapshot, unkept=unkept), self._make, lease, start, ticket, store))
        with self._lock:
            self._runs |= {run.run_id: run for run in runs}
            self._forget_old()
        self.follow(viewer, *runs)
        for run in runs:
            run.start()
        return runs

    def _keep(self, snapshot: Snapshot, owner: str | None) -> str | None:
        """Give a new run its place in the store; returns why that is not possible: it trains all the same."""
        try:
            if self.store:
                self.store.begin(snapshot, owner or "")
        except ValueError as error:
            return f"This run is not kept. {error}"
        return None

    # Finding

    def get(self, run_id: str | None) -> Run | None:
        """The run of that id, from memory or from the store."""
        run = self._runs.get(run_id)
        if run or not run_id or not self.store:
            return run
        try:
            snapshot = self.store.load(run_id)
        except ValueError:
            return None  # the library page says why
        if snapshot is None or snapshot.state.is_live:  # it trains on another server
            return None
        with self._lock:
            run = self._runs.setdefault(run_id, Run(snapshot, self._make, store=self.store))
            self._forget_old()
        return run

    def parent(self, run: Run) -> Run | None:
        """The run that this one was forked from, if it is still known."""
        return self.get(run.snapshot().parent)

    def find_watched(self, name: str | None) -> Run | None:
        """The run with this `watch_id`, from memory or from the store."""
        if not name:
            return None
        known = [*self._runs, *(self.store.run_ids() if self.store else ())]
        return self.get(next((run_id for run_id in known if watch_id(run_id) == name), None))

    def lead_on(self, before: Run, run: Run) -> None:
        """Who watches the run `before` is to watch `run` from now on."""
        self._next[before.run_id] = run.run_id
        self._next.pop(run.run_id, None)  # one that goes on is the newest again

    def newest(self, run: Run | None) -> Run | None:
        """The run that those who watch `run` are to see: itself, or the last one that it led on to."""
        while run and (later := self.get(self._next.get(run.run_id))):
            run = later
        return run

    def runs(self) -> list[Run]:
        """All runs in memory, oldest first."""
        return list(self._runs.values())

    def forget(self, run_id: str) -> None:
        """Let go of a run that was deleted from the store."""
        self._runs.pop(run_id, None)

    # As a file

    def wrap(self, run: Run) -> bytes:
        """A run that has ended, as the content of a file that `unwrap` reads."""
        kept = {epoch: run.moments.read(epoch) for epoch in run.moments.epochs}
        return parcel.wrap(run.snapshot(), kept, self.store.name(run.run_id) if self.store else "")

    def unwrap(self, content: bytes, owner: str | None = None) -> Run:
        """Take in a run from a file. Raises ValueError with a sentence, and takes nothing, where it is no run."""
        snapshot, kept, name = parcel.unwrap(content, secrets.token_hex(8))
        for epoch, networks in kept.items():
            if round(self._make(snapshot.config, start=networks).epoch) != epoch:
                raise ValueError(f"The networks in this file are not those after epoch {epoch}.")
        snapshot = replace(snapshot, unkept=self._keep(snapshot, owner))
        run = Run(snapshot, self._make, store=None if snapshot.unkept else self.store)
        for epoch, networks in kept.items():
            run.moments.add(epoch, networks)
        run.save()
        if self.store:
            self.store.rename(run.run_id, name)
        with self._lock:
            self._runs[run.run_id] = run
        return run

    # Watching

    def follow(self, viewer: str, *runs: Run) -> None:
        """`viewer` watches these runs from now on, and no others."""
        with self._lock:
            before = self._watching.get(viewer, ())
            self._watching[viewer] = runs
        for run in runs:
            run.lease.join(viewer)
        for run in before:
            if run not in runs:
                run.lease.leave(viewer)

    def leave(self, viewer: str) -> None:
        """`viewer` is gone. Never blocks on a run: it only lets the grace time of its runs begin."""
        with self._lock:
            runs = self._watching.pop(viewer, ())
        for run in runs:
            run.lease.leave(viewer)

    @property
    def viewers(self) -> int:
        """How many watch a run that goes on or waits for its place."""
        return sum(any(run.is_live for run in runs) for runs in list(self._watching.values()))

    def stop_all(self, timeout: float = 5.0) -> None:
        """Stop every run, wait for each, and close the store."""
        for run in self.runs():
            run.stop()
        ended = [run.wait(timeout) for run in self.runs()]
        if self.store and all(ended):
            self.store.close()

    def _forget_old(self) -> None:
        ended = [run_id for run_id, run in self._runs.items() if not run.is_live]
        for run_id in ended[:-KEPT]:
            del self._runs[run_id]


def _beginnings(configs: Sequence[RunConfig]) -> list[tuple[Snapshot, None]]:
    return [(Snapshot(secrets.token_hex(8), config), None) for config in configs]
