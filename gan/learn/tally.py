"""What is counted between two readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor


class Sums:
    """Numbers by name that are added up on a device, in one tensor that stays there: a recorded step adds to it."""

    def __init__(self, names: Sequence[str], device: torch.device) -> None:
        self._names = names
        self._numbers = torch.zeros(len(names), device=device)

    def add(self, *parts: Tensor) -> None:
        """Add a step, whose numbers come as tensors of one or of several, in the order of the names."""
        self._numbers += torch.hstack(parts)

    def take(self) -> dict[str, float]:
        """The sums so far, and begin anew. It waits for the device."""
        found = dict(zip(self._names, self._numbers.tolist(), strict=True))
        self._numbers.zero_()
        return found


@dataclass
class Tally:
    """Sums over some steps, and the seconds that these took."""

    steps: int = 0
    seconds: float = 0.0
    sums: Mapping[str, float] = field(default_factory=dict)

    def __iadd__(self, part: "Tally") -> "Tally":
        self.steps += part.steps
        self.seconds += part.seconds
        self.sums = {name: self.sums.get(name, 0.0) + more for name, more in part.sums.items()} or self.sums
        return self

    @property
    def means(self) -> dict[str, float]:
        """Means a step; empty where there were none."""
        return {name: total / self.steps for name, total in self.sums.items()} if self.steps else {}
