"""The noise that a generator is given."""

import torch
from torch import Tensor

KINDS = ("normal", "uniform")


def draw_noise(kind: str, count: int, size: int, random: torch.Generator, device: torch.device | str = "cpu") -> Tensor:
    """Noise (count, size): standard normal numbers, or "uniform" ones from -1 to 1; `random` is on `device`."""
    if kind == "uniform":
        return torch.rand(count, size, generator=random, device=device) * 2 - 1
    return torch.randn(count, size, generator=random, device=device)
