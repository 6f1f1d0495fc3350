"""An encoder and a generator that learn to bring pictures back from a few numbers."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.pixels import to_images
from gan.families.vae import equations
from gan.learn import optimizers
from gan.learn.learner import Learner as Base
from gan.parts.blocks import at_rest
from gan.setup.config import RunConfig

PAIRS = 16  # real pictures that are shown beside what comes back of them
SIDE, REACH = 13, 2.5  # of the sheet of all codes, where these are two numbers, and how far it goes from 0


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

    @torch.no_grad()
    def views(self) -> dict[str, np.ndarray]:
        """Some real pictures and what comes back of each; of codes of two numbers, all of them as one sheet."""
        encoder, generator = self.nets["encoder"], self.best_generator
        pictures, labels = self.real(torch.arange(min(PAIRS, len(self.images)), device=self.device))
        with at_rest(encoder, generator):
            codes, _ = encoder(pictures, labels)
            back = generator.drawn(codes, labels).tanh()
            shown = {"before": pictures, "back": back}
            if self.config.latent_size == 2:
                labels = None if labels is None else labels[:1].expand(SIDE * SIDE)
                shown["sheet"] = generator.drawn(sheet_codes(self.device), labels).tanh()
        return {name: to_images(each, self.config.pixel_range) for name, each in shown.items()}


class KLWeight:
    """The weight of the KL divergence: in the first part of the run it grows from 0 (Sonderby et al. 2016)."""

    progress = 0.0

    def __init__(self, config: RunConfig) -> None:
        self.whole, self.share = config.option("beta"), config.option("warm_up")
        self.grows = self.share > 0

    @property
    def now(self) -> float:
        return self.whole * min(1.0, self.progress / self.share) if self.grows else self.whole


def sheet_codes(device: torch.device) -> Tensor:
    """Codes (SIDE * SIDE, 2) of two numbers from -REACH to REACH, row by row from the top."""
    places = torch.linspace(-REACH, REACH, SIDE, device=device)
    y, x = torch.meshgrid(places.flip(0), places, indexing="ij")
    return torch.stack([x, y], 2).reshape(-1, 2)
