"""Sums, children and moderation of points in a space of random numbers. Arrays in, arrays out."""

from collections.abc import Sequence

import numpy as np

CHILDREN = 9


def sum_of(plus: Sequence[np.ndarray], minus: Sequence[np.ndarray], to: np.ndarray, strength: float = 1) -> np.ndarray:
    """`to` (z,), with what sets the points `plus` apart from the points `minus`: the difference of their averages.

    Radford, Metz, Chintala 2015, section 6.3.2: averages, because a single point says too much about itself. Without
    points on one side, its average is 0, the middle of the space.
    """
    middles = [np.mean(group, axis=0) if len(group) else np.zeros_like(to) for group in (plus, minus)]
    return (to + strength * (middles[0] - middles[1])).astype(np.float32)


def at_length(points: np.ndarray, length: np.ndarray | float) -> np.ndarray:
    """Points (n, z) made as long as is usual where they lie: sums are longer than what a generator knows."""
    return (points / np.maximum(np.linalg.norm(points, axis=-1, keepdims=True), 1e-12) * length).astype(np.float32)


def children(one: np.ndarray, other: np.ndarray, fresh: np.ndarray, seed: int, mutation: float = 0.1) -> np.ndarray:
    """Children (n, z) of two points (z,): each number is one parent's or the other's, by chance.

    With the chance `mutation` 0..1 it is nobody's, but that of `fresh` (n, z), new noise. So children are as spread out
    as any noise.
    """
    random = np.random.RandomState(seed)  # its numbers are frozen for ever
    inherited = np.where(random.rand(*fresh.shape) < 0.5, one, other)
    return np.where(random.rand(*fresh.shape) < mutation, fresh, inherited).astype(np.float32)


def truncated(points: np.ndarray, share: float, middle: np.ndarray | float = 0.0) -> np.ndarray:
    """Points (n, z) brought towards the `middle` until `share` of their distance is left.

    The truncation trick as Karras et al. 2019 have it (appendix B): 0 = the most ordinary picture, again and again;
    1 = as they were. Nearer to the middle pictures are more alike and often better. Brock et al. 2019, section 3.1,
    draw again what is far out instead (`gan.parts.noise.redrawn`).
    """
    return (middle + share * (points - middle)).astype(np.float32)


def blend(one: int, other: int, share: float, classes: int) -> np.ndarray:
    """Weights (classes,) of two classes: 0 = all `one`, 1 = all `other`."""
    weights = np.zeros(classes, np.float32)
    weights[one] += 1 - share
    weights[other] += share
    return weights
