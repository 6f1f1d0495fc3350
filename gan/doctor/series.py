"""Numbers in a row: their middle, their trend, their swings. What is not known is left out."""

import math
from collections.abc import Callable, Sequence
from statistics import median

from gan.records import Point

LAST_SCORES = 3  # their median is the present level, so that one odd score changes nothing; fewer show no trend
MOST_OF = 0.8  # the share of the last points that must show a symptom, so that one odd point changes nothing


def finite(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def middle(values: Sequence[float], otherwise: float = math.nan) -> float:
    known = finite(values)
    return median(known) if known else otherwise


def trend_of(values: Sequence[float]) -> float | None:
    """The median of the newer half in units of the older half's; None where there are too few values."""
    half = len(values) // 2
    if len(values) < LAST_SCORES or median(values[:half]) <= 0:
        return None
    return median(values[-half:]) / median(values[:half])


def has_fallen(values: Sequence[float]) -> bool:
    """Whether the median of the newer half is below nearly all of the older one: what only swings does not fall."""
    half = len(values) // 2
    return half > 0 and sum(median(values[-half:]) < each for each in values[:half]) >= MOST_OF * half


def gathered(points: Sequence[Point], steps: int) -> list[Point]:
    """The same course in points of at least `steps` steps each; the last may have fewer."""
    found: list[Point] = []
    for point in points:
        if found and found[-1].weight < steps:
            found[-1] = found[-1].and_then(point)
        else:
            found.append(point)
    return found


def mostly(points: Sequence[Point], holds: Callable[[Point], bool]) -> bool:
    return sum(map(holds, points)) >= MOST_OF * len(points) > 0


def count_turns(values: Sequence[float], swing: float) -> int:
    """Peaks and valleys of a series, counting only moves of at least `swing` between them."""
    turns, direction = 0, 0
    low = high = values[0] if values else 0.0
    for value in values:
        low, high = min(low, value), max(high, value)
        if direction >= 0 and value <= high - swing:
            turns, direction, low = turns + (direction > 0), -1, value
        elif direction <= 0 and value >= low + swing:
            turns, direction, high = turns + (direction < 0), 1, value
    return turns
