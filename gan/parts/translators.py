"""The networks of translators from picture to picture, and what they are made of."""

import torch
from torch import Tensor, nn

from gan.parts.blocks import Generator

STEEP = 2.0  # of the picture that goes in, where the one that comes out is a change of it


class Translator(Generator):
    """A generator whose noise is a picture: numbers (n, c*h*w), or pictures, to pictures (n, c, h, w). The layers
    inside give what stands before its tanh; `changes` says that they only change what went in.
    """

    def __init__(self, net: nn.Module, shape: tuple[int, int, int], changes: bool = False) -> None:
        super().__init__(net)
        self.shape, self.changes = shape, changes

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        pictures = noise.view(-1, *self.shape)
        drawn = self[0](pictures)
        return (drawn + STEEP * pictures if self.changes else drawn).tanh()


class ThereAndBack(Generator):
    """Two translators, of which the second leads back; drawn is by the first."""

    @property
    def there(self) -> Translator:
        return self[0]

    @property
    def back(self) -> Translator:
        return self[1]

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.there(noise)


class UNet(nn.Module):
    """Pictures (n, c, h, w) to as large ones: they shrink twice and grow again, and what they were at each size is
    laid beside what they become (Ronneberger, Fischer, Brox 2015; Isola et al. 2017, section 3.2.1).
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.to_half = nn.Sequential(nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2))
        self.to_quarter = _halving(width, 2 * width)
        self.middle = _same(2 * width)
        self.up = _doubling(4 * width, width)
        self.out = _doubling(2 * width, width)
        self.last = nn.Conv2d(width + channels, channels, 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        half = self.to_half(pictures)
        quarter = self.to_quarter(half)
        up = self.up(torch.cat([self.middle(quarter), quarter], 1))
        out = self.out(torch.cat([up, half], 1))
        return self.last(torch.cat([out, pictures], 1))


class Residual(nn.Module):
    """Layers whose result is added to what went in (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1), norm(channels), nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1), norm(channels),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


class PatchGAN(nn.Sequential):
    """Pictures (n, c, h, w), or pairs of them beside each other, to a logit for each patch, (n, 1, h', w'): layers that
    halve the side, then two that do not (Isola et al. 2017, section 3.2.2 and appendix 6.1.2).
    """

    def __init__(self, channels: int, width: int, halvings: int) -> None:
        layers = [nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        for step in range(1, halvings + 1):
            narrow, wide = width << step - 1, width << step
            stride = 2 if step < halvings else 1
            layers += [nn.Conv2d(narrow, wide, 4, stride, padding=1), norm(wide), nn.LeakyReLU(0.2)]
        super().__init__(*layers, nn.Conv2d(width << halvings, 1, 4, padding=1))


def receptive_field(halvings: int) -> int:
    """Pixels on each side of what a logit of a PatchGAN looks at: 16, 34, 70 for 1, 2, 3 halvings, as in the paper."""
    field = 1
    for stride in (1, 1, *[2] * halvings):  # from the last layer to the first
        field = field * stride + 4 - stride
    return field


def norm(channels: int) -> nn.Module:
    """Each picture's channels brought to mean 0 and variance 1 by themselves (Ulyanov, Vedaldi, Lempitsky 2016), which
    is what batch norm does with the single picture a step of the paper. As groups of one channel it is a fifth faster.
    """
    return nn.GroupNorm(channels, channels)


def _halving(narrow: int, wide: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(narrow, wide, 4, stride=2, padding=1), norm(wide), nn.LeakyReLU(0.2))


def _same(channels: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), norm(channels), nn.ReLU())


def _doubling(wide: int, narrow: int) -> nn.Module:
    return nn.Sequential(nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1), norm(narrow), nn.ReLU())
