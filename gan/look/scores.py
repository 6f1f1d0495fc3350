"""The arithmetic of the scores: pictures or features in, plain numbers out. No file, setting or network.

Features are (n, d) rows, tensors or arrays; what each score can and cannot say is in docs/scores.md.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

NEIGHBOURS = 3  # k of precision and recall, as in the paper
SIDE = 7  # of a thumbnail
CHUNK = 1_000  # pictures at once: what fits a processor's cache


# Realism


class Gaussian(NamedTuple):
    """Mean (d,) and covariance (d, d) of a set of features, in float64."""

    mean: Tensor
    covariance: Tensor


def gaussian(features: Tensor | np.ndarray) -> Gaussian:
    """The Gaussian that fits `features` (n, d); n must be at least 2."""
    rows = torch.as_tensor(features).double()
    return Gaussian(rows.mean(0), torch.cov(rows.T).reshape(rows.shape[1], -1))


def frechet(one: Gaussian | Tensor | np.ndarray, other: Gaussian | Tensor | np.ndarray) -> float:
    """Squared Frechet distance of two sets of features (n, d) as Gaussians, 0 or more (Heusel et al. 2017, eq. 6).

    The trace of sqrt(A B) is that of sqrt(sqrt(A) B sqrt(A)), which is symmetric: faster, and never complex.
    """
    one, other = (item if isinstance(item, Gaussian) else gaussian(item) for item in (one, other))
    gap = one.mean - other.mean
    values, vectors = torch.linalg.eigh(one.covariance)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    overlap = torch.linalg.eigvalsh(root @ other.covariance @ root).clamp(min=0).sqrt().sum()
    distance = gap @ gap + one.covariance.trace() + other.covariance.trace() - 2 * overlap
    return max(0.0, distance.item())


# Variety


def shares(classes: Tensor | np.ndarray, count: int) -> tuple[float, ...]:
    """The share of each of `count` classes among the class numbers `classes` (n,)."""
    numbers = torch.bincount(torch.as_tensor(classes), minlength=count).double()
    return tuple((numbers / numbers.sum()).tolist())


def variety(shares: tuple[float, ...]) -> float:
    """How many classes the shares spread over: exp of their entropy, 1 for one class, k for k even ones."""
    return torch.special.entr(torch.tensor(shares, dtype=torch.float64)).sum().exp().item()


# Precision and recall


class Manifold(NamedTuple):
    """Where features lie: the union of balls around `points` (n, d), each of squared radius `reach` (n,)."""

    points: Tensor
    reach: Tensor


def manifold(features: Tensor | np.ndarray, k: int = NEIGHBOURS) -> Manifold:
    """Balls that reach from each of `features` (n, d) to its k-th nearest neighbour; n must be above k."""
    points = torch.as_tensor(features).float()
    distances = squared_distances(points, points).fill_diagonal_(-1)  # each is nearest to itself
    return Manifold(points, distances.topk(k + 1, largest=False).values[:, -1].clamp(min=0))


def precision_recall(
    real: Manifold | Tensor | np.ndarray, fake: Manifold | Tensor | np.ndarray, k: int = NEIGHBOURS
) -> tuple[float, float]:
    """The share of fakes among the reals, and of reals among the fakes, 0 to 1 (Kynkaanniemi et al. 2019)."""
    real, fake = (item if isinstance(item, Manifold) else manifold(item, k) for item in (real, fake))
    distances = squared_distances(real.points, fake.points)
    among_reals = (distances - real.reach.unsqueeze(1)).amin(0) <= 0
    among_fakes = (distances - fake.reach).amin(1) <= 0
    return among_reals.double().mean().item(), among_fakes.double().mean().item()


def squared_distances(one: Tensor, other: Tensor) -> Tensor:
    """(n, m) squared Euclidean distances of (n, d) and (m, d) by one matrix product."""
    lengths = one.square().sum(1, keepdim=True) + other.square().sum(1)
    return lengths.addmm_(one, other.T, alpha=-2).clamp_(min=0)


# Copying


def thumbnails(images: np.ndarray) -> Tensor:
    """uint8 (n, h, w) or (n, h, w, 3) shrunk by averaging to 7x7, 0..1, as rows (n, 49) or (n, 147).

    Blur and noise vanish here, so a slightly blurred or noisy copy is still near its original.
    """
    pictures = torch.from_numpy(images)
    pictures = pictures.unsqueeze(1) if images.ndim == 3 else pictures.permute(0, 3, 1, 2)
    parts = [adaptive_avg_pool2d(part.float(), SIDE).flatten(1) / 255 for part in pictures.split(CHUNK)]
    return torch.cat(parts)


class Gallery:
    """Real pictures in which to look for the nearest one, and how near they are to each other.

    How near is usual differs between classes (ones are nearer to each other than twos), so it is kept class by
    class: fakes of an easy class alone are no copies.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray, usual: np.ndarray) -> None:
        """`images` uint8 (n, h, w) or (n, h, w, 3), `labels` (n,); `usual` numbers those that measure what is usual."""
        kinds, kind = np.unique(labels, return_inverse=True)
        order = np.argsort(kind, kind="stable")
        rows = thumbnails(images)
        self._centre = rows.mean(0)  # small numbers cancel less in float32
        self._place = np.argsort(order)
        # With -|r|^2 / 2 as one more column, a product alone says which row is nearest.
        rows = (rows - self._centre)[torch.from_numpy(order)]
        self._rows = torch.cat([rows, -rows.square().sum(1, keepdim=True) / 2], 1)
        ends = np.cumsum(np.bincount(kind)).tolist()
        self._parts = list(zip([0, *ends[:-1]], ends, strict=True))

        distances = self._nearest(self._of(usual), usual)[0]
        own = torch.from_numpy(kind[usual])
        sums = torch.zeros(len(kinds)).index_add_(0, own, distances)
        counts = torch.bincount(own, minlength=len(kinds))
        self._usual = torch.where(counts > 0, sums / counts, distances.mean())

    def copying(self, images: np.ndarray) -> float | None:
        """The mean distance of `images` to the nearest real picture, in units of that between real pictures.

        0 for copies, 1 for new pictures as good as the real ones, more for anything further off. None where all
        real pictures are the same.
        """
        rows = thumbnails(images) - self._centre
        return self._ratio(*self._nearest(torch.cat([rows, torch.ones(len(rows), 1)], 1)))

    def copying_among(self, numbers: np.ndarray) -> float | None:
        """`copying` of some of the real pictures, each measured against all the others."""
        return self._ratio(*self._nearest(self._of(numbers), numbers))

    def _ratio(self, distances: Tensor, kinds: Tensor) -> float | None:
        usual = self._usual[kinds].sum().item()
        return distances.sum().item() / usual if usual > 0 else None

    def _of(self, numbers: np.ndarray) -> Tensor:
        rows = self._rows[torch.from_numpy(self._place[numbers])].clone()
        rows[:, -1] = 1
        return rows

    def _nearest(self, points: Tensor, numbers: np.ndarray | None = None) -> tuple[Tensor, Tensor]:
        """Distance (m,) of `points` to the nearest real picture, and the class (m,) of that one.

        `numbers` (m,) are the real pictures that the points themselves are, which do not count.
        """
        places = None if numbers is None else torch.from_numpy(self._place[numbers])
        best = torch.empty(len(self._parts), len(points))
        for kind, (start, end) in enumerate(self._parts):
            pieces = []
            for first in range(start, end, CHUNK):
                products = points @ self._rows[first : min(first + CHUNK, end)].T
                if places is not None:
                    mine = ((places >= first) & (places < first + products.shape[1])).nonzero()[:, 0]
                    products[mine, places[mine] - first] = -torch.inf
                pieces.append(products.amax(1))
            best[kind] = torch.stack(pieces).amax(0)
        product, kind = best.max(0)
        squares = points[:, :-1].square().sum(1)
        return (squares - 2 * product).clamp_(min=0).sqrt_(), kind
