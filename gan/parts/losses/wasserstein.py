"""Wasserstein (WGAN): the discriminator gives points instead of yes or no, and its weights are kept small.

Arjovsky, Chintala, Bottou 2017, algorithm 1: after each D step, its weights are clipped to -0.01..0.01. There D
takes five steps to each of G's, with RMSprop at 5e-5.
"""

from gan.parts.losses._critic import discriminator, generator

__all__ = ["discriminator", "generator"]

CRITIC = True
BRINGS = {"weight_clipping": 0.01}
SETTINGS = {"optimizer": "rmsprop", "learning_rate": 5e-5, "d_learning_rate": None, "beta2": 0.99, "d_steps": 5}
REFUSES = {"label_smoothing": "a critic gives points and has no labels, so there is nothing to smooth"}
