"""Every architecture keeps the contract of `gan.nets`, on grey and on coloured pictures."""

import pytest
import torch
from torch import nn

from gan import nets
from gan.config import RunConfig
from gan.nets._blocks import Dropout, Logit
from gan.trainer import build, timed

SHAPES = [(1, 28, 28), (3, 32, 32)]
PUBLISHED = {"deep_mlp_vs_conv", "first_gan", "workshop", "pocket", "fundamentals"}

each_net = pytest.mark.parametrize("name", nets.names())
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def test_the_names_are_those_of_the_files_and_no_helpers():
    assert set(nets.names()) >= PUBLISHED | {"dcgan"}
    assert not any(name.startswith("_") for name in nets.names())


@each_shape
@each_net
def test_noise_becomes_pictures_and_pictures_become_logits(name, shape):
    generator, discriminator = build(RunConfig(architecture=name, latent_size=7), shape)
    with torch.no_grad():
        pictures = generator(5 * torch.randn(6, 7))
        logits = discriminator(pictures)
    assert pictures.shape == (6, *shape)
    assert pictures.dtype == torch.float32
    assert pictures.min() >= -1
    assert pictures.max() <= 1
    assert logits.shape == (6,)
    assert logits.isfinite().all()


@each_shape
@each_net
def test_one_picture_is_a_batch_too(name, shape):
    generator, discriminator = (net.eval() for net in build(RunConfig(architecture=name, latent_size=1), shape))
    with torch.no_grad():
        pictures = generator(torch.randn(1, 1))
        assert pictures.shape == (1, *shape)
        assert discriminator(pictures).shape == (1,)


@each_net
def test_a_score_depends_on_its_own_picture_alone_when_nobody_trains(name):
    _, discriminator = build(RunConfig(architecture=name), SHAPES[0])
    discriminator.eval()
    pictures = torch.randn(5, *SHAPES[0])
    with torch.no_grad():
        torch.testing.assert_close(discriminator(pictures)[2:3], discriminator(pictures[2:3]))


@each_net
def test_all_weights_take_part(name):
    generator, discriminator = build(RunConfig(architecture=name), SHAPES[0])
    labels = torch.arange(4)
    for progress in (0.0, 0.3, 1.0):  # networks that grow use all of theirs in time
        for part in (*timed(generator), *timed(discriminator)):
            part.progress = progress
        look = discriminator.look(generator(torch.randn(4, RunConfig().latent_size), labels), labels)
        (look.logits.square().sum() + (discriminator.class_loss(look, labels) or 0)).backward()
    for part, net in ("generator", generator), ("discriminator", discriminator):
        for key, parameter in net.named_parameters():
            assert parameter.grad is not None, f"{part}: {key}"
            assert parameter.grad.isfinite().all(), f"{part}: {key}"


@each_net
def test_the_latent_size_is_the_configs(name):
    small, _ = build(RunConfig(architecture=name, latent_size=3), SHAPES[0])
    with pytest.raises(RuntimeError):
        small(torch.randn(2, 4))


@each_net
def test_the_seed_alone_decides_the_weights(name):
    def weights(seed):
        torch.randn(3)  # wherever the global stream may be
        return [p for net in build(RunConfig(architecture=name, seed=seed), SHAPES[0]) for p in net.parameters()]

    before = torch.get_rng_state()
    first = weights(1)
    assert all(torch.equal(a, b) for a, b in zip(first, weights(1), strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(first, weights(2), strict=True))
    torch.set_rng_state(before)
    build(RunConfig(architecture=name), SHAPES[0])
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", sorted(PUBLISHED - {"workshop"}))
def test_tanh_generators_use_all_of_minus_1_to_1(name):
    generator, _ = build(RunConfig(architecture=name, latent_size=7), SHAPES[0])
    with torch.no_grad():
        assert generator(5 * torch.randn(6, 7)).min() < 0


def test_the_sigmoid_generator_stays_within_0_to_1():
    generator, _ = build(RunConfig(architecture="workshop", latent_size=7), SHAPES[0])
    with torch.no_grad():
        pictures = generator(50 * torch.randn(6, 7))
    assert pictures.min() >= 0
    assert pictures.max() > 0.6


def test_a_logit_is_a_linear_layer_without_its_last_side():
    layer = Logit(3)
    x = torch.randn(4, 3)
    torch.testing.assert_close(layer(x), nn.functional.linear(x, layer.weight, layer.bias)[:, 0])


class TestDropout:
    def dropout(self, p, seed):
        layer = Dropout(p)
        layer.stream = torch.Generator().manual_seed(seed)
        return layer

    def test_its_own_stream_makes_it_repeatable_and_leaves_the_global_one_alone(self):
        x = torch.ones(1000)
        before = torch.get_rng_state()
        first = self.dropout(0.3, seed=5)(x)
        assert torch.equal(torch.get_rng_state(), before)
        torch.randn(7)
        assert torch.equal(self.dropout(0.3, seed=5)(x), first)
        assert not torch.equal(self.dropout(0.3, seed=6)(x), first)

    def test_each_call_drops_others(self):
        layer, x = self.dropout(0.3, seed=5), torch.ones(1000)
        assert not torch.equal(layer(x), layer(x))

    @pytest.mark.parametrize("p", [0.1, 0.3, 0.5])
    def test_it_drops_its_share_and_keeps_the_mean(self, p):
        dropped = self.dropout(p, seed=1)(torch.ones(200_000))
        assert (dropped == 0).float().mean().item() == pytest.approx(p, abs=0.01)
        assert dropped[dropped != 0].unique().tolist() == pytest.approx([1 / (1 - p)])
        assert dropped.mean().item() == pytest.approx(1, abs=0.01)

    def test_the_slope_passes_where_the_number_passed(self):
        x = torch.randn(100, requires_grad=True)
        dropped = self.dropout(0.5, seed=1)(x)
        dropped.sum().backward()
        torch.testing.assert_close(x.grad, torch.where(dropped == 0, 0.0, 2.0))

    def test_it_rests_when_nobody_trains(self):
        layer, x = self.dropout(0.5, seed=1).eval(), torch.randn(10)
        assert torch.equal(layer(x), x)

    def test_without_a_stream_it_uses_the_global_one(self):
        layer, x = Dropout(0.5), torch.ones(100)
        with torch.random.fork_rng():
            torch.manual_seed(3)
            first = layer(x)
            torch.manual_seed(3)
            assert torch.equal(layer(x), first)
