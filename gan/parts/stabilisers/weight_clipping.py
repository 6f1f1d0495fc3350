"""Weight clipping: after each learning step, all numbers inside the discriminator are cut back to small ones.

WGAN (Arjovsky, Chintala, Bottou 2017, algorithm 1): w = clip(w, -c, c). The strength is c.
"""

import torch

from gan.parts.blocks import Discriminator
from gan.parts.hooks import Base

STRENGTH = (0.01, 0.001, 0.5)


class Stabiliser(Base):
    @torch.no_grad()
    def after_d_step(self, discriminator: Discriminator) -> None:
        weights = list(discriminator.parameters())
        torch._foreach_clamp_min_(weights, -self.strength)
        torch._foreach_clamp_max_(weights, self.strength)
