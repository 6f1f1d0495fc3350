"""Critters: small animals and a monster, 32x32 in colour. A kind is a function that draws one with a brush."""

import colorsys
import math

import numpy as np
from numpy.random import RandomState

from tools.drawn.paper import Paper, Points, arc, polyline

SIDE = 32
LEVELS = 8  # of each colour: what differs little is small in a file
OF_EACH = 300  # pictures a kind

Colour = tuple[int, int, int]
BACKGROUNDS = (0.55, 0.38, 0.13, 0.93, 0.75)  # hues of pale paper
WHITE, BLACK = (255, 255, 255), (34, 34, 51)
PINK, GOLD = (255, 136, 153), (255, 187, 34)


def draw(kind: str, random: RandomState) -> np.ndarray:
    """One critter, uint8 (32, 32, 3)."""
    paper = Paper(SIDE, _colour(random.choice(BACKGROUNDS), 0.2, 1.0))
    paper.place(random, turn=0.12, size=(0.82, 0.98), move=0.05)
    KINDS[kind](Brush(paper, random))
    return paper.picture(LEVELS)


class Brush:
    """What draws a critter: its paper, its luck, and shapes that many of them have."""

    def __init__(self, paper: Paper, random: RandomState) -> None:
        self.fill, self.random = paper.fill, random
        self._paper = paper
        self.gaze = random.uniform(-0.03, 0.03, 2)  # where it looks
        self.wink = random.rand() < 0.1

    def fur(self, *hues: float) -> tuple[Colour, Colour, Colour]:
        """A colour of its own near one of the `hues`, a darker and a lighter one of the same."""
        hue = (self.random.choice(hues) + self.random.normal(0, 0.012)) % 1
        full, light = self.random.uniform(0.55, 0.8), self.random.uniform(0.88, 1.0)
        return (
            _colour(hue, full, light),
            _colour(hue, min(1, full * 1.2), light * 0.68),
            _colour(hue, full * 0.4, 0.5 + light / 2),
        )

    def oval(self, x: float, y: float, wide: float, high: float, colour: Colour, turn: float = 0.0) -> None:
        self.fill(arc(x, y, wide, high, turn=turn), colour)

    def both(self, x: float, y: float, wide: float, high: float, colour: Colour, turn: float = 0.0) -> None:
        """An oval on each side."""
        for side in (-1, 1):
            self.oval(side * x, y, wide, high, colour, side * turn)

    def line(self, points: Points, width: float, colour: Colour = BLACK) -> None:
        self._paper.stroke(points, [width] * len(points), colour)

    def eyes(self, x: float, y: float, size: float) -> None:
        """Two eyes that look the same way; now and then one winks."""
        for side in (-1, 1):
            if self.wink and side == 1:
                self.line(arc(x, y, size, size * 0.6, 0.55, 0.95), 1.1)
            else:
                self.eye(side * x, y, size)

    def eye(self, x: float, y: float, size: float) -> None:
        across, down = self.gaze
        self.oval(x, y, size, size * 1.1, WHITE)
        self.oval(x + across, y + down, size * 0.66, size * 0.74, BLACK)
        self.oval(x + across - size * 0.2, y + down - size * 0.25, size * 0.24, size * 0.24, WHITE)

    def mouth(self, y: float, wide: float) -> None:
        """A smile, or a mouth that stands open."""
        if self.random.rand() < 0.35:
            self.fill(arc(0, y, wide * 0.8, wide, 0, 0.5), (187, 34, 68))
        else:
            self.line(arc(0, y - wide * 0.2, wide, wide * 0.7, 0.04, 0.46), 1.0)

    def cheeks(self, x: float, y: float) -> None:
        if self.random.rand() < 0.5:
            self.both(x, y, 0.13, 0.09, PINK)


def _colour(hue: float, full: float, light: float) -> Colour:
    return tuple(round(255 * part) for part in colorsys.hsv_to_rgb(hue, full, light))


def _cat(b: Brush) -> None:
    fur, dark, pale = b.fur(0.08, 0.1, 0.6, 0.83)
    for side in (-1, 1):
        b.fill([(0.78 * side, -0.92), (0.12 * side, -0.5), (0.74 * side, 0.0)], fur)
        b.fill([(0.68 * side, -0.72), (0.32 * side, -0.44), (0.66 * side, -0.2)], PINK)
    b.oval(0, 0.14, 0.8, 0.7, fur)
    if b.random.rand() < 0.6:
        for x in (-0.2, 0, 0.2):
            b.line([(x, -0.52), (x * 0.8, -0.28)], 1.8, dark)
    b.both(0.14, 0.4, 0.2, 0.16, pale)
    b.eyes(0.36, 0.04, 0.2)
    b.fill([(-0.1, 0.26), (0.1, 0.26), (0, 0.38)], (221, 68, 102))
    b.line(arc(-0.11, 0.42, 0.11, 0.1, 0, 0.5), 0.9)
    b.line(arc(0.11, 0.42, 0.11, 0.1, 0, 0.5), 0.9)
    for side in (-1, 1):
        for end in (0.26, 0.48):
            b.line([(0.42 * side, 0.38), (0.95 * side, end)], 0.7)


