"""What is read of a pad: whatever a browser sends, pixels come out in the form of the paper."""

import base64

import numpy as np
import pytest

from gan.data.remembered import forget_all
from pages.shared.draw import pad

PAPER = np.zeros((4, 5), np.uint8)
DRAWN = np.arange(20, dtype=np.uint8).reshape(4, 5)


def sent(pixels=DRAWN, **other):
    return {"id": "paper", "n": 1, "pixels": base64.b64encode(pixels.tobytes()).decode()} | other


def test_after_pictures_were_forgotten_all_paper_is_new():
    before = pad.sheet_of(PAPER)
    assert before == pad.sheet_of(PAPER.copy())
    forget_all()
    assert before != pad.sheet_of(PAPER)


@pytest.mark.parametrize("paper", [PAPER, np.zeros((4, 5, 3), np.uint8)], ids=["grey", "colour"])
def test_pixels_come_out_as_they_were_sent(paper):
    pixels = np.arange(paper.size, dtype=np.uint8).reshape(paper.shape)
    found = pad._read(sent(pixels, n=7), "paper", paper)
    assert np.array_equal(found.pixels, pixels) and found.number == 7 and found.pixels.dtype == np.uint8


@pytest.mark.parametrize(
    "lie",
    [
        None, 5, "text", [], {}, {"id": "paper"}, sent(id="other"), sent(n=0), sent(n=-1), sent(n=float("nan")),
        sent(n="1"), sent(n=1e300), sent(n=None), sent(pixels=DRAWN[:2]), sent() | {"pixels": "***"},
        sent() | {"pixels": None}, sent() | {"pixels": "A" * 10**6}, sent() | {"pixels": "\u2028"},
    ],
)  # fmt: skip
def test_anything_else_is_as_if_nothing_had_been_drawn(lie):
    assert pad._read(lie, "paper", PAPER) is None


@pytest.mark.parametrize(("blank", "first"), [((0,), (255,)), ((255,), (0,)), ((250, 250, 245), (0, 0, 0))])
def test_the_first_ink_is_seen_best_and_the_last_rubs_out(blank, first):
    inks = pad.inks_for(blank)
    assert inks[0].colour == first and inks[-1].colour == blank
    assert len({ink.colour for ink in inks}) == len(inks) and all(len(ink.colour) == len(blank) for ink in inks)
