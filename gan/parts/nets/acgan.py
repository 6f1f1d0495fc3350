"""AC-GAN: the discriminator also names what it sees, and the generator is paid when its picture is named as asked.

Auxiliary classifier GAN (Odena, Olah, Shlens 2017, eq. 2 and 3): to what both networks make small, the
cross-entropy of the named class is added. Here the discriminator learns names from real pictures alone,
from which it cannot pick up the generator's mistakes; in the paper from both. The rest is DCGAN.
Pictures of one class come out alike: to be named rightly, it helps to be typical.
"""

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan.parts.blocks import Discriminator, Logit, Look
from gan.parts.nets.conditional import generator
from gan.parts.nets.dcgan import feature_count, shrinking

__all__ = ["discriminator", "generator"]

CONDITIONAL = True
OPTIONS = {"width": (16, 4, 128), "extra_layers": (0, 0, 4), "class_weight": (1.0, 0.0, 2.0)}
REFUSES = {
    "packing": "its discriminator names the class of one picture at a time",
    "dots": "its layers look at neighbouring pixels, and a dot has none",
}


def discriminator(config, shape):
    width = config.option("width")
    head = LogitAndClass(feature_count(shape, width), config.class_count)
    layers = shrinking(shape, width, config.option("extra_layers"))
    return NamingDiscriminator(config.option("class_weight"), *layers, head)


class LogitAndClass(Logit):
    """A logit, and beside it a layer that gives one logit a class."""

    def __init__(self, inputs: int, class_count: int) -> None:
        super().__init__(inputs)
        self.naming = nn.Linear(inputs, class_count)


class NamingDiscriminator(Discriminator):
    """Real or fake, and of what class; it is not told the class. `weight` is that of naming it."""

    def __init__(self, weight: float, *layers: nn.Module) -> None:
        super().__init__(*layers)
        self.weight = weight

    def look(self, pictures: Tensor, labels: Tensor | None = None) -> Look:
        look = super().look(pictures)
        return look._replace(classes=self[-1].naming(look.features))

    def class_loss(self, look: Look, labels: Tensor | None) -> Tensor | None:
        return self.weight * cross_entropy(look.classes, labels)

    def widen(self, layer: nn.Module, extra: int) -> None:
        class_count = self[-1].naming.out_features
        super().widen(layer, extra)
        self[-1] = LogitAndClass(self[-1].in_features, class_count)
