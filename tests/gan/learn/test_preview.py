"""What is shown before the first step."""

import numpy as np
import pytest

from gan import data
from gan.learn.preview import preview
from gan.learn.trainer import Trainer
from gan.records import Wish
from gan.setup import presets
from tests.fakes import EMBEDDED


@pytest.mark.parametrize("name", EMBEDDED)
def test_layers_carry_all_parameters_and_end_where_they_should(name):
    config = presets.get(name)
    start, trainer = preview(config), Trainer(config)
    both = [(start.generator, trainer.learner.generator), (start.discriminator, trainer.learner.discriminator)]
    for summary, net in both if start.discriminator else both[:1]:
        passed = getattr(net, "there", net)  # a way back is not what pictures are drawn by
        assert sum(layer.parameters for layer in summary.layers) == sum(p.numel() for p in passed.parameters())
        assert summary.parameters == sum(parameter.numel() for parameter in net.parameters())
    assert start.generator.layers[-1].shape == data.shape_of(config.data, config.picture_size)
    assert not start.discriminator or start.discriminator.layers[-1].shape == ()


def test_pictures_are_the_ones_that_the_run_starts_from():
    config = presets.get("quick")
    start = preview(config)
    trainer = Trainer(config)
    fakes, scores = trainer.observer.samples()
    assert np.array_equal(start.fakes, fakes) and start.scores == scores
    assert start.pictures == 5000 and np.array_equal(start.reals, data.load("digits").images[:64])


def test_only_the_chosen_classes_are_shown():
    start = preview(presets.get("quick").but(classes="3,7"))
    assert start.pictures == 1000
    digits = data.load("digits")
    chosen = digits.images[np.isin(digits.labels, (3, 7))]
    assert np.array_equal(start.reals, chosen[:64])


def test_a_noise_vector_is_followed_through_the_untrained_networks():
    config = presets.get("quick")
    walk, trainer = preview(config).walk, Trainer(config)
    trainer.wish = Wish(seed=walk.seed)
    expected = next(trainer.readings()).walk
    assert walk.belief == expected.belief and walk.real.belief == expected.real.belief
    assert np.array_equal(walk.picture, expected.picture)
    assert np.array_equal(walk.real.picture, data.load("digits").images[walk.seed])
