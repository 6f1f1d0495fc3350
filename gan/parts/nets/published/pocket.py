"""Pocket: the smallest plain networks that can draw digits.

MLP 100-128-784 against 784-128-1 (the `pocket` recipe).
"""

from torch import nn

from gan.parts.blocks import Discriminator, Generator, Logit, Pictures, pixels


def generator(config, shape):
    return Generator(
        nn.Linear(config.latent_size, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, pixels(shape)),
        nn.Tanh(),
        Pictures(shape),
    )


def discriminator(config, shape):
    return Discriminator(nn.Flatten(), nn.Linear(pixels(shape), 128), nn.LeakyReLU(0.2, inplace=True), Logit(128))
