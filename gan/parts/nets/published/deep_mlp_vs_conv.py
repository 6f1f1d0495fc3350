"""Plain against looking: a big plain generator against a discriminator that sees shapes.

MLP generator 100-256-512-1024-784 against a two-layer convolutional D (that recipe).
"""

from torch import nn

from gan.parts.blocks import Discriminator, Generator, Logit, Pictures, pixels

MOMENTUM = 0.8  # torch's sense: the share of the newest batch in the running statistics
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape):
    def hidden(inputs: int, outputs: int) -> list[nn.Module]:
        return [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs, momentum=MOMENTUM), nn.ReLU(inplace=True)]

    return Generator(
        *hidden(config.latent_size, 256),
        *hidden(256, 512),
        *hidden(512, 1024),
        nn.Linear(1024, pixels(shape)),
        nn.Tanh(),
        Pictures(shape),
    )


def discriminator(config, shape):
    channels, height, width = shape
    return Discriminator(
        nn.Conv2d(channels, 64, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(64, 128, 4, stride=2, padding=1),
        nn.BatchNorm2d(128, momentum=MOMENTUM),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Flatten(),
        Logit(128 * (height // 4) * (width // 4)),
    )
