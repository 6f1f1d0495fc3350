"""The training loop: epochs, changes of settings between two steps, and reports."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from time import perf_counter
from typing import Any

import torch
from torch import Tensor

from gan import data, families
from gan.data import Pictures
from gan.data.shares import hold_out
from gan.learn import device, memory
from gan.learn.checkpoint import pack, unpack
from gan.learn.device.ahead import Ahead
from gan.learn.device.recorded import order
from gan.learn.learner import Learner
from gan.learn.pace import recorder_for
from gan.learn.tally import Tally
from gan.look.observer import Observer
from gan.look.one_step import Teller
from gan.messages import Message, Told, msg
from gan.parts import stabilisers
from gan.records import SAMPLES, Budget, Change, EpochRecord, Reading, Scores, StepTrace, Wish, Word, by_name
from gan.setup.config import RunConfig

PLANE_SECONDS = 0.09  # between two readings, while somebody looks at all of a plane: ten a second come through


class NotFinite(Told, ArithmeticError):
    """A loss became infinite or not a number; the message names the step."""


class Trainer:
    """Trains a config's networks on pictures, by steps of its family, and reports readings.

    `pictures` defaults to the config's own; `changes` are made again at the steps they were made at, so that
    a run that was steered gives the same pictures again; `start` is the `checkpoint` of another trainer, to go
    on from its epoch. With a `budget` its seconds of training count in place of the epochs, and what changes with time
    changes with these: then the same pictures come again only where the machine is as fast. Raises ValueError with a
    sentence for a config that cannot be trained here, and gan.data.NotDownloaded for pictures that are not on this
    computer.
    """

    def __init__(
        self,
        config: RunConfig,
        pictures: Pictures | None = None,
        changes: Sequence[Change] = (),
        start: bytes | None = None,
        budget: Budget | None = None,
    ) -> None:
        pictures = pictures or data.wanted(config)
        mine, held_out = hold_out(pictures, config.pictures, is_a_part=data.get(config.data).is_a_part)
        with device.alone(device.choose(config.device)):
            self._make(config, pictures, mine, held_out, budget)
            self._to_repeat = list(changes)
            self._begin()
            if start:
                self.epoch = unpack(self.learner, start)
                self.counted = self.learner.steps

    def _make(
        self, config: RunConfig, pictures: Pictures, mine: Pictures, held_out: Pictures, budget: Budget | None
    ) -> None:
        self.learner: Learner = families.learner(config.family)(config, mine, held_out)
        self.threads = torch.get_num_threads()
        self.recorder = recorder_for(self.learner.device, lambda: order(self.learner))
        self.ahead = Ahead(self.learner.device)
        self.budget = budget
        self.epoch = 0.0  # epochs done
        self.counted = 0  # steps when the sums were taken last
        self.changes: list[Change] = []
        self._to_repeat: list[Change] = []
        self._training_seconds = self._read_at = 0.0
        self._untaken = 0.0  # seconds of training since the sums were taken last
        self._whole = Tally()  # of the epoch so far
        self._newest = Tally()  # that has steps
        starts = self.learner.starts(config, SAMPLES, self.learner.random, self.learner.device, (mine, held_out))
        aims = self.learner.aims(config, pictures)
        self.observer = Observer(self.learner, starts, aims, mine, held_out, budget)
        self.teller = Teller(self.learner)

    @property
    def config(self) -> RunConfig:
        """As it is by now."""
        return self.learner.config

    @property
    def steps(self) -> int:
        """Done so far."""
        return self.learner.steps

    # What may change between two steps

    def change(self, **settings: Any) -> None:
        """Go on with some settings changed, from the next step on.

        Raises ValueError with a sentence, and changes nothing, where only a new run can have them or the memory has no
        room for them.
        """
        after = self.config.steered(**settings)
        for name in after.strengths.keys() - self.config.strengths.keys():
            stabilisers.get(name).Stabiliser(after.strengths[name]).check(self.learner.discriminator)
        changed = after.changes_from(self.config)
        if changed:
            with device.alone(self.learner.device):
                memory.check_change(self.config, after)
                self.learner.obey(after)
                self._begin()
            self.changes.append(Change(self.steps, self.epoch, changed))

    def _begin(self) -> None:
        """Be ready for steps with the present settings."""
        if self.recorder:
            self.recorder.forget()
        self.learner.tell(self.progress)

    @property
    def trained_seconds(self) -> float:
        """Seconds of training so far, without what looking and measuring took."""
        return self._training_seconds + self._untaken

    @property
    def progress(self) -> float:
        """The share of the run that is done, 0..1."""
        if self.budget:
            return min(1.0, self.trained_seconds / self.budget.seconds)
        return min(1.0, self.epoch / self.config.epochs)  # the length may be changed to less than is done

    # Epochs

    def readings(self, ask: Callable[[], Word] = lambda: Word.GO, every_seconds: float = 0.5) -> Iterator[Reading]:
        """Train epoch after epoch; yield a Reading about every `every_seconds` of training, and ten a second while all
        of a dots run's plane is wished for; an EpochRecord at each end.

        The first Reading comes before the first step: the untrained generator. Before each step, `ask` says how
        to go on; it may take its time, and change settings. Reading changes nothing in the training. Raises
        NotFinite when a loss is, and NotRecorded where a graphics card fails in a way that another trainer, made from
        the last checkpoint, is safe from.
        """
        readings = self._readings(ask, every_seconds)
        while True:
            with device.alone(self.learner.device), self.recorder.at_work() if self.recorder else nullcontext():
                reading = next(readings, None)
            if reading is None:
                return
            yield reading

    def _readings(self, ask: Callable[[], Word], every_seconds: float) -> Iterator[Reading]:
        yield self._read(Reading, Tally())
        while self.progress < 1:
            batches, before = self._batches(), round(self.epoch)
            self._whole, self._untaken = Tally(), 0.0
            for done, indices in enumerate(batches, start=1):
                while (word := self._asked(ask)) is Word.SHOW:
                    yield self._read(Reading, self._take())
                if word is not Word.GO:
                    return
                begun = perf_counter()
                self._repeat_changes()
                self.learner.tell(self.progress)
                self._train_on(indices)
                self.epoch = before + done / len(batches)
                self._untaken += perf_counter() - begun
                is_over = self.budget is not None and self.progress >= 1
                if (is_over or self._is_time(every_seconds)) and done < len(batches):
                    part = self._take()
                    scores = self.observer.scores(self._training_seconds, whole_epoch=False, always=is_over)
                    yield self._read(Reading, part, scores)
                    if is_over:
                        return
            self._take()
            is_last = self.progress >= 1
            scores = self.observer.scores(self._training_seconds, always=is_last)
            yield self._read(EpochRecord, self._whole, scores)

    def _asked(self, ask: Callable[[], Word]) -> Word:
        with device.let_go(self.learner.device):
            return ask()

    def _is_time(self, every_seconds: float) -> bool:
        """Whether the next reading is due."""
        if self.observer.shows_plane and perf_counter() - self._read_at >= PLANE_SECONDS:
            return True
        return self._untaken >= every_seconds

    def epochs(self, ask: Callable[[], Word] = lambda: Word.GO) -> Iterator[EpochRecord]:
        """The EpochRecords alone."""
        for reading in self.readings(ask, every_seconds=math.inf):
            if isinstance(reading, EpochRecord):
                yield reading

    def _train_on(self, indices: Tensor) -> None:
        """One step on the real pictures with these numbers."""
        learner = self.learner
        if self.wish.trace and families.judges(self.config.family):
            self.teller.step(*learner.real(indices))
        elif self.recorder and not learner.timed:
            learner.steps += 1
            self.recorder.take(learner, indices)
        else:
            learner.step(*learner.real(indices))
        self.ahead.stepped()

    def _repeat_changes(self) -> None:
        while self._to_repeat and self._to_repeat[0].step <= self.steps:
            self.change(**self._to_repeat.pop(0).settings)

    def _batches(self) -> list[Tensor]:
        """This epoch's batches of picture numbers, in a new random order."""
        learner = self.learner
        order = torch.randperm(len(learner.images), generator=learner.random, device=learner.device)
        batches = list(order.split(self.config.batch_size))
        if self._leaves_one_out or (self.config.drop_last and len(batches[-1]) < self.config.batch_size):
            batches.pop()
        return batches

    @property
    def _leaves_one_out(self) -> bool:
        """Whether a last batch of one picture cannot be learned from: its batch statistics do not exist."""
        return self.learner.needs_several and len(self.learner.images) % self.config.batch_size == 1

    # Reports

    def _take(self) -> Tally:
        """What has been counted since the last time; the only place that waits for the device."""
        begun = perf_counter()
        sums = self.learner.sums.take()
        part = Tally(self.steps - self.counted, self._untaken + perf_counter() - begun, sums)
        self.counted, self._untaken = self.steps, 0.0
        self._training_seconds += part.seconds
        self._whole += part
        return part

    def _read(self, kind: type, tally: Tally, scores: Scores | None = None) -> Reading:
        """A reading of this moment with the means of the tally, or of the one before where it is empty."""
        self._read_at = perf_counter()
        self._newest = tally = tally if tally.steps else self._newest
        means = tally.means
        if not all(math.isfinite(means[name]) for name in families.losses(self.config.family) if means):
            raise NotFinite(
                "learn.not_finite",
                "a loss was no longer a finite number by step {step:,} (epoch {epoch})",
                step=self.steps,
                epoch=math.ceil(self.epoch),
            )
        return kind(
            epoch=round(self.epoch) if kind is EpochRecord else self.epoch,
            step=self.steps,
            **by_name(means),
            seconds=tally.seconds,
            steps_per_second=tally.steps / tally.seconds if tally.seconds else 0.0,
            scores=scores,
            **self.observer.look(),
            trace=self._trace(),
        )

    def checkpoint(self) -> bytes:
        """This moment, for another trainer to go on from, or to look back at."""
        with device.alone(self.learner.device):
            return pack(self.learner, self.epoch)

    def look_again(self, reading: Reading) -> Reading:
        """A reading of this moment with what is wished for now."""
        with device.alone(self.learner.device):
            return replace(reading, **self.observer.wished(), trace=self._trace())

    def _trace(self) -> StepTrace | None:
        return self.teller.trace() if self.wish.trace else None

    @property
    def wish(self) -> Wish:
        """What the next readings show."""
        return self.observer.wish

    @wish.setter
    def wish(self, wish: Wish) -> None:
        self.observer.wish = wish

    @property
    def floor(self) -> Scores | None:
        """What real pictures would score, once fakes have been scored."""
        return self.observer.floor

    @property
    def remark(self) -> Message | None:
        """What goes otherwise than one would expect: a picture that is left out, or steps that are slower than they
        could be here.
        """
        if self._leaves_one_out and not self.config.drop_last:
            return msg(
                "learn.one_left_out",
                "One picture is left out in each epoch: alone in the last batch, batch norm cannot learn from it.",
            )
        if not self.recorder:
            return None
        if self.learner.timed:
            return msg(
                "learn.one_by_one.timed",
                "The steps are taken one by one, which is slower, because they cannot be recorded: "
                "something in them changes with time.",
            )
        if self.recorder.fault:
            return msg(
                "learn.one_by_one",
                "The steps are taken one by one, which is slower, because they cannot be recorded: {reason}.",
                reason=self.recorder.fault,
            )
        return None
