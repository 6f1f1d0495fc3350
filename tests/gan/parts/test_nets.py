"""Every architecture keeps the contract of `gan.parts.nets`, on grey and on coloured pictures, small and large."""

import math

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from gan.learn.build import build, timed
from gan.learn.trainer import Trainer
from gan.look import referee
from gan.parts import nets
from gan.parts.blocks import ClassBeside, Dropout, Logit
from gan.parts.nets import dcgan
from gan.parts.nets.self_attention import Attention
from gan.records import Wish
from gan.setup.config import RunConfig

SHAPES = [(1, 28, 28), (3, 32, 32), (1, 64, 64), (3, 64, 64)]
PUBLISHED = {"deep_mlp_vs_conv", "first_gan", "workshop", "pocket", "fundamentals"}
TOLD = ["conditional", "acgan", "biggan"]

each_told = pytest.mark.parametrize("name", TOLD)
each_net = pytest.mark.parametrize("name", nets.of_family("gan"))
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def test_the_names_are_those_of_the_files_and_no_helpers():
    assert set(nets.of_family("gan")) >= PUBLISHED | {"dcgan"}
    assert not any(name.startswith("_") for name in nets.of_family("gan"))


@each_shape
@each_net
def test_noise_becomes_pictures_and_pictures_become_logits(name, shape):
    generator, discriminator = build(RunConfig(architecture=name, latent_size=7), shape).values()
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
    generator, discriminator = (
        net.eval() for net in build(RunConfig(architecture=name, latent_size=1), shape).values()
    )
    with torch.no_grad():
        pictures = generator(torch.randn(1, 1))
        assert pictures.shape == (1, *shape)
        assert discriminator(pictures).shape == (1,)


@each_net
def test_a_score_depends_on_its_own_picture_alone_when_nobody_trains(name):
    discriminator = build(RunConfig(architecture=name), SHAPES[0])["discriminator"]
    discriminator.eval()
    pictures = torch.randn(5, *SHAPES[0])
    with torch.no_grad():
        torch.testing.assert_close(discriminator(pictures)[2:3], discriminator(pictures[2:3]))


@each_net
def test_all_weights_take_part(name):
    generator, discriminator = build(RunConfig(architecture=name), SHAPES[0]).values()
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
    small = build(RunConfig(architecture=name, latent_size=3), SHAPES[0])["generator"]
    with pytest.raises(RuntimeError):
        small(torch.randn(2, 4))


