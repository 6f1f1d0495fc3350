"""Ways through a space of random numbers. Arrays in, arrays out; a point is a row of numbers."""

import numpy as np

MOST_ALIKE = 0.9995  # cosine of two points above which a straight way and the arc are the same


def lerp(start: np.ndarray, end: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Straight from `start` (..., z) to `end` (..., z): the point at each `share` 0..1 of the way, (..., shares, z).

    Half-way between two random points of many dimensions it is shorter than any that a generator has learned from.
    """
    share = np.atleast_1d(np.asarray(share, np.float64))[:, None]
    start, end = (np.asarray(point, np.float64)[..., None, :] for point in (start, end))
    return ((1 - share) * start + share * end).astype(np.float32)


def slerp(start: np.ndarray, end: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Along the arc from `start` (..., z) to `end` (..., z), whose lengths it leads from one to the other.

    Shoemake 1985, "Animating rotation with quaternion curves"; for generators White 2016, "Sampling generative
    networks", section 2.1. Points of opposite directions have no arc of their own: there the way is straight.
    """
    start, end = (np.asarray(point, np.float64) for point in (start, end))
    lengths = [np.linalg.norm(point, axis=-1, keepdims=True) for point in (start, end)]
    one, other = (point / np.maximum(length, 1e-12) for point, length in zip((start, end), lengths, strict=True))
    cosine = (one * other).sum(-1, keepdims=True).clip(-1, 1)[..., None]
    angle = np.arccos(cosine)
    share = np.atleast_1d(np.asarray(share, np.float64))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = np.sin((1 - share) * angle) / np.sin(angle), np.sin(share * angle) / np.sin(angle)
        arc = weights[0] * one[..., None, :] + weights[1] * other[..., None, :]
    arc = arc * ((1 - share) * lengths[0][..., None] + share * lengths[1][..., None])
    return np.where(np.abs(cosine) > MOST_ALIKE, lerp(start, end, share[:, 0]), arc).astype(np.float32)


WAYS = {"spherical": slerp, "straight": lerp}


def walk(start: np.ndarray, end: np.ndarray, steps: int, way: str = "spherical") -> np.ndarray:
    """`steps` points (..., steps, z) from `start` (..., z) to `end`, both ends among them."""
    return WAYS[way](start, end, np.linspace(0, 1, steps))
