"""How the pictures of a set lie in their frame, so that a drawing can be brought to lie there in the same way.

Digits, for example, are 20 pixels long with their centre of mass in the middle of 28 x 28; others fill their frame.
"""

from dataclasses import dataclass

import numpy as np

LOOKED_AT = 500  # pictures
INK = 40  # levels of 255 by which a pixel differs from the blank one


@dataclass(frozen=True)
class Framing:
    """What is typical for a set."""

    blank: tuple[int, ...]  # the colour of an empty pixel: one number, or three
    length: float  # pixels of the longer side of what is drawn
    by_mass: bool  # the centre is that of mass, not that of the box around it
    centre: tuple[float, float]  # where it lies, row and column

    def paper(self, height: int, width: int) -> np.ndarray:
        """An empty picture, uint8 (h, w) or (h, w, 3)."""
        shape = (height, width) if len(self.blank) == 1 else (height, width, 3)
        return np.broadcast_to(np.uint8(self.blank), (*shape[:2], len(self.blank))).reshape(shape).copy()


def framing_of(images: np.ndarray) -> Framing:
    """What is typical for pictures uint8 (n, h, w) or (n, h, w, 3)."""
    images = images[:LOOKED_AT]
    flat = images.reshape(-1, images.shape[3] if images.ndim == 4 else 1)
    blank = tuple(int(level) for level in np.median(flat, axis=0))
    found = [each for each in (_placed(ink_of(image, blank)) for image in images) if each]
    if not found:
        height, width = images.shape[1:3]
        return Framing(blank, float(max(height, width)), False, ((height - 1) / 2, (width - 1) / 2))
    lengths, boxes, masses = (np.array(part) for part in zip(*found, strict=True))
    by_mass = masses.std(0).sum() < boxes.std(0).sum()
    centre = np.median(masses if by_mass else boxes, axis=0)
    return Framing(blank, float(np.median(lengths)), bool(by_mass), (float(centre[0]), float(centre[1])))


def ink_of(image: np.ndarray, blank: tuple[int, ...]) -> np.ndarray:
    """How far each pixel of uint8 (h, w) or (h, w, 3) is from blank, float (h, w) 0..255."""
    differs = np.abs(image.reshape(*image.shape[:2], -1).astype(float) - np.array(blank))
    return differs.max(2)


def _placed(ink: np.ndarray) -> tuple[float, tuple[float, float], tuple[float, float]] | None:
    """The longer side of what is drawn, the centre of its box and its centre of mass; None where nothing is."""
    box = box_of(ink)
    if box is None:
        return None
    top, left, bottom, right = box
    return float(max(bottom - top, right - left)), ((top + bottom - 1) / 2, (left + right - 1) / 2), _mass(ink)


def _mass(ink: np.ndarray) -> tuple[float, float]:
    """The centre of mass, row and column."""
    rows, columns = (np.arange(length) for length in ink.shape)
    return float(ink.sum(1) @ rows / ink.sum()), float(ink.sum(0) @ columns / ink.sum())


def box_of(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """Top, left, bottom and right of what is drawn; None where nothing is."""
    rows, columns = np.flatnonzero((ink > INK).any(1)), np.flatnonzero((ink > INK).any(0))
    return (int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1) if len(rows) else None


def framed(drawing: np.ndarray, framing: Framing, height: int, width: int) -> np.ndarray:
    """A drawing uint8 (H, W) or (H, W, 3) on blank paper, as a picture of a set: cut out, brought to the usual length
    and laid where such pictures lie, uint8 (h, w) or (h, w, 3). An empty one stays empty.
    """
    from PIL import Image

    paper = framing.paper(height, width)
    box = box_of(ink_of(drawing, framing.blank))
    if box is None:
        return paper
    top, left, bottom, right = box
    scale = min(framing.length, height, width) / max(bottom - top, right - left)
    size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    cut = Image.fromarray(drawing[top:bottom, left:right])
    small = np.asarray(cut.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR))
    inner = _mass(ink_of(small, framing.blank) + 1e-6) if framing.by_mass else ((size[1] - 1) / 2, (size[0] - 1) / 2)
    at_row = min(max(0, round(framing.centre[0] - inner[0])), height - size[1])
    at_column = min(max(0, round(framing.centre[1] - inner[1])), width - size[0])
    paper[at_row : at_row + size[1], at_column : at_column + size[0]] = small
    return paper