@each_net
def test_the_seed_alone_decides_the_weights(name):
    def weights(seed):
        torch.randn(3)  # wherever the global stream may be
        return [
            p for net in build(RunConfig(architecture=name, seed=seed), SHAPES[0]).values() for p in net.parameters()
        ]

    before = torch.get_rng_state()
    first = weights(1)
    assert all(torch.equal(a, b) for a, b in zip(first, weights(1), strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(first, weights(2), strict=True))
    torch.set_rng_state(before)
    build(RunConfig(architecture=name), SHAPES[0])
    assert torch.equal(torch.get_rng_state(), before)


def net_of(name, shape=SHAPES[0], latent_size=8, **options):
    return tuple(build(RunConfig(architecture=name, latent_size=latent_size, options=options), shape).values())


def count(net):
    return sum(p.numel() for p in net.parameters())


def kinds(net):
    return [type(layer).__name__ for layer in net]


@each_net
def test_two_steps_of_training_stay_finite(name, make_pictures):
    trainer = Trainer(RunConfig(architecture=name, latent_size=8, epochs=1, device="cpu"), make_pictures(16))
    for indices in torch.arange(16).split(8):
        trainer.learner.step(*trainer.learner.real(indices))
    assert trainer.steps == 2 and all(map(math.isfinite, trainer.learner.sums.take().values()))
    for net in (trainer.learner.generator, trainer.learner.discriminator):
        assert all(weight.isfinite().all() for weight in net.parameters())


@each_net
def test_a_slope_has_a_slope(name):
    """Gradient penalties go backward through a backward pass."""
    _, discriminator = net_of(name)
    for key, weight in discriminator.named_parameters():
        if key.endswith("gamma"):
            nn.init.ones_(weight)  # otherwise attention has no part yet
    pictures = torch.randn(8, *SHAPES[0], requires_grad=True)
    labels = torch.arange(8)
    (slope,) = torch.autograd.grad(discriminator(pictures, labels).sum(), pictures, create_graph=True)
    slope.square().sum().backward()
    gradients = [weight.grad for weight in discriminator.parameters() if weight.grad is not None]
    assert all(gradient.isfinite().all() for gradient in gradients)
    assert any(gradient.abs().sum() > 0 for gradient in gradients)


@each_net
def test_what_is_put_before_the_last_layer_is_used(name):
    class More(nn.Module):
        def forward(self, features):
            return torch.cat([features, torch.ones(len(features), 3)], 1)

    _, discriminator = net_of(name)
    pictures, labels = torch.randn(4, *SHAPES[0]), torch.arange(4)
    before = discriminator.look(pictures, labels)
    discriminator.widen(More(), 3)
    after = discriminator.look(pictures, labels)
    assert after.features.shape == (4, before.features.shape[1] + 3)
    assert after.logits.shape == (4,)
    assert (after.classes is None) == (before.classes is None)


class TestDcgan:
    def test_has_the_layers_that_quick_was_tuned_with(self):
        generator, discriminator = net_of("dcgan", latent_size=32)
        assert kinds(generator) == [
            "Linear", "Pictures", "BatchNorm2d", "ReLU", "ConvTranspose2d", "BatchNorm2d", "ReLU", "ConvTranspose2d",
            "Tanh",
        ]  # fmt: skip
        assert kinds(discriminator) == ["Conv2d", "LeakyReLU", "Conv2d", "LeakyReLU", "Flatten", "Logit"]
        assert (count(generator), count(discriminator)) == (60_305, 10_065)

    @pytest.mark.parametrize(("side", "steps"), [(28, 2), (32, 3), (64, 4), (96, 4), (4, 1)])
    def test_halves_the_side_while_it_is_even_and_above_7(self, side, steps):
        assert dcgan.halvings((1, side, side)) == steps

    def test_has_the_papers_channels_at_its_size(self):
        layers = dcgan.shrinking((3, 64, 64), 128)
        assert [layer.out_channels for layer in layers if isinstance(layer, nn.Conv2d)] == [128, 256, 512, 1024]

    def test_width_is_the_channels_at_the_large_end(self):
        generator, discriminator = net_of("dcgan", width=5)
        assert generator[-2].in_channels == discriminator[0].out_channels == 5

    @pytest.mark.parametrize("name", ["dcgan", "conditional", "acgan", "self_attention"])
    def test_extra_layers_look_once_more_where_the_picture_is_smallest(self, name):
        plain, more = net_of(name), net_of(name, extra_layers=3)
        for before, after, norms in zip(plain, more, (3, 0), strict=True):
            added = [layer for layer in after if isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3)]
            assert [(layer.in_channels, layer.out_channels) for layer in added] == [(32, 32)] * 3
            assert count(after) - count(before) == 3 * (32 * 32 * 9 + 32) + norms * 2 * 32
        noise, label = torch.randn(2, 8), torch.tensor([1, 2])
        picture = more[0](noise, label)
        assert picture.shape == (2, 1, 28, 28) and more[1](picture, label).shape == (2,)

    def test_extra_layers_have_batch_norm_where_the_others_have_it(self):
        _, discriminator = net_of("dcgan", d_norm="batch", extra_layers=1)
        assert kinds(discriminator)[-5:] == ["Conv2d", "BatchNorm2d", "LeakyReLU", "Flatten", "Logit"]

    def test_batch_norm_in_the_discriminator_spares_its_first_layer(self):
        _, discriminator = net_of("dcgan", d_norm="batch")
        assert kinds(discriminator)[:4] == ["Conv2d", "LeakyReLU", "Conv2d", "BatchNorm2d"]
        assert discriminator.couples and not net_of("dcgan")[1].couples

    def test_the_papers_first_weights_have_a_spread_of_0_02(self):
        for net in net_of("dcgan", latent_size=32, init="paper"):
            for layer in net:
                if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
                    assert layer.weight.std().item() == pytest.approx(0.02, rel=0.2)
                    assert not layer.bias.any()
                elif isinstance(layer, nn.BatchNorm2d):
                    assert layer.weight.mean().item() == pytest.approx(1, abs=0.02)


