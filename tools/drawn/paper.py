"""Paper to draw on: shapes in numbers from -1 to 1, turned and moved a little, and made small and smooth at the end."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.random import RandomState
from PIL import Image, ImageDraw

ZOOM = 8  # points of the paper for each pixel of the picture, both ways
Points = Sequence[tuple[float, float]]  # x to the right and y downwards


class Paper:
    """A sheet for one picture of `side` x `side` pixels; what is drawn on it goes through `place` first."""

    def __init__(self, side: int, background: int | tuple[int, int, int]) -> None:
        self._side = side
        mode = "L" if isinstance(background, int) else "RGB"
        self._sheet = Image.new(mode, (side * ZOOM, side * ZOOM), background)
        self._draw = ImageDraw.Draw(self._sheet)
        self._turn, self._move = np.eye(2), np.zeros(2)

    def place(self, random: RandomState, turn: float, size: tuple[float, float], move: float) -> None:
        """Turn by at most `turn` radians, take a `size` between two, and move by at most `move`, all by chance."""
        angle = random.uniform(-turn, turn)
        cos, sin = math.cos(angle), math.sin(angle)
        stretch = np.diag(random.uniform(*size) * random.uniform(0.94, 1.06, 2))
        self._turn = np.array([[cos, -sin], [sin, cos]]) @ stretch
        self._move = random.uniform(-move, move, 2)

    def fill(self, points: Points, colour: int | tuple[int, int, int]) -> None:
        """A shape full of a colour."""
        self._draw.polygon(self._on_sheet(points), fill=colour)

    def stroke(self, points: Points, widths: Sequence[float], colour: int | tuple[int, int, int]) -> None:
        """A line of a pen that is `widths` wide at its points, in pixels of the picture."""
        places = self._on_sheet(points)
        for (x, y), (next_x, next_y), width in zip(places, places[1:], widths, strict=False):
            self._draw.line((x, y, next_x, next_y), fill=colour, width=max(1, round(width * ZOOM)))
        for (x, y), width in zip(places, widths, strict=True):
            reach = width * ZOOM / 2
            self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)

    def picture(self, levels: int) -> np.ndarray:
        """The picture, uint8 (side, side) or (side, side, 3), in so many even levels of each colour."""
        small = self._sheet.resize((self._side, self._side), Image.Resampling.BOX)
        step = 255 / (levels - 1)
        return (np.round(np.asarray(small) / step) * step).round().astype(np.uint8)

    def _on_sheet(self, points: Points) -> list[tuple[float, float]]:
        placed = np.asarray(points) @ self._turn.T + self._move
        return list(map(tuple, (placed + 1) / 2 * self._side * ZOOM))


def arc(
    x: float, y: float, wide: float, high: float, start: float = 0.0, end: float = 1.0, turn: float = 0.0
) -> Points:
    """Points of an ellipse with these half axes, from one part of the way round to another: 0 is right, 0.25 below.

    `turn` turns the whole ellipse, in radians.
    """
    angles = np.linspace(start, end, max(9, round(40 * abs(end - start)))) * 2 * math.pi
    across, down = wide * np.cos(angles), high * np.sin(angles)
    cos, sin = math.cos(turn), math.sin(turn)
    return list(zip((x + cos * across - sin * down).tolist(), (y + sin * across + cos * down).tolist(), strict=True))


def polyline(*corners: tuple[float, float], each: int = 8) -> Points:
    """Points along straight lines from corner to corner."""
    points = [corners[0]]
    for start, end in itertools.pairwise(corners):
        points += [tuple(np.add(start, np.subtract(end, start) * part / each)) for part in range(1, each + 1)]
    return points
