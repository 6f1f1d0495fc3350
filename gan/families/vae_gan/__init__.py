"""VAE-GAN: an autoencoder whose pictures shall come back as the discriminator sees them, not pixel by pixel.

Larsen, Sonderby, Larochelle, Winther 2016. Three losses (their algorithm 1): the codes shall look like noise, what
comes back shall give the discriminator the same features as the real picture, and the discriminator shall take it, and
what is drawn from noise, for real. Half of each batch of fakes came there and back, half is drawn from noise.
"""

OPTIMISERS = {"e_optimizer": ("encoder",), "g_optimizer": ("generator",), "d_optimizer": ("discriminator",)}
READS = ("d_loss", "g_loss", "d_real", "d_fake", "real_passed", "fake_passed", "reconstruction", "kl")
LOSSES = ("reconstruction", "kl", "d_loss", "g_loss")
SETTINGS = {"architecture": "vae_gan_conv", "batch_size": 32}
IGNORES = ("task", "noise", "g_steps", "fresh_fakes", "batch_parts")
OPTIONS = {
    "likeness": (0.01, 0.0, 1.0),  # weight of the reconstruction in the generator's loss, the paper's gamma
    "beta": (1.0, 0.0, 20.0),  # weight of the KL divergence in the encoder's
}
LIVE = ("likeness", "beta")
