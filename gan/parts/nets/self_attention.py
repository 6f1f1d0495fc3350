"""Self-attention (SAGAN): each place of a picture may look at all others, so that far-apart parts fit together.

Zhang et al. 2019, section 3: one attention layer in the generator and one in the discriminator, where pictures
are 14 or 16 a side. The paper's spectral norm is a stabiliser here, its hinge loss a loss. The rest is DCGAN.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d

from gan.parts.blocks import Discriminator, Generator, Logit
from gan.parts.nets.dcgan import feature_count, growing, shrinking

OPTIONS = {"width": (16, 4, 128), "extra_layers": (0, 0, 4)}
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape):
    width, steps = config.option("width"), _steps(shape)
    layers = growing(config.latent_size, shape, width, config.option("extra_layers"))
    layers.insert(1 - 3 * steps, Attention(width << steps - 1))  # before that many steps of three layers, and tanh
    return Generator(*layers)


def discriminator(config, shape):
    width, steps = config.option("width"), _steps(shape)
    layers = shrinking(shape, width, config.option("extra_layers"))
    layers.insert(2 * steps, Attention(width << steps - 1))  # after that many steps of two layers
    return Discriminator(*layers, Logit(feature_count(shape, width)))


def _steps(shape: tuple[int, int, int]) -> int:
    """How many steps lie between a picture and its form of at most 16 a side."""
    steps = 1
    while shape[1] >> steps > 16:
        steps += 1
    return steps


class Attention(nn.Module):
    """What a place sees elsewhere, added to what it has; how much of it, gamma, is learned and begins at 0.

    Four neighbours are seen as one, as in the authors' code: that halves the time.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        few, some = max(1, channels // 8), max(1, channels // 2)
        self.query = nn.Conv2d(channels, few, 1)  # what a place looks for
        self.key = nn.Conv2d(channels, few, 1)  # what a place has to offer
        self.value = nn.Conv2d(channels, some, 1)  # what it gives to those who look
        self.out = nn.Conv2d(some, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(()))

    def weights(self, x: Tensor) -> Tensor:
        """How much each place looks at each other, (n, places, places / 4); each row adds up to 1."""
        query, key = self.query(x).flatten(2), max_pool2d(self.key(x), 2).flatten(2)
        return (query.transpose(1, 2) @ key).softmax(2)

    def forward(self, x: Tensor) -> Tensor:
        value = max_pool2d(self.value(x), 2).flatten(2).transpose(1, 2)
        seen = (self.weights(x) @ value).transpose(1, 2).unflatten(2, x.shape[2:])
        return x + self.gamma * self.out(seen)
