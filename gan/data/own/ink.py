"""What is drawn on a picture, as a picture of a set: grey ones of 28 pixels with light ink on dark, as the embedded
sets have it, centred; or in colour, of 32 pixels, whole.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageFilter

from gan.data.framing import Framing, box_of, framed, ink_of
from gan.data.own import paper

GREY, COLOUR = 28, 32  # pixels of a side
LENGTH = 23.0  # pixels of the longer side of a drawing: as long as the doodles are
FRAME = Framing((0,), LENGTH, False, ((GREY - 1) / 2, (GREY - 1) / 2))
FLAT = 2.0  # levels of 255 that nine in ten pixels at the edge of what no camera has seen differ by, at most
FAINTEST = 24.0  # levels of 255 between the paper and what can be called drawn
THINNEST = 1.6  # pixels of a line in a picture of 28: a thinner one is lost among them
SMALLEST_SHARE = 0.02  # of the ink of the largest drawing on a sheet: what has less is a speck


def drawings(picture: np.ndarray, several: bool = False) -> Iterator[np.ndarray]:
    """What is drawn on a picture uint8 (h, w, 3): pictures uint8 (28, 28); none where nothing is. With `several` each
    drawing of a sheet is one of its own, from the top to the bottom.

    A picture of that size is taken as it lies: its maker has placed it.
    """
    ink = _ink(picture)
    if ink is None:
        return
    if ink.shape == (GREY, GREY):
        yield ink
        return
    for part in _parts(ink) if several else [ink]:
        yield framed(_thick_enough(part), FRAME, GREY, GREY)


def coloured(picture: np.ndarray) -> np.ndarray:
    """A picture uint8 (h, w, 3) whole, uint8 (32, 32, 3): what it is too narrow by is filled as its edge is."""
    height, width, _ = picture.shape
    if (height, width) == (COLOUR, COLOUR):
        return picture
    side = max(height, width)
    square = np.broadcast_to(np.uint8(np.median(_edge(picture), axis=0)), (side, side, 3)).copy()
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = picture
    return np.asarray(Image.fromarray(square).resize((COLOUR, COLOUR), Image.Resampling.LANCZOS))


def _ink(picture: np.ndarray) -> np.ndarray | None:
    """How much ink is where, uint8 (h, w), 255 = all; None where there is none."""
    edge = _edge(picture)
    blank = np.median(edge, axis=0)
    is_photo = min(picture.shape[:2]) > 2 * GREY and np.percentile(np.abs(edge - blank).max(1), 90) > FLAT
    ink = paper.photographed(picture) if is_photo else ink_of(picture, tuple(blank))
    most = np.percentile(ink[ink > FAINTEST], 95) if (ink > FAINTEST).any() else 0
    if most <= FAINTEST:
        return None
    return np.clip(ink * (255 / most), 0, 255).round().astype(np.uint8)


def _edge(picture: np.ndarray) -> np.ndarray:
    """The pixels at the edge of a picture (h, w, 3), float (n, 3)."""
    deep = max(1, min(picture.shape[:2]) // 40)
    sides = picture[:deep], picture[-deep:], picture[:, :deep], picture[:, -deep:]
    return np.concatenate([side.reshape(-1, 3) for side in sides]).astype(float)


def _thick_enough(ink: np.ndarray) -> np.ndarray:
    """Ink with its lines so thick that they are still there at 28 pixels."""
    box = box_of(ink.astype(float))
    if box is None:
        return ink
    longer = max(box[2] - box[0], box[3] - box[1])
    is_ink = ink > 127
    turns = np.count_nonzero(is_ink[1:] != is_ink[:-1]) + np.count_nonzero(is_ink[:, 1:] != is_ink[:, :-1])
    if not turns:
        return ink
    thick = 2 * np.count_nonzero(is_ink) / (turns * np.pi / 4)  # the steps of an edge are 4 / pi as long as the edge
    missing = THINNEST * longer / LENGTH - thick
    size = 2 * round(missing / 2) + 1
    if size < 3:
        return ink
    wide = np.pad(ink, size)
    return grown(wide, min(size, 31))


def grown(ink: np.ndarray, size: int) -> np.ndarray:
    """Each pixel as light as the lightest in a square of an odd `size` around it, ink uint8 (h, w). Step by step: a
    filter of that size costs its square.
    """
    image = Image.fromarray(ink)
    for _ in range(size // 2):
        image = image.filter(ImageFilter.MaxFilter(3))
    return np.asarray(image)


def _parts(ink: np.ndarray) -> Iterator[np.ndarray]:
    """The drawings of a sheet uint8 (h, w): what lies close together is one."""
    near = 2 * round(max(ink.shape) / 60) + 1
    joined = grown(ink, near) > 127
    numbers, count = paper.pieces(joined)
    weights = np.bincount(numbers.ravel(), weights=ink.ravel(), minlength=count + 1)[1:]
    boxes = [_box(numbers == number + 1) for number in range(count) if weights[number] >= SMALLEST_SHARE * max(weights)]
    height = np.median([bottom - top for top, _, bottom, _ in boxes]) if boxes else 1
    for top, left, bottom, right in sorted(boxes, key=lambda box: ((box[0] + box[2]) // 2 // max(1, height), box[1])):
        yield ink[top:bottom, left:right]


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
