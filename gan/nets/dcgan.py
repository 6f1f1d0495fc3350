"""A small DCGAN (Radford, Metz, Chintala 2015) for pictures whose sides divide by 4."""

from torch import nn

from gan.nets._blocks import Logit, Pictures

G_CHANNELS = (32, 16)
D_CHANNELS = (16, 32)


def generator(config, shape):
    channels, height, width = shape
    wide, narrow = G_CHANNELS
    return nn.Sequential(
        nn.Linear(config.latent_size, wide * (height // 4) * (width // 4)),
        Pictures((wide, height // 4, width // 4)),
        nn.BatchNorm2d(wide),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1),
        nn.BatchNorm2d(narrow),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(narrow, channels, 4, stride=2, padding=1),
        nn.Tanh(),
    )


def discriminator(config, shape):
    channels, height, width = shape
    narrow, wide = D_CHANNELS
    return nn.Sequential(
        nn.Conv2d(channels, narrow, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(narrow, wide, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Flatten(),
        Logit(wide * (height // 4) * (width // 4)),
    )
