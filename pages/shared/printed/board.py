"""Boards of eight by eight squares: empty ones, and digits that people wrote, as coarse as that."""

from collections.abc import Iterable

import numpy as np

from gan import data

SIDE = 8
DIGIT = 4  # it can be written in two ways, and still be read on so few squares
SET, EDGE, CELL = "digits", 2, 3  # pixels that are left out at each edge, and those of a square
DARK = 95  # of 255: from this on a square is filled
NAMES = "ABCDEFGH"  # of the columns; rows are numbers
UNIT = 10


def written(count: int) -> list[np.ndarray]:
    """The first of the embedded digits of one kind: bool (8, 8) each, True = filled."""
    pictures = data.load(SET, (DIGIT,)).images[:count, EDGE:-EDGE, EDGE:-EDGE]
    return [*(pictures.reshape(-1, SIDE, CELL, SIDE, CELL).mean((2, 4)) > DARK)]


def drawn(filled: np.ndarray | None, label: str, is_named: bool = True) -> str:
    """A board as SVG, `label` read out; with the names of its rows and columns, or without."""
    left = UNIT if is_named else 1
    size = SIDE * UNIT + left + 1
    cells = [
        f'<rect x="{left + x * UNIT}" y="{left + y * UNIT}" width="{UNIT}" height="{UNIT}" '
        f'fill="{"#111827" if filled is not None and filled[y, x] else "#fff"}" stroke="#6B7280" stroke-width="0.6"/>'
        for y in range(SIDE)
        for x in range(SIDE)
    ]
    names = _names(left) if is_named else ()
    return f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="{label}">{"".join((*cells, *names))}</svg>'


def _names(left: int) -> Iterable[str]:
    style = 'font-size="7" text-anchor="middle" fill="#5B6472"'
    for number in range(SIDE):
        at = left + number * UNIT + UNIT / 2
        yield f'<text x="{at}" y="{left - 2.5}" {style}>{NAMES[number]}</text>'
        yield f'<text x="{left / 2}" y="{at + 2.5}" {style}>{number + 1}</text>'
