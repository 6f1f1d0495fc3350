"""Run: one training run on a background thread. One writer, any number of readers."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from time import monotonic
from typing import Any

import numpy as np

from gan.config import RunConfig
from gan.records import Change, EpochRecord, Point, Reading, Scores, Wish, Word
from gan.runs.checkpoints import Checkpoints
from gan.runs.control import Control
from gan.runs.faults import Fault, explain
from gan.runs.history import Film, History, thinned
from gan.runs.lease import Lease

NO_WISH = Wish()


class RunState(StrEnum):
    STARTING = "starting"  # pictures and networks are being made ready
    RUNNING = "running"
    PAUSED = "paused"  # at rest between two steps
    STOPPING = "stopping"  # asked to stop, not there yet
    FINISHED = "finished"  # all epochs done
    STOPPED = "stopped"  # somebody stopped it
    ABANDONED = "abandoned"  # nobody watched any more
    FAILED = "failed"  # see Snapshot.fault

    @property
    def is_live(self) -> bool:
        return self in (RunState.STARTING, RunState.RUNNING, RunState.PAUSED, RunState.STOPPING)


@dataclass(frozen=True)
class Snapshot:
    """All there is to know of a run at one moment; it never changes."""

    run_id: str
    config: RunConfig  # as it is now
    state: RunState = RunState.STARTING
    reading: Reading | None = None  # the newest, with its samples
    records: tuple[EpochRecord, ...] = ()  # without samples
    points: tuple[Point, ...] = ()  # for the charts, a bounded number
    frames: tuple[np.ndarray, ...] = ()  # sample grids from the first to nearly the newest
    seconds: float = 0.0  # of training so far
    scores: tuple[tuple[float, Scores], ...] = ()  # with their epochs, a bounded number
    floor: Scores | None = None  # what real pictures would score
    wish: Wish = NO_WISH  # what the newest reading shows
    fault: Fault | None = None
    begun_with: RunConfig | None = None  # the config before all changes
    changes: tuple[Change, ...] = ()  # made while it ran, oldest first
    refusal: str | None = None  # why the newest change could not be made
    kept: tuple[int, ...] = ()  # epochs that can be seen again
    forked_at: int | None = None  # the epoch of another run that this one began at

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the last epoch at the pace so far; None before there is a pace."""
        begun = self.forked_at or 0
        done = self.reading.epoch - begun if self.reading else 0
        return self.seconds * (self.config.epochs - begun - done) / done if done else None


def make_trainer(config: RunConfig, start: bytes | None = None):
    """The real thing; imports torch, so it happens on the run's own thread."""
    from gan.device import use_threads
    from gan.trainer import Trainer

    use_threads()
    return Trainer(config, start=start)


