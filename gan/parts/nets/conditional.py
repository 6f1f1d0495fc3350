"""Conditional (cGAN): you can ask the generator for a 7, and the discriminator checks whether it really drew a 7.

The generator has the class beside its noise (Mirza, Osindero 2014, section 3). The discriminator compares
what it sees with what it knows of the class: a projection (Miyato, Koyama 2018, eq. 6). The rest is DCGAN.
"""

from torch import Tensor, nn

from gan.parts.blocks import ClassBeside, ClassGenerator, Discriminator, Logit
from gan.parts.nets.dcgan import feature_count, growing, shrinking

CONDITIONAL = True
OPTIONS = {"width": (16, 4, 128), "extra_layers": (0, 0, 4)}
REFUSES = {
    "packing": "its discriminator judges one picture with one class at a time",
    "dots": "its layers look at neighbouring pixels, and a dot has none",
}


def generator(config, shape):
    beside = ClassBeside(config.latent_size, config.class_count, config.classes)
    inputs, width = config.latent_size + beside.SIZE, config.option("width")
    return ClassGenerator(beside, *growing(inputs, shape, width, config.option("extra_layers")))


def discriminator(config, shape):
    width = config.option("width")
    head = Projection(feature_count(shape, width), config.class_count)
    return ProjectionDiscriminator(*shrinking(shape, width, config.option("extra_layers")), head)


class Projection(Logit):
    """The logit w . features + b + direction(class) . features; without labels, the last term is missing."""

    def __init__(self, inputs: int, class_count: int) -> None:
        super().__init__(inputs)
        self.directions = nn.Embedding(class_count, inputs)
        nn.init.zeros_(self.directions.weight)  # at first, all classes look alike

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        logits = super().forward(x)
        return logits if labels is None else logits + (self.directions(labels) * x).sum(1)


class ProjectionDiscriminator(Discriminator):
    """A discriminator that ends in a `Projection`."""

    def widen(self, layer: nn.Module, extra: int) -> None:
        class_count = self[-1].directions.num_embeddings
        super().widen(layer, extra)
        self[-1] = Projection(self[-1].in_features, class_count)
