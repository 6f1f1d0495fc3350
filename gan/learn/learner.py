"""Two networks that learn from each other, one step at a time. It names no network, loss or picture set: they come
from outside.
"""

from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan.data import Pictures
from gan.data.pixels import channels_first, to_range
from gan.learn import device, optimizers
from gan.learn.average import Average
from gan.learn.belief import belief
from gan.learn.build import build, has_batch_norm, timed
from gan.learn.tally import Sums
from gan.parts import losses, nets, stabilisers
from gan.parts.blocks import Chancy, Look
from gan.parts.hooks import Batch, Judge
from gan.parts.noise import draw_noise
from gan.setup.config import RunConfig, too_few


class Fakes(NamedTuple):
    """A `Batch`, and the noise (n, latent_size) that it was made of."""

    pictures: Tensor
    labels: Tensor | None
    noise: Tensor


class DTurn(NamedTuple):
    """What D made small, and what it made of the real pictures and the fakes."""

    loss: Tensor
    real: Look
    fake: Look


class GTurn(NamedTuple):
    """What G made small, the fakes that it drew for it, and what D made of these; a G that stands still draws none."""

    loss: Tensor
    drawn: Fakes | None = None
    look: Look | None = None


class Step(NamedTuple):
    """What came about in one training step; what D said is from before its update.

    `d_loss` is without penalties where D stands still.
    """

    number: int
    real: Batch
    fake: Fakes
    real_logits: Tensor
    fake_logits: Tensor
    d_loss: Tensor
    drawn: Fakes | None  # what G was judged by in its own turn, after D's update; None when it had none
    drawn_logits: Tensor | None
    g_loss: Tensor


