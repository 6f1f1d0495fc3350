"""R2 penalty: when a fake changes a little, the discriminator's answer may only change a little.

Mescheder, Geiger, Nowozin 2018, eq. 10: D's loss grows by gamma / 2 * E |grad D(G(z))|^2 over fakes G(z).
The strength is gamma.
"""

from torch import Tensor

from gan.parts.hooks import Base, Batch, Judge
from gan.parts.stabilisers.penalties._slopes import slopes

STRENGTH = (1.0, 0.01, 100.0)
REFUSES = {
    "deep_mlp_vs_conv": "its discriminator has batch norm, and the penalty is on its slope for each picture alone",
    "d_norm=batch": "batch norm mixes the pictures, and the penalty is on the discriminator's slope for each one alone",
}


class Stabiliser(Base):
    alone = True

    def d_penalty(self, judge: Judge, real: Batch, fake: Batch) -> Tensor:
        return self.strength / 2 * slopes(judge, fake).square().mean()
