"""Convolutions with windows of 4 x 4 every 2 pixels, with few multiplications (Winograd 1980; Lavin, Gray 2015,
arXiv:1509.09308).

Such a convolution is the sum of four with windows of 2 x 2, of the even and the odd rows and columns. Of one with
windows of 2, seven results need eight multiplications instead of fourteen. In memory positions come first here: a row
holds the numbers of all pictures at one place, n * 2 * 2 * c.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product

import torch
from torch import Tensor
from torch.autograd import Function


def down(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Pictures (n, c, h, w) with weights (k, c, 4, 4) to (n, k, h/2, w/2)."""
    (count, channels, height, width), kinds = x.shape, len(weight)
    sums, weigh, take = transforms(height // 2, width // 2, x.dtype)
    taken = torch.mm(take, Quarters.apply(x)).view(-1, count, 4 * channels)
    products = torch.bmm(taken, _weighed(weight, weigh)).view(-1, count * kinds)
    result = torch.addmm(bias.expand(count, -1).reshape(-1, 1), products.t(), sums.t())
    return result.view(count, kinds, height // 2, width // 2)


def up(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The way back: (n, k, h, w) with weights (k, c, 4, 4) to (n, c, 2h, 2w), channels last in memory."""
    count, kinds, height, width = x.shape
    sums, weigh, take = transforms(height, width, x.dtype)
    rows = x.flatten(2).flatten(0, 1).t() if x.is_contiguous() else _positions_first(x).reshape(height * width, -1)
    products = torch.mm(sums.t(), rows).view(-1, count, kinds)
    taken = Across.apply(products, _weighed(weight, weigh)).view(len(products), -1)
    return Whole.apply(torch.mm(take.t(), taken).view(height + 1, width + 1, count, 2, 2, -1)) + bias[:, None, None]


def _weighed(weight: Tensor, weigh: Tensor) -> Tensor:
    """Weights (k, c, 4, 4) as factors (multiplications, 4c, k)."""
    kinds, channels, _, _ = weight.shape
    return torch.mm(weigh, weight.transpose(0, 1).reshape(-1, 16).t()).view(-1, 4 * channels, kinds)


class Across(Function):
    """Products of matrices (p, n, k) and (p, c, k) along k, whose slopes autograd would have to turn around."""

    @staticmethod
    def forward(ctx, one: Tensor, other: Tensor) -> Tensor:
        ctx.save_for_backward(one, other)
        return torch.bmm(one, other.transpose(1, 2))

    @staticmethod
    def backward(ctx, slope: Tensor) -> tuple[Tensor, Tensor]:
        one, other = ctx.saved_tensors
        return torch.bmm(slope, other), torch.bmm(slope.transpose(1, 2), one)


class Quarters(Function):
    """Pictures (n, c, h, w) with an edge of zeros to rows ((h/2 + 1) * (w/2 + 1), n * 2 * 2 * c)."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        count, channels, height, width = x.shape
        ctx.quarters = height // 2 + 1, width // 2 + 1, count, 2, 2, channels
        quarters = torch.empty(ctx.quarters, dtype=x.dtype)
        for edge in (0, 1):
            quarters[-edge, :, :, edge].zero_()
            quarters[:, -edge, :, :, edge].zero_()
        for inside, pixels in _same(quarters, x):
            inside.copy_(pixels)
        return quarters.view(-1, count * 4 * channels)

    @staticmethod
    def backward(ctx, slope: Tensor) -> Tensor:
        return Whole.apply(slope.view(ctx.quarters))


class Whole(Function):
    """The way back, from (h/2 + 1, w/2 + 1, n, 2, 2, c)."""

    @staticmethod
    def forward(ctx, quarters: Tensor) -> Tensor:
        ctx.quarters = quarters.shape
        height, width, count, _, _, channels = quarters.shape
        whole = torch.empty(2 * height - 2, 2 * width - 2, count, channels, dtype=quarters.dtype).permute(2, 3, 0, 1)
        for inside, pixels in _same(quarters, whole):
            pixels.copy_(inside)
        return whole

    @staticmethod
    def backward(ctx, slope: Tensor) -> Tensor:
        return Quarters.apply(slope).view(ctx.quarters)


def _same(quarters: Tensor, x: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """The same pixels in both."""
    pixels = _positions_first(x).unflatten(1, (-1, 2)).unflatten(0, (-1, 2))
    inside = slice(1, None), slice(-1)
    for row, column in product((0, 1), repeat=2):
        yield quarters[inside[row], inside[column], :, row, column], pixels[:, 1 - row, :, 1 - column]


def _positions_first(x: Tensor) -> Tensor:
    return x.permute(2, 3, 0, 1)


@cache
def transforms(height: int, width: int, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """For results of this size, what turns products into sums (places, products), the 16 weights of a channel into
    factors (4 products, 16), and places with an edge into factors (products, edged places).
    """
    (sums, weigh, take), (wide_sums, wide_weigh, wide_take) = map(_transforms, (height, width))
    weighs = torch.kron(weigh, wide_weigh).unflatten(0, (-1, 2, len(wide_weigh) // 2, 2)).transpose(1, 2)
    matrices = torch.kron(sums, wide_sums), weighs.reshape(-1, 16), torch.kron(take, wide_take)
    return tuple(matrix.to(dtype).contiguous() for matrix in matrices)


def _transforms(side: int) -> tuple[Tensor, Tensor, Tensor]:
    """The same along one side, piece by piece: in one of more than seven results, rounding errors would grow."""
    pieces = [_piece(len(piece)) for piece in torch.arange(side).tensor_split(-(-side // 7))]
    sums, weighs, takes = zip(*pieces, strict=True)
    take = torch.zeros(sum(map(len, takes)), side + 1, dtype=torch.float64)
    row = column = 0
    for piece in takes:
        take[row : row + len(piece), column : column + len(piece)] = piece
        row, column = row + len(piece), column + len(piece) - 1
    return torch.block_diag(*sums), torch.kron(torch.cat(weighs), torch.eye(2, dtype=torch.float64)), take


def _piece(results: int) -> tuple[Tensor, Tensor, Tensor]:
    """For windows of 2 at so many places, with one multiplication more than results: a polynomial through that many
    points (Toom, Cook), one of them at infinity.
    """
    points = torch.tensor([0, 1, -1, 0.5, -0.5, 2, -2], dtype=torch.float64)[:results]

    def powers(count: int) -> Tensor:
        at_infinity = torch.eye(count, dtype=torch.float64)[-1:]
        return torch.cat([points[:, None] ** torch.arange(count), at_infinity])

    return powers(results).t(), powers(2), torch.linalg.inv(powers(results + 1)).t()
