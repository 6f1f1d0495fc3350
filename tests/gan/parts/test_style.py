"""Style: mapping, modulation, mixing, noise, truncation."""

import numpy as np
import pytest
import torch

from gan import export
from gan.learn.build import build
from gan.learn.preview import preview
from gan.learn.trainer import Trainer
from gan.parts.nets import style
from gan.setup.config import RunConfig

SHAPE = (1, 28, 28)
CONFIG = RunConfig(architecture="style", latent_size=8, batch_size=4, device="cpu")


def a_generator(shape=SHAPE, config=CONFIG, **options):
    return build(config.but(options=options), shape)["generator"]


def hears_noise(generator, strength=1.0):
    """As if training had turned the noise up; it begins at 0."""
    for layer in generator.layers:
        torch.nn.init.constant_(layer.strength, strength)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 64, 64)], ids=str)
def test_it_draws_every_size_from_its_smallest(shape):
    generator, discriminator = build(CONFIG, shape).values()
    pictures = generator(torch.randn(3, 8))
    assert pictures.shape == (3, *shape) and pictures.abs().max() <= 1
    assert discriminator(pictures).shape == (3,)
    assert generator.start(torch.zeros(1, 8)).shape[-1] == {28: 7, 32: 4, 64: 4}[shape[-1]]


def test_only_the_direction_of_the_noise_counts():
    generator, z = a_generator().eval(), torch.randn(3, 8)
    torch.testing.assert_close(generator(z), generator(5 * z), atol=1e-4, rtol=0)
    assert not torch.allclose(generator(z), generator(-z), atol=1e-3)


def test_the_mapping_has_as_many_layers_as_are_asked_for():
    for count in (1, 5):
        layers = [m for m in a_generator(mapping=count).mapping if isinstance(m, style.SlowLinear)]
        assert len(layers) == count


def test_the_mapping_learns_slowly():
    """A step of 1 in the stored weights is a step of RATE * sqrt(2 / inputs) in those at work."""
    layer, x = style.SlowLinear(8, 4), torch.randn(2, 8)
    before = layer(x)
    with torch.no_grad():
        layer.weight += 1
        layer.bias += 1
    moved = layer(x) - before
    expected = style.RATE * ((2 / 8) ** 0.5 * x.sum(1, keepdim=True) + 1).expand(2, 4)
    torch.testing.assert_close(moved, expected, atol=1e-5, rtol=1e-3)


