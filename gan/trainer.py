"""The training loop. It names no network, loss or picture set: they come from outside."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from gan import data, device, graph, losses, nets, optimizers, recorder, stabilisers
from gan.average import Average
from gan.build import build, timed
from gan.checkpoint import Networks, look_back, pack, unpack
from gan.config import RunConfig
from gan.data import Pictures
from gan.nets._blocks import Chancy, Look
from gan.observer import Observer, hold_out
from gan.pixels import channels_first, to_range
from gan.records import Change, EpochRecord, Reading, Scores, Wish, Word
from gan.stabilisers._base import Batch, Judge
from gan.story import Teller
from gan.tally import Tally


class NotFinite(ArithmeticError):
    """A loss became infinite or not a number; the message names the step."""


class Fakes(NamedTuple):
    """A `Batch`, and the noise (n, latent_size) that it was made of."""

    pictures: Tensor
    labels: Tensor | None
    noise: Tensor


class Step(NamedTuple):
    """What came about in one training step; what D said is from before its update."""

    number: int
    real: Batch
    fake: Fakes
    real_logits: Tensor
    fake_logits: Tensor
    d_loss: Tensor
    drawn: Fakes | None  # what G was judged by in its own turn, after D's update; None when it had none
    drawn_logits: Tensor | None
    g_loss: Tensor


class Trainer:
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
        self.config = config
        self.device = device.choose(config.device)
        pictures = pictures or data.load(config.data, config.classes, config.picture_size)
        self.shape = pictures.shape
        mine, held_out = hold_out(pictures, config.pictures)
        if len(mine.images) < config.batch_size:
            raise ValueError(
                f"batch_size cannot be {config.batch_size}: it must be at most {len(mine.images):,}, "
                "the number of pictures to learn from."
            )
        self.images = channels_first(mine.images).to(self.device)
        self.labels = torch.from_numpy(mine.labels).long().to(self.device)
        self.stream = graph.own_stream(self.device)
        self.random = torch.Generator(self.device).manual_seed(config.seed)

        self.loss = losses.get(config.loss)
        self.is_critic = losses.facts(config.loss).get("CRITIC", False)
        self.is_linear = losses.facts(config.loss).get("LINEAR", False)
        self.is_conditional = nets.is_conditional(config.architecture)

        self.generator, self.discriminator = build(config, self.shape)
        self.generator.to(self.device)
        self.discriminator.to(self.device)
        for module in (*self.generator.modules(), *self.discriminator.modules()):
            if isinstance(module, Chancy):
                module.stream = self.random
        self.average = Average(self.generator, config.ema) if config.ema else None
        self.g_optimizer = optimizers.make(config, self.generator, config.generator_learning_rate)
        self.d_optimizer = optimizers.make(config, self.discriminator, config.discriminator_learning_rate)
        # Where a picture's judgement depends on its batch, reals and fakes go apart.
        self.one_pass = not self.discriminator.couples

        self.steps = self.counted = 0  # counted: when the sums were taken last
        self.epoch = 0.0  # epochs done
        self.changes: list[Change] = []
        self._to_repeat = list(changes)
        self._rates: tuple[float, float] | None = None
        self._obey(config)
        self._training_seconds = 0.0
        self._newest = Tally()  # that has steps
        self.sums = torch.zeros(4, device=self.device)  # of d_loss, g_loss, d_real, d_fake since the last reading
        self.midpoint = torch.zeros((), device=self.device)  # where a critic's points mean neither real nor fake
        self.observer = Observer(self, pictures, mine, held_out)
        self.teller = Teller(self)
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
            self._obey(after)
            self.changes.append(Change(self.steps, self.epoch, changed))

    def _obey(self, config: RunConfig) -> None:
        self.config = config
        self.label = {"real_label": 1 - config.label_smoothing} if config.label_smoothing else {}
        self.stabilisers = stabilisers.make(config.strengths, self.random)
        needs_real = losses.facts(config.loss).get("NEEDS_REAL", False)
        self.needs_real = needs_real or any(stabiliser.needs_real for stabiliser in self.stabilisers)
        networks = [self.generator, self.discriminator, *([self.average.net] if self.average else [])]
        changing = (stabiliser for stabiliser in self.stabilisers if stabiliser.timed)
        self._timed = [*changing, *itertools.chain(*map(timed, networks))]
        can_record = recorder.is_possible(self.device) and not self._timed
        self.recorder = recorder.Recorder(self) if can_record else None
        self._tell(self.epoch / config.epochs)

    def _tell(self, progress: float) -> None:
        """Tell all that changes with time what share of the run is done, 0..1."""
        for part in self._timed:
            part.progress = progress
        left = 1 - self.config.learning_rate_decay * progress
        rates = left * self.config.generator_learning_rate, left * self.config.discriminator_learning_rate
        if rates != self._rates:
            self._rates = rates
            optimizers.set_rate(self.g_optimizer, rates[0])
            optimizers.set_rate(self.d_optimizer, rates[1])

    # One step

    def step(self, pictures: Tensor, labels: Tensor | None = None) -> Step:
        """Train D on real pictures (n, c, h, w), for conditional networks with their labels (n,), and on as
        many fakes; then, every `d_steps`, train G `g_steps` times. One that is not to learn stands still.
        """
        self.steps += 1
        return self.learn(pictures, labels, self._g_learns)

    @property
    def _g_learns(self) -> bool:
        """Whether G's turn comes in the present step."""
        learners = self.config.learners
        return learners == "generator" or (learners == "both" and self.steps % self.config.d_steps == 0)

    def learn(self, pictures: Tensor, labels: Tensor | None, g_learns: bool) -> Step:
        """What a step asks of the device. It changes tensors in place and nothing else, so that it can be recorded."""
        config = self.config
        real = Batch(pictures, labels)
        fake = self._fakes(len(pictures), with_gradient=g_learns and not config.fresh_fakes)

        shown = fake._replace(pictures=fake.pictures.detach())
        d_loss, real_look, fake_look = self._d_loss(self._judge, real, shown)
        if config.learners != "generator":
            optimizers.descend(d_loss, self.d_optimizer)
            for stabiliser in self.stabilisers:
                stabiliser.after_d_step(self.discriminator)

        drawn, drawn_look = None, None
        if g_learns:
            for turn in range(config.g_steps):
                drawn = self._fakes(len(pictures), with_gradient=True) if config.fresh_fakes or turn else fake
                g_loss, drawn_look = self._g_loss(real, drawn)
                optimizers.descend(g_loss, self.g_optimizer)
                if self.average:
                    self.average.update()
        else:
            with torch.no_grad():
                g_loss = self.loss.generator(fake_look.logits, real_look.logits)

        with torch.no_grad():
            if self.is_critic:
                self.midpoint.copy_((real_look.logits.mean() + fake_look.logits.mean()) / 2)
            d_real, d_fake = self.belief(real_look.logits).mean(), self.belief(fake_look.logits).mean()
            self.sums += torch.stack([d_loss.detach(), g_loss.detach(), d_real, d_fake])
        judged = (real_look.logits, fake_look.logits, d_loss, drawn, drawn_look and drawn_look.logits, g_loss)
        return Step(self.steps, real, shown, *judged)

    def _d_loss(self, judge: Judge, real: Batch, fake: Batch) -> tuple[Tensor, Look, Look]:
        """Everything that D makes small, and what it made of both batches."""
        if self.one_pass:
            real_look, fake_look = judge(_together(real, fake)).split(len(real.pictures))
        else:
            real_look, fake_look = judge(real), judge(fake)
        total = self.loss.discriminator(real_look.logits, fake_look.logits, **self.label)
        class_loss = self.discriminator.class_loss(real_look, real.labels)
        if class_loss is not None:
            total = total + class_loss
        for stabiliser in self.stabilisers:
            penalty = stabiliser.d_penalty(judge, real, fake)
            if penalty is not None:
                total = total + penalty
        return total, real_look, fake_look

    def _g_loss(self, real: Batch, fake: Batch) -> tuple[Tensor, Look]:
        """Everything that G makes small, and what D made of its fakes."""
        judge = self._opponent(real, fake)
        fake_look = judge(fake)
        real_look = judge(real) if self.needs_real else None
        total = self.loss.generator(fake_look.logits, real_look and real_look.logits)
        for stabiliser in self.stabilisers:
            total = stabiliser.g_loss(total, real_look, fake_look)
        class_loss = self.discriminator.class_loss(fake_look, fake.labels)
        return (total if class_loss is None else total + class_loss), fake_look

    def _judge(self, batch: Batch, look: Callable | None = None) -> Look:
        """What D (or another with its layers, `look`) makes of a batch, as the stabilisers show it."""
        pictures = batch.pictures
        for stabiliser in self.stabilisers:
            pictures = stabiliser.show(pictures)
        return (look or self.discriminator.look)(pictures, batch.labels)

    def _opponent(self, real: Batch, fake: Batch) -> Judge:
        """The D that G's step is made against."""
        for stabiliser in self.stabilisers:
            judge = stabiliser.opponent(
                self.discriminator, self._judge, lambda judge: self._d_loss(judge, real, fake)[0], self.d_optimizer
            )
            if judge:
                return judge
        return self._judge

    def real(self, indices: Tensor) -> tuple[Tensor, Tensor | None]:
        """The real pictures with these numbers and, where the networks are told them, their labels."""
        pictures = to_range(self.images.index_select(0, indices), self.config.pixel_range)
        return pictures, self.labels[indices] if self.is_conditional else None

    def _fakes(self, count: int, with_gradient: bool) -> Fakes:
        noise, labels = self.noise(count), self._random_labels(count)
        with torch.set_grad_enabled(with_gradient):
            return Fakes(self.generator(noise, labels), labels, noise)

    def noise(self, count: int) -> Tensor:
        """Standard normal noise (count, latent_size) from the run's own random stream."""
        return torch.randn(count, self.config.latent_size, generator=self.random, device=self.device)

    def _random_labels(self, count: int) -> Tensor | None:
        """Classes to ask G for, as frequent as among the real pictures."""
        if not self.is_conditional:
            return None
        return self.labels[torch.randint(len(self.labels), (count,), generator=self.random, device=self.device)]

    def belief(self, logits: Tensor, midpoint: Tensor | None = None) -> Tensor:
        """D's answers (n,) as 0..1: how sure it is that a picture is real; 0.5 where it cannot tell.

        A critic's points have no zero: theirs is the middle between its mean answers to reals and fakes, the
        present one unless another is given.
        """
        if self.is_linear:
            return logits.clamp(0, 1)
        if self.is_critic:
            return (logits - (self.midpoint if midpoint is None else midpoint)).sigmoid()
        return logits.sigmoid()

    # Epochs

    def readings(self, ask: Callable[[], Word] = lambda: Word.GO, every_seconds: float = 0.5) -> Iterator[Reading]:
        """Train epoch after epoch; yield a Reading about every `every_seconds`, an EpochRecord at each end.

        The first Reading comes before the first step: the untrained generator. Before each step, `ask` says how
        to go on; it may take its time, and change settings. Reading changes nothing in the training. Raises
        NotFinite when a loss is.
        """
        readings = self._readings(ask, every_seconds)
        while True:
            with graph.on(self.stream):
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
                self._tell(self.epoch / self.config.epochs)
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
            self.recorder.take(indices, self._g_learns)
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

    @property
    def best_generator(self) -> nn.Module:
        """The averaged generator where there is one."""
        return self.average.net if self.average else self.generator


def _together(one: Batch, other: Batch) -> Batch:
    labels = None if one.labels is None else torch.cat([one.labels, other.labels])
    return Batch(torch.cat([one.pictures, other.pictures]), labels)