def _bear(b: Brush) -> None:
    fur, _dark, pale = b.fur(0.07, 0.09, 0.55, 0.95)
    b.both(0.6, -0.58, 0.3, 0.3, fur)
    b.both(0.6, -0.58, 0.16, 0.16, pale)
    b.oval(0, 0.08, 0.84, 0.78, fur)
    b.oval(0, 0.4, 0.42, 0.34, pale)
    b.eyes(0.36, -0.1, 0.17)
    b.oval(0, 0.24, 0.16, 0.11, BLACK)
    b.mouth(0.46, 0.18)
    b.cheeks(0.6, 0.22)


def _rabbit(b: Brush) -> None:
    fur, _dark, _pale = b.fur(0.07, 0.6, 0.78, 0.92)
    tilt = b.random.uniform(0.05, 0.35)
    b.both(0.34, -0.55, 0.2, 0.5, fur, tilt)
    b.both(0.34, -0.55, 0.1, 0.36, PINK, tilt)
    b.oval(0, 0.32, 0.66, 0.6, fur)
    b.eyes(0.28, 0.2, 0.17)
    b.fill([(-0.09, 0.4), (0.09, 0.4), (0, 0.5)], (221, 68, 102))
    b.fill([(-0.1, 0.58), (0.1, 0.58), (0.08, 0.76), (-0.08, 0.76)], WHITE)
    b.line([(0, 0.58), (0, 0.74)], 0.6)
    b.cheeks(0.46, 0.46)


def _pig(b: Brush) -> None:
    fur, dark, pale = b.fur(0.92, 0.94, 0.96, 0.98)
    for side in (-1, 1):
        b.fill([(0.8 * side, -0.82), (0.2 * side, -0.6), (0.72 * side, -0.1)], dark)
    b.oval(0, 0.08, 0.84, 0.76, fur)
    b.eyes(0.42, -0.12, 0.16)
    b.oval(0, 0.28, 0.36, 0.27, pale)
    b.both(0.14, 0.28, 0.07, 0.12, dark)
    b.line(arc(0, 0.5, 0.26, 0.16, 0.04, 0.46), 1.0)


def _frog(b: Brush) -> None:
    fur, dark, pale = b.fur(0.28, 0.33, 0.42, 0.15)
    b.both(0.46, -0.5, 0.32, 0.32, fur)
    b.oval(0, 0.2, 0.92, 0.66, fur)
    b.eyes(0.46, -0.52, 0.24)
    b.oval(0, 0.52, 0.6, 0.26, pale)
    b.line(arc(0, 0.1, 0.66, 0.34, 0.03, 0.47), 1.2)
    b.both(0.1, -0.02, 0.04, 0.04, dark)
    b.cheeks(0.7, 0.16)


def _owl(b: Brush) -> None:
    fur, dark, pale = b.fur(0.08, 0.6, 0.75, 0.02)
    for side in (-1, 1):
        b.fill([(0.72 * side, -0.95), (0.1 * side, -0.5), (0.7 * side, -0.3)], dark)
    b.oval(0, 0.1, 0.74, 0.84, fur)
    b.both(0.68, 0.3, 0.2, 0.48, dark, 0.2)
    b.oval(0, 0.5, 0.46, 0.42, pale)
    for y in (0.42, 0.64):
        for x in (-0.2, 0.0, 0.2):
            b.line(arc(x, y, 0.09, 0.08, 0, 0.5), 0.7, dark)
    b.both(0.34, -0.22, 0.36, 0.36, pale)
    b.eyes(0.33, -0.22, 0.26)
    b.fill([(-0.13, -0.04), (0.13, -0.04), (0, 0.22)], GOLD)


def _chick(b: Brush) -> None:
    fur, dark, _pale = b.fur(0.12, 0.13, 0.14)
    for x in (-0.14, 0.0, 0.14):
        b.line([(0, -0.55), (x, -0.92)], 1.6, fur)
    b.both(0.26, 0.88, 0.18, 0.08, (255, 119, 17))
    b.oval(0, 0.14, 0.72, 0.74, fur)
    b.both(0.66, 0.24, 0.2, 0.34, dark, 0.3)
    b.eyes(0.28, -0.1, 0.17)
    b.fill([(-0.2, 0.12), (0, 0.02), (0.2, 0.12), (0, 0.34)], (255, 119, 17))
    b.cheeks(0.46, 0.16)


