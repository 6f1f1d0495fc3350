"""The sets of dots: where they lie, and drawings as texts."""

import numpy as np
import pytest

from gan import data
from gan.data import dots
from gan.data.pixels import channels_first, to_images, to_range
from gan.setup.config import RunConfig

ALL = [name for name in data.names() if data.get(name).is_dots]


def places(name: str, drawing: str = "") -> np.ndarray:
    return data.load(name, drawing=drawing).images[:, 0]


class TestSets:
    def test_there_are_nine_and_each_is_in_the_catalogue(self):
        assert tuple(ALL) == dots.NAMES and len(ALL) == 9

    @pytest.mark.parametrize("name", ALL)
    def test_is_what_the_catalogue_says(self, name):
        item, found = data.get(name), data.load(name)
        assert found.images.shape == (item.count, 1, 2) and found.images.dtype == np.float32
        assert found.shape == item.shape == (1, 1, 2) == data.shape_of(name)
        assert tuple(np.bincount(found.labels, minlength=len(item.class_names))) == item.class_counts
        assert found.labels.dtype == np.uint8

    @pytest.mark.parametrize("name", ALL)
    def test_lies_within_the_plane_around_its_middle(self, name):
        found = places(name)
        assert np.abs(found).max() < 1 and np.abs(found.mean(0)).max() < 0.2
        assert (found.std(0) > 0.2).all() and (np.abs(found) > 0.5).any()

    @pytest.mark.parametrize("name", ALL)
    def test_is_the_same_each_time_and_fresh_ones_are_others(self, name):
        (one, kinds), (again, _), (fresh, others) = dots.load(name), dots.load(name), dots.load(name, fresh=True)
        assert np.array_equal(one, again) and not np.array_equal(one, fresh)
        assert np.allclose(one.mean(0), fresh.mean(0), atol=0.02) and np.allclose(one.std(0), fresh.std(0), atol=0.02)
        assert np.array_equal(np.bincount(kinds), np.bincount(others))

    @pytest.mark.parametrize(("name", "kinds"), [(name, len(item.centres)) for name, item in dots.BLOBS.items()])
    def test_blobs_lie_around_their_centres(self, name, kinds):
        found, blobs = data.load(name), dots.BLOBS[name]
        for kind in range(kinds):
            own = found.images[found.labels == kind][:, 0]
            assert np.allclose(own.mean(0), blobs.centres[kind], atol=0.02)
            assert np.allclose(own.std(0), blobs.spread, rtol=0.15)
        first = found.labels[:200]
        assert len(np.unique(first)) == kinds  # mixed, so that the first ones show them all

    def test_the_grids_have_rows_and_columns(self):
        assert dots.BLOBS["dots_grid_9"].centres.tolist() == pytest.approx(
            np.array([(x, y) for y in (0.6, 0, -0.6) for x in (-0.6, 0, 0.6)])
        )
        assert len(np.unique(dots.BLOBS["dots_grid_25"].centres, axis=0)) == 25

    def test_lines_rings_and_moons_are_what_they_are_called(self):
        line, ring, moons = places("dots_line"), places("dots_ring"), places("dots_moons")
        assert np.corrcoef(line.T)[0, 1] > 0.98
        distance = np.linalg.norm(ring, axis=1)
        assert distance.mean() == pytest.approx(0.6, abs=0.01) and distance.std() < 0.04
        arcs = np.linalg.norm(moons - (-0.25, -0.1), axis=1), np.linalg.norm(moons - (0.25, 0.1), axis=1)
        assert (np.abs(np.minimum(*np.abs(np.array(arcs) - 0.5))) < 0.1).all()

    def test_some_kinds_alone_can_be_chosen(self):
        found = data.load("dots_grid_9", (4,))
        assert len(found.images) == data.get("dots_grid_9").count_of((4,)) and np.abs(found.images).max() < 0.2


class TestDrawings:
    POINTS = np.array([(-1, -1), (1, 1), (0.5, -0.25), (0.5, -0.25)])

    def test_survive_as_text(self):
        text = dots.text_of(self.POINTS)
        assert text.isascii() and len(text) == 11
        assert np.allclose(dots.points_of(text), self.POINTS, atol=1 / 255)
        assert dots.text_of(dots.points_of(text)) == text

    def test_of_the_most_points_fit_a_link(self):
        many = np.random.default_rng(1).uniform(-1, 1, (dots.MOST, 2))
        text = dots.text_of(many)
        assert len(text) == 800 and RunConfig(drawing=text).drawing == text
        with pytest.raises(ValueError, match=r"drawing cannot be '.{40}\.\.\.': it must be the text of 1 to 300 drawn"):
            RunConfig(drawing=text + dots.text_of(many[:1]))

    def test_are_what_the_dots_lie_along(self):
        found = places("dots_drawn", dots.text_of(np.array([(-0.5, 0.5), (0.5, -0.5)])))
        near = np.abs(found - (-0.5, 0.5)).max(1) < 0.15
        assert 0.45 < near.mean() < 0.55 and (np.abs(found[~near] - (0.5, -0.5)).max(1) < 0.15).all()

    def test_without_one_there_is_something_to_learn_all_the_same(self):
        assert len(places("dots_drawn")) == data.get("dots_drawn").count

    def test_come_with_the_config(self):
        config = RunConfig(data="dots_drawn", architecture="mlp", drawing=dots.text_of(np.array([(0.5, 0.5)])))
        assert np.allclose(data.wanted(config).images, 0.5, atol=0.15)
        assert np.array_equal(data.wanted(config.but(data="dots_ring")).images[:, 0], places("dots_ring"))


@pytest.mark.parametrize("pixel_range", ["-1..1", "0..1"])
def test_dots_are_seen_by_networks_and_people_alike(pixel_range):
    images = np.array([[[-1, 1]], [[0.25, -0.5]], [[1.5, 0]]], np.float32)
    seen = to_range(channels_first(images), pixel_range)
    assert seen.shape == (3, 1, 1, 2)
    assert seen[1].flatten().tolist() == ([0.625, 0.25] if pixel_range == "0..1" else [0.25, -0.5])
    shown = to_images(seen, pixel_range)
    assert shown.dtype == np.float32 and np.array_equal(shown, images)


class TestWhatDoesNotGoWithDots:
    @pytest.mark.parametrize(
        "name", ["dcgan", "conditional", "acgan", "self_attention", "progressive", "style", "deep_mlp_vs_conv"]
    )
    def test_networks_with_convolutions(self, name):
        with pytest.raises(ValueError, match=f"{name} does not go with a set of dots: its layers look at neighbouring"):
            RunConfig(data="dots_ring", architecture=name)

    def test_changed_pictures(self):
        with pytest.raises(ValueError, match="diff_augment does not go with a set of dots: it moves and recolours"):
            RunConfig(data="dots_ring", architecture="mlp", stabilisers="diff_augment")

    def test_other_sizes(self):
        with pytest.raises(ValueError, match=r"picture_size cannot be '28': dots have no pixels\."):
            RunConfig(data="dots_ring", architecture="mlp", picture_size="28")
