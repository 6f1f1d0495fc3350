"""Convolutions with windows of 4 x 4 every 2 pixels, down and up, as products of matrices.

Where a network learns on a CPU from small pictures, torch's own take up to twice the time; results differ by rounding
alone. Shapes are torch's. In memory, numbers lie with their positions first and their channels last where a whole
network is done here, so that one product goes over all pictures. Layers of any other kind stay torch's.
"""

from itertools import product

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn.functional import pad

from gan.fast.winograd import down, up
from gan.parts import blocks

LARGEST = 32  # sides of pictures, beyond which only the layers next to them are faster here
FEW = 8  # channels of such a layer


def quicken(net: nn.Module, shape: tuple[int, int, int]) -> None:
    """Have a network's convolutions of pictures (c, h, w) done here while it learns on a CPU, where that is faster."""
    convolutions = [layer for layer in net.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    small = max(shape[1:]) <= LARGEST
    whole = small and all(map(_fits, convolutions)) and all(map(_takes_any_order, net.modules()))
    mine = [layer for layer in convolutions if _fits(layer) and (whole or _is_next_to_pictures(layer))]
    for layer in mine:
        layer.__class__ = Conv2d if isinstance(layer, nn.Conv2d) else ConvTranspose2d
        layer.whole = whole
    for layer in net.modules() if mine else ():
        if isinstance(layer, nn.ReLU | nn.LeakyReLU):
            layer.inplace = False  # in place of a view, it would cost autograd several copies
        elif whole and type(layer) is nn.BatchNorm2d:
            layer.__class__ = BatchNorm2d


def _fits(layer: nn.Conv2d | nn.ConvTranspose2d) -> bool:
    """Whether it is one of torch's own with the only sizes that are done here, and nothing special about it."""
    sizes = layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.output_padding
    usual = sizes == ((4, 4), (2, 2), (1, 1), (1, 1), (0, 0)) and layer.groups == 1 and layer.padding_mode == "zeros"
    return usual and layer.bias is not None and type(layer) in (nn.Conv2d, nn.ConvTranspose2d)


def _takes_any_order(layer: nn.Module) -> bool:
    """Whether it is known to do its work in whatever order numbers lie in memory; `view` does not."""
    known = isinstance(layer, nn.Sequential | nn.Linear)
    return known or type(layer).__module__.startswith("torch.nn.") or type(layer).__module__ == blocks.__name__


def _is_next_to_pictures(layer: nn.Conv2d | nn.ConvTranspose2d) -> bool:
    return min(layer.in_channels, layer.out_channels) < FEW


def _helps(layer: nn.Conv2d | nn.ConvTranspose2d, x: Tensor) -> bool:
    """Whether the layer learns on a CPU, and has more to do with the pictures than with its weights."""
    many = min(layer.in_channels, layer.out_channels) <= 4 * len(x)
    return layer.training and x.device.type == "cpu" and x.dim() == 4 and many


class Conv2d(nn.Conv2d):
    """Pictures (n, c, h, w) to (n, k, h/2, w/2)."""

    whole: bool

    def forward(self, x: Tensor) -> Tensor:
        odd = x.shape[-2] % 2 or x.shape[-1] % 2
        if odd or not _helps(self, x) or not (self.whole or x.requires_grad):
            return super().forward(x)
        if not self.whole:
            return windows_of_each(x, self.weight, self.bias)
        return (windows_of_all if _is_next_to_pictures(self) else down)(x, self.weight, self.bias)


class ConvTranspose2d(nn.ConvTranspose2d):
    """Pictures (n, k, h, w) to (n, c, 2h, 2w)."""

    whole: bool

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        if output_size is not None or not _helps(self, x):
            return super().forward(x, output_size)
        if not self.whole:
            return each_from_windows(x, self.weight, self.bias)
        return (all_from_windows if _is_next_to_pictures(self) else up)(x, self.weight, self.bias)


class BatchNorm2d(nn.BatchNorm2d):
    """The same where channels come last, without bringing the numbers into another order."""

    def forward(self, x: Tensor) -> Tensor:
        if x.is_contiguous() or x.device.type != "cpu":
            return super().forward(x)
        count, channels, height, width = x.shape
        rows = x.permute(2, 3, 0, 1).reshape(height * width, 1, count, channels).permute(0, 3, 1, 2)
        normed = super().forward(rows).permute(0, 2, 3, 1)
        return normed.view(height, width, count, channels).permute(2, 3, 0, 1)


# Next to the pictures: windows times weights, of all pictures or of each one by itself


def windows_of_all(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    count, _, height, width = x.shape
    windows = Windows.apply(x.permute(1, 2, 3, 0)).view(weight[0].numel(), -1)
    products = torch.addmm(bias, windows.t(), weight.flatten(1).t())
    return products.view(height // 2, width // 2, count, -1).permute(2, 3, 0, 1)


def windows_of_each(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    count, _, height, width = x.shape
    windows = Windows.apply(x.flatten(0, 1).unsqueeze(3)).view(count, weight[0].numel(), -1)
    products = torch.baddbmm(bias[:, None], weight.flatten(1).expand(count, -1, -1), windows)
    return products.view(count, -1, height // 2, width // 2)


def all_from_windows(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    count, kinds, height, width = x.shape
    windows = torch.mm(weight.flatten(1).t(), x.permute(2, 3, 0, 1).reshape(-1, kinds).t())
    return Laid.apply(windows.view(-1, 4, 4, height, width, count)).permute(3, 0, 1, 2) + bias[:, None, None]


def each_from_windows(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    count, _, height, width = x.shape
    windows = torch.bmm(weight.flatten(1).t().expand(count, -1, -1), x.flatten(2))
    laid = Laid.apply(windows.view(-1, 4, 4, height, width, 1))
    return laid.view(count, -1, 2 * height, 2 * width) + bias[:, None, None]


class Windows(Function):
    """Pictures (c, h, w, n) with an edge of zeros to windows (c, 4, 4, h/2, w/2, n)."""

    @staticmethod
    def forward(_, x: Tensor) -> Tensor:
        windows = pad(x, (0, 0, 1, 1, 1, 1)).unfold(1, 4, 2).unfold(2, 4, 2)
        return windows.permute(0, 4, 5, 1, 2, 3).contiguous()

    @staticmethod
    def backward(_, slope: Tensor) -> Tensor:
        return Laid.apply(slope)


class Laid(Function):
    """The way back: windows laid over one another, and the edge cut off."""

    @staticmethod
    def forward(_, windows: Tensor) -> Tensor:
        channels, _, _, height, width, count = windows.shape
        laid = torch.empty(channels, height + 1, 2, width + 1, 2, count, dtype=windows.dtype).zero_()
        pairs = windows.unflatten(2, (2, 2)).unflatten(1, (2, 2))
        for row, column in product((0, 1), repeat=2):
            there = laid[:, row : row + height, :, column : column + width]
            there += pairs[:, row, :, column].permute(0, 3, 1, 4, 2, 5)
        return laid.flatten(3, 4).flatten(1, 2)[:, 1:-1, 1:-1].contiguous()

    @staticmethod
    def backward(_, slope: Tensor) -> Tensor:
        return Windows.apply(slope)
