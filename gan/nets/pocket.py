"""MLP 100-128-784 against 784-128-1 (the `pocket` recipe): the smallest GAN that draws digits."""

from torch import nn

from gan.nets._blocks import Logit, Pictures, pixels


def generator(config, shape):
    return nn.Sequential(
        nn.Linear(config.latent_size, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, pixels(shape)),
        nn.Tanh(),
        Pictures(shape),
    )


def discriminator(config, shape):
    return nn.Sequential(nn.Flatten(), nn.Linear(pixels(shape), 128), nn.LeakyReLU(0.2, inplace=True), Logit(128))
