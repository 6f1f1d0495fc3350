"""An encoder, a generator and a discriminator: the first two bring pictures back, as the third sees them."""

from typing import NamedTuple

import torch
from torch import Tensor

from gan.families.gan.learner import Fakes, GTurn, Step
from gan.families.gan.learner import Learner as Game
from gan.families.vae import equations
from gan.families.vae.views import there_and_back
from gan.learn import optimizers
from gan.parts.hooks import Batch
from gan.setup.config import RunConfig


class Squeezed(NamedTuple):
    """The codes (n, latent_size) of real pictures, and how far their Gaussians are from noise, the mean in nats."""

    codes: Tensor
    kl: Tensor


class Learner(Game):
    """The three networks of a config."""

    def obey(self, config: RunConfig) -> None:
        super().obey(config)
        self.gamma, self.beta = config.option("likeness"), config.option("beta")

    def learn(self, pictures: Tensor, labels: Tensor | None, turn: bool) -> Step:
        """The paper's algorithm 1: D learns first; then, if it is their `turn`, the encoder and the generator."""
        real = Batch(pictures, labels)
        known = first_half(real)
        with torch.set_grad_enabled(turn):
            squeezed = self._squeeze(known)
            fake = self._drawn(squeezed.codes, real)
        shown = fake._replace(pictures=fake.pictures.detach(), noise=fake.noise.detach())
        d = self._d_turn(real, shown)
        with torch.set_grad_enabled(turn):
            g = self._g_loss(real, fake)
            lost = self._lost(known, fake, g)
        if turn:
            optimizers.descend(self.beta * squeezed.kl + lost, self.optimizers["e_optimizer"], goes_on=True)
            optimizers.descend(g.loss + self.gamma * lost, self.optimizers["g_optimizer"])
            if self.average:
                self.average.update()
        self._count(d, g, lost.detach(), squeezed.kl.detach())
        return Step(
            number=self.steps, real=real, fake=shown, real_logits=d.real.logits, fake_logits=d.fake.logits,
            d_loss=d.loss.detach(), drawn=fake if turn else None, drawn_logits=g.look.logits if turn else None,
            g_loss=g.loss.detach(),
        )  # fmt: skip

    def _squeeze(self, known: Batch) -> Squeezed:
        mean, log_variance = self.nets["encoder"](known.pictures, known.labels)
        return Squeezed(equations.draw(mean, log_variance, self.random), equations.kl(mean, log_variance).mean())

    def _drawn(self, codes: Tensor, real: Batch) -> Fakes:
        """As many fakes as real pictures: what comes back from the codes, then what noise gives."""
        count = len(real.pictures) - len(codes)
        made_of, labels = torch.cat([codes, self.noise(count)]), self._random_labels(count)
        if labels is not None:
            labels = torch.cat([real.labels[: len(codes)], labels])
        return Fakes(self.generator.drawn(made_of, labels).tanh(), labels, made_of)

    def _lost(self, known: Batch, fake: Fakes, g: GTurn) -> Tensor:
        """How differently D sees the pictures and what came back of them: itself, and them as they are, since by what
        stabilisers change from look to look they would differ for good.
        """
        with torch.no_grad():
            features = self.discriminator.look(*known).features
        count = len(features)
        seen = self.discriminator.look(*first_of(fake, count)).features if self.stabilisers else g.look.features[:count]
        return unlikeness(seen, features).mean()

    views = staticmethod(there_and_back)


def first_half(batch: Batch) -> Batch:
    return first_of(batch, (len(batch.pictures) + 1) // 2)


def first_of(batch: Batch, count: int) -> Batch:
    return Batch(batch.pictures[:count], None if batch.labels is None else batch.labels[:count])


def unlikeness(seen: Tensor, real: Tensor) -> Tensor:
    """Minus the log likelihood (n,) of features (n, f) under Gaussians of variance 1 around `seen`, without its
    constant (eq. 7 and 8).
    """
    return 0.5 * (seen - real).square().sum(1)
