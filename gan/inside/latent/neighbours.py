"""Which real pictures a fake is nearest to: pixel by pixel, and in what a referee sees. Has it been copied?"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gan.data import Pictures
from gan.data.remembered import remembered
from gan.look.referee import Referee
from gan.look.scores import squared_distances

COUNT = 5
CHUNK = 2_000  # real pictures at once


@dataclass(frozen=True, eq=False)
class Nearest:
    """Of each picture asked about: the real ones nearest to it, the nearest first."""

    numbers: np.ndarray  # int (n, count), places in the real pictures
    distances: np.ndarray  # float32 (n, count)
    usual: np.ndarray  # float32 (n,), how far these real ones usually are from the real one nearest to each

    @property
    def ratios(self) -> np.ndarray:
        """The distance to the nearest, in units of the usual one (n,): 0 = a copy, 1 = as new as another real one.

        Ones are nearer to each other than twos, so what is usual is asked where the picture lies; in the manner of the
        authenticity of Alaa et al. 2022, "How faithful is your synthetic data?", section 4.3.
        """
        return self.distances[:, 0] / np.maximum(self.usual, 1e-9)


def pixels(images: np.ndarray) -> Tensor:
    """uint8 (n, h, w) or (n, h, w, 3) as rows such that a distance is the root mean square difference of pixels."""
    rows = torch.from_numpy(np.ascontiguousarray(images)).flatten(1).float()
    return rows.div_(255 * rows.shape[1] ** 0.5)


def nearest(rows: Tensor, known: Tensor, count: int = COUNT, own: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The `count` rows (m, d) of `known` nearest to each of `rows` (n, d): numbers (n, count), distances (n, count).

    `own` (n,) are the numbers of the known rows that `rows` themselves are, which do not count.
    """
    best = torch.full((len(rows), 0), torch.inf), torch.zeros(len(rows), 0, dtype=torch.long)
    for first in range(0, len(known), CHUNK):
        squares = squared_distances(rows, known[first : first + CHUNK])
        if own is not None:
            mine = ((own >= first) & (own < first + squares.shape[1])).nonzero()[:, 0]
            squares[mine, own[mine] - first] = torch.inf
        numbers = torch.arange(first, first + squares.shape[1]).expand(len(rows), -1)
        together = torch.cat([best[0], squares], 1), torch.cat([best[1], numbers], 1)
        places = together[0].topk(min(count, together[0].shape[1]), largest=False).indices
        best = together[0].gather(1, places), together[1].gather(1, places)
    # Anew, from the differences: of squares that come from products small ones are lost, and a copy would not be at 0.
    return best[1], (rows[:, None] - known[best[1]]).norm(dim=2)


@torch.inference_mode()
def find(rows: Tensor, known: Tensor, count: int = COUNT) -> Nearest:
    """The real pictures, as rows `known` (m, d), nearest to each of `rows` (n, d); m must be at least 2."""
    numbers, distances = nearest(rows, known, count)
    asked = numbers.unique()
    own = nearest(known[asked], known, 1, own=asked)[1][:, 0]
    usual = own[torch.searchsorted(asked, numbers)].mean(1)
    return Nearest(numbers.numpy(), distances.numpy(), usual.numpy())


@remembered(3)
def by_pixels(pictures: Pictures) -> Tensor:
    """The rows of a picture set; made once."""
    return pixels(pictures.images)


@remembered(3)
def by_features(pictures: Pictures, referee: Referee) -> Tensor:
    """What the referee sees in them."""
    return referee.look(pictures.images)[0]
