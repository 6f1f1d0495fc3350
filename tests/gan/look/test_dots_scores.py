"""The scores of dots, against what is worked out in another way."""

import math

import numpy as np
import pytest

from gan import data
from gan.data import Pictures
from gan.data.dots import BLOBS, blobs_of
from gan.learn.trainer import Trainer
from gan.look.dots_scores import SIDE, DotsScorer, histogram, hits, js, kl
from gan.look.observer import scorer_of
from gan.setup.config import RunConfig

GRID = RunConfig(data="dots_grid_9", architecture="mlp", latent_size=2, device="cpu")


def cloud(count: int, centre: tuple[float, float], spread: float, seed: int) -> np.ndarray:
    places = np.random.default_rng(seed).normal(centre, spread, (count, 2))
    return places.astype(np.float32)[:, None]


def scored(config: RunConfig, fakes: np.ndarray):
    return scorer_of(data.wanted(config), config).score(fakes)


def test_a_histogram_counts_each_dot_in_its_square():
    dots = np.concatenate([cloud(500, (0.3, -0.4), 0.5, 1), [[[1, 1]], [[-1, -1]], [[7, -7]], [[np.nan, 0]]]])
    counted = np.zeros((SIDE, SIDE), int)
    for x, y in np.nan_to_num(dots[:, 0]):
        column, row = (min(SIDE - 1, max(0, math.floor((place + 1) / (2 / SIDE)))) for place in (x, y))
        counted[row, column] += 1
    assert np.array_equal(histogram(dots), counted) and counted.sum() == 504


class TestDivergences:
    @pytest.mark.parametrize("shift", [0.0, 0.15, 0.3])
    def test_kl_of_two_clouds_is_that_of_their_gaussians(self, shift):
        spread = 0.3
        real, fake = (histogram(cloud(200_000, (x, 0.0), spread, seed)) for x, seed in ((0.0, 1), (shift, 2)))
        assert kl(real, fake) == pytest.approx(shift**2 / (2 * spread**2), rel=0.05, abs=0.005)

    def test_kl_of_a_narrow_cloud_from_a_wide_one(self):
        narrow, wide = 0.15, 0.3
        real, fake = (histogram(cloud(200_000, (0, 0), spread, seed)) for spread, seed in ((narrow, 1), (wide, 2)))
        ratio = narrow**2 / wide**2
        assert kl(real, fake) == pytest.approx(ratio - 1 - math.log(ratio), rel=0.05)

    def test_js_of_two_clouds_is_that_of_their_gaussians(self):
        def density(x, middle):
            return np.exp(-((x - middle) ** 2) / (2 * 0.2**2)) / (0.2 * math.sqrt(2 * math.pi))

        x = np.linspace(-2, 2, 40_001)
        p, q = density(x, -0.2), density(x, 0.2)
        mean = (p + q) / 2
        expected = np.trapezoid(p * np.log(p / mean) + q * np.log(q / mean), x) / 2
        real, fake = (histogram(cloud(200_000, (middle, 0), 0.2, seed)) for middle, seed in ((-0.2, 1), (0.2, 2)))
        assert js(real, fake) == pytest.approx(expected, rel=0.03)

    def test_by_hand_of_a_few_squares(self):
        real, fake = np.array([[3, 1], [0, 0]]), np.array([[1, 0], [2, 1]])
        p, q = (3.5 / 6, 1.5 / 6, 0.5 / 6, 0.5 / 6), (1.5 / 6, 0.5 / 6, 2.5 / 6, 1.5 / 6)
        assert kl(real, fake) == pytest.approx(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
        halves = [0.75 * math.log(0.75 / 0.5), 0.25 * math.log(2), 0.25 * math.log(0.25 / 0.5), 0.75 * math.log(2)]
        assert js(real, fake) == pytest.approx(sum(halves) / 2)

    def test_have_their_ends(self):
        one, other = (histogram(cloud(1_000, (x, x), 0.01, 1)) for x in (-0.6, 0.6))
        assert js(one, one) == kl(one, one) == 0
        assert js(one, other) == pytest.approx(math.log(2)) and 4 < kl(one, other) < math.inf


class TestBlobs:
    def test_are_found_by_a_tenth_of_a_fair_share(self):
        blobs = BLOBS["dots_grid_9"]
        many = np.repeat(blobs.centres[:3], (879, 111, 10), axis=0)[:, None]
        assert hits(many, blobs) == (2, 1.0)  # 1,000 / 9 / 10 = 11.1
        many = np.repeat(blobs.centres[:3], (877, 111, 12), axis=0)[:, None]
        assert hits(many, blobs) == (3, 1.0)

    def test_reach_three_standard_deviations_far(self):
        blobs = BLOBS["dots_grid_9"]
        away = np.array([[0.0, 0.0], [0.089, 0.0], [0.0, -0.091], [0.3, 0.3]], np.float32)[:, None]
        assert hits(away, blobs)[1] == 0.5

    def test_of_chosen_kinds_alone_count(self):
        config = GRID.but(classes=(0, 8))
        found = scorer_of(data.wanted(config), config)
        assert found.floor.kinds == 2 and len(blobs_of("dots_grid_9", (0, 8)).centres) == 2


class TestScorer:
    @pytest.mark.parametrize("name", [name for name in data.names() if data.get(name).is_dots])
    def test_real_dots_reach_the_floor(self, name):
        config = GRID.but(data=name)
        found = scorer_of(data.wanted(config), config)
        assert found.samples == 10_000 and 0 < found.floor.js < 0.03 and 0 < found.floor.kl < 0.12
        others = data.get(name).class_names
        if len(others) > 1:
            assert found.floor.kinds == len(others)
            assert found.floor.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.005)
        else:
            assert found.floor.kinds is found.floor.high_quality is None
        again = found.score(data.wanted(config).images)
        assert again.js == 0 == again.kl

    def test_a_collapse_is_seen_and_told_from_noise(self):
        collapsed = data.load("dots_grid_9", (0, 1)).images
        few = scored(GRID, np.concatenate([collapsed] * 5))
        assert few.kinds == 2 and few.high_quality > 0.98 and few.js == pytest.approx(0.404, abs=0.03)
        noise = np.random.default_rng(1).uniform(-1, 1, (10_000, 1, 2)).astype(np.float32)
        nothing = scored(GRID, noise)
        assert nothing.high_quality < 0.1 and nothing.js > 0.3 and nothing.kl > 1

    def test_wants_as_many_fakes_as_there_are_dots(self):
        some = Pictures(data.load("dots_ring").images[:500], np.zeros(500, np.uint8))
        scorer = DotsScorer(some, some, None)
        with pytest.raises(ValueError, match=r"There must be 500 fakes to score, not 499\."):
            scorer.score(some.images[:499])


def test_a_run_is_scored_and_its_numbers_hold_the_scores():
    trainer = Trainer(GRID.but(options={"width": 16}, pictures=256, batch_size=64, epochs=1))
    (record,) = trainer.epochs()
    numbers = record.numbers()
    assert record.scores.samples == 10_000 and trainer.floor.kinds == 9
    assert numbers["js"] == record.scores.js == record.scores.distance and 0 < numbers["js"] <= math.log(2)
    assert numbers["kl"] > 0 and 0 <= numbers["kinds"] <= 9 and 0 <= numbers["high_quality"] <= 1
    assert numbers["realism"] is None and numbers["copying"] is None
