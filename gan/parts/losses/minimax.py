"""Minimax loss: the generator is only punished for fakes that are caught, and learns little while all are.

D: -log D(x) - log(1 - D(G(z))). G: log(1 - D(G(z))), D's own aim turned round (Goodfellow et al. 2014,
eq. 1). It saturates: its slope is D(G(z)), nearly 0 when D is sure.
"""

from torch import Tensor

from gan.parts.losses._answers import binary_cross_entropy
from gan.parts.losses._answers import cross_entropy_discriminator as discriminator

__all__ = ["discriminator", "generator"]

GUESSING = 1.386294  # log 4: both answers are 1/2
SATURATES = True


def generator(fake: Tensor, real: Tensor | None = None) -> Tensor:
    return -binary_cross_entropy(fake, 0)
