"""What a translator is taught: pictures that go in, made of a set's own, and those that shall come out.

Nothing is drawn by chance when a picture set is opened: the same set gives the same pictures in and out.
"""

from typing import NamedTuple, Protocol

import numpy as np

from gan import data
from gan.data import Pictures, Wanted
from gan.data.remembered import remembered
from gan.data.shares import hold_out

OUTLINE, SHARPEN, REPAIR, THICKEN, KINDS = NAMES = ("outline", "sharpen", "repair", "thicken", "kinds")

INK = 64  # what is brighter, 0..255, belongs to a shape
COARSE = 4  # pixels on each side that a coarse picture has one for
HOLE, SCRATCH = 128, 255  # how bright they are
HOLES, SCRATCHES = 2, 2  # a picture


class Lesson(NamedTuple):
    """Pictures that go in, uint8 (n, h, w) or (n, h, w, 3), and with their labels those that shall come out. They
    belong together one by one, but not where one kind is to become another.
    """

    sources: np.ndarray
    aims: Pictures


def has_pairs(task: str) -> bool:
    """Whether it is known of each picture that goes in what shall come out."""
    return task != KINDS


@remembered(8)
def lesson(task: str, pictures: Pictures, classes: tuple[int, ...]) -> Lesson:
    """What `made` makes, once for the same pictures."""
    return made(task, pictures, classes)


def made(task: str, pictures: Pictures, classes: tuple[int, ...]) -> Lesson:
    """The lesson of the task on these pictures; of `classes`, those that are learned, the first is to become the
    second where kinds are changed.
    """
    if task == KINDS:
        one, other = (pictures.labels == number for number in (*classes, *classes)[:2])
        return Lesson(pictures.images[one], Pictures(pictures.images[other], pictures.labels[other]))
    aims = Pictures(thick(pictures.images), pictures.labels) if task == THICKEN else pictures
    return Lesson(SOURCES[task](pictures.images), aims)


def aims(task: str, pictures: Pictures, classes: tuple[int, ...]) -> Pictures:
    """The pictures of a lesson that shall come out."""
    return pictures if task in (OUTLINE, SHARPEN, REPAIR) else lesson(task, pictures, classes).aims


class Taught(Wanted, Protocol):
    """What a config says of a lesson."""

    task: str
    pictures: int
    learned_classes: tuple[int, ...]


def going_in(config: Taught, count: int, known: tuple[Pictures, Pictures] | None = None) -> np.ndarray:
    """So many pictures that go in, uint8 (count, h, w) or (count, h, w, 3): first those that nothing is learned from.

    `known` are those to learn from and the others; without them they are the config's own.
    """
    learned, held_out = known or hold_out(data.wanted(config), config.pictures, data.get(config.data).is_a_part)
    several: list[np.ndarray] = []
    for each in (held_out, learned):
        if len(each.images) and len(several) < count:  # a lesson of all that is learned from takes a while
            several += [*lesson(config.task, each, config.learned_classes).sources[:count]]
    return np.stack(several)[np.arange(count) % len(several)]


# Each gives the pictures that go in, of those that it is given


def outline(images: np.ndarray) -> np.ndarray:
    """White lines around all shapes on black; where a shape reaches the edge of its picture, the line lies on it."""
    shape = _ink(images) > INK
    grown = _highest(shape, 1)
    edge = np.ones_like(shape)
    edge[:, 1:-1, 1:-1] = False
    lines = (grown & ~shape) | (shape & edge)
    return _like(np.where(lines, np.uint8(255), np.uint8(0)), images)


def coarse(images: np.ndarray) -> np.ndarray:
    """A quarter of the pixels each way, each as bright as those that it stands for on average, and as large as they."""
    return small(images).repeat(COARSE, 1).repeat(COARSE, 2)


def small(images: np.ndarray) -> np.ndarray:
    """The same pixels (n, h / 4, w / 4) or (n, h / 4, w / 4, 3) by themselves."""
    count, height, width, *colours = images.shape
    blocks = images.reshape(count, height // COARSE, COARSE, width // COARSE, COARSE, *colours)
    return blocks.mean((2, 4)).round().astype(np.uint8)


def damaged(images: np.ndarray) -> np.ndarray:
    """Two grey holes in each picture, a quarter as wide as it is, and two white scratches across it."""
    found = images.copy()
    found[damage(images) == 1] = HOLE
    found[damage(images) == 2] = SCRATCH
    return found


def damage(images: np.ndarray) -> np.ndarray:
    """Where: uint8 (n, h, w), 1 in a hole, 2 in a scratch, else 0; the same for as many pictures of this size."""
    count, height, width = images.shape[:3]
    random, side = np.random.default_rng(0), height // 4
    found = np.zeros((count, height, width), np.uint8)
    rows, columns = np.arange(height)[:, None], np.arange(width)
    for _ in range(HOLES):
        top, left = (random.integers(0, size - side, (count, 1, 1)) for size in (height, width))
        found[(rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)] = 1
    for _ in range(SCRATCHES):
        ends = random.integers(0, width, (2, count, 1, 1))
        line = np.rint(ends[0] + (ends[1] - ends[0]) * rows / (height - 1))
        found[np.broadcast_to(columns, found.shape) == line] = 2
    return found


def thin(images: np.ndarray) -> np.ndarray:
    """Shapes that have lost half a pixel all around: each pixel as bright as the darkest of the four corners that it
    shares with its neighbours.
    """
    corners = _corners(images.astype(np.float32))
    return np.minimum.reduce(corners).round().astype(np.uint8)


def thick(images: np.ndarray) -> np.ndarray:
    """Shapes that have gained a pixel all around: each pixel as bright as its brightest neighbour."""
    return _highest(images, 1)


SOURCES = {OUTLINE: outline, SHARPEN: coarse, REPAIR: damaged, THICKEN: thin}


def _ink(images: np.ndarray) -> np.ndarray:
    """How bright each pixel is (n, h, w), 0..255: of its brightest colour."""
    return images if images.ndim == 3 else images.max(3)


def _like(grey: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Grey pictures with as many colours as these."""
    return grey if images.ndim == 3 else grey[..., None].repeat(3, 3)


def _around(images: np.ndarray, reach: int) -> list[np.ndarray]:
    """The pictures, and the same moved by up to `reach` pixels each way; black comes in from outside."""
    margins = [(0, 0), (reach, reach), (reach, reach), *[(0, 0)] * (images.ndim - 3)]
    wide = np.pad(images, margins)
    height, width = images.shape[1:3]
    moves = range(2 * reach + 1)
    return [wide[:, down : down + height, right : right + width] for down in moves for right in moves]


def _highest(images: np.ndarray, reach: int) -> np.ndarray:
    return np.maximum.reduce(_around(images, reach))


def _corners(images: np.ndarray) -> list[np.ndarray]:
    """Of each pixel the means of the four squares of 2 x 2 pixels around it."""
    moved = _around(images, 1)
    squares = ((0, 1, 3, 4), (1, 2, 4, 5), (3, 4, 6, 7), (4, 5, 7, 8))
    return [sum(moved[place] for place in square) / 4 for square in squares]
