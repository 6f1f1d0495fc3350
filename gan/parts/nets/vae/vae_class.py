"""Autoencoder that is told the class (VAE): both networks know what the picture shows, so you can ask for it.

Conditional VAE (Sohn, Lee, Yan 2015, eq. 4) whose prior is the same for every class. The rest is the autoencoder that
sees shapes.
"""

from gan.parts.nets.vae import vae_conv

FAMILY = "vae"
CONDITIONAL = True
OPTIONS = {"width": (16, 4, 128), "extra_layers": (0, 0, 4)}
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def encoder(config, shape):
    return vae_conv.encoder(config, shape, config.class_count)


def generator(config, shape):
    return vae_conv.generator(config, shape, config.class_count)
