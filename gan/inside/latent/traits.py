"""What can be measured of a picture without knowing what it shows: how thick, how slanted, how wide, how bright.

uint8 pictures (n, h, w) or (n, h, w, 3) in; a number a picture out. Light is taken for what is drawn.
"""

from collections.abc import Callable

import numpy as np

DARK = 1e-6  # less light than this is none


def light(images: np.ndarray) -> np.ndarray:
    """float (n, h, w), 0..1: the mean of the colours."""
    values = images.astype(np.float32) / 255
    return values if images.ndim == 3 else values.mean(-1)


def brightness(images: np.ndarray) -> np.ndarray:
    """The mean light, 0..1."""
    return light(images).mean((1, 2))


def thickness(images: np.ndarray) -> np.ndarray:
    """Of strokes, in pixels: twice the light over the length of its outline (its total variation).

    Exact for long upright or level strokes, however bright; 0 where nothing is drawn.
    """
    framed = np.pad(light(images), ((0, 0), (1, 1), (1, 1)))
    outline = np.abs(np.diff(framed, axis=1)).sum((1, 2)) + np.abs(np.diff(framed, axis=2)).sum((1, 2))
    return np.where(outline > DARK, 2 * framed.sum((1, 2)) / np.maximum(outline, DARK), 0)


def slant(images: np.ndarray) -> np.ndarray:
    """How far the light leans to the right as it goes up, in pixels a pixel; from image moments, mu11 / mu02."""
    x, y, weight = _centred(images)
    return -_mean(x * y, weight) / np.maximum(_mean(y * y, weight), DARK)


def width(images: np.ndarray) -> np.ndarray:
    """The spread of the light to both sides, in pixels (a standard deviation)."""
    x, _, weight = _centred(images)
    return np.sqrt(_mean(x * x, weight))


def height(images: np.ndarray) -> np.ndarray:
    """The spread of the light up and down, in pixels."""
    _, y, weight = _centred(images)
    return np.sqrt(_mean(y * y, weight))


def contrast(images: np.ndarray) -> np.ndarray:
    """The standard deviation of the light, 0..0.5."""
    return light(images).std((1, 2))


def warmth(images: np.ndarray) -> np.ndarray:
    """Red minus blue, -1..1; 0 in grey pictures."""
    if images.ndim == 3:
        return np.zeros(len(images), np.float32)
    return (images[..., 0].astype(np.float32) - images[..., 2]).mean((1, 2)) / 255


def colourfulness(images: np.ndarray) -> np.ndarray:
    """How far apart the colours of a pixel are, 0..1; 0 in grey pictures."""
    if images.ndim == 3:
        return np.zeros(len(images), np.float32)
    return (images.max(-1).astype(np.float32) - images.min(-1)).mean((1, 2)) / 255


GREY: dict[str, Callable] = {"thickness": thickness, "slant": slant, "width": width, "height": height}
COLOUR: dict[str, Callable] = {"warmth": warmth, "colourfulness": colourfulness, "contrast": contrast}


def measures(images: np.ndarray) -> dict[str, np.ndarray]:
    """All that says something about pictures like these, by name."""
    found = (GREY if images.ndim == 3 else COLOUR) | {"brightness": brightness}
    return {name: measure(images) for name, measure in found.items()}


def _centred(images: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each pixel lies from the middle of the light, (n, h, w) to the right and down, and its share of it."""
    shown = light(images)
    weight = shown / np.maximum(shown.sum((1, 2), keepdims=True), DARK)
    y, x = np.indices(shown.shape[1:], dtype=np.float32)
    return x - _mean(x, weight)[:, None, None], y - _mean(y, weight)[:, None, None], weight


def _mean(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return (values * weight).sum((1, 2))
