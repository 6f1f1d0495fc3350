"""Which pixels made a discriminator say what it said: pure functions of any score of pictures.

A `score` takes pictures (n, c, h, w) and gives one number for each, (n,); gradients pass through it. Maps are signed:
above 0 what raised the score, below 0 what lowered it.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Score = Callable[[Tensor], Tensor]
STEPS = 32  # of the way from the blank picture


def slopes(score: Score, pictures: Tensor) -> Tensor:
    """The gradient of each picture's score by its own pixels, in the pictures' shape (n, c, h, w)."""
    with torch.enable_grad():
        pictures = pictures.detach().clone().requires_grad_()
        (found,) = torch.autograd.grad(score(pictures).sum(), pictures)
    return found


def integrated_gradients(score: Score, picture: Tensor, blank: Tensor, steps: int = STEPS) -> Tensor:
    """How much each number of a picture (c, h, w) adds to its score, compared with a blank one: (c, h, w).

    Integrated gradients (Sundararajan, Taly, Yan 2017, eq. 1): the difference from the blank picture times the mean
    gradient on the straight way from there (midpoint rule). The map sums to score(picture) - score(blank), but for
    what the `steps` miss; a pixel that is blank adds nothing.
    """
    shares = (torch.arange(steps, dtype=picture.dtype, device=picture.device) + 0.5) / steps
    way = blank + shares.view(-1, 1, 1, 1) * (picture - blank)
    return (picture - blank) * slopes(score, way).mean(0)


@torch.no_grad()
def occlusion(score: Score, picture: Tensor, blank: Tensor, patch: int, stride: int) -> Tensor:
    """By how much the score of a picture (c, h, w) falls where a square of it is blanked out: (h, w).

    Occlusion (Zeiler, Fergus 2014, section 4.2): squares of `patch` x `patch` pixels, one every `stride` and one at
    each far edge, are covered one at a time; a pixel gets the mean of all squares that lie over it.
    """
    height, width = picture.shape[1:]
    patch = min(patch, height, width)
    corners = [(top, left) for top in _starts(height, patch, stride) for left in _starts(width, patch, stride)]
    covers = torch.zeros(len(corners), 1, height, width, dtype=picture.dtype, device=picture.device)
    for cover, (top, left) in zip(covers, corners, strict=True):
        cover[:, top : top + patch, left : left + patch] = 1
    falls = score(picture[None]) - score(torch.where(covers > 0, blank, picture))
    return (falls.view(-1, 1, 1) * covers[:, 0]).sum(0) / covers[:, 0].sum(0)


def _starts(length: int, patch: int, stride: int) -> list[int]:
    return sorted({*range(0, length - patch, stride), length - patch})


def uphill(picture: Tensor, slope: Tensor, most: float) -> Tensor | None:
    """The picture a step along its slope, in which the pixel that changes most does so by `most`.

    None where there is no slope: the score says nothing about where to go.
    """
    steepest = slope.abs().max()
    if not torch.isfinite(steepest) or steepest == 0:
        return None
    return picture + most * slope / steepest
