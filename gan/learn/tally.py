"""What is counted between two readings."""

import math
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Tally:
    """Sums of the four statistics over some steps, and the seconds that these took."""

    steps: int = 0
    seconds: float = 0.0
    sums: np.ndarray = field(default_factory=lambda: np.zeros(4))

    def __iadd__(self, part: "Tally") -> "Tally":
        self.steps += part.steps
        self.seconds += part.seconds
        self.sums += part.sums
        return self

    @property
    def means(self) -> list[float]:
        """Means a step; not a number where there were none."""
        return (self.sums / self.steps).tolist() if self.steps else [math.nan] * 4
