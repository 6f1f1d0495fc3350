"""Changed pictures (DiffAugment): before the discriminator sees a picture, it is moved, recoloured and gets a
hole, all by chance.

DiffAugment (Zhao et al. 2020): D(T(x)) and D(T(G(z))), where T is drawn for each picture and lets G's gradient pass:
brightness, saturation, contrast, translation, cutout. At strength 1, T is as wild as in the paper; below, less;
at 0 it would change nothing. What is cut out or moves in from outside is 0.
"""

import torch
from torch import Tensor

from gan.parts.hooks import Base

STRENGTH = (1.0, 0.1, 1.0)
REFUSES = {"dots": "it moves and recolours pixels, and a dot has none"}


class Stabiliser(Base):
    def show(self, pictures: Tensor) -> Tensor:
        luck = torch.rand(7, len(pictures), 1, 1, 1, generator=self.random, device=pictures.device)
        pictures = recoloured(pictures, self.strength, luck[:3])
        pictures = moved(pictures, self.strength, luck[3:5])
        return cut(pictures, self.strength, luck[5:])


def recoloured(pictures: Tensor, extent: float, luck: Tensor) -> Tensor:
    """Darker or brighter by up to 1/2, with 0 to 2 times the colour and 1/2 to 3/2 times the contrast."""
    brightness, saturation, contrast = extent * (luck - 0.5)
    if pictures.shape[1] > 1:
        grey = pictures.mean(1, keepdim=True)
        pictures = grey + (1 + 2 * saturation) * (pictures - grey)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return mean + brightness + (1 + contrast) * (pictures - mean)


def moved(pictures: Tensor, extent: float, luck: Tensor) -> Tensor:
    """Moved down or up, right or left, by up to 1/8 of the side."""
    picked = []
    for share, side in zip(luck, pictures.shape[2:], strict=True):
        most = round(extent * side / 8)
        steps = (share * (2 * most + 1)).floor() - most
        places = torch.arange(side, device=luck.device)
        picked.append((places[:, None] == places + steps).to(pictures.dtype))  # (n, 1, side, side): who moves where
    down, right = picked
    return down @ pictures @ right.transpose(2, 3)


def cut(pictures: Tensor, extent: float, luck: Tensor) -> Tensor:
    """With a hole, half as high and half as wide as the picture, whose centre is anywhere."""
    hidden = []
    for share, side in zip(luck, pictures.shape[2:], strict=True):
        size = round(extent * side / 2)
        first = (share * (side + 1 - size % 2)).floor() - size // 2
        places = torch.arange(side, device=luck.device)
        hidden.append((places >= first) & (places < first + size))  # (n, 1, 1, side)
    rows, columns = hidden
    return pictures.masked_fill(rows.transpose(2, 3) & columns, 0)
