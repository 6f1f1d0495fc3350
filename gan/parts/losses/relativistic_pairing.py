"""Relativistic pairing (R3GAN): the discriminator compares each fake with one real picture and is kept gentle.

Jolicoeur-Martineau 2018 (RpGAN) with R1 and R2 as in Huang et al. 2024 (R3GAN), section 2:
D: softplus(C(G(z)) - C(x)) for pairs of a fake and a real picture; G: softplus(C(x) - C(G(z))).
"""

from torch import Tensor
from torch.nn.functional import softplus

CRITIC = True
NEEDS_REAL = True
GUESSING = 0.693147  # log 2: neither is more real
BRINGS = {"r1": 1.0, "r2": 1.0}
REFUSES = {"label_smoothing": "this loss compares pictures and has no labels, so there is nothing to smooth"}


def discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return softplus(fake - real).mean()


def generator(fake: Tensor, real: Tensor) -> Tensor:
    return softplus(real - fake).mean()
