"""Fakes beside the real pictures nearest to each, as a sheet of pictures and as a table."""

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gan.export.map_file import FAKE, REAL, framed
from gan.export.pictures import grid_png

if TYPE_CHECKING:
    from gan.inside.latent.neighbours import Nearest


def nearest_png(fakes: np.ndarray, reals: np.ndarray, found: "Mapping[str, Nearest]") -> bytes:
    """A row a fake: itself, framed orange, then framed blue the real ones nearest to it, by each measure in turn.

    `fakes` are uint8 (n, h, w) or (n, h, w, 3), `reals` all real pictures (m, h, w[, 3]).
    """
    beside = np.concatenate([nearest.numbers for nearest in found.values()], axis=1)
    rows = [np.concatenate([framed(fakes[n : n + 1], FAKE), framed(reals[beside[n]], REAL)]) for n in range(len(fakes))]
    return grid_png(np.concatenate(rows), columns=1 + beside.shape[1])


def nearest_csv(found: "Mapping[str, Nearest]") -> str:
    """A row a fake, measure and real picture: its number among the real ones, and how far it is.

    `ratio` is the distance in units of the usual one there: 0 for a copy, 1 for what is as new as a real picture.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["fake", "measure", "place", "real", "distance", "ratio"])
    for measure, nearest in found.items():
        usual = np.maximum(nearest.usual, 1e-9)
        for fake, (numbers, distances) in enumerate(zip(nearest.numbers, nearest.distances, strict=True)):
            for place, (real, distance) in enumerate(zip(numbers, distances, strict=True), start=1):
                ratio = distance / usual[fake]
                rows.writerow([fake, measure, place, int(real), f"{distance:.6g}", f"{ratio:.4f}"])
    return text.getvalue()
