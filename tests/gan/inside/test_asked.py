"""Whether fakes are what they were asked to be: real pictures stand in for a forger that draws all rightly."""

import numpy as np
import pytest

from gan import data, inside
from gan.records import Wish
from gan.setup import presets

QUICK = presets.get("quick")


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """What a perfect forger shows of all kinds in turn."""
    return data.wanted(QUICK).images[:64]


def test_pictures_of_the_wished_kinds_are_as_asked(digits):
    assert inside.as_asked(QUICK, digits, Wish()) > 0.95
    sevens = data.load("digits", (7,)).images[:64]
    assert inside.as_asked(QUICK, sevens, Wish(label=7)) > 0.95


def test_pictures_of_other_kinds_are_not(digits):
    labels = data.wanted(QUICK).labels[:64]
    assert inside.as_asked(QUICK, digits, Wish(label=7)) == pytest.approx((labels == 7).mean(), abs=0.05)
    assert inside.as_asked(QUICK, data.load("digits", (1,)).images[:64], Wish(label=7)) < 0.05


def test_where_nobody_reads_the_pictures_nothing_is_said():
    assert inside.as_asked(presets.get("dots"), np.zeros((64, 1, 2), np.float32), Wish()) is None
