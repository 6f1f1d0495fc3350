"""What is counted between two readings."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor


class Statistics(NamedTuple):
    """What each step is counted by; a reading shows the means under the same names. Numbers, or tensors of one."""

    d_loss: float | Tensor
    g_loss: float | Tensor
    d_real: float | Tensor  # D's mean belief in the step's real pictures, 0..1
    d_fake: float | Tensor  # the same for its fakes
    real_passed: float | Tensor  # share of the real pictures that D takes for real: its belief is at least 0.5
    fake_passed: float | Tensor  # the same of its fakes: those that fool it


class Sums:
    """Statistics that are added up on a device, in one tensor that stays where it is: a recorded step adds to it."""

    def __init__(self, device: torch.device) -> None:
        self._numbers = torch.zeros(len(Statistics._fields), device=device)

    def add(self, *parts: Tensor) -> None:
        """Add a step, whose Statistics come as tensors of one or of several, in order."""
        self._numbers += torch.hstack(parts)

    def take(self) -> Statistics:
        """The sums so far, and begin anew. It waits for the device."""
        found = Statistics(*self._numbers.tolist())
        self._numbers.zero_()
        return found


NOTHING = Statistics(*(0.0 for _ in Statistics._fields))


@dataclass
class Tally:
    """Sums over some steps, and the seconds that these took."""

    steps: int = 0
    seconds: float = 0.0
    sums: Statistics = NOTHING

    def __iadd__(self, part: "Tally") -> "Tally":
        self.steps += part.steps
        self.seconds += part.seconds
        self.sums = Statistics(*map(sum, zip(self.sums, part.sums, strict=True)))
        return self

    @property
    def means(self) -> Statistics:
        """Means a step; not a number where there were none."""
        return Statistics(*(total / self.steps if self.steps else math.nan for total in self.sums))
