"""Wasserstein (WGAN): the discriminator gives points instead of yes or no, and its weights are kept small.

Arjovsky, Chintala, Bottou 2017, algorithm 1: after each D step, its weights are clipped to -0.01..0.01.
"""

from gan.parts.losses._critic import discriminator, generator

__all__ = ["discriminator", "generator"]

CRITIC = True
BRINGS = {"weight_clipping": 0.01}
REFUSES = {"label_smoothing": "a critic gives points and has no labels, so there is nothing to smooth"}
