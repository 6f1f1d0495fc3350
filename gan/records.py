"""What a trainer reports: plain numbers and uint8 pictures, never tensors."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The state of a run at one moment; the means are over the steps since the last reading."""

    epoch: float  # epochs done so far, 2.5 = in the middle of the third
    step: int  # training steps done so far
    d_loss: float
    g_loss: float
    d_real: float  # D's mean probability that real pictures are real, 0..1
    d_fake: float  # the same for the fakes, 0..1
    seconds: float  # wall time that these means cover
    steps_per_second: float
    samples: np.ndarray | None  # uint8 (n, h, w) or (n, h, w, 3), always from the same noise
    sample_scores: tuple[float, ...] = ()  # D's probability that each sample is real

    def without_samples(self) -> Self:
        """The numbers alone, to keep a long history small."""
        return replace(self, samples=None, sample_scores=())

    def numbers(self) -> dict[str, float | int]:
        """The scalars, in the order in which CSV and JSON show them."""
        names = ("epoch", "d_loss", "g_loss", "d_real", "d_fake", "seconds", "step", "steps_per_second")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, kw_only=True)
class EpochRecord(Reading):
    """One whole epoch: `epoch` is its number from 1, the means are over all of its steps."""

    epoch: int


@dataclass(frozen=True)
class Layer:
    """One layer of a network, as a diagram shows it."""

    kind: str  # "Linear", "Conv2d", ...
    shape: tuple[int, ...]  # of its output for one picture
    parameters: int


@dataclass(frozen=True)
class NetSummary:
    """A network's layers in order, and its parameters in all."""

    layers: tuple[Layer, ...]
    parameters: int


@dataclass(frozen=True)
class Preview:
    """A run before its first step: what there is to imitate, and what noise gives untrained."""

    reals: np.ndarray  # uint8 (n, h, w) or (n, h, w, 3)
    fakes: np.ndarray
    scores: tuple[float, ...]  # D's probability that each fake is real
    latent_size: int  # numbers in one noise vector
    pictures: int  # how many real pictures there are to learn from
    generator: NetSummary
    discriminator: NetSummary