def _fish(b: Brush) -> None:
    scales, dark, pale = b.fur(0.02, 0.08, 0.52, 0.6, 0.85)
    b.fill([(0.42, 0.05), (0.95, -0.5), (0.84, 0.05), (0.95, 0.6)], dark)
    b.fill([(-0.35, -0.4), (0.1, -0.85), (0.35, -0.3)], dark)
    b.oval(-0.14, 0.06, 0.74, 0.52, scales)
    if b.random.rand() < 0.6:
        for x, high in ((0.0, 0.5), (0.28, 0.4)):
            b.line([(x, 0.06 - high), (x + 0.06, 0.06), (x, 0.06 + high)], 2.6, pale)
    b.fill([(-0.1, 0.2), (0.22, 0.16), (0.18, 0.46)], dark)
    b.eye(-0.48, -0.06, 0.2)
    b.line(arc(-0.72, 0.2, 0.18, 0.14, 0.02, 0.3), 1.0)


def _octopus(b: Brush) -> None:
    skin, dark, pale = b.fur(0.78, 0.92, 0.02, 0.5)
    for number, x in enumerate((-0.66, -0.3, 0.06, 0.42, 0.7)):
        swing = b.random.uniform(0.08, 0.2) * (-1) ** number
        arm = [
            (x * 0.8 + x * 0.3 * part + swing * math.sin(5 * part), 0.2 + 0.68 * part) for part in np.linspace(0, 1, 9)
        ]
        b.line(arm, 4.0, dark if number % 2 else skin)
    b.oval(0, -0.18, 0.72, 0.68, skin)
    b.both(0.46, -0.6, 0.09, 0.07, pale)
    b.eyes(0.28, -0.12, 0.22)
    b.mouth(0.2, 0.18)
    b.cheeks(0.52, 0.14)


def _ladybird(b: Brush) -> None:
    wings, _dark, _pale = b.fur(0.99, 0.03, 0.11)
    for side in (-1, 1):
        b.line([(0.12 * side, -0.6), (0.36 * side, -0.94)], 1.0)
        for y in (-0.1, 0.25, 0.6):
            b.line([(0.5 * side, y), (0.95 * side, y + 0.08)], 1.2)
    b.oval(0, -0.5, 0.42, 0.34, BLACK)
    b.oval(0, 0.2, 0.78, 0.7, wings)
    b.line([(0, -0.48), (0, 0.9)], 1.2)
    for x, y in ((0.36, -0.12), (0.48, 0.32), (0.22, 0.62))[: b.random.randint(2, 4)]:
        b.both(x, y, 0.15, 0.15, BLACK)
    b.both(0.2, -0.58, 0.13, 0.13, WHITE)
    b.both(0.19, -0.6, 0.07, 0.08, BLACK)


def _butterfly(b: Brush) -> None:
    wings, dark, pale = b.fur(0.0, 0.1, 0.55, 0.62, 0.8, 0.9)
    for side in (-1, 1):
        b.line([(0, -0.4), (0.12 * side, -0.75), (0.3 * side, -0.92)], 0.9)
    b.both(0.5, 0.42, 0.4, 0.34, dark, 0.5)
    b.both(0.52, -0.26, 0.48, 0.42, wings, -0.55)
    b.both(0.56, -0.3, 0.24, 0.2, pale, -0.55)
    b.both(0.5, 0.42, 0.17, 0.15, GOLD if b.random.rand() < 0.5 else pale)
    b.oval(0, 0.1, 0.13, 0.6, BLACK)
    b.oval(0, -0.42, 0.17, 0.17, BLACK)
    b.both(0.07, -0.45, 0.05, 0.05, WHITE)


def _monster(b: Brush) -> None:
    skin, dark, _pale = b.fur(0.3, 0.45, 0.58, 0.76, 0.92)
    for side in (-1, 1):
        b.fill([(0.18 * side, -0.5), (0.58 * side, -0.98), (0.6 * side, -0.3)], GOLD)
        b.line([(0.6 * side, 0.2), (0.95 * side, b.random.uniform(-0.2, 0.4))], 2.6, skin)
    b.both(0.34, 0.9, 0.2, 0.1, dark)
    b.fill([*arc(0, -0.02, 0.72, 0.7, 0.5, 1.0), (0.68, 0.88), (-0.68, 0.88)], skin)
    if b.random.rand() < 0.5:
        for x, y in ((-0.5, 0.4), (0.52, 0.16), (0.4, 0.66)):
            b.oval(x, y, 0.12, 0.1, dark)
    b.eye(0, -0.18, 0.4)
    b.fill(arc(0, 0.4, 0.4, 0.3, 0, 0.5), (136, 17, 51))
    for x in (-0.2, 0.2):
        b.fill(polyline((x - 0.09, 0.4), (x + 0.09, 0.4), (x, 0.55), each=1), WHITE)


KINDS = {
    "cat": _cat, "bear": _bear, "rabbit": _rabbit, "pig": _pig, "frog": _frog, "owl": _owl,
    "chick": _chick, "fish": _fish, "octopus": _octopus, "ladybird": _ladybird, "butterfly": _butterfly,
    "monster": _monster,
}  # fmt: skip
