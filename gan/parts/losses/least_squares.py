"""Least squares (LSGAN): fakes far from the discriminator's border are pulled in, even those that already fool it.

LSGAN (Mao et al. 2017, eq. 9; a = 0, b = c = 1). D: 1/2 (D(x) - 1)^2 + 1/2 D(G(z))^2.
G: 1/2 (D(G(z)) - 1)^2. D's answer is the label itself, not a logit.
"""

from torch import Tensor

LINEAR = True  # D's answer is its belief as it stands: 0 fake, 1 real
GUESSING = 0.25


def discriminator(real: Tensor, fake: Tensor, real_label: float = 1.0) -> Tensor:
    return 0.5 * ((real - real_label).square().mean() + fake.square().mean())


def generator(fake: Tensor, real: Tensor | None = None) -> Tensor:
    return 0.5 * (fake - 1).square().mean()
