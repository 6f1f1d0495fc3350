"""Sets of dots: points in the plane, each a grey picture of 1 x 2 pixels, its x and its y from -1 to 1.

No file holds them: they are drawn by chance, always alike, when somebody asks for them.
"""

import base64
import binascii
import math
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.random import RandomState  # its numbers are frozen for ever; those of default_rng may change

SHAPE = (1, 1, 2)  # (channels, height, width) of a dot
COUNT = 10_000  # dots of a set
MOST = 300  # points of a drawing
STRAY = 0.02  # how far dots lie from the line, the drawing, ... that they follow
STEPS = 127.5  # of a drawing's points, from the middle to an edge


class Blobs(NamedTuple):
    """Round clouds of dots: their centres (k, 2), and the standard deviation of each both ways."""

    centres: np.ndarray
    spread: float


def _blobs(spread: float, *centres: tuple[float, float]) -> Blobs:
    return Blobs(np.array(centres, np.float32), spread)


def _grid(side: int, reach: float, spread: float) -> Blobs:
    places = np.linspace(-reach, reach, side)
    return _blobs(spread, *((x, y) for y in places[::-1] for x in places))


BLOBS = {  # numbered row by row from the upper left
    "dots_two_gaussians": _blobs(0.15, (-0.4, 0.4), (0.4, -0.4)),
    "dots_three_blobs": _blobs(0.08, (0.0, 0.55), (-0.5, -0.35), (0.5, -0.35)),
    "dots_grid_9": _grid(3, 0.6, 0.03),
    "dots_grid_25": _grid(5, 0.8, 0.025),
}


def load(name: str, drawing: str = "", fresh: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """`images` float32 (n, 1, 2) and `labels` uint8 (n,), the number of the blob, or 0 where there are none.

    `drawing` is what "dots_drawn" looks like. `fresh` ones are others of the same kind, which nobody learns from.
    """
    random = RandomState(zlib.crc32(name.encode()) + fresh)
    if name in BLOBS:
        kinds = random.permutation(COUNT) % len(BLOBS[name].centres)
        dots = BLOBS[name].centres[kinds] + BLOBS[name].spread * random.randn(COUNT, 2)
    elif name == "dots_drawn":
        kinds, dots = np.zeros(COUNT), _drawn(random, drawing)
    else:
        kinds, dots = np.zeros(COUNT), SHAPES[name](random)
    return dots.clip(-1, 1).astype(np.float32)[:, None], kinds.astype(np.uint8)


def blobs_of(name: str, classes: tuple[int, ...] = ()) -> Blobs | None:
    """The blobs of a set, all or some of them; None where it has none."""
    found = BLOBS.get(name)
    return found and found._replace(centres=found.centres[list(classes) or slice(None)])


def count_of(name: str) -> tuple[int, ...]:
    """The dots of each kind."""
    kinds = len(BLOBS[name].centres) if name in BLOBS else 1
    return tuple(len(range(kind, COUNT, kinds)) for kind in range(kinds))


# Dots along something


def _stray(random: RandomState, path: np.ndarray) -> np.ndarray:
    return path + STRAY * random.randn(len(path), 2)


def _line(random: RandomState) -> np.ndarray:
    along = random.uniform(-1, 1, COUNT)
    return _stray(random, np.stack([0.7 * along, 0.5 * along], 1))


def _ring(random: RandomState) -> np.ndarray:
    return _stray(random, 0.6 * _directions(random.uniform(0, 2 * np.pi, COUNT)))


def _spiral(random: RandomState) -> np.ndarray:
    turned = np.sqrt(random.uniform(0.02, 1, COUNT))  # as many dots on each piece of the way
    return _stray(random, 0.8 * turned[:, None] * _directions(3.5 * np.pi * turned))


def _moons(random: RandomState) -> np.ndarray:
    """Two half circles, the upper one to the left, that reach into each other."""
    half, upper = random.uniform(0, np.pi, COUNT), random.randint(2, size=COUNT)[:, None]
    arc, aside = 0.5 * _directions(half), np.array([0.25, 0.1])
    return _stray(random, np.where(upper, arc - aside, aside - arc))


def _directions(angles: np.ndarray) -> np.ndarray:
    return np.stack([np.cos(angles), np.sin(angles)], 1)


SHAPES: dict[str, Callable[[RandomState], np.ndarray]] = {
    "dots_line": _line,
    "dots_ring": _ring,
    "dots_spiral": _spiral,
    "dots_moons": _moons,
}
NAMES = (
    "dots_line", "dots_two_gaussians", "dots_ring", "dots_three_blobs", "dots_grid_9", "dots_grid_25", "dots_spiral",
    "dots_moons", "dots_drawn",
)  # fmt: skip


# Drawings


def _drawn(random: RandomState, drawing: str) -> np.ndarray:
    points = points_of(drawing) if drawing else _face()
    return _stray(random, points[random.randint(len(points), size=COUNT)])


def _face() -> np.ndarray:
    """What there is to learn from before anybody has drawn: two eyes and a smile."""
    smile = 0.55 * _directions(np.linspace(1.15 * math.pi, 1.85 * math.pi, 40)) + (0, 0.05)
    eyes = [(x, 0.35) + 0.07 * _directions(np.linspace(0, 2 * math.pi, 10)) for x in (-0.3, 0.3)]
    return np.concatenate([smile, *eyes])


def points_of(text: str) -> np.ndarray:
    """The points (n, 2), from -1 to 1, that a drawing consists of; its text is what `text_of` makes.

    Raises ValueError for another text.
    """
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError(text) from error
    points = np.frombuffer(content, np.uint8)
    if (
        not 0 < len(points) <= 2 * MOST
        or len(points) % 2
        or base64.urlsafe_b64encode(content).rstrip(b"=") != text.encode()
    ):
        raise ValueError(text)
    return points.reshape(-1, 2) / STEPS - 1


def text_of(points: np.ndarray) -> str:
    """At most 300 points (n, 2), from -1 to 1, as a text that fits a link: 2 bytes each, in base64url."""
    numbers = ((np.asarray(points).reshape(-1, 2) + 1) * STEPS).round().clip(0, 255).astype(np.uint8)
    return base64.urlsafe_b64encode(numbers.tobytes()).rstrip(b"=").decode()
