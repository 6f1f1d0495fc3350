"""Pictures with something laid over them, as PNG: pure functions."""

import numpy as np

from pages.shared.draw import colours

FAINTER = 0.4  # of its brightness that a picture keeps under a map
FULL = 0.95  # share of the marked pixels that are fainter than the full colour
REAL, FAKE = (  # the tints that are seen on dark pictures, as numbers
    np.array([int(colour["dark"][at : at + 2], 16) for at in (1, 3, 5)], float)
    for colour in (colours.REAL, colours.FAKE)
)


def heat(picture: np.ndarray, values: np.ndarray) -> np.ndarray:
    """A picture uint8 (h, w) or (h, w, 3) with a signed map (h, w) over it: blue above 0, vermilion below."""
    size = np.abs(values)
    strong = np.quantile(size[size > 0], FULL) if size.any() else 1.0  # the few beyond it would leave all others pale
    shade = np.clip(size / strong, 0, 1)[..., None] ** 0.6
    colour = np.where(values[..., None] > 0, REAL, FAKE)
    return (in_colour(picture) * FAINTER * (1 - shade) + colour * shade).round().astype(np.uint8)


def spotlight(picture: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """A picture with all but a part of it (top, left, bottom, right) put into the dark."""
    top, left, bottom, right = box
    lit = in_colour(picture).astype(float) * 0.35 + 30
    lit[top:bottom, left:right] = in_colour(picture)[top:bottom, left:right]
    return lit.round().astype(np.uint8)


def in_colour(picture: np.ndarray) -> np.ndarray:
    """The same with three colours, uint8 (h, w, 3)."""
    return picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
