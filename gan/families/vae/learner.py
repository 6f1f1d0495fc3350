"""An encoder and a generator that learn to bring pictures back from a few numbers."""

from collections.abc import Mapping

from torch import Tensor, nn

from gan.families.vae import equations
from gan.families.vae.views import there_and_back
from gan.learn import optimizers
from gan.learn.learner import Learner as Base
from gan.setup.config import RunConfig


class Learner(Base):
    """The encoder and the generator of a config."""

    def obey(self, config: RunConfig) -> None:
        super().obey(config)
        self.likelihood = getattr(equations, config.option("likelihood"))
        self.weight = KLWeight(config)
        self.timed = [*self.timed, self.weight] if self.weight.grows else self.timed
        for net in filter(None, (self.generator, self.average and self.average.net)):
            net[0].is_fitted = config.option("draws_from") == "fitted"

    @staticmethod
    def draws(nets: Mapping[str, nn.Module], noise: Tensor, pictures: Tensor, labels: Tensor | None) -> Tensor:
        codes, _ = nets["encoder"](pictures, labels)
        return nets["generator"].drawn(codes, labels)

    def learn(self, pictures: Tensor, labels: Tensor | None, turn: None) -> None:
        """Make small how badly the pictures come back, and how far their codes are from noise (eq. 10)."""
        mean, log_variance = self.nets["encoder"](pictures, labels)
        codes = equations.draw(mean, log_variance, self.random)
        reconstruction = self.likelihood(self.generator.drawn(codes, labels), pictures).mean()
        kl = equations.kl(mean, log_variance).mean()
        optimizers.descend(reconstruction + self.weight.now * kl, self.optimizers["g_optimizer"])
        self.generator[0].follow(mean, log_variance, labels)
        if self.average:
            self.average.update()
        self.sums.add(reconstruction.detach(), kl.detach())

    @property
    def best_generator(self) -> nn.Module:
        net = super().best_generator
        net[0].settle()
        return net

    views = staticmethod(there_and_back)


class KLWeight:
    """The weight of the KL divergence: in the first part of the run it grows from 0 (Sonderby et al. 2016)."""

    progress = 0.0

    def __init__(self, config: RunConfig) -> None:
        self.whole, self.share = config.option("beta"), config.option("warm_up")
        self.grows = self.share > 0

    @property
    def now(self) -> float:
        return self.whole * min(1.0, self.progress / self.share) if self.grows else self.whole