class Learner:
    """A config's generator and discriminator with all that a step of theirs needs; `pictures` are those to learn from.

    Raises ValueError with a sentence for a config that cannot be trained here.
    """

    def __init__(self, config: RunConfig, pictures: Pictures) -> None:
        if len(pictures.images) < config.batch_size:
            raise too_few(config, len(pictures.images))
        self.device = device.choose(config.device)
        self.shape = pictures.shape
        self.images = channels_first(pictures.images).to(self.device)
        self.labels = torch.from_numpy(pictures.labels).long().to(self.device)
        self.random = torch.Generator(self.device).manual_seed(config.seed)

        self.loss = losses.get(config.loss)
        self.is_critic = losses.facts(config.loss).get("CRITIC", False)
        self.is_conditional = nets.is_conditional(config.architecture)

        self.generator, self.discriminator = build(config, self.shape)
        self.generator.to(self.device)
        self.discriminator.to(self.device)
        for module in (*self.generator.modules(), *self.discriminator.modules()):
            if isinstance(module, Chancy):
                module.stream = self.random
        self.average = Average(self.generator, config.ema) if config.ema else None
        self.g_optimizer = optimizers.make(config, self.generator, config.learning_rate)
        self.d_optimizer = optimizers.make(config, self.discriminator, config.discriminator_learning_rate)
        # Where a picture's judgement depends on its batch, reals and fakes go apart.
        self.one_pass = not self.discriminator.couples
        self.needs_several = has_batch_norm(self.generator) or has_batch_norm(self.discriminator)

        self.steps = 0
        self.sums = Sums(self.device)  # of the steps since the last reading
        self.midpoint = torch.zeros((), device=self.device)  # where a critic's points mean neither real nor fake
        self._rates: tuple[float, float] | None = None
        self.obey(config)

    def obey(self, config: RunConfig) -> None:
        """Take the next steps as this config says, which has the same networks."""
        self.config = config
        self.label = {"real_label": 1 - config.label_smoothing} if config.label_smoothing else {}
        self.stabilisers = stabilisers.make(config.strengths, self.random)
        needs_real = losses.facts(config.loss).get("NEEDS_REAL", False)
        self.needs_real = needs_real or any(stabiliser.needs_real for stabiliser in self.stabilisers)
        networks = [self.generator, self.discriminator, *([self.average.net] if self.average else [])]
        changing = (stabiliser for stabiliser in self.stabilisers if stabiliser.timed)
        self.timed = [*changing, *chain(*map(timed, networks))]

    def tell(self, progress: float) -> None:
        """Tell all that changes with time what share of the run is done, 0..1."""
        for part in self.timed:
            part.progress = progress
        left = 1 - self.config.learning_rate_decay * progress
        rates = left * self.config.learning_rate, left * self.config.discriminator_learning_rate
        if rates != self._rates:
            self._rates = rates
            optimizers.set_rate(self.g_optimizer, rates[0])
            optimizers.set_rate(self.d_optimizer, rates[1])

    def step(self, pictures: Tensor, labels: Tensor | None = None) -> Step:
        """Train D on real pictures (n, c, h, w), for conditional networks with their labels (n,), and on as
        many fakes; then, every `d_steps`, train G `g_steps` times. One that is not to learn stands still.
        """
        self.steps += 1
        return self.learn(pictures, labels, self.g_learns)

    @property
    def g_learns(self) -> bool:
        """Whether G's turn comes in the present step."""
        learners = self.config.learners
        return learners == "generator" or (learners == "both" and self.steps % self.config.d_steps == 0)

    def learn(self, pictures: Tensor, labels: Tensor | None, g_learns: bool) -> Step:
        """What a step asks of the device. It changes tensors in place and nothing else, so that it can be recorded."""
        real = Batch(pictures, labels)
        fake = self._fakes(len(pictures), with_gradient=g_learns and not self.config.fresh_fakes)
        shown = fake._replace(pictures=fake.pictures.detach())

        d = self._d_turn(real, shown)
        g = self._g_turn(real, fake) if g_learns else self._g_rests(d)
        self._count(d, g)
        return Step(
            number=self.steps,
            real=real,
            fake=shown,
            real_logits=d.real.logits,
            fake_logits=d.fake.logits,
            d_loss=d.loss,
            drawn=g.drawn,
            drawn_logits=g.look and g.look.logits,
            g_loss=g.loss,
        )

    def _d_turn(self, real: Batch, fake: Batch) -> DTurn:
        """D judges, and learns from its judgement unless it is to stand still."""
        d_learns = self.config.learners != "generator"
        with torch.set_grad_enabled(d_learns):
            turn = self._d_loss(self._judge, real, fake)
        if d_learns:
            optimizers.descend(turn.loss, self.d_optimizer)
            for stabiliser in self.stabilisers:
                stabiliser.after_d_step(self.discriminator)
        return turn

    def _g_turn(self, real: Batch, fake: Fakes) -> GTurn:
        """G learns `g_steps` times: from these fakes first, unless they are to be fresh, then from others."""
        for number in range(self.config.g_steps):
            is_fresh = self.config.fresh_fakes or number
            drawn = self._fakes(len(real.pictures), with_gradient=True) if is_fresh else fake
            turn = self._g_loss(real, drawn)
            optimizers.descend(turn.loss, self.g_optimizer)
            if self.average:
                self.average.update()
        return turn

    @torch.no_grad()
    def _g_rests(self, d: DTurn) -> GTurn:
        """What G would have made small, had it learned."""
        return GTurn(self.loss.generator(d.fake.logits, d.real.logits))

    @torch.no_grad()
    def _count(self, d: DTurn, g: GTurn) -> None:
        """Add the step to the sums, and move a critic's midpoint."""
        if self.is_critic:
            self.midpoint.copy_((d.real.logits.mean() + d.fake.logits.mean()) / 2)
        beliefs = self.belief(torch.stack((d.real.logits, d.fake.logits)))
        passed = (beliefs >= 0.5).mean(1, dtype=beliefs.dtype)
        self.sums.add(d.loss, g.loss, beliefs.mean(1), passed)

    def _d_loss(self, judge: Judge, real: Batch, fake: Batch) -> DTurn:
        """Everything that D makes small, and what it made of both batches; while it stands still, without penalties."""
        if self.one_pass:
            real_look, fake_look = judge(_together(real, fake)).split(len(real.pictures))
        else:
            real_look, fake_look = judge(real), judge(fake)
        total = self.loss.discriminator(real_look.logits, fake_look.logits, **self.label)
        class_loss = self.discriminator.class_loss(real_look, real.labels)
        if class_loss is not None:
            total = total + class_loss
        for stabiliser in self.stabilisers if self.config.learners != "generator" else ():
            penalty = stabiliser.d_penalty(judge, real, fake)
            if penalty is not None:
                total = total + penalty
        return DTurn(total, real_look, fake_look)

    def _g_loss(self, real: Batch, fake: Fakes) -> GTurn:
        """Everything that G makes small, and what D made of its fakes."""
        judge = self._opponent(real, fake)
        fake_look = judge(fake)
        real_look = judge(real) if self.needs_real else None
        total = self.loss.generator(fake_look.logits, real_look and real_look.logits)
        for stabiliser in self.stabilisers:
            total = stabiliser.g_loss(total, real_look, fake_look)
        for penalty in (stabiliser.g_penalty(self.generator) for stabiliser in self.stabilisers):
            total = total if penalty is None else total + penalty
        class_loss = self.discriminator.class_loss(fake_look, fake.labels)
        return GTurn(total if class_loss is None else total + class_loss, fake, fake_look)

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
                self.discriminator, self._judge, lambda judge: self._d_loss(judge, real, fake).loss, self.d_optimizer
            )
            if judge:
                return judge
        return self._judge

    def real(self, indices: Tensor) -> tuple[Tensor, Tensor | None]:
        """The real pictures with these numbers and, where the networks are told them, their labels."""
        pictures = to_range(self.images.index_select(0, indices), self.config.pixel_range)
        return self.discriminator.reals(pictures), self.labels[indices] if self.is_conditional else None

    def _fakes(self, count: int, with_gradient: bool) -> Fakes:
        noise, labels = self.noise(count), self._random_labels(count)
        with torch.set_grad_enabled(with_gradient):
            return Fakes(self.generator(noise, labels), labels, noise)

    def noise(self, count: int) -> Tensor:
        """Noise (count, latent_size) from the run's own random stream."""
        return draw_noise(self.config.noise, count, self.config.latent_size, self.random, self.device)

    def _random_labels(self, count: int) -> Tensor | None:
        """Classes to ask G for, as frequent as among the real pictures."""
        if not self.is_conditional:
            return None
        return self.labels[torch.randint(len(self.labels), (count,), generator=self.random, device=self.device)]

    def belief(self, logits: Tensor, midpoint: Tensor | None = None) -> Tensor:
        """D's answers (n,) as 0..1: how sure it is that a picture is real; by the present `midpoint`, or another."""
        return belief(self.config.loss, logits, self.midpoint if midpoint is None else midpoint)

    @property
    def best_generator(self) -> nn.Module:
        """The averaged generator where there is one."""
        return self.average.net if self.average else self.generator


def _together(one: Batch, other: Batch) -> Batch:
    labels = None if one.labels is None else torch.cat([one.labels, other.labels])
    return Batch(torch.cat([one.pictures, other.pictures]), labels)
