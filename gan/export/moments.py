"""Moments of a dots run as plain JSON values, which `assets/dots/play.js` reads."""

import base64
from functools import lru_cache

import numpy as np

from gan.records import Plane

UNIT = 16384  # of the whole numbers that stand for places
LONGEST = 0.15  # an arrow, in the plane; one as steep as HALF_AS_STEEP is half as long
HALF_AS_STEEP = 2.0


@lru_cache(64)
def frame(moment: Plane) -> dict:
    """One moment as JSON values; for many viewers once."""
    steep = np.linalg.norm(moment.arrows, axis=1, keepdims=True)
    return {
        "step": moment.step,
        "fakes": places(moment.fakes),
        "beliefs": text(np.round(np.clip(np.nan_to_num(moment.beliefs), 0, 1) * 255).astype(np.uint8)),
        "arrows": places(moment.arrows * (LONGEST / (steep + HALF_AS_STEEP))),
        "heat": text(moment.heat),
        "grid": places(moment.grid.reshape(-1, 2)),
    }


def places(array: np.ndarray) -> str:
    return whole(array, UNIT)


def whole(array: np.ndarray, unit: int) -> str:
    """Numbers as 16-bit whole ones of that unit; what is none, or beyond, lies at the edge."""
    return text(np.clip(np.nan_to_num(np.round(np.asarray(array, np.float64) * unit)), -32767, 32767).astype("<i2"))


def text(numbers: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers)).decode()
