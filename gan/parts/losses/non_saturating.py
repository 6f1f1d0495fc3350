"""Non-saturating loss: the generator is paid for fakes that the discriminator takes for real.

D: -log D(x) - log(1 - D(G(z))). G: -log D(G(z)), which stays steep where G is bad
(Goodfellow et al. 2014, section 3).
"""

from torch import Tensor

from gan.parts.losses._answers import binary_cross_entropy
from gan.parts.losses._answers import cross_entropy_discriminator as discriminator

__all__ = ["discriminator", "generator"]

GUESSING = 1.386294  # log 4: both answers are 1/2


def generator(fake: Tensor, real: Tensor | None = None) -> Tensor:
    return binary_cross_entropy(fake, 1)
