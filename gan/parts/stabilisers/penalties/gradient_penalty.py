"""Gradient penalty: on the way from a fake to a real picture, the discriminator's points must climb at an even pace.

WGAN-GP (Gulrajani et al. 2017, eq. 3): D's loss grows by lambda * E (|grad D(y)| - 1)^2, where
y = e x + (1 - e) G(z) and e is drawn from 0..1 for each picture. The strength is lambda.
"""

import torch
from torch import Tensor

from gan.parts.hooks import Base, Batch, Judge
from gan.parts.stabilisers.penalties._slopes import slopes

STRENGTH = (10.0, 0.1, 100.0)
REFUSES = {
    "deep_mlp_vs_conv": "its discriminator has batch norm, and the penalty is on its slope for each picture alone",
    "d_norm=batch": "batch norm mixes the pictures, and the penalty is on the discriminator's slope for each one alone",
    "r1": "one wants the discriminator to have a slope of 1, the other a slope of 0",
    "r2": "one wants the discriminator to have a slope of 1, the other a slope of 0",
    "weight_clipping": "with such small weights, the discriminator's slope can never be 1",
}


class Stabiliser(Base):
    alone = True

    def d_penalty(self, judge: Judge, real: Batch, fake: Batch) -> Tensor:
        like = {"dtype": real.pictures.dtype, "device": real.pictures.device}
        share = torch.rand(len(real.pictures), 1, 1, 1, generator=self.random, **like)
        between = fake.pictures.lerp(real.pictures, share)
        return self.strength * (slopes(judge, Batch(between, real.labels)) - 1).square().mean()
