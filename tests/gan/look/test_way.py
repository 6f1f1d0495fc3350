"""A noise vector's way through both networks is the networks' own."""

import numpy as np
import pytest
import torch

from gan import export
from gan.data import Pictures
from gan.learn.build import build
from gan.look.networks import Networks
from gan.look.way import one_real, picture_of, way_through
from gan.parts import nets
from gan.setup.config import RunConfig


def followed(config, **wish):
    networks = networks_of(config)
    return networks.generator, networks.discriminator, way_through(networks, config, **wish)


def networks_of(config):
    return Networks(build(config, (1, 28, 28)), torch.zeros(()))


@pytest.mark.parametrize("architecture", nets.of_family("gan"))
def test_every_architecture_can_be_followed(architecture):
    config = RunConfig(architecture=architecture, latent_size=8)
    label = 7 if nets.is_conditional(architecture) else None
    generator, discriminator, walk = followed(config, seed=3, label=label)
    assert len(walk.noise) == 8 and walk.picture.shape == (28, 28) and walk.picture.dtype == np.uint8
    assert len(walk.generator) >= 4 and len(walk.discriminator) >= 3
    assert () in [stage.shape for stage in walk.discriminator]
    assert all(stage.image.dtype == np.uint8 and stage.image.ndim == 2 for stage in walk.generator)

    generator.eval(), discriminator.eval()
    labels = None if label is None else torch.tensor([label])
    with torch.no_grad():
        picture = generator(torch.tensor([walk.noise]), labels)
        logit = discriminator(picture, labels).item()
    assert walk.logit == pytest.approx(logit, abs=1e-5)
    assert walk.belief == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-5)


def test_the_picture_is_the_first_that_sampling_draws():
    config = RunConfig(latent_size=8)
    generator, _, walk = followed(config, seed=11)
    assert np.array_equal(walk.picture, export.sample(generator, config, 1, seed=11)[0])
    assert not np.array_equal(walk.picture, followed(config, seed=12)[2].picture)


@pytest.mark.parametrize("stabilisers", ["packing=3", "spectral_norm", "minibatch_std,minibatch_discrimination"])
def test_it_passes_what_stabilisers_put_in(stabilisers):
    config = RunConfig(latent_size=8, stabilisers=stabilisers)
    *_, walk = followed(config, seed=0)
    assert walk.discriminator[-1].shape == ()
    kinds = [stage.kind for stage in walk.discriminator]
    assert "Conv2d" in kinds and "Logit" in kinds


def test_nothing_is_changed():
    config = RunConfig(architecture="deep_mlp_vs_conv", latent_size=8)
    both = networks_of(config)
    networks = both.parts.values()
    before = [{key: value.clone() for key, value in net.state_dict().items()} for net in networks]
    stream = torch.random.get_rng_state()
    way_through(both, config, 5)
    assert all(net.training and not net[0]._forward_hooks for net in networks)
    assert torch.equal(stream, torch.random.get_rng_state())
    for net, state in zip(networks, before, strict=True):
        assert all(torch.equal(value, state[key]) for key, value in net.state_dict().items())


def test_a_layers_picture_shows_its_numbers():
    assert picture_of(torch.tensor([0.0, 1.0, 2.0, 4.0])).tolist() == [[0, 64], [128, 255]]
    maps = torch.stack([torch.zeros(2, 2), torch.ones(2, 2), torch.full((2, 2), 0.5)])
    assert picture_of(maps).tolist() == [[0, 0, 255, 255], [0, 0, 255, 255], [128, 128, 0, 0], [128, 128, 0, 0]]
    assert picture_of(torch.full((9,), 3.0)).tolist() == [[0] * 3] * 3
    assert picture_of(torch.rand(40, 7, 7)).shape == (28, 28)
    assert picture_of(torch.tensor([torch.nan, torch.inf, -1.0, 1.0])).tolist() == [[128, 128], [0, 255]]


def pictures(count=6):
    random = np.random.default_rng(0)
    return Pictures(random.integers(0, 256, (count, 28, 28), dtype=np.uint8), np.arange(count) % 3)


@pytest.mark.parametrize("architecture", nets.of_family("gan"))
def test_a_real_picture_goes_through_the_detective_too(architecture):
    config = RunConfig(architecture=architecture, latent_size=8)
    label = 2 if nets.is_conditional(architecture) else None
    networks = networks_of(config)
    real = way_through(networks, config, seed=4, label=label, pictures=pictures()).real
    discriminator = networks.discriminator
    shown = pictures().images[4 if label is None else 2]
    discriminator.eval()
    seen = torch.from_numpy(shown)[None, None] / 127.5 - 1
    with torch.no_grad():
        logit = discriminator(discriminator.reals(seen), None if label is None else torch.tensor([label])).item()
    assert real.logit == pytest.approx(logit, abs=1e-4)
    assert real.belief == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)
    if architecture != "progressive":  # which blends details in
        assert np.array_equal(real.picture, shown)
    assert () in [stage.shape for stage in real.discriminator]


def test_the_real_picture_is_of_the_wished_class_where_there_is_one():
    some = pictures()
    assert np.array_equal(one_real(some, 0, 1), some.images[1]) and np.array_equal(one_real(some, 1, 1), some.images[4])
    assert np.array_equal(one_real(some, 8), some.images[2]) and np.array_equal(one_real(some, 1, 9), some.images[1])


def test_layers_carry_all_parameters():
    generator, discriminator, walk = followed(RunConfig(latent_size=8), seed=0)
    for net, stages in ((generator, walk.generator), (discriminator, walk.discriminator)):
        assert sum(stage.parameters for stage in stages) == sum(p.numel() for p in net.parameters())
