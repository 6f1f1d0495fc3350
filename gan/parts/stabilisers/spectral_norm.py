"""Spectral norm: no layer of the discriminator may make the difference between two pictures bigger than it was.

Miyato et al. 2018, eq. 8 and algorithm 1: each weight matrix W is divided by its greatest singular value, u W v;
u and v come closer to the right ones by a power iteration at each use. It has no strength, it is on or off.
"""

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from gan.parts.blocks import Discriminator
from gan.parts.hooks import Base

STRENGTH = (1, 0, 1)
BUILT_IN = True
REFUSES = {"weight_clipping": "it scales the weights that were just cut back up or down again"}


class Stabiliser(Base):
    order = 1  # layers that others add are normed too

    def change(self, discriminator: Discriminator) -> None:
        for layer in list(discriminator.modules()):
            if isinstance(layer, nn.Embedding):
                nn.init.normal_(layer.weight)  # where all are 0, there is nothing to divide by
            if isinstance(layer, nn.Linear | nn.Conv2d | nn.Embedding):
                spectral_norm(layer)