class Run:
    """A training run. `start`, `stop` and `wait` may be called from any thread, at any time.

    `make` builds the trainer: anything with `readings(ask)` that yields Readings and asks before each step how
    to go on, `change(**settings)`, the `config` and `changes` so far, an attribute `wish`, the `floor` of its
    scores, `look_again(reading)` for after the end, `checkpoint()` and `look_back(checkpoint)`. With a `parent`
    it begins where that run was after `epoch` epochs: `make` is then given what the parent kept.
    """

    def __init__(
        self,
        run_id: str,
        config: RunConfig,
        make: Callable = make_trainer,
        lease: Lease | None = None,
        parent: "Run | None" = None,
        epoch: int = 0,
    ) -> None:
        self.lease = lease = lease or Lease()
        self.control = Control(
            lambda: lease.ended
        )  # not self.lease: a run in a cycle would not go when it is forgotten
        self._make = make
        self.parent, self._first_epoch = parent, epoch
        self.checkpoints = Checkpoints()
        self._snapshot = Snapshot(run_id, config, begun_with=config, forked_at=epoch if parent else None)
        self._wanted = config  # with the changes that were asked for
        self._changing = threading.Lock()
        self._wish = NO_WISH
        self._trainer = None  # kept after the end, to draw what is wished for then
        self._drawing = threading.Lock()
        self._thread = threading.Thread(target=self._work, name=f"run-{run_id}", daemon=True)

    @property
    def run_id(self) -> str:
        return self._snapshot.run_id

    @property
    def watch_id(self) -> str:
        """An id for those who may only watch; nobody finds the run's own id from it."""
        return sha256(self.run_id.encode()).hexdigest()[:10]

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
        try:
            self._thread.start()
        except RuntimeError as error:  # the computer has no thread left to give
            self._set(state=RunState.FAILED, fault=explain(error))

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
        if self._thread.ident is not None:  # it could be started
            self._thread.join(timeout)
        return not (self.is_live or self._thread.is_alive())

    def wish(self, wish: Wish) -> None:
        """Ask to see something else: at the next reading, or at once when the run has ended."""
        self._wish = wish
        if self.is_live:
            self.control.show()
        else:
            self._look_again()

    def look_back(self, epoch: int) -> tuple[np.ndarray, tuple[float, ...]]:
        """The samples after so many epochs, and D's belief in each. Raises ValueError for one that is not kept."""
        content = self.checkpoints.read(epoch)
        with self._drawing:
            return self._trainer.look_back(content)

    def snapshot(self) -> Snapshot:
        snapshot = self._snapshot
        if snapshot.state.is_live and self.control.is_stopped:
            return replace(snapshot, state=RunState.STOPPING)
        if snapshot.state is RunState.RUNNING and self.control.is_resting:
            return replace(snapshot, state=RunState.PAUSED)
        return snapshot

    # On the thread

    def _work(self) -> None:
        try:
            if not self.control.is_stopped and not self.lease.ended:
                self._train()
            self._set(state=self._end_state())
        except BaseException as error:  # kept as data: the page shows it, the server lives on
            self._set(state=RunState.FAILED, fault=explain(error))
        if self._snapshot.wish != self._wish:
            self._look_again()

    def _look_again(self) -> None:
        """The last reading once more, with what is wished for now."""
        with self._drawing:
            if self._trainer and self._snapshot.reading:
                self._trainer.wish = wish = self._wish
                try:
                    self._set(reading=self._trainer.look_again(self._snapshot.reading), wish=wish)
                except Exception as error:  # what broke the run may break this too; its last reading stays
                    self._set(refusal=explain(error).what, wish=wish)

    def _train(self) -> None:
        before = ()
        if self.parent:
            trainer = self._make(self.config, self.parent.checkpoints.read(self._first_epoch))
            before = tuple(p for p in self.parent.snapshot().points if p.epoch <= self._first_epoch)
        else:
            trainer = self._make(self.config)
        self._trainer = trainer
        history, film, start = History(before), Film(), monotonic()

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
            if isinstance(reading, EpochRecord):
                records = (*records, reading.without_samples())
            is_whole = isinstance(reading, EpochRecord) or reading.epoch == self._first_epoch
            if is_whole and self.checkpoints.wants(round(reading.epoch)):
                self.checkpoints.add(round(reading.epoch), trainer.checkpoint())
            self._set(
                state=RunState.RUNNING,
                reading=reading,
                records=records,
                points=history.points,
                frames=film.frames,
                scores=scores,
                seconds=monotonic() - start - self.control.paused_seconds,
                floor=trainer.floor,
                wish=trainer.wish,
                config=trainer.config,
                changes=tuple(trainer.changes),
                refusal=self.control.refusal,
                kept=self.checkpoints.epochs,
            )

    def _end_state(self) -> RunState:
        done = self._snapshot.reading
        if done and done.epoch >= self.config.epochs:
            return RunState.FINISHED
        return RunState.STOPPED if self.control.is_stopped else RunState.ABANDONED

    def _set(self, **changes) -> None:
        self._snapshot = replace(self._snapshot, **changes)
