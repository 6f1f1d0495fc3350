"""Fundamentals: plain layers that get wider, and a discriminator that forgets a part of what it sees (dropout).

MLP 100-128-256-512-784 against 784-512-256-1 with dropout (the `fundamentals` recipe).
"""

from torch import nn

from gan.parts.blocks import Discriminator, Dropout, Generator, Logit, Pictures, pixels


def generator(config, shape):
    return Generator(
        nn.Linear(config.latent_size, 128),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Linear(128, 256),
        nn.BatchNorm1d(256),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Linear(256, 512),
        nn.BatchNorm1d(512),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Linear(512, pixels(shape)),
        nn.Tanh(),
        Pictures(shape),
    )


def discriminator(config, shape):
    return Discriminator(
        nn.Flatten(),
        nn.Linear(pixels(shape), 512),
        nn.LeakyReLU(0.2, inplace=True),
        Dropout(0.3),
        nn.Linear(512, 256),
        nn.LeakyReLU(0.2, inplace=True),
        Dropout(0.3),
        Logit(256),
    )
