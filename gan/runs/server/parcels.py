"""Parcels: whole runs that leave as files, and that are taken in."""

import secrets
import threading
from collections.abc import Callable, Mapping

from gan.messages import Refusal
from gan.runs.kept import parcel
from gan.runs.kept.store import Store
from gan.runs.live.run import Run
from gan.runs.server.registry import Registry
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig


class Parcels:
    """One file at a time is taken in, so that many of them together need no more memory than one.

    `check` raises ValueError with a sentence for networks that do not go with a config or are not of their epoch.
    """

    def __init__(
        self,
        build: Callable[..., Run],
        check: Callable[[RunConfig, Mapping[int, bytes]], None],
        registry: Registry,
        store: Store | None,
    ) -> None:
        self._build, self._check, self._registry, self._store = build, check, registry, store
        self._taking = threading.Lock()

    def wrap(self, run: Run | None) -> bytes:
        """A run that has ended, as the content of a file that `unwrap` reads. Raises ValueError where there is none."""
        if run is None or run.is_live:
            raise Refusal("parcel.none", "A run can be saved as a file when it has ended, and while it is kept.")
        kept = {}
        for epoch in run.moments.epochs:
            try:
                kept[epoch] = run.moments.read(epoch)
            except ValueError:  # the disk has lost it: the others are worth keeping
                continue
        return parcel.wrap(run.snapshot(), kept, self._store.name(run.run_id) if self._store else "")

    def unwrap(self, content: bytes, owner: str | None = None) -> Run:
        """Take in a run from a file. Raises ValueError with a sentence, and takes nothing, where it is no run."""
        with self._taking:
            snapshot, kept, name = parcel.unwrap(content, secrets.token_hex(8))
            self._check(snapshot.config, kept)
            if self._store:
                self._store.take(snapshot, kept, name, owner or "")
                return self._build(snapshot, store=self._store)
            return self._in_memory(snapshot, kept)

    def _in_memory(self, snapshot: Snapshot, kept: Mapping[int, bytes]) -> Run:
        run = self._build(snapshot)
        for epoch, networks in kept.items():
            run.moments.add(epoch, networks)
            if run.moments.fault:
                raise Refusal(run.moments.fault)
        self._registry.add(run)
        return run
