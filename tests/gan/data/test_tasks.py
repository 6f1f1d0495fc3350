"""What a translator is taught, against values worked out another way."""

import numpy as np
import pytest

from gan import data
from gan.data import Pictures, tasks
from gan.setup.config import RunConfig

SQUARE = np.zeros((1, 8, 8), np.uint8)
SQUARE[0, 2:5, 2:5] = 200


def test_an_outline_is_the_ring_around_a_shape():
    ring = np.zeros((8, 8), np.uint8)
    ring[1:6, 1:6] = 255
    ring[2:5, 2:5] = 0
    assert np.array_equal(tasks.outline(SQUARE)[0], ring)


def test_an_outline_is_closed_at_the_edge_of_the_picture():
    whole = np.full((1, 6, 6), 255, np.uint8)
    line = np.full((6, 6), 255, np.uint8)
    line[1:5, 1:5] = 0
    assert np.array_equal(tasks.outline(whole)[0], line)


def test_what_is_darker_than_ink_has_no_outline():
    assert not tasks.outline(np.full((1, 8, 8), tasks.INK, np.uint8)).any()


def test_a_coarse_picture_has_the_means_of_its_blocks():
    images = np.random.default_rng(3).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    found = tasks.coarse(images)
    assert found.shape == images.shape and tasks.small(images).shape == (3, 7, 7)
    for row, column in ((0, 0), (3, 5), (6, 6)):
        block = images[1, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        there = found[1, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        assert np.unique(there).tolist() == [round(block.astype(float).mean())]


def test_damage_is_two_holes_and_two_scratches_and_nothing_else():
    images = np.random.default_rng(4).integers(1, 120, (40, 28, 28), dtype=np.uint8)
    where, found = tasks.damage(images), tasks.damaged(images)
    assert np.array_equal(found[where == 0], images[where == 0])
    assert set(found[where == 1]) == {tasks.HOLE} and set(found[where == 2]) == {tasks.SCRATCH}
    for one in where:
        assert 28 <= (one == 2).sum() <= 2 * 28  # a pixel a row each, fewer where they cross
        assert (one == 1).sum() <= 2 * 7 * 7
    assert len({one.tobytes() for one in where}) == 40
    assert np.array_equal(where, tasks.damage(images))


def test_thin_loses_and_thick_gains_what_shapes_should():
    assert np.array_equal(tasks.thick(SQUARE)[0, 1:6, 1:6], np.full((5, 5), 200))
    assert tasks.thick(SQUARE).sum() == 25 * 200
    thin = tasks.thin(SQUARE)[0]
    # A corner shares a quarter, an edge half of a square of 2 x 2 with the shape; the middle keeps all.
    assert thin[2:5, 2:5].tolist() == [[50, 100, 50], [100, 200, 100], [50, 100, 50]]
    assert thin.sum() == 800


@pytest.mark.parametrize("task", tasks.NAMES)
@pytest.mark.parametrize("name", ["digits", "critters"])
def test_every_task_of_every_kind_of_pictures_keeps_their_form(task, name):
    pictures = data.load(name)
    few = Pictures(pictures.images[:60], pictures.labels[:60])
    sources, aims = tasks.lesson(task, few, RunConfig(data=name).learned_classes)
    assert sources.dtype == aims.images.dtype == np.uint8 and sources.shape[1:] == aims.images.shape[1:]
    assert len(aims.images) == len(aims.labels)
    if tasks.has_pairs(task):
        assert len(sources) == 60 and np.array_equal(aims.labels, few.labels)


def test_the_first_chosen_kind_becomes_the_second():
    pictures = data.load("fashion", (7, 9))
    sources, aims = tasks.lesson("kinds", pictures, (7, 9))
    assert np.array_equal(sources, pictures.images[pictures.labels == 7]) and set(aims.labels) == {9}


def test_what_goes_in_first_is_what_nothing_is_learned_from():
    config = RunConfig.from_dict({"family": "translation", "task": "sharpen"})
    pictures = data.wanted(config)
    found = tasks.going_in(config, 300)
    assert np.array_equal(found[:256], tasks.coarse(pictures.images[-256:]))
    assert np.array_equal(found[256:], tasks.coarse(pictures.images[:44]))
