"""The training loop: epochs, changes of settings between two steps, and reports."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan import data
from gan.data import Pictures
from gan.fast import cuda_graph, recorder
from gan.learn.build import build
from gan.learn.checkpoint import look_back, pack, unpack
from gan.learn.learner import Learner
from gan.learn.tally import Tally
from gan.look.observer import Networks, Observer, hold_out
from gan.look.one_step import Teller
from gan.parts import stabilisers
from gan.records import Change, EpochRecord, Reading, Scores, Wish, Word
from gan.setup.config import RunConfig


class NotFinite(ArithmeticError):
    """A loss became infinite or not a number; the message names the step."""


class Trainer(Learner):
    """Trains a generator and a discriminator on pictures, and reports readings.

    `pictures` defaults to the config's own; `changes` are made again at the steps they were made at, so that
    a run that was steered gives the same pictures again; `start` is the `checkpoint` of another trainer, to go
    on from its epoch. Raises ValueError with a sentence for a config that cannot be trained here, and
    gan.data.NotDownloaded for pictures that are not on this computer.
    """

    def __init__(
        self,
        config: RunConfig,
        pictures: Pictures | None = None,
        changes: Sequence[Change] = (),
        start: bytes | None = None,
    ) -> None:
        pictures = pictures or data.load(config.data, config.classes, config.picture_size)
        mine, held_out = hold_out(pictures, config.pictures)
        super().__init__(config, mine)
        self.stream = cuda_graph.own_stream(self.device)
        self.epoch = 0.0  # epochs done
        self.counted = 0  # steps when the sums were taken last
        self.changes: list[Change] = []
        self._to_repeat = list(changes)
        self._training_seconds = 0.0
        self._newest = Tally()  # that has steps
        self.observer = Observer(self, pictures, mine, held_out)
        self.teller = Teller(self)
        self._begin()
        if start:
            unpack(self, start)

    # What may change between two steps

    def change(self, **settings: Any) -> None:
        """Go on with some settings changed, from the next step on.

        Raises ValueError with a sentence, and changes nothing, where only a new run can have them.
        """
        after = self.config.steered(**settings)
        for name in after.strengths.keys() - self.config.strengths.keys():
            stabilisers.get(name).Stabiliser(after.strengths[name]).change(self.discriminator)  # it may refuse this D
        changed = after.changes_from(self.config)
        if changed:
            self.obey(after)
            self._begin()
            self.changes.append(Change(self.steps, self.epoch, changed))

    def _begin(self) -> None:
        """Be ready for steps with the present settings."""
        can_record = recorder.is_possible(self.device) and not self.timed
        self.recorder = recorder.Recorder(self) if can_record else None
        self.tell(self.epoch / self.config.epochs)

    # Epochs

    def readings(self, ask: Callable[[], Word] = lambda: Word.GO, every_seconds: float = 0.5) -> Iterator[Reading]:
        """Train epoch after epoch; yield a Reading about every `every_seconds`, an EpochRecord at each end.

        The first Reading comes before the first step: the untrained generator. Before each step, `ask` says how
        to go on; it may take its time, and change settings. Reading changes nothing in the training. Raises
        NotFinite when a loss is.
        """
        readings = self._readings(ask, every_seconds)
        while True:
            with cuda_graph.on(self.stream):
                reading = next(readings, None)
            if reading is None:
                return
            yield reading

    def _readings(self, ask: Callable[[], Word], every_seconds: float) -> Iterator[Reading]:
        yield self._read(Reading, Tally())
        while self.epoch < self.config.epochs:
            batches, before = self._batches(), round(self.epoch)
            whole, seconds = Tally(), 0.0
            for done, indices in enumerate(batches, start=1):
                while (word := ask()) is Word.SHOW:
                    whole += (part := self._take(seconds))
                    seconds = 0.0
                    yield self._read(Reading, part)
                if word is not Word.GO:
                    return
                begun = perf_counter()
                self._repeat_changes()
                self.tell(self.epoch / self.config.epochs)
                self._train_on(indices)
                self.epoch = before + done / len(batches)
                seconds += perf_counter() - begun
                if seconds >= every_seconds and done < len(batches):
                    whole += (part := self._take(seconds))
                    seconds = 0.0
                    yield self._read(Reading, part, self.observer.scores(self._training_seconds, whole_epoch=False))
            whole += self._take(seconds)
            is_last = self.epoch >= self.config.epochs
            yield self._read(EpochRecord, whole, self.observer.scores(self._training_seconds, always=is_last))

    def epochs(self, ask: Callable[[], Word] = lambda: Word.GO) -> Iterator[EpochRecord]:
        """The EpochRecords alone."""
        for reading in self.readings(ask, every_seconds=math.inf):
            if isinstance(reading, EpochRecord):
                yield reading

    def _train_on(self, indices: Tensor) -> None:
        """One step on the real pictures with these numbers."""
        if self.recorder and not self.wish.story:
            self.steps += 1
            self.recorder.take(indices, self.g_learns)
        else:
            (self.teller if self.wish.story else self).step(*self.real(indices))

    def _repeat_changes(self) -> None:
        while self._to_repeat and self._to_repeat[0].step <= self.steps:
            self.change(**self._to_repeat.pop(0).settings)

    def _batches(self) -> list[Tensor]:
        """This epoch's batches of picture numbers, in a new random order."""
        order = torch.randperm(len(self.images), generator=self.random, device=self.device)
        batches = list(order.split(self.config.batch_size))
        last = len(batches[-1])
        if last < self.config.batch_size and (self.config.drop_last or last == 1):
            batches.pop()  # batch statistics of one picture do not exist
        return batches

    # Reports

    def _take(self, seconds: float) -> Tally:
        """What has been counted since the last time; the only place that waits for the device."""
        begun = perf_counter()
        sums = np.array(self.sums.tolist())
        part = Tally(self.steps - self.counted, seconds + perf_counter() - begun, sums)
        self.sums.zero_()
        self.counted = self.steps
        self._training_seconds += part.seconds
        return part

    def _read(self, kind: type, tally: Tally, scores: Scores | None = None) -> Reading:
        """A reading of this moment with the means of the tally, or of the one before where it is empty."""
        self._newest = tally = tally if tally.steps else self._newest
        d_loss, g_loss, d_real, d_fake = tally.means
        if tally.steps and not (math.isfinite(d_loss) and math.isfinite(g_loss)):
            epoch = math.ceil(self.epoch)
            raise NotFinite(f"a loss was no longer a finite number by step {self.steps:,} (epoch {epoch})")
        return kind(
            epoch=round(self.epoch) if kind is EpochRecord else self.epoch,
            step=self.steps,
            d_loss=d_loss,
            g_loss=g_loss,
            d_real=d_real,
            d_fake=d_fake,
            seconds=tally.seconds,
            steps_per_second=tally.steps / tally.seconds if tally.seconds else 0.0,
            scores=scores,
            **self.observer.look(),
        )

    def checkpoint(self) -> bytes:
        """This moment, for another trainer to go on from, or to look back at."""
        return pack(self)

    def look_back(self, content: bytes) -> tuple[np.ndarray, tuple[float, ...]]:
        """The samples and D's belief in each as they were when `checkpoint` was taken. Changes nothing."""
        generator, discriminator = (net.to(self.device) for net in build(self.config, self.shape))
        return self.observer.samples(look_back(content, generator, discriminator))

    def look_again(self, reading: Reading) -> Reading:
        """A reading of this moment with what is wished for now."""
        return replace(reading, **self.observer.wished())

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
    def remark(self) -> str | None:
        """Why the steps are much slower than this device could take them; None where they are not."""
        reason = self.recorder.fault if self.recorder else "something in them changes with time"
        if not reason or self.device.type != "cuda":
            return None
        return f"The steps are taken one by one, which is slower, because they cannot be recorded: {reason}."

    @property
    def networks(self) -> Networks:
        return Networks(self.best_generator, self.discriminator, self.midpoint)
