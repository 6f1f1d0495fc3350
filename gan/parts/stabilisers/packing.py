"""Packing (PacGAN): the discriminator judges several pictures at once, so it notices when the generator always
draws the same.

PacGAN (Lin et al. 2018): D's input is m pictures, laid one behind the other as channels, all real or all fake.
The strength is m.
"""

from torch import Tensor, nn

from gan.parts.blocks import Discriminator
from gan.parts.hooks import Base

STRENGTH = (2, 2, 4)
BUILT_IN = True
COUPLES = True


class Stabiliser(Base):
    def shape(self, shape: tuple[int, int, int]) -> tuple[int, int, int]:
        channels, height, width = shape
        return channels * self.strength, height, width

    def change(self, discriminator: Discriminator) -> None:
        discriminator.insert(0, Pack(self.strength))


class Pack(nn.Module):
    """Pictures (n, c, h, w) as packs (p, c * size, h, w): pack i of p holds the pictures i, i + p, i + 2p and so on.

    What is left over is not shown; too few for one pack are shown several times.
    """

    couples = True

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, pictures: Tensor) -> Tensor:
        while len(pictures) < self.size:
            pictures = pictures.repeat(2, 1, 1, 1)
        packs = len(pictures) // self.size
        return pictures[: packs * self.size].unflatten(0, (self.size, packs)).transpose(0, 1).flatten(1, 2)
