"""Noise on the pictures (instance noise): the discriminator sees everything through a sprinkle of noise that
slowly fades away.

Instance noise (Sonderby et al. 2017; Arjovsky, Bottou 2017, section 3): D(x + s n), n normal, for real pictures and
fakes alike. s goes from the strength, meant for pictures of -1..1, to 0 at the run's end in a straight line.
"""

import torch
from torch import Tensor

from gan.parts.hooks import Base

STRENGTH = (0.1, 0.01, 1.0)


class Stabiliser(Base):
    timed = True

    def show(self, pictures: Tensor) -> Tensor:
        spread = self.strength * (1 - self.progress)
        noise = torch.randn(pictures.shape, generator=self.random, device=pictures.device, dtype=pictures.dtype)
        return torch.add(pictures, noise, alpha=spread)
