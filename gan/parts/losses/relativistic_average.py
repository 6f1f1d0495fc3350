"""Relativistic average (RaGAN): the discriminator says how much more real a picture looks than the average of
the other kind.

RaGAN (Jolicoeur-Martineau 2018, section 4.3), with the standard cross-entropy:
D: -log s(C(x) - mean C(G(z))) - log(1 - s(C(G(z)) - mean C(x))), s the sigmoid; G: the same, real and fake swapped.
"""

from torch import Tensor
from torch.nn.functional import softplus

CRITIC = True
NEEDS_REAL = True
GUESSING = 1.386294  # log 4: both means are the same
REFUSES = {"label_smoothing": "this loss compares pictures and has no labels, so there is nothing to smooth"}


def discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return softplus(fake.mean() - real).mean() + softplus(fake - real.mean()).mean()


def generator(fake: Tensor, real: Tensor) -> Tensor:
    return discriminator(fake, real)
