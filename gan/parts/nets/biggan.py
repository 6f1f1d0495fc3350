"""BigGAN: every level of the generator is told the wanted class, and has a piece of the noise for itself.

Brock, Donahue, Simonyan 2019, appendix B; small. Levels are residual blocks. Their batch norms take gain and bias from
numbers that stand for the class, the same ones everywhere, and from their piece of the noise. The discriminator is
residual too and ends in a projection (Miyato, Koyama 2018). Where a convolution stands next to a change of size, both
are one, with windows of 4 x 4. Weights begin orthogonal (Saxe et al. 2014). The paper's hinge is a loss here, its
orthogonal regularisation a stabiliser, and so is spectral norm, which comes along for the discriminator. The attention
of its large networks is left out.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, linear

from gan.parts.blocks import ClassBeside, Generator, Pictures, sizes
from gan.parts.nets.conditional import Projection, ProjectionDiscriminator

CONDITIONAL = True
OPTIONS = {"width": (16, 4, 96)}  # channels at full size; twice as many where it is half, but for the smallest
BRINGS = {"spectral_norm": 1}
REFUSES = {
    "packing": "its discriminator judges one picture with one class at a time",
    "dots": "its layers look at neighbouring pixels, and a dot has none",
}


def generator(config, shape):
    return orthogonal(BigGenerator(config, shape))


def discriminator(config, shape):
    widths = [shape[0], *reversed(level_widths(shape, config.option("width")))]
    last = len(widths) - 2
    blocks = [Shrinking(*pair, level, halves=level < last) for level, pair in enumerate(pairwise(widths))]
    head = Projection(widths[-1], config.class_count)
    return orthogonal(ProjectionDiscriminator(*blocks, nn.ReLU(inplace=True), Total(), head))


def level_widths(shape: tuple[int, int, int], width: int) -> list[int]:
    """The channels at each of the shape's `sizes`, the smallest first."""
    doublings = len(sizes(shape)) - 1
    return [width << max(0, min(doublings - level, doublings - 1)) for level in range(doublings + 1)]


def orthogonal(net: nn.Module) -> nn.Module:
    """The net with orthogonal first weights."""
    for weight in net.parameters():
        if weight.dim() > 1:
            nn.init.orthogonal_(weight)
    return net


class BigGenerator(Generator):
    """The noise's first piece becomes the smallest maps; each other one goes, with the class, to the next level."""

    def __init__(self, config, shape: tuple[int, int, int]) -> None:
        super().__init__()
        size, *larger = sizes(shape)
        channels, *further = level_widths(shape, config.option("width"))
        self.pieces = [len(piece) for piece in torch.arange(config.latent_size).tensor_split(1 + len(larger))]
        self.shared = SharedClass(config.latent_size, config.class_count, config.classes)
        self.start = nn.Linear(self.pieces[0], channels * size[0] * size[1])
        self.maps = Pictures((channels, *size))
        self.levels = nn.ModuleList()
        for piece, outputs in zip(self.pieces[1:], further, strict=True):
            self.levels.append(Growing(channels, outputs, piece + self.shared.SIZE))
            channels = outputs
        self.paint = nn.Sequential(
            nn.BatchNorm2d(channels), nn.ReLU(inplace=True), nn.Conv2d(channels, shape[0], 3, padding=1), nn.Tanh()
        )

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        first, *others, wanted = self.shared((noise, labels)).split([*self.pieces, self.shared.SIZE], 1)
        x = self.maps(self.start(first))
        for level, piece in zip(self.levels, others, strict=True):
            x = level(x, torch.cat([piece, wanted], 1))
        return self.paint(x)

    def looks(self) -> Tensor:
        """The matrix (m, latent_size) by which the first layer and all levels see the noise, each its piece alone."""
        told = [torch.cat([part for norm in level.norms for part in norm.parameters()]) for level in self.levels]
        return torch.block_diag(self.start.weight, *(matrix[:, : -self.shared.SIZE] for matrix in told)).detach()


class SharedClass(ClassBeside):
    """The noise and, beside it, the numbers that tell all levels the class; the paper has 128 for 1,000 classes."""

    SIZE = 32


class Growing(nn.Module):
    """A residual block: maps (n, inputs, h, w), and what it is told (n, t), to maps (n, outputs, 2h, 2w)."""

    def __init__(self, inputs: int, outputs: int, told: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList([ToldBatchNorm(inputs, told), ToldBatchNorm(outputs, told)])
        self.enlarge = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1)
        self.refine = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = Shortcut(inputs, outputs)
        self.bends = nn.ModuleList([nn.ReLU(inplace=True), nn.ReLU(inplace=True)])

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        (norm, norm_again), (bend, bend_again) = self.norms, self.bends
        change = self.enlarge(bend(norm(x, told)))
        change = self.refine(bend_again(norm_again(change, told)))
        return change + interpolate(self.shortcut(x), scale_factor=2)


class ToldBatchNorm(nn.BatchNorm2d):
    """Batch norm with the gain 1 + A t and the bias B t, where t (n, told) is what it is told."""

    def __init__(self, channels: int, told: int) -> None:
        super().__init__(channels, affine=False)
        self.to_gains = nn.Parameter(torch.empty(channels, told))
        self.to_biases = nn.Parameter(torch.empty(channels, told))

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        gains, biases = 1 + linear(told, self.to_gains), linear(told, self.to_biases)
        if self.training:
            x = super().forward(x)
        else:
            # What has been seen goes into gain and bias: an ONNX file cannot hold a norm without its own.
            gains = gains * (self.running_var + self.eps).rsqrt()
            biases = biases - gains * self.running_mean
        return torch.addcmul(biases[..., None, None], x, gains[..., None, None])


class Shrinking(nn.Module):
    """A residual block: maps (n, inputs, h, w) to (n, outputs, h/2, w/2), or as large if it does not halve them."""

    def __init__(self, inputs: int, outputs: int, level: int, halves: bool) -> None:
        super().__init__()
        self.halves = halves
        window = {"kernel_size": 4, "stride": 2} if halves else {"kernel_size": 3}
        self.change = nn.Sequential(
            *([nn.ReLU()] if level else []),  # pictures are seen as they are
            nn.Conv2d(inputs, outputs, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, padding=1, **window),
        )
        self.shortcut = Shortcut(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.change(x) + self.shortcut(avg_pool2d(x, 2) if self.halves else x)


class Shortcut(nn.Conv2d):
    """What leads past the layers of a residual block: maps (n, inputs, h, w) mixed to (n, outputs, h, w)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 1)


class Total(nn.Module):
    """Each map's sum: (n, c, h, w) to (n, c)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sum((2, 3))
