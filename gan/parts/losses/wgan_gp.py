"""Wasserstein with gradient penalty (WGAN-GP): the discriminator gives points, which must climb at an even pace.

Gulrajani et al. 2017, eq. 3: the slope at pictures between a real one and a fake is pulled to 1, weight 10. As
algorithm 1 has it, D takes five steps to each of G's, with Adam at 1e-4 and betas 0 and 0.9.
"""

from gan.parts.losses._critic import discriminator, generator

__all__ = ["discriminator", "generator"]

CRITIC = True
BRINGS = {"gradient_penalty": 10.0}
SETTINGS = {
    "optimizer": "adam", "learning_rate": 1e-4, "d_learning_rate": None, "beta1": 0.0, "beta2": 0.9, "d_steps": 5,
}  # fmt: skip
REFUSES = {"label_smoothing": "a critic gives points and has no labels, so there is nothing to smooth"}
