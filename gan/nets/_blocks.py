"""Pieces that several architectures share."""

import torch
from torch import Tensor, nn


class Pictures(nn.Module):
    """Numbers (n, c*h*w) as pictures (n, c, h, w)."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.view(-1, *self.shape)


class Logit(nn.Linear):
    """The last layer of a discriminator: one logit a picture, (n,)."""

    def __init__(self, inputs: int) -> None:
        super().__init__(inputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).squeeze(1)


class Dropout(nn.Module):
    """Dropout that draws from the run's own random stream, so that runs side by side stay repeatable.

    Srivastava et al. 2014. The trainer sets `stream`; without one, torch's global stream is used.
    """

    stream: torch.Generator | None = None

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = torch.empty_like(x).bernoulli_(1 - self.p, generator=self.stream)
        return x * keep.div_(1 - self.p)


def pixels(shape: tuple[int, int, int]) -> int:
    channels, height, width = shape
    return channels * height * width
