"""The sets that are drawn for the project: every kind is there, in equal number, and drawn again alike."""

import numpy as np
import pytest

from gan import data
from gan.setup.config import RunConfig
from tools import make_data

DRAWN = sorted(make_data.DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_the_file_holds_what_the_catalogue_says(name):
    item, pictures = data.get(name), data.load(name)
    assert len(item.class_names) == len(item.one_of_each) == 12
    assert [str(each).split()[-1] for each in item.one_of_each] == [str(each) for each in item.class_names]
    assert [str(each) for each in item.class_names] == list(make_data.DRAWN[name].KINDS)
    assert pictures.shape == item.shape and len(pictures.images) == item.count
    assert np.bincount(pictures.labels).tolist() == list(item.class_counts)
    assert data.is_here(name) and item.is_a_part and "CC0" in item.source


@pytest.mark.parametrize("name", DRAWN)
def test_no_two_pictures_are_the_same(name):
    images = data.load(name).images
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)


@pytest.mark.parametrize("name", DRAWN)
def test_the_first_pictures_of_each_kind_hold_its_share(name):
    labels = data.load(name).labels[:600]
    assert np.bincount(labels, minlength=12).min() >= 25


@pytest.mark.parametrize("name", DRAWN)
def test_the_file_is_what_its_script_draws(name, monkeypatch):
    kinds = make_data.DRAWN[name]
    monkeypatch.setattr(kinds, "KINDS", dict(list(kinds.KINDS.items())[:1]))
    monkeypatch.setattr(kinds, "OF_EACH", 10)
    again, _ = make_data.drawn(kinds)  # the first kind is drawn first
    count = data.get(name).count
    places = np.argsort(np.random.default_rng(make_data.ORDER_SEED).permutation(count))
    in_file = data.load(name).images[places[:10]]
    assert np.abs(again.astype(int) - in_file).mean() < 1  # another Pillow may round an edge otherwise


def test_others_are_drawn_with_another_seed(monkeypatch):
    kinds = make_data.DRAWN["doodles"]
    monkeypatch.setattr(kinds, "OF_EACH", 2)
    one, other = (make_data.drawn(kinds, seed)[0] for seed in (make_data.DRAWN_SEED, make_data.OTHERS_SEED))
    assert not any(np.array_equal(each, beside) for each in one for beside in other)


def test_all_twelve_kinds_can_be_chosen():
    config = RunConfig(data="critters", classes=(10, 11))
    assert config.learned_classes == (10, 11) and config.picture_count == 525  # 600, less those that are kept aside
    with pytest.raises(ValueError, match="0 to 11"):
        RunConfig(data="critters", classes=(12,))
