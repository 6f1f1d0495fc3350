"""ThreadRun: a run that trains on a background thread here. One writer, any number of readers."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

from gan.messages import Message, Refusal, msg
from gan.records import Budget, Change, EpochRecord, NotRecorded, Reading, Word
from gan.runs.kept.moments import Moments
from gan.runs.kept.store import Store
from gan.runs.live.control import Control
from gan.runs.live.lease import Lease
from gan.runs.live.places import Ticket
from gan.runs.live.run import Run
from gan.runs.live.training import Eyes, make_trainer
from gan.runs.live.turns import SLICE_SECONDS, Seat
from gan.runs.state.faults import explain
from gan.runs.state.history import Film, History, thinned
from gan.runs.state.snapshot import RunState, Snapshot

PLANES = 16  # of a dots run, that a snapshot keeps


class ThreadRun(Run):
    """A run on a thread here. `start`, `stop` and `wait` may be called from any thread, at any time.

    It begins as `snapshot` says, untrained, or where there are `moments`, at the newest of them, with the changes
    `again` to be made again on the way. `make` builds the trainer from a config, and if need be from a moment and such
    changes: anything with `readings(ask)` that yields Readings and asks before each step how to go on,
    `change(**settings)`, the `config` and `changes` so far, an attribute `wish`, the `floor` of its scores, a `remark`
    on its pace and `checkpoint()`; `eyes` see what was kept. With a `ticket` it waits for its place; with a `store`
    it is kept there as it goes. With a `seat` it takes turns with others, trains for the seconds of their budget, and
    is measured at the end.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        make: Callable = make_trainer,
        lease: Lease | None = None,
        ticket: Ticket | None = None,
        store: Store | None = None,
        moments: Moments | None = None,
        again: Sequence[Change] = (),
        eyes: type[Eyes] = Eyes,
        seat: Seat | None = None,
    ) -> None:
        lease = lease or Lease()
        control = Control(lambda: lease.ended)  # not self.lease: a cycle would keep forgotten runs
        moments = moments or (store.moments(snapshot.run_id) if store else Moments())
        super().__init__(snapshot, moments, control, lease, ticket, eyes, is_kept=store is not None)
        self._make = partial(make, budget=_left(seat.budget, snapshot)) if seat else make
        self._store, self._seat = store, seat
        self._unkept = snapshot.unkept  # why it is not kept, whatever the disk says
        self._again = tuple(again)
        self._trainer = None  # while it trains
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name=f"run-{self.run_id}", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # the computer has no thread left to give
            self._thread = None
            self._end(state=RunState.FAILED, fault=explain(error))

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the thread has ended; False if it has not after `timeout` seconds."""
        if self._thread:
            self._thread.join(timeout)
        return not (self.is_live or (self._thread and self._thread.is_alive()))

    # On the thread

    def _work(self) -> None:
        try:
            if self._has_its_turn():
                self._train()
                self._measure()
            ending = {"state": self._end_state()}
        except BaseException as error:  # kept as data: the page shows it, the server lives on
            ending = {"state": RunState.FAILED, "fault": explain(error)}
        self._end(**ending)
        if self._snapshot.wish != self._wish:
            self._look_again()

    def _has_its_turn(self) -> bool:
        return (self.ticket is None or self.ticket.wait(self._is_over)) and not self._is_over()

    def _is_over(self) -> bool:
        return self.control.is_stopped or self.lease.ended

    def _train(self) -> None:
        try:
            return self._train_on()
        except NotRecorded:
            self._trainer = None  # it is of no use any more
        self._train_on()

    def _train_on(self) -> None:
        """From the newest kept moment to the end."""
        self._trainer = trainer = self._first_trainer()
        before, begun = self._snapshot, monotonic()
        history, film = History(before.points), Film(before.frames)

        def ask() -> Word:
            word = self._in_turn(self.control.next(trainer), trainer)
            trainer.wish = self._wish
            return word

        pace = {"every_seconds": SLICE_SECONDS} if self._seat else {}
        for reading in trainer.readings(ask, **pace):
            history.add(reading)
            film.add(reading.samples)
            now = replace(
                _with_reading(self._snapshot, reading),
                state=RunState.RUNNING,
                points=history.points,
                frames=film.frames,
                seconds=before.seconds + self._spent(trainer, begun),
                floor=trainer.floor or before.floor,
                wish=trainer.wish,
                config=trainer.config,
                changes=(*before.changes, *trainer.changes),
                refusal=self.control.refusal,
                remark=trainer.remark,
                threads=trainer.threads,
            )
            if isinstance(reading, EpochRecord) or self._snapshot.state is RunState.STARTING:
                now = self._kept(now, trainer)
            self._snapshot = now
        self.moments.end(self._snapshot.reading.epoch, trainer.checkpoint())

    def _in_turn(self, word: Word, trainer) -> Word:
        """The word, once it is this run's turn; one that is about to rest lets the others go on."""
        if self._seat is None or word is Word.STOP:
            return word
        if word is Word.SHOW:
            self._seat.rest()
            return word
        return word if self._seat.take(trainer.trained_seconds, self._is_over) else Word.STOP

    def _spent(self, trainer, begun: float) -> float:
        """Seconds since it began, without pauses; of one that takes turns, those of its own training."""
        return trainer.trained_seconds if self._seat else monotonic() - begun - self.control.paused_seconds

    def _measure(self) -> None:
        """Measure what it draws by now, as long as the others are at rest."""
        if self._has_used_its_budget():
            self._set(measures=self._eyes.measure(self._snapshot.config, self.moments.read_last()))

    def _has_used_its_budget(self) -> bool:
        return self._seat is not None and self._snapshot.seconds >= self._seat.budget.seconds

    def _first_trainer(self):
        """The trainer as the run begins: untrained, or at the newest kept moment that can be read."""
        begun, damage = self._snapshot, None
        if not self.moments.epochs:
            return self._make(begun.config)
        for epoch in reversed(_with_records(begun, self.moments.epochs)):
            snapshot, later = begun.as_of(epoch)
            try:
                moment = self.moments.read(epoch)
                trainer = self._make(snapshot.config, start=moment, changes=(*later, *self._again))
            except ValueError as error:
                damage = damage or error.with_traceback(None)  # what it had built goes
                continue
            self._go_back(snapshot, epoch, damage)
            return trainer
        raise damage or Refusal("run.no_moment", "This run cannot go on: its networks are not kept.")

    def _go_back(self, snapshot: Snapshot, epoch: int, damage: ValueError | None) -> None:
        """Forget what came after `epoch`, since the run goes on from there."""
        if self._store:
            self._store.rewind(self.run_id, epoch)
        self.moments.rewind(epoch)
        if damage:
            self._unkept = msg(
                "run.fell_back",
                "What was kept last of this run is damaged. It goes on from epoch {epoch}, the newest that is whole.",
                epoch=epoch,
            )
        resumed_at = None if snapshot.resumed_at is None else epoch
        self._snapshot = replace(snapshot, unkept=self._unkept, resumed_at=resumed_at)

    def _kept(self, now: Snapshot, trainer) -> Snapshot:
        """`now` as it is kept: its record before its moment, so that there is no moment without one."""
        epoch, saved = round(now.reading.epoch), self._save(now)
        if epoch not in self.moments.epochs and self.moments.wants(epoch):
            self.moments.add(epoch, trainer.checkpoint())
        return replace(now, kept=self.moments.epochs, unkept=saved or self._unkept or self.moments.fault)

    def _save(self, now: Snapshot) -> Message | None:
        """Write what is new to the store, if there is one; returns why that is not possible."""
        return self._store.save(now, self.moments.bytes) if self._store else None

    def _end_state(self) -> RunState:
        done = self._snapshot.reading
        if self._has_used_its_budget() or (done and done.epoch >= self._snapshot.config.epochs):
            return RunState.FINISHED
        return RunState.STOPPED if self.control.is_stopped else RunState.ABANDONED

    def _end(self, **ending: Any) -> None:
        """Say how it ended, once that is kept, and let go of the trainer, the largest thing that a run has."""
        self._trainer, unkept = None, None
        try:
            unkept = self._save(replace(self._snapshot, **ending)) or self._unkept or self.moments.fault
        except BaseException as error:  # what ended the run, such as a full memory, may also stand in the way of this
            unkept = msg("run.end_unkept", "The end of this run is not kept. {why}", why=explain(error).what)
        finally:
            self._set(**ending, unkept=unkept, kept=self.moments.epochs)
            for claim in filter(None, (self.ticket, self._seat)):
                claim.leave()


def _left(budget: Budget, snapshot: Snapshot) -> Budget:
    """What is left of its budget to a run that goes on."""
    return replace(budget, seconds=budget.seconds - snapshot.seconds)


def _with_reading(snapshot: Snapshot, reading: Reading) -> Snapshot:
    """The snapshot with a new reading, and with its scores and record where it has them."""
    records, scores = snapshot.records, snapshot.scores
    planes = (*snapshot.planes, reading.plane)[-PLANES:] if reading.plane else ()
    if reading.scores:
        scores = thinned((*scores, (float(reading.epoch), reading.scores)))
    if isinstance(reading, EpochRecord):
        records = (*records, reading.without_samples())
    return replace(snapshot, reading=reading, records=records, scores=scores, planes=planes)


def _with_records(snapshot: Snapshot, epochs: Sequence[int]) -> list[int]:
    """The kept epochs up to the newest record: a power cut may have lost records of moments that it left."""
    newest = snapshot.records[-1].epoch if snapshot.records else snapshot.forked_at or 0
    return [epoch for epoch in epochs if epoch <= newest]
