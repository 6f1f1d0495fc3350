"""Pictures with something laid over them: pure functions."""

import numpy as np

from gan import export
from pages.shared.draw import colours

REAL, FAKE = (  # the tints that are seen on dark pictures
    tuple(int(colour["dark"][at : at + 2], 16) for at in (1, 3, 5)) for colour in (colours.REAL, colours.FAKE)
)


def heat(picture: np.ndarray, values: np.ndarray) -> np.ndarray:
    """A picture uint8 (h, w) or (h, w, 3) with a signed map (h, w) over it: blue above 0, vermilion below."""
    return export.marked(picture, values, REAL, FAKE)


def spotlight(picture: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """A picture with all but a part of it (top, left, bottom, right) put into the dark."""
    top, left, bottom, right = box
    lit = export.in_colour(picture).astype(float) * 0.35 + 30
    lit[top:bottom, left:right] = export.in_colour(picture)[top:bottom, left:right]
    return lit.round().astype(np.uint8)