class TestMlp:
    def test_depth_and_width_are_those_of_the_hidden_layers(self):
        generator, discriminator = net_of("mlp", depth=4, width=20)
        sizes = [[m.out_features for m in net if isinstance(m, nn.Linear)] for net in (generator, discriminator)]
        assert sizes == [[20, 20, 20, 20, 784], [20, 20, 20, 20, 1]]

    @pytest.mark.parametrize(
        ("activation", "kind"), [("leaky_relu", nn.LeakyReLU), ("relu", nn.ReLU), ("sigmoid", nn.Sigmoid)]
    )
    def test_the_activation_follows_every_hidden_layer(self, activation, kind):
        for net in net_of("mlp", depth=3, activation=activation):
            assert sum(isinstance(layer, kind) for layer in net) == 3

    def test_tanh_has_one_more_in_the_generator_for_the_pixels(self):
        assert [kinds(net).count("Tanh") for net in net_of("mlp", depth=3, activation="tanh")] == [4, 3]

    def test_without_activation_the_discriminator_is_one_straight_line(self):
        _, discriminator = net_of("mlp", depth=3, activation="none")
        a, b = torch.randn(2, 1, *SHAPES[0])
        torch.testing.assert_close(discriminator((a + b) / 2), (discriminator(a) + discriminator(b)) / 2)

    @pytest.mark.parametrize(("norm", "kind"), [("batch", nn.BatchNorm1d), ("layer", nn.LayerNorm)])
    def test_the_norm_is_in_the_generator_alone(self, norm, kind):
        generator, discriminator = net_of("mlp", depth=3, norm=norm)
        assert sum(isinstance(layer, kind) for layer in generator) == 3
        assert not any(isinstance(layer, kind) for layer in discriminator)
        assert not discriminator.couples

    def test_dropout_is_in_the_discriminator_alone(self):
        generator, discriminator = net_of("mlp", depth=3, dropout=0.25)
        assert [layer.p for layer in discriminator if isinstance(layer, Dropout)] == [0.25] * 3
        assert "Dropout" not in kinds(generator) + kinds(net_of("mlp")[1])


class TestAskingForAClass:
    def test_these_can_be_asked(self):
        assert {name for name in nets.of_family("gan") if nets.is_conditional(name)} == set(TOLD)

    @each_told
    def test_another_class_is_another_picture_of_the_same_noise(self, name):
        generator = net_of(name)[0].eval()
        noise = torch.randn(1, 8).repeat(10, 1)
        with torch.no_grad():
            pictures = generator(noise, torch.arange(10)).flatten(1)
            same = generator(noise, torch.full((10,), 3)).flatten(1)
        assert torch.pdist(pictures).min() > 1e-3
        assert torch.pdist(same).max() < 1e-3

    @each_told
    def test_classes_come_in_turn_when_nobody_asks(self, name):
        config = RunConfig(architecture=name, latent_size=8, classes="3,7")
        generator = build(config, SHAPES[0])["generator"].eval()
        noise = torch.randn(5, 8)
        with torch.no_grad():
            assert torch.equal(generator(noise), generator(noise, torch.tensor([3, 7, 3, 7, 3])))

    def test_the_class_stands_beside_the_noise_and_is_quieter(self):
        beside, noise = ClassBeside(2000, 10), torch.randn(3, 2000)
        labels = torch.tensor([4, 0, 4])
        both = beside((noise, labels))
        assert torch.equal(both[:, :2000], noise)
        assert torch.equal(both[:, 2000:], beside.weight[labels])
        assert beside.weight.square().sum(1).mean().item() == pytest.approx(2000 / 8, rel=0.4)

    @each_told
    def test_packing_is_refused(self, name):
        with pytest.raises(ValueError, match=f"{name} does not go with packing"):
            RunConfig(architecture=name, stabilisers="packing=2")


def test_a_projection_adds_how_well_features_match_the_class():
    _, discriminator = net_of("conditional")
    head = discriminator[-1]
    nn.init.normal_(head.directions.weight)
    pictures, labels = torch.randn(6, *SHAPES[0]), torch.tensor([3, 1, 4, 1, 5, 9])
    look = discriminator.look(pictures, labels)
    for logit, features, label in zip(look.logits, look.features, labels, strict=True):
        by_hand = head.weight[0] @ features + head.bias[0] + head.directions.weight[label] @ features
        torch.testing.assert_close(logit, by_hand, rtol=1e-4, atol=1e-4)
    unasked = discriminator.look(pictures)
    torch.testing.assert_close(unasked.logits, nn.functional.linear(look.features, head.weight, head.bias)[:, 0])


