"""Autoencoder of plain layers (VAE MLP): every number of a layer looks at all of the one before.

Kingma, Welling 2014, appendix C, with as many layers as one likes.
"""

from torch import nn

from gan.parts.blocks import Pictures, pixels
from gan.parts.nets.vae._blocks import Code, Decoder, Encoder, fitted

FAMILY = "vae"
OPTIONS = {
    "depth": (1, 1, 4),  # hidden layers of each network
    "width": (256, 16, 1024),  # numbers in each hidden layer
}
REFUSES = {"dots": "its last layer gives numbers between black and white"}


def encoder(config, shape):
    layers, outputs = [nn.Flatten()], pixels(shape)
    for _ in range(config.option("depth")):
        inputs, outputs = outputs, config.option("width")
        layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True)]
    return Encoder(*layers, Code(outputs, config.latent_size))


def generator(config, shape):
    layers, outputs = [], config.latent_size
    for _ in range(config.option("depth")):
        inputs, outputs = outputs, config.option("width")
        layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True)]
    return Decoder(fitted(config), *layers, nn.Linear(outputs, pixels(shape)), Pictures(shape), nn.Tanh())
