"""Registry: the runs of a server by their ids, in memory or from the store again."""

import itertools
import threading
from collections.abc import Iterator
from math import inf
from time import monotonic
from weakref import WeakKeyDictionary

import numpy as np

from gan.runs.kept.store import Store
from gan.runs.live.engine import Engine
from gan.runs.live.run import Run, watch_id
from gan.runs.state.snapshot import Snapshot

KEPT = 20  # ended runs that stay in memory, and of what they take, at most; others are read again
KEPT_BYTES = 256 * 2**20
LOOK_SECONDS = 2.0  # between two looks into the store for a run in memory
# Bytes of what is no picture, as `tracemalloc` finds them on 64 bits, with all numbers there are:
ROW_BYTES = 1000  # a record without its scores takes 950, a point or a change 730
SCORES_BYTES, SHARE_BYTES = 700, 32  # and each class's share


class Registry:
    """Finds runs: in memory, in the store, or on the engine, if another server started them there. Any thread may call
    it.
    """

    def __init__(self, engine: Engine, store: Store | None) -> None:
        self._engine, self._store = engine, store
        self._lock = threading.RLock()
        self._runs: dict[str, Run] = {}  # oldest first
        self._looked: WeakKeyDictionary[Run, float] = WeakKeyDictionary()  # when the store was asked about it last
        self._next: dict[str, str] = {}  # run ids, by that of the run before in the same tab

    def add(self, *runs: Run) -> None:
        """Know these runs from now on, instead of others with their ids. The oldest that have ended are let go of."""
        with self._lock:
            for run in runs:
                self._runs.pop(run.run_id, None)
                self._runs[run.run_id] = run
            ended = [run for run in self._runs.values() if not run.is_live]
            sizes = itertools.accumulate(held_bytes(run.snapshot()) for run in reversed(ended))
            stay = sum(size <= KEPT_BYTES for size in sizes)
            for run in ended[: -min(KEPT, max(1, stay))]:
                del self._runs[run.run_id]

    def get(self, run_id: str | None) -> Run | None:
        """The run of that id, from memory or from the store. Of one that another server had go on it may be the run as
        it was some seconds ago: pages ask often.
        """
        with self._lock:
            run = self._runs.get(run_id)
            is_known = run is not None and (run.is_live or monotonic() < self._looked.get(run, -inf) + LOOK_SECONDS)
        return run if is_known else self.look_up(run_id)

    def look_up(self, run_id: str | None) -> Run | None:
        """The same, as it is now. One that trains where it cannot be reached is shown as it ended here before."""
        with self._lock:
            known = self._runs.get(run_id)
            if known:
                self._looked[known] = monotonic()  # before it is done: others need not wait for it too
        if not run_id or not self._store or (known and not self._has_moved_on(known)):
            return known
        try:
            snapshot = self._store.load(run_id)
        except ValueError:
            return known  # the library page says why
        if snapshot is None:
            return known
        found = self._engine.find(run_id) if snapshot.state.is_live else self._engine.build(snapshot, store=self._store)
        if found is None:  # it trains on another server
            return known
        with self._lock:
            run = self._runs.get(run_id)  # somebody was faster, or has it go on already
            if run in (None, known):
                self.add(run := found)
                run.follow()  # this one alone: a roll call tells who watches that one
        return run

    def _has_moved_on(self, run: Run) -> bool:
        """Whether another server has a run go on that ended here, or had."""
        if run.is_live or not run.is_kept:
            return False
        try:
            return self._store.has_moved_on(run.run_id, run.snapshot().seconds)
        except ValueError:
            return False  # as of `look_up`

    def find_watched(self, name: str | None) -> Run | None:
        """The run with this `watch_id`, from memory or from the store."""
        if not name:
            return None
        if found := next((run for run in self.runs() if run.watch_id == name), None):
            return self.get(found.run_id)
        try:
            kept = self._store.run_ids() if self._store else []
        except ValueError:
            return None  # as of `get`
        return self.get(next((run_id for run_id in kept if watch_id(run_id) == name), None))

    def runs(self) -> list[Run]:
        """All runs in memory, oldest first."""
        with self._lock:
            return list(self._runs.values())

    def forget(self, run_id: str) -> None:
        """Let go of a run."""
        with self._lock:
            self._runs.pop(run_id, None)

    def lead_on(self, before: Run, run: Run) -> None:
        """Who watches the run `before` is to watch `run` from now on."""
        with self._lock:
            self._next[before.run_id] = run.run_id
            self._next.pop(run.run_id, None)  # one that goes on is the newest again

    def newest(self, run: Run | None) -> Run | None:
        """The run that those who watch `run` are to see: itself, or the last one that it led on to."""
        while run:
            with self._lock:
                later = self._next.get(run.run_id)
            found = self.get(later)
            if found is None:
                break
            run = found
        return run


def held_bytes(snapshot: Snapshot) -> int:
    """What a run takes of the memory: its film, and all its numbers."""
    rows = len(snapshot.records) + len(snapshot.points) + len(snapshot.changes)
    scores = [*(record.scores for record in snapshot.records if record.scores), *(each for _, each in snapshot.scores)]
    shares = sum(len(each.shares) for each in scores)
    pictures = sum(array.nbytes for array in _arrays(snapshot))
    return pictures + ROW_BYTES * rows + SCORES_BYTES * len(scores) + SHARE_BYTES * shares


def _arrays(snapshot: Snapshot) -> Iterator[np.ndarray]:
    yield from snapshot.frames.values()
    for seen in filter(None, (snapshot.reading, *snapshot.planes)):
        yield from (each for each in vars(seen).values() if isinstance(each, np.ndarray))
