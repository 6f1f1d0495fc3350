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
        return x * self._keep(x).to(x.dtype).div_(1 - self.p)

    def _keep(self, x: Tensor) -> Tensor:
        """Which of x's numbers stay, each with probability 1 - p."""
        if x.device.type != "cpu":
            return torch.empty_like(x).bernoulli_(1 - self.p, generator=self.stream)
        # 16 random bits a number decide: p is kept to 1/65,536, at a quarter of bernoulli_'s cost.
        bits = torch.empty((x.numel() + 3) // 4, dtype=torch.int64)
        bits.random_(-(2**63), None, generator=self.stream)
        return bits.view(torch.int16)[: x.numel()].view_as(x) >= round(self.p * 65536) - 32768


def pixels(shape: tuple[int, int, int]) -> int:
    channels, height, width = shape
    return channels * height * width
