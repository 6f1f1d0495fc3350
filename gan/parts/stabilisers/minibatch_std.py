"""Batch variety (minibatch standard deviation): the discriminator is told how different a batch's pictures are,
so it notices when all look the same.

Minibatch standard deviation (Karras et al. 2018, section 3): the standard deviation of each feature over the batch,
averaged over the features, is one more feature of every picture; here beside those before D's last layer.
It has no strength, it is on or off.
"""

import torch
from torch import Tensor, nn

from gan.parts.blocks import Discriminator
from gan.parts.hooks import Base

STRENGTH = (1, 0, 1)
BUILT_IN = True
COUPLES = True


class Stabiliser(Base):
    def change(self, discriminator: Discriminator) -> None:
        discriminator.widen(Variety(), 1)


class Variety(nn.Module):
    """Features (n, f), and beside them the batch's mean standard deviation: (n, f + 1)."""

    couples = True

    def forward(self, features: Tensor) -> Tensor:
        variance = features.var(0, correction=1 if len(features) > 1 else 0)
        spread = (variance + 1e-8).sqrt().mean()
        return torch.cat([features, spread.expand(len(features), 1)], 1)
