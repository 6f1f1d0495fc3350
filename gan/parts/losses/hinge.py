"""Hinge loss: the discriminator stops learning from pictures that it already judges clearly.

Lim and Ye 2017; Miyato et al. 2018, eq. 16 and 17. D: max(0, 1 - D(x)) + max(0, 1 + D(G(z))). G: -D(G(z)).
"""

from torch import Tensor

HAS_MARGIN = True
GUESSING = 2.0
REFUSES = {"label_smoothing": "this loss has a margin instead of labels, so there is nothing to smooth"}


def discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return (1 - real).relu().mean() + (1 + fake).relu().mean()


def generator(fake: Tensor, real: Tensor | None = None) -> Tensor:
    return -fake.mean()
