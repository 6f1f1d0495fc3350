"""Feature matching: the generator has to match, on average, what the discriminator notices in real pictures.

Salimans et al. 2016, section 3.1: G's loss is |E f(x) - E f(G(z))|^2, f the features before D's last layer.
The strength is the share of G's loss that this takes; the rest is the loss that was chosen.
"""

from torch import Tensor

from gan.parts.blocks import Look
from gan.parts.hooks import Base

STRENGTH = (1.0, 0.05, 1.0)


class Stabiliser(Base):
    needs_real = True

    def g_loss(self, adversarial: Tensor, real: Look, fake: Look) -> Tensor:
        distance = (real.features.mean(0) - fake.features.mean(0)).square().sum()
        return (1 - self.strength) * adversarial + self.strength * distance
