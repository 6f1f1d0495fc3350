"""Denoiser (small U-Net): a picture with noise in it shrinks twice and grows again, with shortcuts past the middle.

A U-Net (Ronneberger, Fischer, Brox 2015) as in DDPM (Ho, Jain, Abbeel 2020), small enough for a school laptop: in its
middle one layer looks at the whole picture at once.
"""

import torch
from torch import Tensor, nn

from gan.parts.nets.diffusion._blocks import Hearing, Sampler, Told

FAMILY = "diffusion"
OPTIONS = {"width": (32, 8, 128)}
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape, class_count: int = 0):
    return Sampler(Denoiser(config.option("width"), shape, class_count), config, shape, class_count)


class Denoiser(nn.Module):
    """Pictures with noise (n, c, h, w), the time (n,) and the class (n,) to pictures; `width` channels at half the
    side, twice as many at a quarter.
    """

    ABOUT = 64  # numbers that tell the time and the class
    NARROW = 16  # channels in which the middle sees everything

    def __init__(self, width: int, shape: tuple[int, int, int], class_count: int) -> None:
        super().__init__()
        channels, height, breadth = shape
        places = (height // 4) * (breadth // 4)
        about = self.ABOUT
        self.told = Told(about, class_count)
        self.to_half = Hearing(nn.Conv2d(channels, width, 4, stride=2, padding=1), width, about)
        self.to_quarter = Hearing(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1), 2 * width, about)
        self.narrow = nn.Conv2d(2 * width, self.NARROW, 1)
        self.whole = Hearing(nn.Linear(self.NARROW * places, self.NARROW * places), self.NARROW * places, about)
        self.wide = Hearing(nn.Conv2d(self.NARROW, 2 * width, 1), 2 * width, about)
        self.up = Hearing(nn.ConvTranspose2d(4 * width, width, 4, stride=2, padding=1), width, about)
        self.out = nn.ConvTranspose2d(2 * width, width // 2, 4, stride=2, padding=1)
        self.last = nn.Conv2d(width // 2 + channels, channels, 3, padding=1)

    def forward(self, x: Tensor, t: Tensor, labels: Tensor | None = None) -> Tensor:
        told = self.told(t, labels)
        half = self.to_half(x, told)
        quarter = self.to_quarter(half, told)
        narrow = self.narrow(quarter)
        whole = self.whole(narrow.flatten(1), told).view_as(narrow)
        wide = self.wide(whole, told)
        up = self.up(torch.cat([wide, quarter], 1), told)
        out = nn.functional.silu(self.out(torch.cat([up, half], 1)))
        return self.last(torch.cat([out, x], 1))
