"""Doodles: what a hand draws with a few strokes of chalk, 28x28 grey. A kind is a function that gives its strokes."""

import math

import numpy as np
from numpy.random import RandomState

from tools.drawn.paper import Paper, Points, arc, polyline

SIDE = 28
LEVELS = 8  # of grey
OF_EACH = 420  # pictures a kind


def draw(kind: str, random: RandomState) -> np.ndarray:
    """One doodle, uint8 (28, 28)."""
    paper = Paper(SIDE, 0)
    paper.place(random, turn=0.14, size=(0.76, 0.92), move=0.06)
    pen = random.uniform(1.3, 2.0)
    for points in KINDS[kind](random):
        wobbly = _by_hand(points, random)
        paper.stroke(wobbly, _pressure(len(wobbly), random) * pen, int(random.uniform(215, 255)))
    return paper.picture(LEVELS)


def _by_hand(points: Points, random: RandomState) -> Points:
    """No hand draws straight: slow waves across the way, and a little to one side."""
    way = np.linspace(0, 1, len(points))
    waves = [
        sum(random.normal(0, 0.03 / turns) * np.sin(2 * math.pi * (turns * way + random.rand())) for turns in (1, 2, 3))
        for _ in range(2)
    ]
    return (np.asarray(points) + np.array(waves).T + random.normal(0, 0.018, 2)).tolist()


def _pressure(count: int, random: RandomState) -> np.ndarray:
    """How hard the pen is pressed at each point: softer where it comes and goes."""
    way = np.linspace(0, 1, count)
    swing = 1 + 0.18 * np.sin(2 * math.pi * (random.uniform(0.5, 1.5) * way + random.rand()))
    return swing * (0.72 + 0.28 * np.minimum(1, 8 * np.minimum(way, 1 - way)))


def _ring(x: float, y: float, wide: float, high: float, random: RandomState) -> Points:
    """A circle as a hand closes it: it begins somewhere, and ends a little before or after that."""
    start = random.uniform(0.6, 0.9)
    return arc(x, y, wide, high, start, start + random.uniform(0.97, 1.06))


def _dot(x: float, y: float) -> Points:
    return [(x - 0.02, y), (x + 0.02, y + 0.02)]


def _house(r: RandomState) -> list[Points]:
    wide, eaves = r.uniform(0.58, 0.78), r.uniform(-0.25, 0.0)
    top = r.uniform(-0.95, -0.8)
    door = r.uniform(-0.35, 0.1)
    strokes = [
        polyline((-wide, eaves), (-wide, 0.85), (wide, 0.85), (wide, eaves)),
        polyline((-wide - 0.15, eaves), (0, top), (wide + 0.15, eaves), (-wide - 0.15, eaves)),
        polyline((door, 0.85), (door, 0.35), (door + 0.28, 0.35), (door + 0.28, 0.85)),
    ]
    if r.rand() < 0.5:
        strokes.append(polyline((0.42, -0.55), (0.42, -0.9), (0.6, -0.9), (0.6, -0.4)))
    return strokes


def _tree(r: RandomState) -> list[Points]:
    trunk = r.uniform(0.09, 0.16)
    if r.rand() < 0.5:
        return [
            polyline((-trunk, 0.45), (-trunk, 0.92), (trunk, 0.92), (trunk, 0.45)),
            polyline((0, -0.95), (0.48, -0.2), (-0.48, -0.2), (0, -0.95)),
            polyline((-0.3, -0.2), (-0.68, 0.45), (0.68, 0.45), (0.3, -0.2)),
        ]
    count, start = r.randint(6, 9), r.rand()
    crown: list = []
    for part in range(count):
        angle = 2 * math.pi * (part / count + start)
        bump = arc(0.44 * math.cos(angle), -0.3 + 0.38 * math.sin(angle), 0.26, 0.25, -0.25, 0.25, angle)
        crown += bump
    return [crown, polyline((-trunk, 0.28), (-trunk * 1.3, 0.92)), polyline((trunk, 0.28), (trunk * 1.3, 0.92))]


def _flower(r: RandomState) -> list[Points]:
    count, start, y = r.randint(5, 7), r.rand(), -0.38
    petals = [
        arc(0.38 * math.cos(angle), y + 0.38 * math.sin(angle), 0.23, 0.18, -0.42, 0.42, angle)
        for angle in (2 * math.pi * (part / count + start) for part in range(count))
    ]
    bend = r.uniform(-0.2, 0.2)
    stem = [(bend * part * (1 - part) * 4, 0.2 + 0.75 * part) for part in np.linspace(0, 1, 12)]
    side = r.choice((-1, 1))
    leaf = arc(0.24 * side, 0.6, 0.24, 0.1, turn=-0.5 * side)
    return [*petals, _ring(0, y, 0.12, 0.12, r), stem, leaf]


def _sun(r: RandomState) -> list[Points]:
    count, start, size = r.randint(7, 11), r.rand(), r.uniform(0.38, 0.48)
    rays = []
    for part in range(count):
        angle = 2 * math.pi * (part / count + start)
        near, far = size + 0.16, r.uniform(0.86, 1.0)
        cos, sin = math.cos(angle), math.sin(angle)
        rays.append(polyline((near * cos, near * sin), (far * cos, far * sin)))
    smile = [_dot(-0.14, -0.08), _dot(0.14, -0.08), arc(0, 0.05, 0.2, 0.14, 0.05, 0.45)]
    return [_ring(0, 0, size, size, r), *rays, *(smile if r.rand() < 0.4 else [])]


