"""The noise that a generator is given."""

import torch
from torch import Tensor

KINDS = ("normal", "uniform")


def draw_noise(kind: str, count: int, size: int, random: torch.Generator, device: torch.device | str = "cpu") -> Tensor:
    """Noise (count, size): standard normal numbers, or "uniform" ones from -1 to 1; `random` is on `device`."""
    if kind == "uniform":
        return torch.rand(count, size, generator=random, device=device) * 2 - 1
    return torch.randn(count, size, generator=random, device=device)


def redrawn(noise: Tensor, most: float, kind: str, random: torch.Generator) -> Tensor:
    """Noise (count, size) with the numbers beyond -most..most drawn again until there are none.

    The truncation trick (Brock, Donahue, Simonyan 2019, section 3.1): the less is left, the more ordinary and the more
    alike are the pictures. What lies within stays as it is.
    """
    while (beyond := noise.abs() > most).any():
        noise = noise.masked_scatter(beyond, draw_noise(kind, 1, int(beyond.sum()), random, noise.device))
    return noise
