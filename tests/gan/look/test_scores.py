"""Scores against values worked out by hand, or by slow and plain loops."""

import math

import numpy as np
import pytest
import torch

from gan.look import scores
from gan.look.scores import Gallery, Gaussian

random = np.random.default_rng(5)


def cloud(count: int, width: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


# Realism


def test_the_same_features_have_no_distance():
    features = cloud(200)
    assert scores.frechet(features, features) == pytest.approx(0, abs=1e-6)


def test_a_shift_counts_with_its_square():
    features = cloud(200)
    shift = np.array([3, 0, -4, 0, 0, 0], np.float32)
    assert scores.frechet(features, features + shift) == pytest.approx(25, rel=1e-4)


def test_a_wider_spread_counts_with_the_difference_of_deviations():
    features = torch.from_numpy(cloud(200)).double()
    spread = scores.gaussian(features).covariance.trace().item()
    assert scores.frechet(features - features.mean(0), 3 * (features - features.mean(0))) == pytest.approx(4 * spread)


def test_covariances_that_do_not_commute():
    """In two dimensions tr sqrt(AB) = sqrt(tr AB + 2 sqrt(det AB)), a formula that the code does not use."""
    one = Gaussian(torch.tensor([1.0, 2.0]).double(), torch.tensor([[2.0, 0.5], [0.5, 1.0]]).double())
    other = Gaussian(torch.tensor([0.0, 4.0]).double(), torch.tensor([[1.0, -0.9], [-0.9, 3.0]]).double())
    product = one.covariance @ other.covariance
    root = math.sqrt(product.trace() + 2 * math.sqrt(torch.det(product)))
    assert scores.frechet(one, other) == pytest.approx(5 + 3 + 4 - 2 * root)
    assert scores.frechet(other, one) == pytest.approx(scores.frechet(one, other))


def test_the_gaussian_is_numpys_mean_and_covariance():
    features = cloud(50)
    mean, covariance = scores.gaussian(features)
    np.testing.assert_allclose(mean, features.mean(0), atol=1e-6)
    np.testing.assert_allclose(covariance, np.cov(features.T), atol=1e-6)


def test_fewer_pictures_than_features_still_have_a_distance():
    few, others = cloud(3, width=64), cloud(5, width=64, seed=1)
    assert 0 < scores.frechet(few, others) < math.inf
    assert scores.frechet(few, few) == pytest.approx(0, abs=1e-4)


# Variety


def test_shares_count_classes():
    assert scores.shares(np.array([0, 2, 2, 2]), 4) == (0.25, 0.0, 0.75, 0.0)


@pytest.mark.parametrize("kinds", [1, 2, 5, 10])
def test_even_classes_count_fully(kinds):
    assert scores.variety((1 / kinds,) * kinds + (0.0,) * (10 - kinds)) == pytest.approx(kinds)


def test_uneven_classes_count_less():
    assert scores.variety((0.5, 0.25, 0.25)) == pytest.approx(2**1.5)
    assert 1 < scores.variety((0.98, 0.01, 0.01)) < 1.2


# Precision and recall


def column(*numbers: float) -> torch.Tensor:
    return torch.tensor(numbers).unsqueeze(1)


def test_points_on_a_line_by_hand():
    """Balls around 0, 1, 3 reach 1, 1, 2; around -2, -1, 4.5, 6 they reach 1, 1, 1.5, 1.5."""
    real, fake = column(0, 1, 3), column(-2, -1, 4.5, 6)
    assert scores.precision_recall(real, fake, k=1) == (pytest.approx(2 / 4), pytest.approx(2 / 3))


def test_with_more_neighbours_balls_reach_further():
    """With k = 2 the reals reach 3, 2, 3: to every fake."""
    real, fake = column(0, 1, 3), column(-2, -1, 4.5, 6)
    assert scores.precision_recall(real, fake, k=2) == (1, 1)


def test_one_mode_of_two_keeps_precision_and_loses_recall():
    left, right = cloud(40, 2), cloud(40, 2, seed=1) + 100
    precision, recall = scores.precision_recall(np.concatenate([left, right]), cloud(40, 2, seed=2))
    assert precision > 0.8
    assert 0.3 < recall <= 0.5


def test_far_away_and_the_same():
    assert scores.precision_recall(cloud(20), cloud(20) + 50) == (0, 0)
    assert scores.precision_recall(cloud(20), cloud(20)) == (1, 1)


def test_the_same_few_fakes_again_and_again_reach_nothing():
    assert scores.precision_recall(column(0, 1, 3, 4, 5), column(0.5, 0.5, 0.5, 0.5, 0.5))[1] == 0


def test_precision_and_recall_agree_with_plain_loops():
    real, fake = cloud(60, 5, seed=3), cloud(50, 5, seed=4) * 0.7 + 0.6

    def share(around: np.ndarray, points: np.ndarray) -> float:
        reach = [sorted(np.linalg.norm(around - point, axis=1))[3] for point in around]
        return np.mean([(np.linalg.norm(around - point, axis=1) <= reach).any() for point in points])

    expected = share(real, fake), share(fake, real)
    assert scores.precision_recall(real, fake, k=3) == pytest.approx(expected)
    assert 0 < expected[0] < 1 and 0 < expected[1] < 1


# Copying


def pictures(count: int, *shape: int, low: int = 0, high: int = 256) -> np.ndarray:
    return random.integers(low, high, (count, *shape), dtype=np.uint8)


def plain_thumbnails(images: np.ndarray) -> np.ndarray:
    """For sides that 7 divides."""
    count, side = images.shape[:2]
    step = side // 7
    means = images.reshape(count, 7, step, 7, step, -1).mean((2, 4)) / 255
    return means.transpose(0, 3, 1, 2).reshape(count, -1)


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 3), (14, 14)])
def test_thumbnails_are_means(shape):
    images = pictures(5, *shape)
    np.testing.assert_allclose(scores.thumbnails(images), plain_thumbnails(images), atol=1e-6)


