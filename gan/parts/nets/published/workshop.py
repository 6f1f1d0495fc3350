"""Workshop: plain layers and patience.

MLP 100-256-512-784 with sigmoid pixels against 784-512-256-1 (the `workshop` recipe).
"""

from torch import nn

from gan.parts.blocks import Discriminator, Generator, Logit, Pictures, pixels


def generator(config, shape):
    return Generator(
        nn.Linear(config.latent_size, 256),  # no activation here, as published
        nn.Linear(256, 512),
        nn.ReLU(inplace=True),
        nn.Linear(512, pixels(shape)),
        nn.Sigmoid(),
        Pictures(shape),
    )


def discriminator(config, shape):
    return Discriminator(
        nn.Flatten(),
        nn.Linear(pixels(shape), 512),
        nn.ReLU(inplace=True),
        nn.Linear(512, 256),
        nn.ReLU(inplace=True),
        Logit(256),
    )
