"""Plain layers (MLP): in the generator and the discriminator, every number of a layer looks at all of the one before.

Goodfellow et al. 2014, section 5, with parts that came later to choose from: batch norm (Ioffe, Szegedy
2015) or layer norm (Ba et al. 2016) in the generator alone, dropout in the discriminator alone.
"""

from torch import nn

from gan.parts.blocks import Discriminator, Dropout, Generator, Logit, Pictures, pixels

OPTIONS = {
    "depth": (2, 1, 6),  # hidden layers of each network
    "width": (256, 16, 1024),  # numbers in each hidden layer
    "activation": ("leaky_relu", "relu", "tanh", "sigmoid", "none"),
    "norm": ("none", "batch", "layer"),  # in the generator
    "dropout": (0.0, 0.0, 0.7),  # in the discriminator
}


def generator(config, shape):
    norms = {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm}
    norm = norms.get(config.option("norm"))
    layers, outputs = [], config.latent_size
    for _ in range(config.option("depth")):
        inputs, outputs = outputs, config.option("width")
        layers += [nn.Linear(inputs, outputs), *([norm(outputs)] if norm else []), *_bend(config)]
    return Generator(*layers, nn.Linear(outputs, pixels(shape)), nn.Tanh(), Pictures(shape))


def discriminator(config, shape):
    share = config.option("dropout")
    layers, outputs = [nn.Flatten()], pixels(shape)
    for _ in range(config.option("depth")):
        inputs, outputs = outputs, config.option("width")
        layers += [nn.Linear(inputs, outputs), *_bend(config), *([Dropout(share)] if share else [])]
    return Discriminator(*layers, Logit(outputs))


def _bend(config) -> list[nn.Module]:
    """The chosen activation; without one, all layers together do no more than a single one could."""
    return {
        "leaky_relu": [nn.LeakyReLU(0.2, inplace=True)],
        "relu": [nn.ReLU(inplace=True)],
        "tanh": [nn.Tanh()],
        "sigmoid": [nn.Sigmoid()],
        "none": [],
    }[config.option("activation")]
