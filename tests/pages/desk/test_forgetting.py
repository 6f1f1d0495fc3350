"""The next class finds nothing of this one's pictures on any page either."""

import gc
import weakref

import pytest

from gan.data import NotBrought, own
from gan.inside.moment import open_moment
from gan.learn.trainer import Trainer
from gan.setup import presets
from pages.shared.inside.eye import picking
from pages.shared.stage import panels
from tests.brought import a_set


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """A set that is brought, a config that learns from it, and a moment of its run."""
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path))
    config, images = learned_from(a_set())
    yield config, Trainer(config).checkpoint(), images
    own.let_go()


def learned_from(made):
    return presets.few(own.keep(made)).but(device="cpu"), weakref.ref(made.images)


def test_what_pages_show_of_the_classs_pictures_goes_with_them(kept):
    config, content, images = kept
    seen = panels.real_pictures(config.data, (), config.picture_size, "light", "Pictures")
    assert seen and len(panels.cached_preview(config).reals)
    moment = open_moment(config, content)
    assert len(picking.sheets(moment, moment.name, 0)[1].pictures) == picking.SHOWN
    del moment
    own.let_go()
    gc.collect()
    assert images() is None
    with pytest.raises(NotBrought):
        panels.real_pictures(config.data, (), config.picture_size, "light", "Pictures")
    with pytest.raises(NotBrought):
        panels.cached_preview(config)
    moment = open_moment(config, content)  # the run may be the teacher's, and stays
    fakes, reals = picking.sheets(moment, moment.name, 0)
    assert len(fakes.pictures) and not len(reals.pictures)


def test_a_preview_does_not_hold_all_pictures_of_its_set(kept):
    assert panels.cached_preview(kept[0]).reals.base is None