class TestModulation:
    def test_equals_a_convolution_with_each_pictures_own_weights(self):
        """StyleGAN2, eq. 1 to 3, as they are written."""
        x, weight, scales = torch.randn(2, 3, 6, 6), torch.randn(5, 3, 3, 3), torch.randn(2, 3)
        found = style.modulated(x, weight, scales)
        for index in range(2):
            own = weight * scales[index].view(1, 3, 1, 1)
            own = own / (own.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
            wanted = torch.nn.functional.conv2d(x[index : index + 1], own, padding=1)
            torch.testing.assert_close(found[index : index + 1], wanted, atol=1e-5, rtol=1e-4)

    def test_brings_the_output_back_to_size_1_whatever_the_scales(self):
        x, weight = torch.randn(8, 32, 16, 16), 7 * torch.randn(16, 32, 3, 3)
        out = style.modulated(x, weight, 10 * torch.rand(8, 32) + 0.1)
        assert out[..., 1:-1, 1:-1].std().item() == pytest.approx(1, abs=0.05)


class TestMixing:
    def test_0_gives_every_layer_the_same_style(self):
        first, *others = a_generator(mixing=0.0).styles(torch.randn(50, 8))
        assert all(torch.equal(first, other) for other in others)

    @pytest.mark.parametrize("share", [0.25, 1.0])
    def test_its_share_of_the_pictures_takes_another_style_from_a_random_layer_on(self, share):
        styles = torch.stack(a_generator(mixing=share).styles(torch.randn(2000, 8)))  # (layers, n, STYLE)
        same = (styles == styles[0]).all(2)
        mixes = ~same[-1]
        assert mixes.float().mean().item() == pytest.approx(share, abs=0.04)
        assert (same.int().diff(dim=0) <= 0).all()  # once changed, never back
        changes = same[:, mixes].sum(0)
        assert set(changes.tolist()) == set(range(1, len(styles)))  # every place occurs, the first layer never

    def test_works_with_a_single_number_of_noise(self):
        generator = a_generator(config=CONFIG.but(latent_size=1))
        assert generator(torch.randn(4, 1)).shape == (4, *SHAPE)

    def test_rests_when_nobody_trains(self):
        first, *others = a_generator(mixing=1.0).eval().styles(torch.randn(5, 8))
        assert all(torch.equal(first, other) for other in others)


class TestNoise:
    def test_is_the_same_at_rest_and_another_each_time_in_training(self):
        generator, z = a_generator(mixing=0.0), torch.randn(4, 8)
        hears_noise(generator)
        assert not torch.equal(generator(z), generator(z))
        generator.eval()
        assert torch.equal(generator(z), generator(z))

    def test_and_mixing_come_from_the_runs_own_stream(self):
        generator, z = a_generator(mixing=1.0), torch.randn(4, 8)
        hears_noise(generator)

        def draw(seed):
            stream = torch.Generator().manual_seed(seed)
            for module in generator.modules():
                if isinstance(module, style.Chancy):
                    module.stream = stream
            return generator(z)

        before = torch.get_rng_state()
        first = draw(5)
        assert torch.equal(torch.get_rng_state(), before)
        torch.randn(3)
        assert torch.equal(draw(5), first) and not torch.equal(draw(6), first)

    def test_begins_silent_with_a_strength_that_learns(self):
        generator = a_generator()
        generator(torch.randn(4, 8)).sum().backward()
        assert all(layer.strength == 0 and layer.strength.grad != 0 for layer in generator.layers)


class TestTruncation:
    def test_of_0_draws_the_mean_picture_whatever_the_noise(self):
        generator = a_generator(truncation=0.0)
        generator(torch.randn(100, 8))  # so that there is a mean
        pictures = generator.eval()(torch.randn(6, 8))
        torch.testing.assert_close(pictures, pictures[:1].expand_as(pictures))

    def test_of_1_changes_nothing_and_half_lies_between(self):
        generator, z = a_generator().eval(), torch.randn(6, 8)
        generator.mean.fill_(3)
        mapped = generator.mapping(z)
        torch.testing.assert_close(generator.styles(z)[0], mapped)
        generator.truncation = 0.5
        torch.testing.assert_close(generator.styles(z)[0], (3 + mapped) / 2)

    def test_does_not_touch_training(self):
        torch.manual_seed(3)
        free = a_generator(mixing=0.0)(torch.ones(2, 8))
        assert torch.equal(free, a_generator(mixing=0.0, truncation=0.0)(torch.ones(2, 8)))

    def test_the_mean_style_is_remembered_in_training_only(self):
        generator, z = a_generator(mixing=0.0), torch.randn(16, 8)
        generator(z)
        expected = (1 - style.MEMORY) * generator.mapping(z).mean(0)
        torch.testing.assert_close(generator.mean, expected)
        generator.eval()(z)
        torch.testing.assert_close(generator.mean, expected)


def test_a_saved_generator_draws_the_same(make_pictures, tmp_path):
    config = CONFIG.but(epochs=1, ema=0.9, options="truncation=0.7")
    trainer = Trainer(config, make_pictures(24))
    list(trainer.epochs())
    best = trainer.learner.best_generator
    hears_noise(best)
    assert best.mean.abs().sum() > 0
    export.save_generator(best, config, tmp_path)
    again, loaded = export.load_generator(tmp_path)
    assert np.array_equal(export.sample(best, config, 4), export.sample(again, loaded, 4))


def test_the_same_config_gives_the_same_run(make_pictures):
    def last(seed):
        trainer = Trainer(CONFIG.but(epochs=2, seed=seed), make_pictures(24))
        *_, record = trainer.epochs()
        return record.samples

    assert np.array_equal(last(1), last(1)) and not np.array_equal(last(1), last(2))


def test_a_preview_counts_every_number():
    found = preview(CONFIG).generator
    assert sum(layer.parameters for layer in found.layers) == found.parameters
    assert [layer.kind for layer in found.layers].count("StyledConv") == 3


def test_gradients_of_gradients_pass_through_the_discriminator():
    discriminator = build(CONFIG, SHAPE)["discriminator"]
    pictures = torch.randn(4, *SHAPE, requires_grad=True)
    (slope,) = torch.autograd.grad(discriminator(pictures).sum(), pictures, create_graph=True)
    slope.square().sum().backward()
    assert discriminator[0].weight.grad.abs().sum() > 0