class TestAcgan:
    def test_names_each_picture_and_is_not_told_the_class(self):
        _, discriminator = net_of("acgan")
        pictures = torch.randn(6, *SHAPES[0])
        look, other = discriminator.look(pictures, torch.zeros(6).long()), discriminator.look(pictures)
        assert look.classes.shape == (6, 10)
        assert torch.equal(look.logits, other.logits) and torch.equal(look.classes, other.classes)

    @pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
    def test_pays_for_right_names(self, weight):
        _, discriminator = net_of("acgan", class_weight=weight)
        look = discriminator.look(torch.randn(3, *SHAPES[0]))
        labels = torch.tensor([2, 7, 1])
        by_hand = 0.0
        for scores, label in zip(look.classes.tolist(), labels.tolist(), strict=True):
            by_hand += (math.log(sum(math.exp(score) for score in scores)) - scores[label]) / 3
        assert discriminator.class_loss(look, labels).item() == pytest.approx(weight * by_hand, abs=1e-5)

    def test_its_first_loss_is_that_of_a_guess(self):
        _, discriminator = net_of("acgan")
        look = discriminator.look(torch.zeros(4, *SHAPES[0]))
        assert cross_entropy(look.classes, torch.arange(4)).item() == pytest.approx(math.log(10), abs=0.2)

    def test_others_do_not_name(self):
        _, discriminator = net_of("conditional")
        look = discriminator.look(torch.zeros(4, *SHAPES[0]), torch.arange(4))
        assert look.classes is None and discriminator.class_loss(look, torch.arange(4)) is None


class TestAttention:
    def layer(self, channels=8, gamma=0.0):
        layer = Attention(channels)
        nn.init.constant_(layer.gamma, gamma)
        return layer

    def test_does_nothing_at_first(self):
        x = torch.randn(2, 8, 6, 6)
        assert torch.equal(self.layer()(x), x)
        assert self.layer(gamma=0.5)(x).sub(x).abs().max() > 1e-3

    def test_each_place_shares_out_the_whole_of_its_attention(self):
        weights = self.layer().weights(torch.randn(2, 8, 6, 4))
        assert weights.shape == (2, 24, 6)
        assert weights.min() >= 0
        torch.testing.assert_close(weights.sum(2), torch.ones(2, 24))

    @torch.no_grad()
    def test_is_what_loops_give(self):
        layer, x = self.layer(gamma=0.7), torch.randn(1, 8, 4, 4)
        query, key, value = layer.query(x)[0], layer.key(x)[0], layer.value(x)[0]
        corners = [(0, 0), (0, 2), (2, 0), (2, 2)]

        def merged(map_):
            return [map_[:, i : i + 2, j : j + 2].amax((1, 2)) for i, j in corners]

        keys, values = merged(key), merged(value)
        expected = x.clone()
        for i in range(4):
            for j in range(4):
                scores = [math.exp((query[:, i, j] * k).sum().item()) for k in keys]
                seen = sum(score / sum(scores) * v for score, v in zip(scores, values, strict=True))
                out = layer.out.weight[:, :, 0, 0] @ seen + layer.out.bias
                expected[0, :, i, j] += 0.7 * out
        torch.testing.assert_close(layer(x), expected, rtol=1e-4, atol=1e-5)

    @pytest.mark.parametrize(("shape", "side"), [(SHAPES[0], 14), (SHAPES[1], 16), (SHAPES[3], 16)])
    def test_stands_where_pictures_are_14_or_16_a_side(self, shape, side):
        seen = []
        for net, x in zip(net_of("self_attention", shape), (torch.randn(2, 8), torch.randn(2, *shape)), strict=True):
            (layer,) = (layer for layer in net if isinstance(layer, Attention))
            layer.register_forward_hook(lambda _module, inputs, _output: seen.append(inputs[0].shape[2:]))
            net(x)
        assert seen == [(side, side)] * 2


@pytest.mark.parametrize("name", sorted(PUBLISHED - {"workshop"}))
def test_tanh_generators_use_all_of_minus_1_to_1(name):
    generator = build(RunConfig(architecture=name, latent_size=7), SHAPES[0])["generator"]
    with torch.no_grad():
        assert generator(5 * torch.randn(6, 7)).min() < 0


def test_the_sigmoid_generator_stays_within_0_to_1():
    generator = build(RunConfig(architecture="workshop", latent_size=7), SHAPES[0])["generator"]
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


@each_told
def test_networks_that_are_told_the_class_draw_it(name):
    """After some seconds the referee reads what was asked for; untrained, it reads the same for both."""
    config = RunConfig(architecture=name, classes="0,1", epochs=9)
    trainer, judge = Trainer(config), referee.load("digits")

    def obeyed():
        shares = []
        for label in (0, 1):
            trainer.wish = Wish(label=label)
            samples, _ = trainer.observer.samples()
            shares.append((judge.look(samples)[1].argmax(1) == label).float().mean().item())
        return min(shares)

    assert obeyed() < 0.5
    list(trainer.epochs())
    assert obeyed() > 0.8
