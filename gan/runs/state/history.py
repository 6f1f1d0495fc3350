"""What a run keeps for its charts and its film: a fixed amount, however long it trains."""

from collections.abc import Mapping, Sequence

import numpy as np

from gan.records import EpochRecord, Point, Reading

POINTS = 200
LIGHT = 0.1  # of the most steps that a reading covered; lighter ones join the point before
FRAMES = 60


class History:
    """The readings as at most `2 * POINTS` points; when full, neighbours are averaged."""

    def __init__(self, before: Sequence[Point] = ()) -> None:
        """`before` are the points of the run that this one goes on from."""
        self._points = list(before)
        self._step = self._heaviest = self._begun = 0
        self._inside: Point | None = None  # what was read of the epoch so far, which began at the step `_begun`

    def add(self, reading: Reading) -> None:
        """Add the steps that a reading has beyond those before it; an epoch's record tells of all of the epoch's."""
        if not reading.is_trained:
            self._step, self._begun, self._inside = reading.step, reading.step, None
        if reading.step == self._step:
            return
        if isinstance(reading, EpochRecord):
            whole = Point.of(reading, reading.step - self._begun)
            self._keep(whole.without(self._inside) if self._inside else whole)
            self._inside, self._begun = None, reading.step
        else:
            point = Point.of(reading, reading.step - self._step)
            self._inside = self._inside.and_then(point) if self._inside else point
            self._keep(point)
        self._step = reading.step

    def _keep(self, point: Point) -> None:
        if self._points and point.weight < LIGHT * self._heaviest:  # single steps would be spikes
            self._points[-1] = self._points[-1].and_then(point)
            return
        self._heaviest = max(self._heaviest, point.weight)
        self._points.append(point)
        if len(self._points) >= 2 * POINTS:
            pairs = zip(self._points[::2], self._points[1::2], strict=True)
            self._points = [first.and_then(second) for first, second in pairs]

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(self._points)


class Film:
    """Sample grids at even distances, at most `FRAMES` of them, the first always kept.

    `before` is the film so far of a run that goes on.
    """

    def __init__(self, before: Mapping[int, np.ndarray] | None = None) -> None:
        self._frames = dict(before or {})
        numbers = list(self._frames)
        self._every = numbers[1] - numbers[0] if len(numbers) > 1 else 1
        self._seen = numbers[-1] + 1 if numbers else 0

    def add(self, samples: np.ndarray) -> None:
        if self._seen % self._every == 0:
            self._frames[self._seen] = samples
        self._seen += 1
        if len(self._frames) > FRAMES:
            self._every *= 2
            self._frames = {number: frame for number, frame in self._frames.items() if number % self._every == 0}

    @property
    def frames(self) -> dict[int, np.ndarray]:
        """By the number of their reading, from 0."""
        return dict(self._frames)


def thinned(items: tuple) -> tuple:
    """All items, or every other one where they have become too many; the newest always stays."""
    return items if len(items) <= 2 * POINTS else (*items[:-1:2], items[-1])


def spread(epochs: Sequence[int], most: int) -> tuple[int, ...]:
    """At most so many of the epochs, evenly spread, the first and the last among them."""
    if len(epochs) <= most:
        return tuple(epochs)
    return tuple(epochs[round(place * (len(epochs) - 1) / (most - 1))] for place in range(most))
