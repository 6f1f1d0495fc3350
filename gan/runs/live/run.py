"""Run: one training run on a background thread. One writer, any number of readers."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from gan import export
from gan.export.onnx_file import onnx_file
from gan.records import Change, EpochRecord, Wish, Word
from gan.runs.kept.moments import Moments
from gan.runs.kept.store import Store
from gan.runs.live.control import Control
from gan.runs.live.lease import Lease
from gan.runs.live.places import Ticket
from gan.runs.state.faults import explain
from gan.runs.state.history import Film, History, thinned
from gan.runs.state.snapshot import NO_WISH, RunState, Snapshot
from gan.setup.config import RunConfig


class Start(NamedTuple):
    """Where a run begins that does not begin untrained."""

    checkpoint: bytes
    epoch: int
    changes: Sequence[Change] = ()  # to be made again on the way


def make_trainer(config: RunConfig, start: bytes | None = None, changes: Sequence[Change] = ()):
    """The real thing; imports torch, so it happens on the run's own thread."""
    from gan.learn import device
    from gan.learn.trainer import Trainer

    device.use_threads(device.threads_for(config, device.cores()))
    return Trainer(config, changes=changes, start=start)


def watch_id(run_id: str) -> str:
    """The id by which a run can be watched; nobody finds the run's own id from it."""
    return sha256(run_id.encode()).hexdigest()[:10]


