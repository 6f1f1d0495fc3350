"""DCGAN: layers that see shapes; the generator grows its picture step by step, the discriminator shrinks it.

Radford, Metz, Chintala 2015, section 3; small enough for a school laptop. Width 128 on pictures of 64 x 64
is the paper's size. As default the discriminator has no batch norm and weights begin as torch draws them.
"""

from itertools import pairwise

from torch import nn

from gan.parts.blocks import Discriminator, Generator, Logit, Pictures

OPTIONS = {
    "width": (16, 4, 128),  # channels at the largest size
    "extra_layers": (0, 0, 4),  # in each network, at the smallest size; the paper has none
    "d_norm": ("none", "batch"),
    "init": ("torch", "paper"),
}
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape):
    layers = growing(config.latent_size, shape, config.option("width"), config.option("extra_layers"))
    return _begun(Generator(*layers), config)


def discriminator(config, shape):
    width = config.option("width")
    layers = shrinking(shape, width, config.option("extra_layers"), norm=config.option("d_norm") == "batch")
    return _begun(Discriminator(*layers, Logit(feature_count(shape, width))), config)


def growing(inputs: int, shape: tuple[int, int, int], width: int, extra: int = 0) -> list[nn.Module]:
    """Layers from numbers (n, inputs) to pictures: `extra` at the smallest size, then each doubles the side."""
    channels, height, breadth = shape
    steps = halvings(shape)
    start = (width << steps - 1, height >> steps, breadth >> steps)
    layers = [nn.Linear(inputs, start[0] * start[1] * start[2]), Pictures(start)]
    for _ in range(extra):
        layers += [nn.BatchNorm2d(start[0]), nn.ReLU(inplace=True), nn.Conv2d(start[0], start[0], 3, padding=1)]
    for wide, narrow in pairwise([*(width << step for step in reversed(range(steps))), channels]):
        layers += [
            nn.BatchNorm2d(wide),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1),
        ]
    return [*layers, nn.Tanh()]


def shrinking(shape: tuple[int, int, int], width: int, extra: int = 0, norm: bool = False) -> list[nn.Module]:
    """Layers from pictures to features (n, f): each halves the side, then `extra` at the smallest size."""
    layers = []
    for step, (narrow, wide) in enumerate(pairwise([shape[0], *(width << step for step in range(halvings(shape)))])):
        layers.append(nn.Conv2d(narrow, wide, 4, stride=2, padding=1))
        if norm and step:  # never on the pictures' own layer, as in the paper
            layers.append(nn.BatchNorm2d(wide))
        layers.append(nn.LeakyReLU(0.2, inplace=True))
    for _ in range(extra):
        norms = [nn.BatchNorm2d(wide)] if norm else []
        layers += [nn.Conv2d(wide, wide, 3, padding=1), *norms, nn.LeakyReLU(0.2, inplace=True)]
    return [*layers, nn.Flatten()]


def feature_count(shape: tuple[int, int, int], width: int) -> int:
    """How many features `shrinking` ends with."""
    steps = halvings(shape)
    return (width << steps - 1) * (shape[1] >> steps) * (shape[2] >> steps)


def halvings(shape: tuple[int, int, int]) -> int:
    """How often the side is halved: as long as it is even and above 7, so 28 to 7, 32 and 64 to 4."""
    steps = 1
    while all(side >> steps > 7 and (side >> steps) % 2 == 0 for side in shape[1:]):
        steps += 1
    return steps


def _begun(net: nn.Module, config) -> nn.Module:
    """The net with the paper's first weights, if they are wanted: normal with a spread of 0.02."""
    if config.option("init") == "paper":
        for layer in net:
            if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d):
                nn.init.normal_(layer.weight, 1.0 if isinstance(layer, nn.BatchNorm2d) else 0.0, 0.02)
                nn.init.zeros_(layer.bias)
    return net
