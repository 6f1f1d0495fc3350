"""Two networks that learn from each other, one step at a time."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan.families.gan import in_parts
from gan.families.gan.in_parts import Together, Turn
from gan.learn import optimizers
from gan.learn.learner import Learner as Base
from gan.parts import losses, objective, stabilisers
from gan.parts.blocks import Look
from gan.parts.hooks import Batch, Judge
from gan.setup.config import RunConfig


class Fakes(NamedTuple):
    """A `Batch`, and the noise (n, latent_size) that it was made of; `pictures` is None until they are drawn."""

    pictures: Tensor | None
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


class Learner(Base):
    """The generator and the discriminator of a config, which learn from each other."""

    def obey(self, config: RunConfig) -> None:
        """Take the next steps as this config says, which has the same networks."""
        super().obey(config)
        self.loss = losses.get(config.loss)
        self.is_critic = losses.facts(config.loss).get("CRITIC", False)
        # Where a picture's judgement depends on its batch, reals and fakes go apart.
        self.one_pass = not self.discriminator.couples
        self.label = {"real_label": 1 - config.label_smoothing} if config.label_smoothing else {}
        self.stabilisers = stabilisers.make(config.strengths, self.random)
        self.needs_real = objective.needs_real(config.loss, self.stabilisers)
        self.timed = [*(stabiliser for stabiliser in self.stabilisers if stabiliser.timed), *self.timed]

    @property
    def turn(self) -> bool:
        """Whether G's turn comes in the present step."""
        learners = self.config.learners
        return learners == "generator" or (learners == "both" and self.steps % self.config.d_steps == 0)

    def moved_by(self, turn: bool) -> list[nn.Parameter]:
        return [*self.discriminator.parameters(), *(self.generator.parameters() if turn else ())]

    def learn(self, pictures: Tensor, labels: Tensor | None, turn: bool) -> Step:
        """Train D on the real pictures and on as many fakes; then, if it is G's `turn`, train G `g_steps` times.
        One that is not to learn stands still.

        In parts, where only those of one part may be held with all that G's slopes need, G draws its fakes once more,
        from the same noise: the same ones, unless G leaves something to chance.
        """
        real, fake = Batch(pictures, labels), self._asked(len(pictures))
        if self.config.batch_parts > 1:
            shown = in_parts.joined([self._draw(part, with_gradient=False) for part in self._parts(fake)])
        else:
            fake = self._draw(fake, with_gradient=turn and not self.config.fresh_fakes)
            shown = fake._replace(pictures=fake.pictures.detach())

        d = self._d_turn(real, shown)
        g = self._g_turn(real, fake) if turn else self._g_rests(d, shown)
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
        optimizer = self.optimizers["d_optimizer"] if d_learns else None
        turn = self._taken(partial(self._d_loss, self._judge), real, fake, optimizer)
        if d_learns:
            for stabiliser in self.stabilisers:
                stabiliser.after_d_step(self.discriminator)
        return turn

    def _g_turn(self, real: Batch, fake: Fakes) -> GTurn:
        """G learns `g_steps` times: from these fakes first, unless they are to be fresh, then from others."""
        for number in range(self.config.g_steps):
            if self.config.fresh_fakes or number:
                fake = self._asked(len(real.pictures))
            turn = self._taken(self._g_turn_of, real, fake, self.optimizers["g_optimizer"])
            if self.average:
                self.average.update()
        return turn

    def _g_turn_of(self, real: Batch, fake: Fakes) -> GTurn:
        """What G makes small with these fakes, which are drawn now if they are not yet."""
        return self._g_loss(real, self._draw(fake, with_gradient=True) if fake.pictures is None else fake)

    def _taken(
        self, turn: Callable[..., Turn], real: Batch, fake: Fakes, optimizer: torch.optim.Optimizer | None
    ) -> Turn:
        """What `turn(real, fake)` comes to, after a step of the optimiser down its loss, if there is one."""
        if self.config.batch_parts > 1:
            return in_parts.taken(turn, self._parts(real), self._parts(fake), optimizer)
        with torch.set_grad_enabled(optimizer is not None):
            found = turn(real, fake)
        if optimizer:
            optimizers.descend(found.loss, optimizer)
        return found

    def _parts(self, batch: Together) -> list[Together]:
        return in_parts.split(batch, self.config.batch_parts)

    @torch.no_grad()
    def _g_rests(self, d: DTurn, fake: Batch) -> GTurn:
        """What G would have made small, had it learned."""
        return GTurn(self._g_total(d.real, d.fake, fake.labels))

    @torch.no_grad()
    def _count(self, d: DTurn, g: GTurn, *own: Tensor) -> None:
        """Add the step to the sums, with what else the family reads, and move a critic's midpoint."""
        if self.is_critic:
            self.midpoint.copy_((d.real.logits.mean() + d.fake.logits.mean()) / 2)
        beliefs = self.belief(torch.stack((d.real.logits, d.fake.logits)))
        passed = (beliefs >= 0.5).mean(1, dtype=beliefs.dtype)
        self.sums.add(d.loss, g.loss, beliefs.mean(1), passed, *own)

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
        return GTurn(self._g_total(real_look, fake_look, fake.labels), fake, fake_look)

    def _g_total(self, real: Look | None, fake: Look, asked: Tensor | None) -> Tensor:
        """Everything that G makes small, by what D made of both batches and the classes that were asked for."""
        return objective.whole(self.loss, self.stabilisers, self.generator, self.discriminator, real, fake, asked)

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
                self.discriminator,
                self._judge,
                lambda judge: self._d_loss(judge, real, fake).loss,
                self.optimizers["d_optimizer"],
            )
            if judge:
                return judge
        return self._judge

    def real(self, indices: Tensor) -> tuple[Tensor, Tensor | None]:
        pictures, labels = super().real(indices)
        return self.discriminator.reals(pictures), labels

    def _asked(self, count: int) -> Fakes:
        """Noise, and the classes to ask for: fakes that are yet to be drawn."""
        noise, labels = self.noise(count), self._random_labels(count)
        return Fakes(None, labels, noise)

    def _draw(self, asked: Fakes, with_gradient: bool) -> Fakes:
        with torch.set_grad_enabled(with_gradient):
            return asked._replace(pictures=self.generator(asked.noise, asked.labels))

    def _random_labels(self, count: int) -> Tensor | None:
        """Classes to ask G for, as frequent as among the real pictures."""
        if not self.is_conditional:
            return None
        return self.labels[torch.randint(len(self.labels), (count,), generator=self.random, device=self.device)]


def _together(one: Batch, other: Batch) -> Batch:
    labels = None if one.labels is None else torch.cat([one.labels, other.labels])
    return Batch(torch.cat([one.pictures, other.pictures]), labels)