def _star(r: RandomState) -> list[Points]:
    start, reach = r.normal(0, 0.06) - math.pi / 2, r.uniform(0.86, 1.0)
    corners = [
        (reach * math.cos(start + step * 4 * math.pi / 5), 0.06 + reach * math.sin(start + step * 4 * math.pi / 5))
        for step in range(5)
    ]
    return [polyline(*corners, corners[0])]


def _fish(r: RandomState) -> list[Points]:
    side, high = r.choice((-1, 1)), r.uniform(0.36, 0.5)
    body = arc(-0.18, 0, 0.66, high, 0.06, 0.94)
    tail = polyline((0.42, -0.1), (0.92, -0.42), (0.82, 0.0), (0.92, 0.42), (0.42, 0.12))
    strokes = [body, tail, _ring(-0.52, -0.1, 0.06, 0.06, r)]
    if r.rand() < 0.6:
        strokes.append(arc(-0.3, 0, 0.16, high * 0.8, -0.2, 0.2))
    return _mirrored(strokes, side)


def _cat(r: RandomState) -> list[Points]:
    ear = r.uniform(0.3, 0.42)
    strokes = [arc(0, 0.12, 0.62, 0.58, 0.86, 1.64)]
    for side in (-1, 1):
        strokes.append(polyline((0.56 * side, -0.14), (0.6 * side, -0.5 - ear), (0.2 * side, -0.4)))
        strokes.append(_dot(0.24 * side, 0.0))
        strokes += [polyline((0.3 * side, 0.26 + dy), (0.9 * side, 0.2 + 2.4 * dy)) for dy in (-0.03, 0.08)]
    return [*strokes, polyline((-0.2, -0.4), (0.2, -0.4)), arc(0, 0.3, 0.2, 0.14, 0.02, 0.48)]


def _face(r: RandomState) -> list[Points]:
    eyes, gap = r.uniform(-0.3, -0.18), r.uniform(0.25, 0.35)
    mood = r.rand()
    if mood < 0.6:
        mouth = arc(0, 0.1, 0.46, r.uniform(0.28, 0.42), 0.03, 0.47)
    elif mood < 0.8:
        mouth = _ring(0, 0.38, 0.17, 0.2, r)
    else:
        mouth = arc(0, 0.6, 0.4, 0.28, 0.55, 0.95)
    strokes = [_ring(0, 0, 0.88, 0.88, r), mouth]
    for side in (-1, 1):
        strokes.append(polyline((gap * side, eyes - 0.1), (gap * side, eyes + 0.1), each=3))
    return strokes


def _boat(r: RandomState) -> list[Points]:
    hull = polyline((-0.9, 0.4), (-0.55, 0.82), (0.55, 0.82), (0.9, 0.4), (-0.9, 0.4))
    mast, side = r.uniform(-0.15, 0.15), r.choice((-1, 1))
    strokes = [hull, polyline((mast, 0.4), (mast, -0.92))]
    strokes.append(polyline((mast + 0.08, -0.85), (mast + r.uniform(0.55, 0.72), 0.2), (mast + 0.08, 0.2)))
    if r.rand() < 0.6:
        strokes.append(polyline((mast - 0.1, -0.6), (mast - 0.5, 0.2), (mast - 0.1, 0.2)))
    return _mirrored(strokes, side)


def _cup(r: RandomState) -> list[Points]:
    foot, side = r.uniform(0.36, 0.5), r.choice((-1, 1))
    strokes = [
        polyline((-0.6, -0.3), (-foot - 0.05, 0.8), (foot - 0.1, 0.8), (0.42, -0.3)),
        arc(-0.09, -0.3, 0.51, 0.13),
        arc(0.44, 0.15, 0.36, 0.28, 0.78, 1.24),
    ]
    if r.rand() < 0.7:
        for x in (-0.28, 0.08):
            strokes.append([(x + 0.09 * math.sin(9 * part), -0.52 - 0.42 * part) for part in np.linspace(0, 1, 12)])
    return _mirrored(strokes, side)


def _butterfly(r: RandomState) -> list[Points]:
    up, low = r.uniform(0.36, 0.46), r.uniform(0.26, 0.36)
    strokes = [polyline((0, -0.4), (0, 0.62))]
    for side in (-1, 1):
        strokes.append(arc(0.46 * side, -0.28, 0.46, up, turn=-0.55 * side))
        strokes.append(arc(0.36 * side, 0.42, 0.36, low, turn=0.5 * side))
        strokes.append([(0.26 * side * part, -0.4 - 0.45 * part**0.6) for part in np.linspace(0, 1, 8)])
    return strokes


def _snail(r: RandomState) -> list[Points]:
    turns, side = r.uniform(1.9, 2.4), r.choice((-1, 1))
    way = np.linspace(0.08, 1, 44)
    angles = 2 * math.pi * turns * (way - 1) + 0.5 * math.pi
    shell = [
        (0.14 + 0.55 * part * math.cos(a), 0.02 + 0.55 * part * math.sin(a))
        for part, a in zip(way, angles, strict=True)
    ]
    body = polyline((0.92, 0.72), (0.14, 0.62), (-0.5, 0.7), (-0.68, 0.1), each=7)
    head = _ring(-0.66, 0.0, 0.17, 0.17, r)
    horns = [polyline((-0.72, -0.15), (-0.88, -0.5)), polyline((-0.6, -0.15), (-0.55, -0.52))]
    return _mirrored([shell, body, head, *horns], side)


def _mirrored(strokes: list[Points], side: int) -> list[Points]:
    return [[(side * x, y) for x, y in points] for points in strokes]


KINDS = {
    "house": _house, "tree": _tree, "flower": _flower, "sun": _sun, "star": _star, "fish": _fish,
    "cat": _cat, "face": _face, "boat": _boat, "cup": _cup, "butterfly": _butterfly, "snail": _snail,
}  # fmt: skip
