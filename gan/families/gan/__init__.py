"""GAN: a generator draws fakes from noise, and a discriminator learns to tell them from real pictures.

Goodfellow et al. 2014. Which loss the two play for is a choice of its own (`gan/parts/losses`).
"""

OPTIMISERS = {"g_optimizer": ("generator",), "d_optimizer": ("discriminator",)}
READS = ("d_loss", "g_loss", "d_real", "d_fake", "real_passed", "fake_passed")
LOSSES = ("d_loss", "g_loss")
IGNORES = ("task",)
