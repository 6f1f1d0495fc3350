"""Run: one training run, as all see it, wherever it trains."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Protocol

import numpy as np

from gan import export
from gan.export.onnx_file import onnx_file
from gan.messages import Message, Refusal
from gan.records import Plane, Wish
from gan.runs.kept.moments import Moments
from gan.runs.live.lease import Lease
from gan.runs.live.training import Eyes, generator_of
from gan.runs.state.faults import explain
from gan.runs.state.snapshot import NO_WISH, RunState, Snapshot
from gan.setup.config import RunConfig


class Steering(Protocol):
    """How a run is steered: see `Control`."""

    is_stopped: bool
    is_held: bool
    is_resting: bool
    refusal: Message | None

    def stop(self) -> None: ...
    def pause(self) -> None: ...
    def go_on(self) -> None: ...
    def one_step(self) -> None: ...
    def one_epoch(self) -> None: ...
    def change(self, settings: Mapping[str, Any]) -> None: ...
    def show(self) -> None: ...


class Ticket(Protocol):
    """A run's claim to a place."""

    place: int | None  # in the queue, from 1; None once it need not wait

    def leave(self) -> None:
        """Give the place back, or leave the queue."""


def watch_id(run_id: str) -> str:
    """The id by which a run can be watched; nobody finds the run's own id from it."""
    return sha256(run_id.encode()).hexdigest()[:10]


class Run:
    """A training run that has ended, or that trains elsewhere: `control` steers it there.

    Any thread may call anything. `eyes` see what was kept. One writer: while the run is live, only what trains or
    follows it changes its snapshot; after that, who holds `_looking`. What a snapshot shows as done is kept already.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        moments: Moments,
        control: Steering,
        lease: Lease,
        ticket: Ticket | None = None,
        eyes: type[Eyes] = Eyes,
        is_kept: bool = False,
    ) -> None:
        self.moments, self.control, self.lease, self.ticket = moments, control, lease, ticket
        self.is_kept = is_kept  # whether it is in the store
        self._eyes = eyes
        self._snapshot = replace(snapshot, begun_with=snapshot.first_config, kept=moments.epochs)
        self._wanted = snapshot.config  # with the changes that were asked for
        self._changing = threading.Lock()
        self._wish = NO_WISH
        self._looking = threading.Lock()

    @property
    def run_id(self) -> str:
        return self._snapshot.run_id

    @property
    def watch_id(self) -> str:
        """An id for those who may only watch."""
        return watch_id(self.run_id)

    @property
    def config(self) -> RunConfig:
        """Its settings, with those changes that are asked for but not made yet."""
        snapshot = self._snapshot
        return self._wanted if snapshot.state.is_live and not snapshot.refusal else snapshot.config

    @property
    def wished(self) -> Wish:
        """What was asked for last."""
        return self._wish

    @property
    def is_live(self) -> bool:
        return self._snapshot.state.is_live

    def snapshot(self) -> Snapshot:
        snapshot = self._snapshot
        if snapshot.state.is_live and self.control.is_stopped:
            return snapshot.seen_as(RunState.STOPPING)
        if snapshot.state is RunState.STARTING and self.ticket and (place := self.ticket.place):
            return snapshot.seen_as(RunState.QUEUED, place)
        if snapshot.state is RunState.RUNNING and self.control.is_resting:
            return snapshot.seen_as(RunState.PAUSED)
        return snapshot

    @property
    def written(self) -> Snapshot:
        """The snapshot as it was written last: the same one until another is."""
        return self._snapshot

    # Asking something of it

    def start(self) -> None:
        """Have it train, as soon as it has its place."""
        raise NotImplementedError

    def begin_with(self, parent: "Run", epoch: int) -> None:
        """Before its start: begin with what `parent` was after `epoch`. Raises ValueError where that is not kept."""
        self.moments.adopt(parent.moments, epoch)
        self._set(kept=self.moments.epochs)

    def follow(self) -> None:
        """Follow it where it trains elsewhere; one that has ended needs nobody."""

    def stop(self) -> None:
        """Ask the run to stop; it does so within a training step."""
        self.control.stop()

    def change(self, **settings: Any) -> None:
        """Ask the run to go on with some settings changed.

        Raises ValueError where only a new run can have them, and where it has ended.
        """
        with self._changing:
            if not self.is_live:
                raise Refusal("run.over", "This run has ended: its settings cannot change any more.")
            self._wanted = self.config.steered(**settings)
            self.control.change(settings)

    def wish(self, wish: Wish) -> None:
        """Ask to see something else: at the next reading, or at once when the run has ended."""
        self._wish = wish
        if self.is_live:
            self.control.show()
        else:
            self._look_again()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if it has not after `timeout` seconds."""
        return not self.is_live

    # Seeing what was kept of it

    def look_back(self, epoch: int) -> tuple[np.ndarray, tuple[float, ...]]:
        """The samples after so many epochs, and D's belief in each. Raises ValueError for one that is not kept."""
        with self._looking:
            return self._eyes.look_back(*self.as_kept(epoch), self._wish)

    def as_kept(self, epoch: int) -> tuple[RunConfig, bytes]:
        """The config as it was after so many epochs, and the moment: what `inside.open_moment` takes. Raises ValueError
        for one that is not kept.
        """
        return self._snapshot.as_of(epoch)[0].config, self.moments.read(epoch)

    def look_at_plane(self, epoch: int) -> Plane:
        """All of a dots run after so many epochs. Raises ValueError for one that is not kept."""
        with self._looking:
            now, (config, content) = self._snapshot, self.as_kept(epoch)
            reading = next((record for record in now.records if record.epoch == epoch), now.reading)
            return self._eyes.look_again(config, content, Wish(plane=True), reading).plane

    def generator_file(self) -> bytes:
        """The generator that was kept last, with its settings, as a ZIP file. Raises ValueError where none was."""
        return export.generator_zip(self._generator(), self._snapshot.config)

    def onnx_file(self) -> bytes:
        """The same generator as an ONNX file. Raises ValueError where none was kept or the package onnx is missing."""
        return onnx_file(self._generator(), self._snapshot.config)

    def from_noise(self) -> bytes:
        """How the same generator makes pictures of noise, step by step, as a GIF file. Raises ValueError where none was
        kept, and for one that draws at once.
        """
        return export.gif(export.from_noise(self._generator(), self._snapshot.config), columns=4, scale=4, gap=4)

    # Within

    def _generator(self):
        return generator_of(self._snapshot.config, self.moments.read_last())

    def _look_again(self) -> None:
        """The last reading once more, with what is wished for now, by networks made from what was kept."""
        with self._looking:
            reading, wish = self._snapshot.reading, self._wish
            if reading is None:
                return
            try:
                again = self._eyes.look_again(self._snapshot.config, self.moments.read_last(), wish, reading)
            except Exception as error:  # what broke the run may break this too; its last reading stays
                self._set(refusal=explain(error).what, wish=wish)
                return
            self._set(reading=again, wish=wish, refusal=None, planes=(again.plane,) if again.plane else ())

    def _set(self, **changes: Any) -> None:
        self._snapshot = replace(self._snapshot, **changes)
