"""Autoencoder that sees shapes (VAE): the encoder shrinks a picture to a few numbers, the generator grows it again.

Layers as those of DCGAN (Radford, Metz, Chintala 2015), in an autoencoder (Kingma, Welling 2014).
"""

from gan.parts.nets.dcgan import feature_count, growing, shrinking
from gan.parts.nets.vae._blocks import Code, Decoder, Encoder, fitted

FAMILY = "vae"
OPTIONS = {"width": (16, 4, 128), "extra_layers": (0, 0, 4)}
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def encoder(config, shape, told: int = 0):
    width = config.option("width")
    layers = shrinking(shape, width, config.option("extra_layers"))
    return Encoder(*layers, Code(feature_count(shape, width), config.latent_size, told))


def generator(config, shape, told: int = 0):
    inputs = config.latent_size + told
    layers = growing(inputs, shape, config.option("width"), config.option("extra_layers"))
    return Decoder(fitted(config, told), *layers)
