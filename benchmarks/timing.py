"""Honest timing on a noisy machine: all sides in turn, medians, ratios."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter


def take_turns(sides: Mapping[str, Callable[[float], int]], rounds: int, seconds: float) -> dict[str, float]:
    """Median milliseconds a step of each side.

    A side is called with a time and works for about that long; it returns how many steps it did.
    The sides take turns, so that a slow spell of the machine meets all of them; the first round warms up.
    """
    times: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, side in sides.items():
            start = perf_counter()
            steps = side(seconds)
            if turn:
                times[name].append(1000 * (perf_counter() - start) / steps)
    return {name: median(values) for name, values in times.items()}
