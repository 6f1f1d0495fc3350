"""Gradient penalty: on the way from a fake to a real picture, the discriminator's points must climb at an even pace.

WGAN-GP (Gulrajani et al. 2017, eq. 3): D's loss grows by lambda * E (|grad D(y)| - 1)^2, where
y = e x + (1 - e) G(z) and e is drawn from 0..1 for each picture. The strength is lambda.
"""

import torch
from torch import Tensor
from torch.nn.modules.batchnorm import _BatchNorm

from gan.messages import Refusal
from gan.parts.blocks import Discriminator
from gan.parts.hooks import Base, Batch, Judge
from gan.parts.stabilisers._slopes import slopes

STRENGTH = (10.0, 0.1, 100.0)
REFUSES = {
    "deep_mlp_vs_conv": "its discriminator has batch norm, and the penalty is on its slope for each picture alone",
    "r1": "one wants the discriminator to have a slope of 1, the other a slope of 0",
    "r2": "one wants the discriminator to have a slope of 1, the other a slope of 0",
    "weight_clipping": "with such small weights, the discriminator's slope can never be 1",
}


class Stabiliser(Base):
    def change(self, discriminator: Discriminator) -> None:
        if any(isinstance(module, _BatchNorm) for module in discriminator.modules()):
            raise Refusal(
                "stabiliser.gradient_penalty.batch_norm",
                "gradient_penalty does not go with batch norm in the discriminator: "
                "the penalty is on its slope for each picture alone.",
            )

    def d_penalty(self, judge: Judge, real: Batch, fake: Batch) -> Tensor:
        like = {"dtype": real.pictures.dtype, "device": real.pictures.device}
        share = torch.rand(len(real.pictures), 1, 1, 1, generator=self.random, **like)
        between = fake.pictures.lerp(real.pictures, share)
        return self.strength * (slopes(judge, Batch(between, real.labels)) - 1).square().mean()