@pytest.mark.parametrize("shape", [(32, 32, 3), (30, 20), (4, 4)])
def test_thumbnails_of_any_size(shape):
    small = scores.thumbnails(np.full((2, *shape), 51, np.uint8))
    assert small.shape == (2, 49 * (3 if len(shape) == 3 else 1))
    torch.testing.assert_close(small, torch.full_like(small, 0.2))


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 3)])
def test_copying_agrees_with_plain_loops(shape, monkeypatch):
    monkeypatch.setattr(scores, "CHUNK", 7)  # several chunks a class
    reals, fakes = pictures(60, *shape), pictures(9, *shape)
    labels, usual = np.arange(60) % 3, np.arange(0, 60, 2)
    rows, points = plain_thumbnails(reals), plain_thumbnails(fakes)

    def nearest(point: np.ndarray, but: int | None = None) -> tuple[float, int]:
        distances = np.linalg.norm(rows - point, axis=1)
        if but is not None:
            distances[but] = np.inf
        return distances.min(), labels[distances.argmin()]

    expected = [np.mean([nearest(rows[n], n)[0] for n in usual if labels[n] == kind]) for kind in range(3)]

    def ratio(found: list[tuple[float, int]]) -> float:
        return sum(distance for distance, _ in found) / sum(expected[kind] for _, kind in found)

    gallery = Gallery(reals, labels, usual)
    assert gallery.copying(fakes) == pytest.approx(ratio([nearest(point) for point in points]), rel=1e-4)
    some = np.array([3, 1, 40])
    assert gallery.copying_among(some) == pytest.approx(ratio([nearest(rows[n], n) for n in some]), rel=1e-4)


def test_copies_are_at_no_distance_and_half_copies_at_half():
    reals, new = pictures(300, 28, 28), pictures(100, 28, 28)
    gallery = Gallery(reals, np.zeros(300), np.arange(300))
    assert gallery.copying(reals[:100]) < 0.01
    assert gallery.copying(new) == pytest.approx(1, abs=0.05)
    assert gallery.copying(np.concatenate([reals[:100], new])) == pytest.approx(0.5, abs=0.03)


def test_fakes_of_a_class_of_look_alikes_are_no_copies():
    alike, unlike = pictures(200, 28, 28, low=100, high=110), pictures(200, 28, 28)
    gallery = Gallery(np.concatenate([alike, unlike]), np.repeat([0, 1], 200), np.arange(400))
    assert gallery.copying(pictures(100, 28, 28, low=100, high=110)) == pytest.approx(1, abs=0.1)


def test_a_class_of_which_no_distance_is_known_takes_that_of_all():
    reals = pictures(50, 28, 28)
    gallery = Gallery(reals, np.repeat([7, 200], 25), np.arange(25))
    assert gallery.copying(pictures(50, 28, 28)) == pytest.approx(1, abs=0.1)


def test_real_pictures_that_are_all_the_same_give_no_unit():
    gallery = Gallery(np.full((10, 28, 28), 9, np.uint8), np.zeros(10), np.arange(10))
    assert gallery.copying(pictures(5, 28, 28)) is None
