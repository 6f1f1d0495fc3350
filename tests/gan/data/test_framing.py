"""Drawings that are brought to lie as the pictures of a set do."""

import numpy as np
import pytest

from gan import data
from gan.data.framing import Framing, framed, framing_of, ink_of


def square(side, top, left, length, level=255):
    image = np.zeros((side, side), np.uint8)
    image[top : top + length, left : left + length] = level
    return image


def test_digits_are_twenty_pixels_long_with_their_mass_in_the_middle():
    found = framing_of(data.load("digits").images)
    assert found.blank == (0,) and found.length == 20 and found.by_mass
    assert found.centre == pytest.approx((14, 14), abs=0.1)


def test_what_is_typical_is_read_from_the_pictures():
    found = framing_of(np.stack([square(16, top, 4, 8) for top in (4, 4, 5)]))
    assert found == Framing((0,), 8.0, found.by_mass, (7.5, 7.5))


def test_ink_may_be_dark_on_light_paper():
    found = framing_of(255 - np.stack([square(16, 4, 4, 8)]))
    assert found.blank == (255,) and found.length == 8 and found.paper(2, 3).tolist() == [[255] * 3] * 2


def test_colours_have_a_paper_of_their_own():
    images = np.full((2, 8, 8, 3), (10, 200, 30), np.uint8)
    images[:, 2:6, 3:5] = (250, 0, 0)
    found = framing_of(images)
    assert found.blank == (10, 200, 30) and found.length == 4 and found.paper(2, 2).shape == (2, 2, 3)


@pytest.mark.parametrize("side", [28, 112, 280])
@pytest.mark.parametrize("corner", [(0, 0), (3, 10)])
def test_a_drawing_of_any_size_anywhere_comes_to_the_same(side, corner):
    framing = Framing((0,), 20.0, True, (13.5, 13.5))
    scale = side // 28
    found = framed(square(side, corner[0] * scale, corner[1] * scale, 8 * scale), framing, 28, 28)
    assert np.array_equal(found, square(28, 4, 4, 20))


def test_the_longer_side_decides_and_the_form_stays():
    drawing = np.zeros((100, 100), np.uint8)
    drawing[10:90, 40:50] = 255
    found = framed(drawing, Framing((0,), 20.0, False, (13.5, 13.5)), 28, 28)
    rows, columns = np.nonzero(ink_of(found, (0,)) > 127)
    assert np.ptp(rows) + 1 == 20 and np.ptp(columns) + 1 in (2, 3)


def test_it_never_leaves_the_frame():
    corner = np.zeros((100, 100), np.uint8)
    corner[0:90, 0:4] = corner[86:90, 0:60] = 255  # its mass lies far from the middle of its box
    found = framed(corner, Framing((0,), 28.0, True, (13.5, 13.5)), 28, 28)
    assert found.shape == (28, 28) and (found > 127).any(1).all() and (found > 127).any(0).sum() == 19


def test_empty_paper_stays_empty():
    assert not framed(np.zeros((50, 50), np.uint8), Framing((0,), 20.0, True, (13.5, 13.5)), 28, 28).any()


def test_a_set_of_empty_pictures_has_a_framing():
    found = framing_of(np.zeros((3, 28, 28), np.uint8))
    assert found.length == 28 and found.centre == (13.5, 13.5)


def test_real_digits_come_out_much_as_they_were():
    images = data.load("digits").images[:50]
    framing = framing_of(images)
    again = np.stack([framed(image, framing, 28, 28) for image in images])
    assert np.abs(again.astype(int) - images).mean() < 12  # of 255: by a pixel here and there
