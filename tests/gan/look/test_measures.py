"""Sharpness, jumps and errors of pictures made by hand, whose numbers follow on paper."""

import numpy as np
import pytest

from gan import data
from gan.look import measures


def columns(*greys: float) -> np.ndarray:
    """A picture (1, 4, n) whose columns have these greys, 0..1."""
    return np.tile(np.round(255 * np.array(greys)).astype(np.uint8), (1, 4, 1))


class TestSharpness:
    def test_black_to_white_at_once_is_one(self):
        assert measures.sharpness(columns(0, 0, 1, 1)) == 1

    def test_in_four_equal_steps_it_is_a_quarter(self):
        assert measures.sharpness(columns(0, 0.25, 0.5, 0.75, 1)) == pytest.approx(0.25, abs=0.003)

    def test_high_steps_weigh_more(self):
        # Steps of 0.8 and 0.2: (0.64 + 0.04) / 1.
        assert measures.sharpness(columns(0, 0.8, 1)) == pytest.approx(0.68, abs=0.003)

    def test_along_and_across_are_alike_and_flat_parts_change_nothing(self):
        picture = columns(0, 0, 0, 0.5, 1, 1)
        assert measures.sharpness(picture) == measures.sharpness(picture.transpose(0, 2, 1))
        assert measures.sharpness(picture) == measures.sharpness(np.pad(picture, ((0, 0), (0, 0), (3, 9)), "edge"))

    def test_a_picture_of_one_grey_has_none_and_counts(self):
        both = np.concatenate([columns(0, 1), columns(0.5, 0.5)])
        assert measures.sharpness(both) == 0.5

    def test_colours_are_steps_too(self):
        grey = columns(0, 0.5, 1)
        assert measures.sharpness(np.repeat(grey[..., None], 3, 3)) == pytest.approx(measures.sharpness(grey))

    def test_blur_lowers_that_of_real_digits_and_noise_raises_it(self):
        digits = data.load("digits").images[:200]
        blurred = (digits.astype(float) + np.roll(digits, 1, 1) + np.roll(digits, 1, 2)) / 3
        noisy = np.random.RandomState(0).randint(0, 256, digits.shape)
        sharp, soft, rough = (measures.sharpness(each.astype(np.uint8)) for each in (digits, blurred, noisy))
        assert soft < 0.8 * sharp and rough > soft


class TestJump:
    def test_even_steps_share_the_way(self):
        walk = np.stack([columns(grey, 0)[0] for grey in (0, 0.25, 0.5, 0.75, 1)])[None]
        assert measures.jump(walk) == pytest.approx(0.25, abs=0.003)

    def test_all_at_once_is_one_and_walks_are_averaged(self):
        sudden = np.stack([columns(grey, 0)[0] for grey in (0, 0, 1, 1, 1)])
        even = np.stack([columns(grey, 0)[0] for grey in (0, 0.25, 0.5, 0.75, 1)])
        assert measures.jump(sudden[None]) == 1
        assert measures.jump(np.stack([sudden, even])) == pytest.approx(0.625, abs=0.003)

    def test_who_never_moves_does_not_jump(self):
        assert measures.jump(np.zeros((2, 5, 4, 4), np.uint8)) == 0.25


def test_an_error_is_the_root_of_the_mean_square_from_black_to_white():
    black, white = columns(0, 0), columns(1, 1)
    assert measures.error(black, white) == 1 and measures.error(black, black) == 0
    assert measures.error(columns(0, 0), columns(0, 1)) == pytest.approx(0.5**0.5)  # no wrap-around below black
