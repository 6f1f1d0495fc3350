"""My first GAN: one hidden layer on each side.

MLP 100-256-784 against 784-256-1 (the `first_gan` recipe).
As published it shows D pixels from 0 to 1 while tanh draws -1 to 1: D can tell by that alone.
"""

from torch import nn

from gan.parts.blocks import Discriminator, Generator, Logit, Pictures, pixels


def generator(config, shape):
    return Generator(
        nn.Linear(config.latent_size, 256),
        nn.ReLU(inplace=True),
        nn.Linear(256, pixels(shape)),
        nn.Tanh(),
        Pictures(shape),
    )


def discriminator(config, shape):
    return Discriminator(nn.Flatten(), nn.Linear(pixels(shape), 256), nn.LeakyReLU(0.2, inplace=True), Logit(256))
