"""Progressive growing: both networks begin with tiny pictures, and finer ones are blended in step by step.

Karras et al. 2018, sections 2 and 4.2 (pixel norm); small. The first half of the run grows the pictures, the
second trains them at full size. G always draws at full size and D always takes it: what is finer than the
present resolution is repeated by the one and averaged away by the other. While a resolution is blended in, so are
the real pictures' details (figure 2).
"""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from gan.parts.blocks import Discriminator, Generator, Logit, Normalise, Pictures, Timed, sizes

WIDE, NARROW = 32, 16  # channels; NARROW at full size
GROWN = 0.5  # the share of the run after which pictures have their full size
FADE = 0.5  # the share of each step of growth that blends the new resolution in
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape):
    return Generator(Grower(config.latent_size, shape), nn.Tanh())


def discriminator(config, shape):
    height, width = sizes(shape)[0]
    return GrowingDiscriminator(Shrinker(shape), nn.Flatten(), Logit(WIDE * height * width))


def level(progress: float, count: int) -> tuple[int, float]:
    """Which of `count` resolutions is at work, 0 the smallest, and how much of it is blended in, 0..1."""
    position = min(progress / GROWN, 1.0) * (count - 1)
    newest = math.ceil(position)
    return newest, min((position - newest + 1) / FADE, 1.0)


class Grown(Timed):
    """A part of a network that remembers, with its weights, how far it has grown."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("share", torch.zeros(()))
        self._progress = 0.0  # the same, at hand without waiting for the device
        self.register_load_state_dict_post_hook(lambda module, _: setattr(module, "progress", module.share.item()))

    @property
    def progress(self) -> float:
        return self._progress

    @progress.setter
    def progress(self, share: float) -> None:
        self._progress = share
        self.share.fill_(share)


class Grower(Grown):
    """Noise (n, z) to pictures (n, c, h, w) before the last tanh."""

    def __init__(self, inputs: int, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.sizes = sizes(shape)
        height, width = self.sizes[0]
        widths = channels(len(self.sizes))
        self.start = nn.Sequential(
            Normalise(), nn.Linear(inputs, WIDE * height * width), Pictures((WIDE, height, width)),
            nn.LeakyReLU(0.2, inplace=True), Normalise(),
        )  # fmt: skip
        self.steps = nn.ModuleList(
            nn.Sequential(nn.Conv2d(before, after, 3, padding=1), nn.LeakyReLU(0.2, inplace=True), Normalise())
            for before, after in pairwise(widths)
        )
        self.paints = nn.ModuleList(nn.Conv2d(width, shape[0], 1) for width in widths)

    def forward(self, noise: Tensor) -> Tensor:
        newest, share = level(self.progress, len(self.sizes))
        x = self.start(noise)
        for step in self.steps[: max(0, newest - 1)]:
            x = step(interpolate(x, scale_factor=2))
        if newest:
            before, x = x, self.steps[newest - 1](interpolate(x, scale_factor=2))
        picture = self.paints[newest](x)
        if newest and share < 1:
            picture = interpolate(self.paints[newest - 1](before), scale_factor=2).lerp(picture, share)
        return interpolate(picture, size=self.sizes[-1])


class Shrinker(Grown):
    """Pictures (n, c, h, w) to maps (n, WIDE, h, w) of the smallest size."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.sizes = sizes(shape)
        widths = channels(len(self.sizes))
        self.reads = nn.ModuleList(
            nn.Sequential(nn.Conv2d(shape[0], width, 1), nn.LeakyReLU(0.2, inplace=True)) for width in widths
        )
        self.steps = nn.ModuleList(
            nn.Sequential(nn.Conv2d(after, before, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True))
            for before, after in pairwise(widths)
        )

    def forward(self, pictures: Tensor) -> Tensor:
        newest, share = level(self.progress, len(self.sizes))
        times = 2 ** (len(self.sizes) - 1 - newest)
        pictures = avg_pool2d(pictures, times) if times > 1 else pictures
        x = self.reads[newest](pictures)
        if newest:
            x = self.steps[newest - 1](x)
            if share < 1:
                x = self.reads[newest - 1](avg_pool2d(pictures, 2)).lerp(x, share)
        for step in reversed(self.steps[: max(0, newest - 1)]):
            x = step(x)
        return x


class GrowingDiscriminator(Discriminator):
    """A discriminator with a `Shrinker`."""

    def reals(self, pictures: Tensor) -> Tensor:
        """Real pictures with what the newest resolution adds blended in as far as in the fakes."""
        (shrinker,) = (layer for layer in self if isinstance(layer, Shrinker))
        newest, share = level(shrinker.progress, len(shrinker.sizes))
        if not newest or share == 1:
            return pictures
        coarse = 2 ** (len(shrinker.sizes) - newest)  # full-size pixels in one of the resolution before
        return interpolate(avg_pool2d(pictures, coarse), scale_factor=coarse).lerp(pictures, share)


def channels(count: int) -> list[int]:
    """How wide each of `count` resolutions is, the smallest first."""
    return [WIDE] * (count - 1) + [NARROW]
