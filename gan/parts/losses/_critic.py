"""The Wasserstein distance as both sides see it (Arjovsky, Chintala, Bottou 2017, eq. 2).

D, here a critic, gives points: D: mean D(G(z)) - mean D(x). G: -mean D(G(z)).
The critic must not be too steep; how that is kept is what the files that use this differ in.
"""

from torch import Tensor


def discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return fake.mean() - real.mean()


def generator(fake: Tensor, real: Tensor | None = None) -> Tensor:
    return -fake.mean()
