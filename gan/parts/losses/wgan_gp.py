"""Wasserstein with gradient penalty (WGAN-GP): the discriminator gives points, which must climb at an even pace.

Gulrajani et al. 2017, eq. 3: the slope at pictures between a real one and a fake is pulled to 1, weight 10.
"""

from gan.parts.losses._critic import discriminator, generator

__all__ = ["discriminator", "generator"]

CRITIC = True
BRINGS = {"gradient_penalty": 10.0}
REFUSES = {"label_smoothing": "a critic gives points and has no labels, so there is nothing to smooth"}
