"""Autoencoder with a discriminator (VAE-GAN): layers that see shapes, in all three networks.

Larsen et al. 2016, with the layers of our DCGAN. The features by which pictures are compared are the discriminator's
last ones before its verdict.
"""

from gan.parts.blocks import Discriminator, Logit
from gan.parts.nets.dcgan import feature_count, shrinking
from gan.parts.nets.vae.vae_conv import encoder, generator

__all__ = ["discriminator", "encoder", "generator"]

FAMILY = "vae_gan"
OPTIONS = {"width": (16, 4, 128), "extra_layers": (0, 0, 4)}
REFUSES = {
    "packing": "what comes back is compared picture by picture, and a packed discriminator sees several as one",
    "dots": "its layers look at neighbouring pixels, and a dot has none",
}


def discriminator(config, shape):
    width = config.option("width")
    layers = shrinking(shape, width, config.option("extra_layers"))
    return Discriminator(*layers, Logit(feature_count(shape, width)))