class Run:
    """A training run. `start`, `stop` and `wait` may be called from any thread, at any time.

    It begins as `snapshot` says: a new run with nothing but its config, others with a past, and then with a
    `start`. `make` builds the trainer from a config, and if need be from a checkpoint and changes that are to be
    made again: anything with `readings(ask)` that yields Readings and asks before each step how to go on,
    `change(**settings)`, the `config` and `changes` so far, an attribute `wish`, the `floor` of its scores, a
    `remark` on its pace, `look_again(reading)` for after the end, `checkpoint()` and `look_back(checkpoint)`.

    With a `ticket` it waits for its place; with a `store` it is kept there as it goes.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        make: Callable = make_trainer,
        lease: Lease | None = None,
        start: Start | None = None,
        ticket: Ticket | None = None,
        store: Store | None = None,
    ) -> None:
        self.lease = lease = lease or Lease()
        self.control = Control(lambda: lease.ended)  # not self.lease: a cycle would keep forgotten runs
        self._make, self._start, self._ticket, self._store = make, start, ticket, store
        self.moments = store.moments(snapshot.run_id) if store else Moments()
        self._snapshot = replace(snapshot, begun_with=snapshot.first_config)
        self._unkept = snapshot.unkept
        self._wanted = snapshot.config  # with the changes that were asked for
        self._changing = threading.Lock()
        self._wish = NO_WISH
        self._trainer = None  # while it trains
        self._drawing = threading.Lock()
        self._thread: threading.Thread | None = None

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
        return self._snapshot.config if self._snapshot.refusal else self._wanted

    @property
    def wished(self) -> Wish:
        """What was asked for last."""
        return self._wish

    @property
    def is_live(self) -> bool:
        return self._snapshot.state.is_live

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name=f"run-{self.run_id}", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # the computer has no thread left to give
            self._thread = None
            self._end(state=RunState.FAILED, fault=explain(error))

    def stop(self) -> None:
        """Ask the run to stop; it does so within a training step."""
        self.control.stop()

    def change(self, **settings: Any) -> None:
        """Ask the run to go on with some settings changed. Raises ValueError where only a new run can have them."""
        with self._changing:
            self._wanted = self.config.steered(**settings)
            self.control.change(settings)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the thread has ended; False if it has not after `timeout` seconds."""
        if self._thread:
            self._thread.join(timeout)
        return not (self.is_live or (self._thread and self._thread.is_alive()))

    def wish(self, wish: Wish) -> None:
        """Ask to see something else: at the next reading, or at once when the run has ended."""
        self._wish = wish
        if self.is_live:
            self.control.show()
        else:
            self._look_again()

    def look_back(self, epoch: int) -> tuple[np.ndarray, tuple[float, ...]]:
        """The samples after so many epochs, and D's belief in each. Raises ValueError for one that is not kept."""
        content = self.moments.read(epoch)
        with self._drawing:
            trainer = self._trainer or self._make(self._snapshot.config)
            trainer.wish = self._wish
            return trainer.look_back(content)

    def generator_file(self) -> bytes:
        """The generator that was kept last, with its settings, as a ZIP file. Raises ValueError where none was."""
        return export.generator_zip(self._generator(), self._snapshot.config)

    def onnx_file(self) -> bytes:
        """The same generator as an ONNX file. Raises ValueError where none was kept or the package onnx is missing."""
        return onnx_file(self._generator(), self._snapshot.config)

    def _generator(self):
        return self._make(self._snapshot.config, start=self.moments.read_last()).best_generator

    def snapshot(self) -> Snapshot:
        snapshot = self._snapshot
        if snapshot.state.is_live and self.control.is_stopped:
            return replace(snapshot, state=RunState.STOPPING)
        if snapshot.state is RunState.STARTING and self._ticket and (place := self._ticket.place):
            return replace(snapshot, state=RunState.QUEUED, place=place)
        if snapshot.state is RunState.RUNNING and self.control.is_resting:
            return replace(snapshot, state=RunState.PAUSED)
        return snapshot

    # On the thread

    def _work(self) -> None:
        try:
            if self._has_its_turn():
                self._train()
                self.moments.end(self._snapshot.reading.epoch, self._trainer.checkpoint())
            self._end(state=self._end_state())
        except BaseException as error:  # kept as data: the page shows it, the server lives on
            self._end(state=RunState.FAILED, fault=explain(error))
        if self._snapshot.wish != self._wish:
            self._look_again()

    def _has_its_turn(self) -> bool:
        return (self._ticket is None or self._ticket.wait(self._is_over)) and not self._is_over()

    def _is_over(self) -> bool:
        return self.control.is_stopped or self.lease.ended

    def _train(self) -> None:
        start, before = self._start, self._snapshot
        if start:
            trainer = self._make(self.config, start=start.checkpoint, changes=start.changes)
        else:
            trainer = self._make(self.config)
        self._trainer, first = trainer, start.epoch if start else 0
        history, film, begun = History(before.points), Film(before.frames), monotonic()

        def ask() -> Word:
            word = self.control.next(trainer)
            trainer.wish = self._wish
            return word

        for reading in trainer.readings(ask):
            history.add(reading)
            film.add(reading.samples)
            records, scores = self._snapshot.records, self._snapshot.scores
            if reading.scores:
                scores = thinned((*scores, (float(reading.epoch), reading.scores)))
            is_record = isinstance(reading, EpochRecord)
            if is_record:
                records = (*records, reading.without_samples())
            self._set(
                state=RunState.RUNNING,
                reading=reading,
                records=records,
                points=history.points,
                frames=film.frames,
                scores=scores,
                seconds=before.seconds + monotonic() - begun - self.control.paused_seconds,
                floor=trainer.floor or before.floor,
                wish=trainer.wish,
                config=trainer.config,
                changes=(*before.changes, *trainer.changes),
                refusal=self.control.refusal,
                remark=trainer.remark,
            )
            if not (is_record or reading.epoch == first):
                continue
            self.save()  # before its checkpoint, so that there is none without a record
            if self.moments.wants(round(reading.epoch)):
                self.moments.add(round(reading.epoch), trainer.checkpoint())
                self._set(kept=self.moments.epochs, unkept=self._unkept or self.moments.fault)

    def _end_state(self) -> RunState:
        done = self._snapshot.reading
        if done and done.epoch >= self.config.epochs:
            return RunState.FINISHED
        return RunState.STOPPED if self.control.is_stopped else RunState.ABANDONED

    def _end(self, **ending: Any) -> None:
        """Say how it ended, and let go of the trainer, the largest thing that a run has."""
        with self._drawing:
            self._trainer = None
            self._set(**ending)
        try:
            self.save()
        except BaseException as error:  # what ended the run, such as a full memory, may also stand in the way of this
            self._set(unkept=f"The end of this run is not kept. {explain(error).what}")
        finally:
            if self._ticket:
                self._ticket.leave()

    def save(self) -> None:
        """Write what is new to the store, if there is one."""
        if self._store:
            self._unkept = self._store.save(self.snapshot(), self.moments.bytes)
        self._set(unkept=self._unkept or self.moments.fault, kept=self.moments.epochs)

    def _look_again(self) -> None:
        """The last reading once more, with what is wished for now, by networks made from what was kept."""
        with self._drawing:
            reading, wish = self._snapshot.reading, self._wish
            if reading is None:
                return
            try:
                trainer = self._make(self._snapshot.config, start=self.moments.read_last())
                trainer.wish = wish
                again = trainer.look_again(reading)
            except Exception as error:  # what broke the run may break this too; its last reading stays
                self._set(refusal=explain(error).what, wish=wish)
                return
            self._set(reading=replace(again, story=again.story or reading.story), wish=wish, refusal=None)

    def _set(self, **changes: Any) -> None:
        self._snapshot = replace(self._snapshot, **changes)
