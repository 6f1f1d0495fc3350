"""Ways, sums, children and moderation, against numbers worked out elsewhere."""

import numpy as np
import pytest

from gan.inside.latent import families, walks

RANDOM = np.random.RandomState(7)
ONE, OTHER = RANDOM.randn(2, 5, 32).astype(np.float32)


@pytest.mark.parametrize("way", walks.WAYS)
def test_a_walk_has_both_ends_and_as_many_steps_as_asked(way):
    found = walks.walk(ONE, OTHER, 9, way)
    assert found.shape == (5, 9, 32) and found.dtype == np.float32
    np.testing.assert_allclose(found[:, 0], ONE, atol=1e-6)
    np.testing.assert_allclose(found[:, -1], OTHER, atol=1e-6)


def test_the_arc_keeps_the_length_and_its_steps_are_equally_long():
    ends = families.at_length(np.stack([ONE[0], OTHER[0]]), 5.0)
    found = walks.slerp(*ends, np.linspace(0, 1, 11))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 5.0, rtol=1e-5)
    steps = np.linalg.norm(np.diff(found, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-4)


def test_a_quarter_turn_has_the_known_middle():
    found = walks.slerp(np.array([1.0, 0]), np.array([0, 1.0]), [0.5, 1 / 3])
    np.testing.assert_allclose(found, [[0.5**0.5, 0.5**0.5], [np.cos(np.pi / 6), np.sin(np.pi / 6)]], atol=1e-6)


def test_the_length_goes_evenly_from_one_end_to_the_other():
    found = walks.slerp(np.array([1.0, 0]), np.array([0, 3.0]), np.linspace(0, 1, 5))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 1.5, 2, 2.5, 3], rtol=1e-6)


def test_half_way_a_straight_walk_is_shorter_than_its_ends():
    middle = walks.lerp(ONE, OTHER, 0.5)[:, 0]
    np.testing.assert_allclose(middle, (ONE + OTHER) / 2, atol=1e-6)
    assert (np.linalg.norm(middle, axis=1) < np.linalg.norm(ONE, axis=1)).all()


@pytest.mark.parametrize("other", (ONE[0], -ONE[0], 0 * ONE[0], 2 * ONE[0]))
def test_the_arc_is_finite_between_points_without_one(other):
    found = walks.slerp(ONE[0], other, np.linspace(0, 1, 5))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[[0, -1]], [ONE[0], other], atol=1e-5)


def test_sums_of_averages():
    plus, minus, to = np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 1]]), np.array([10.0, 10])
    np.testing.assert_allclose(families.sum_of(plus, minus, to), [11, 12])
    np.testing.assert_allclose(families.sum_of(plus, minus, to, 2), [12, 14])
    np.testing.assert_allclose(families.sum_of(plus, [], to), [12, 13])
    np.testing.assert_allclose(families.sum_of([], [], to), to)


def test_children_have_each_number_of_a_parent_or_where_they_mutate_a_new_one():
    one, other = RANDOM.randn(2, 4000).astype(np.float32)
    fresh = RANDOM.randn(9, 4000).astype(np.float32)
    children = families.children(one, other, fresh, seed=3, mutation=0)
    assert ((children == one) | (children == other)).all()
    assert 0.45 < (children == one).mean() < 0.55
    mutated = families.children(one, other, fresh, seed=3, mutation=0.25)
    assert 0.22 < (mutated == fresh).mean() < 0.28
    assert (mutated[mutated != fresh] == children[mutated != fresh]).all()
    assert (families.children(one, other, fresh, seed=3, mutation=1) == fresh).all()
    assert (families.children(one, other, fresh, seed=4, mutation=0.25) != mutated).any()


@pytest.mark.parametrize("share", (0, 0.3, 1, 1.7))
def test_truncation_leaves_that_share_of_the_distance_from_the_middle(share):
    middle = OTHER[0]
    found = families.truncated(ONE, share, middle)
    expected = share * np.linalg.norm(ONE - middle, axis=1)
    np.testing.assert_allclose(np.linalg.norm(found - middle, axis=1), expected, rtol=1e-5, atol=1e-6)


def test_a_blend_of_classes_weighs_both():
    np.testing.assert_allclose(families.blend(1, 3, 0.25, 4), [0, 0.75, 0, 0.25])
    np.testing.assert_allclose(families.blend(2, 2, 0.25, 4), [0, 0, 1, 0])
