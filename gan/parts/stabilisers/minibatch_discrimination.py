"""Batch comparison (minibatch discrimination): the discriminator compares each picture with the others, so it
notices when many look alike.

Minibatch discrimination (Salimans et al. 2016, section 3.2): M_i = f(x_i) T, a matrix of B rows; beside the
features comes o_b = sum over j of exp(-|M_i,b - M_j,b|_1). Here the mean over the other pictures stands for the sum,
so that it means the same in a batch of any size. The strength is B, the number of kernels.
"""

import torch
from torch import Tensor, nn

from gan.parts.blocks import Discriminator
from gan.parts.hooks import Base

STRENGTH = (16, 1, 100)
BUILT_IN = True
COUPLES = True
KERNEL_SIZE = 5  # numbers in a row of M


class Stabiliser(Base):
    def change(self, discriminator: Discriminator) -> None:
        discriminator.widen(Closeness(discriminator[-1].in_features, self.strength), self.strength)


class Closeness(nn.Module):
    """Features (n, f), and beside them how close the rest of the batch is by each kernel, 0..1: (n, f + kernels)."""

    couples = True

    def __init__(self, inputs: int, kernels: int) -> None:
        super().__init__()
        self.rows = nn.Linear(inputs, kernels * KERNEL_SIZE, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        rows = self.rows(features).unflatten(1, (-1, KERNEL_SIZE))
        close = (-(rows[:, None] - rows).abs().sum(3)).exp()  # (n, n, kernels)
        others = (close.sum(1) - 1) / max(1, len(features) - 1)
        return torch.cat([features, others], 1)
