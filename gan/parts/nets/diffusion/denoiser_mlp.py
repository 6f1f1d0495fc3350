"""Denoiser of plain layers (MLP): every number of a layer looks at all of the one before, and at the time.

For comparison: without layers that see shapes, the same training gets less far.
"""

from itertools import pairwise

from torch import Tensor, nn

from gan.parts.blocks import pixels
from gan.parts.nets.diffusion._blocks import Hearing, Sampler, Told

FAMILY = "diffusion"
OPTIONS = {
    "depth": (3, 1, 6),  # hidden layers
    "width": (512, 16, 2048),  # numbers in each
}


def generator(config, shape):
    return Sampler(PlainDenoiser(config.option("depth"), config.option("width"), shape), config, shape)


class PlainDenoiser(nn.Module):
    """Pictures with noise (n, c, h, w) and the time (n,) to pictures."""

    ABOUT = 64  # numbers that tell the time

    def __init__(self, depth: int, width: int, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.told = Told(self.ABOUT)
        sizes = [pixels(shape), *[width] * depth]
        self.layers = nn.ModuleList(
            Hearing(nn.Linear(inputs, outputs), outputs, self.ABOUT) for inputs, outputs in pairwise(sizes)
        )
        self.last = nn.Linear(width, pixels(shape))

    def forward(self, x: Tensor, t: Tensor, labels: Tensor | None = None) -> Tensor:
        told, values = self.told(t, None), x.flatten(1)
        for layer in self.layers:
            values = layer(values, told)
        return self.last(values).view_as(x)
