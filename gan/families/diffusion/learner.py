"""A network that learns what lies behind noise, at every time between noise and picture."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from gan.data import Pictures
from gan.data.pixels import to_images
from gan.learn import optimizers
from gan.learn.learner import Learner as Base
from gan.look.networks import reals
from gan.parts import process
from gan.parts.blocks import at_rest
from gan.setup.config import RunConfig

UNTOLD = 0.1  # share of pictures whose class is kept from the network (Ho, Salimans 2022, section 4)
SHOWN = 4  # pictures in the film
FRAMES = 10  # of them at most
LEVELS = 8  # shares of noise at which the error is measured
MEASURED = 64  # pictures that it is measured on


class Learner(Base):
    """The denoiser of a config."""

    def obey(self, config: RunConfig) -> None:
        super().obey(config)
        for net in filter(None, (self.generator, self.average and self.average.net)):
            net.guidance, net.steps = config.option("guidance"), config.option("sampler_steps")

    @staticmethod
    def draws(nets: Mapping[str, nn.Module], noise: Tensor, pictures: Tensor, labels: Tensor | None) -> Tensor:
        return nets["generator"].denoiser(pictures, torch.zeros(len(pictures)), labels)

    def learn(self, pictures: Tensor, labels: Tensor | None, turn: None) -> None:
        """Make small how wrong it is about each picture at a time of its own."""
        t = torch.randn(len(pictures), generator=self.random, device=self.device).sigmoid()
        if labels is not None:
            keeps = torch.rand(len(labels), generator=self.random, device=self.device) >= UNTOLD
            labels = torch.where(keeps, labels, self.generator.class_count)
        loss = error(self.generator, pictures, t, labels, self.random).mean()
        optimizers.descend(loss, self.optimizers["g_optimizer"])
        if self.average:
            self.average.update()
        self.sums.add(loss.detach())

    @staticmethod
    @torch.no_grad()
    def views(
        nets: Mapping[str, nn.Module], config: RunConfig, known: tuple[Pictures, Pictures]
    ) -> dict[str, np.ndarray]:
        """The film of some pictures, uint8 (frames, n, h, w) or (frames, n, h, w, 3), and the error (LEVELS,) at as
        many times from nearly noise to nearly the picture.
        """
        net = nets["generator"]
        device = next(net.parameters()).device
        random = torch.Generator(device).manual_seed(config.seed)
        noise = torch.randn(SHOWN, config.noise_size, generator=random, device=device)
        with at_rest(net):
            labels, (pictures, kinds) = None, reals(config, known[0], MEASURED, device)
            if kinds is not None:
                labels = torch.tensor(config.learned_classes, device=device)
                labels = labels.repeat(-(-SHOWN // len(labels)))[:SHOWN]
            film = net.film(noise, labels)
            frames = [
                film[place] for place in np.linspace(0, len(film) - 1, min(FRAMES, len(film))).round().astype(int)
            ]
            times = (torch.arange(LEVELS, device=device) + 0.5) / LEVELS
            errors = [error(net, pictures, time.expand(len(pictures)), kinds, random).mean() for time in times]
        shown = np.stack([to_images(frame, config.pixel_range) for frame in frames])
        return {"film": shown, "errors": torch.stack(errors).cpu().numpy()}


def error(net: nn.Module, pictures: Tensor, t: Tensor, labels: Tensor | None, random: torch.Generator) -> Tensor:
    """The weighted square of what a denoiser says too much or too little of each picture (n,), a pixel."""
    noise = torch.randn(pictures.shape, generator=random, device=pictures.device)
    mix = process.PROCESSES[net.process](t[:, None, None, None])
    said = net.denoiser(mix.of(pictures, noise), t, labels)
    squares = (said - process.target(pictures, noise, mix, net.predicts)).square()
    return (process.weight(mix, net.predicts) * squares).flatten(1).mean(1)
