"""The stabilisers against numbers worked out by hand or another way, and what they do to a discriminator."""

import itertools

import pytest
import torch
from torch import tensor

from gan.learn.trainer import Trainer
from gan.parts import choices, losses, nets, stabilisers
from gan.parts.blocks import Look
from gan.parts.hooks import Base, Batch
from gan.parts.stabilisers import diff_augment
from tests.gan.parts.stabilised import DEFAULTS, REFUSED, SHAPE, TINY, assert_finite, make, pictures, train


class TestEveryStabiliser:
    @pytest.mark.parametrize("name", stabilisers.names())
    def test_says_what_it_is(self, name):
        about = str(choices.about("gan.parts.stabilisers", name)).lower()
        assert "the discriminator" in about or "the generator" in about
        assert issubclass(stabilisers.get(name).Stabiliser, Base)
        default, low, high = stabilisers.facts(name)["STRENGTH"]
        assert 0 <= low <= default <= high
        known = {*losses.names(), *nets.names(), *stabilisers.names(), "label_smoothing", "d_norm=batch", "dots"}
        assert set(stabilisers.facts(name).get("REFUSES", {})) <= known

    @pytest.mark.parametrize("name", stabilisers.names())
    @pytest.mark.parametrize(
        "architecture", ["dcgan", "mlp", "deep_mlp_vs_conv", "progressive", "conditional", "acgan"]
    )
    def test_trains_or_is_refused_with_each_architecture(self, name, architecture, make_pictures):
        changes = {"architecture": architecture, "stabilisers": {name: DEFAULTS[name]}}
        if frozenset((name, architecture)) in REFUSED:
            with pytest.raises(ValueError, match="does not go with"):
                TINY.but(**changes)
        else:
            assert_finite(train(TINY.but(**changes), make_pictures=make_pictures))

    @pytest.mark.parametrize("name", stabilisers.names())
    def test_says_whether_pictures_are_judged_together(self, name, make_pictures):
        config = TINY.but(architecture="mlp", stabilisers={name: DEFAULTS[name]})
        trainer = Trainer(config, make_pictures(64))
        assert stabilisers.facts(name).get("COUPLES", False) == trainer.learner.discriminator.couples

    @pytest.mark.parametrize("name", stabilisers.names())
    @pytest.mark.parametrize("shape", [(3, 32, 32), (1, 64, 64)], ids=str)
    def test_trains_in_colour_and_at_other_sizes(self, name, shape, make_pictures):
        config = TINY.but(architecture="dcgan", stabilisers={name: DEFAULTS[name]})
        assert_finite(train(config, shape=shape, make_pictures=make_pictures))

    @pytest.mark.parametrize("name", stabilisers.names())
    def test_trains_on_the_smallest_batches_with_every_optimiser(self, name, make_pictures):
        strength = 4 if name == "packing" else DEFAULTS[name]  # more than there are pictures
        for optimizer in ("adam", "rmsprop", "sgd"):
            config = TINY.but(stabilisers={name: strength}, batch_size=2, optimizer=optimizer, learning_rate=1e-4)
            assert_finite(train(config, make_pictures=make_pictures))

    @pytest.mark.parametrize("name", stabilisers.names())
    def test_gives_the_same_run_again_and_leaves_the_global_random_stream_alone(self, name, make_pictures):
        config = TINY.but(architecture="dcgan", stabilisers={name: DEFAULTS[name]})
        before = torch.get_rng_state()
        first = train(config, steps=3, make_pictures=make_pictures)
        assert torch.equal(torch.get_rng_state(), before)
        torch.randn(5)
        second = train(config, steps=3, make_pictures=make_pictures)
        for one, other in zip(first.learner.generator.parameters(), second.learner.generator.parameters(), strict=True):
            assert torch.equal(one, other)
        for one, other in zip(
            first.learner.discriminator.parameters(), second.learner.discriminator.parameters(), strict=True
        ):
            assert torch.equal(one, other)

    @pytest.mark.parametrize("name", stabilisers.names())
    def test_makes_a_difference(self, name, make_pictures):
        config = TINY.but(architecture="dcgan")
        plain = train(config, steps=3, make_pictures=make_pictures)
        changed = train(config.but(stabilisers={name: DEFAULTS[name]}), steps=3, make_pictures=make_pictures)
        pairs = zip(plain.learner.generator.parameters(), changed.learner.generator.parameters(), strict=True)
        assert any(not torch.equal(one, other) for one, other in pairs)


class TestTogether:
    @pytest.mark.parametrize(("one", "other"), list(itertools.combinations(stabilisers.names(), 2)))
    def test_a_pair_trains_or_is_refused_with_both_names(self, one, other, make_pictures):
        strengths = {one: DEFAULTS[one], other: DEFAULTS[other]}
        if frozenset((one, other)) not in REFUSED:
            assert_finite(train(TINY.but(stabilisers=strengths), make_pictures=make_pictures))
            return
        with pytest.raises(ValueError, match=r"^\w+ does not go with \w+: [a-z].*[^.]\.$") as refusal:
            TINY.but(stabilisers=strengths)
        assert one in str(refusal.value) and other in str(refusal.value)

    @pytest.mark.parametrize(("loss", "name"), list(itertools.product(losses.names(), stabilisers.names())))
    def test_a_loss_trains_with_it_or_what_the_loss_brings_refuses_it(self, loss, name, make_pictures):
        brought = losses.facts(loss).get("BRINGS", {})
        if any(frozenset((name, other)) in REFUSED for other in brought):
            with pytest.raises(ValueError, match="does not go with"):
                TINY.but(loss=loss, stabilisers={name: DEFAULTS[name]})
            without = dict.fromkeys(brought, 0) | {name: DEFAULTS[name]}
            assert TINY.but(loss=loss, stabilisers=without).strengths == {name: DEFAULTS[name]}
        else:
            config = TINY.but(loss=loss, stabilisers={name: DEFAULTS[name]})
            assert_finite(train(config, steps=1, make_pictures=make_pictures))


class TestInstanceNoise:
    @pytest.mark.parametrize(("progress", "spread"), [(0, 0.4), (0.25, 0.3), (0.9, 0.04)])
    def test_has_the_strengths_spread_and_fades_in_a_straight_line(self, progress, spread):
        noise = make("instance_noise", 0.4)
        noise.progress = progress
        seen = noise.show(torch.zeros(64, *SHAPE))
        assert seen.std().item() == pytest.approx(spread, rel=0.02)
        assert seen.mean().item() == pytest.approx(0, abs=0.01)

    def test_is_gone_at_the_end(self):
        noise = make("instance_noise")
        noise.progress = 1.0
        assert torch.equal(noise.show(pictures()), pictures())

    def test_is_new_each_time_and_leaves_the_pictures_alone(self):
        noise, same = make("instance_noise"), pictures()
        assert not torch.equal(noise.show(same), noise.show(same))
        assert torch.equal(same, pictures())

    def test_is_shown_to_the_discriminator_and_fades_with_the_run(self, make_pictures):
        trainer = Trainer(TINY.but(stabilisers={"instance_noise": 0.5}), make_pictures(16))
        trainer.learner.tell(0.25)
        seen = []
        trainer.learner._judge(Batch(torch.zeros(64, *SHAPE)), lambda shown, labels: seen.append(shown))
        assert seen[0].std().item() == pytest.approx(0.75 * 0.5, rel=0.02)


class TestFeatureMatching:
    real = Look(torch.zeros(2), tensor([[1.0, 2.0], [3.0, 4.0]]))  # a mean of (2, 3)
    fake = Look(torch.zeros(2), tensor([[0.0, 0.0], [2.0, 0.0]]))  # a mean of (1, 0)

    def test_is_the_distance_of_the_means(self):
        assert make("feature_matching").g_loss(tensor(5.0), self.real, self.fake).item() == pytest.approx(1 + 9)

    def test_takes_its_share_of_the_loss(self):
        found = make("feature_matching", 0.25).g_loss(tensor(5.0), self.real, self.fake)
        assert found.item() == pytest.approx(0.75 * 5 + 0.25 * 10)

    def test_pulls_every_fake_the_same_way(self):
        features = self.fake.features.clone().requires_grad_()
        make("feature_matching").g_loss(tensor(0.0), self.real, Look(torch.zeros(2), features)).backward()
        assert features.grad.tolist() == [[-1, -3], [-1, -3]]  # 2 / n of the difference

    def test_asks_the_trainer_for_real_pictures(self, make_pictures):
        assert Trainer(TINY.but(stabilisers={"feature_matching": 1}), make_pictures(16)).learner.needs_real
        assert not Trainer(TINY, make_pictures(16)).learner.needs_real


class TestDiffAugment:
    def luck(self, count=64):
        return torch.rand(7, count, 1, 1, 1, generator=torch.Generator().manual_seed(1))

    @pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 64)], ids=str)
    def test_keeps_the_shape_and_changes_every_picture_in_its_own_way(self, shape):
        one = pictures(1, *shape)
        seen = make("diff_augment").show(one.repeat(6, 1, 1, 1))
        assert seen.shape == (6, *shape) and seen.dtype == one.dtype
        for a, b in itertools.combinations([*seen, one[0]], 2):
            assert not torch.allclose(a, b)

    def test_at_0_changes_nothing(self):
        for shape in (SHAPE, (3, 32, 32)):
            assert torch.allclose(make("diff_augment", 0.0).show(pictures(8, *shape)), pictures(8, *shape), atol=1e-6)

    def test_below_1_changes_less(self):
        ramp = torch.linspace(-1, 1, 28).expand(64, 1, 28, 28)
        changes = [(make("diff_augment", s).show(ramp) - ramp).abs().mean() for s in (0.1, 0.4, 1.0)]
        assert changes[0] < changes[1] < changes[2]

    def test_lets_the_gradient_pass(self):
        """The slope of a sum of squares is twice the pictures, where nothing moved, changed colour or was cut."""
        shown = pictures(4).requires_grad_()
        augment = make("diff_augment")
        augment.show(shown).square().sum().backward()
        assert shown.grad.isfinite().all()
        assert (shown.grad != 0).float().mean() > 0.5
        assert torch.autograd.gradcheck(
            lambda x: make("diff_augment").show(x), pictures(2, 3, 8, 8).double().requires_grad_()
        )

    def test_makes_pictures_darker_and_brighter_by_up_to_a_half(self):
        luck = self.luck(500)[:3]
        luck[1:] = 0.5  # colour and contrast as they are
        change = diff_augment.recoloured(pictures(500), 1.0, luck) - pictures(500)
        moved = change.mean((1, 2, 3))
        assert torch.allclose(change, moved.view(-1, 1, 1, 1).expand_as(change), atol=1e-5)
        assert -0.5 <= moved.min() < -0.45 and 0.45 < moved.max() <= 0.5

    def test_keeps_the_mean_where_only_contrast_and_colour_change(self):
        luck, shown = self.luck(500)[:3], pictures(500, 3, 8, 8)
        luck[0] = 0.5
        seen = diff_augment.recoloured(shown, 1.0, luck)
        assert torch.allclose(seen.mean((1, 2, 3)), shown.mean((1, 2, 3)), atol=1e-5)
        luck[1] = 0.5
        ratio = diff_augment.recoloured(shown, 1.0, luck).std((1, 2, 3)) / shown.std((1, 2, 3))
        assert 0.5 <= ratio.min() < 0.55 and 1.45 < ratio.max() <= 1.5
        luck[1:] = tensor([0.0, 0.5]).view(2, 1, 1, 1, 1)  # no colour at all: the grey that has the same mean
        grey = shown.mean(1, keepdim=True).expand_as(shown)
        assert torch.allclose(diff_augment.recoloured(shown, 1.0, luck), grey, atol=1e-5)

    @pytest.mark.parametrize(("side", "most"), [(28, 4), (32, 4), (64, 8)])
    def test_moves_pictures_by_up_to_an_eighth(self, side, most):
        """A bright pixel in the middle is found elsewhere, at each distance in both directions."""
        dot = torch.zeros(500, 2, side, side)
        dot[:, :, side // 2, side // 2] = 0.7
        moved = diff_augment.moved(dot, 1.0, self.luck(500)[3:5])
        assert torch.allclose(moved.sum((2, 3)), dot.sum((2, 3)))  # no dot is lost
        assert torch.equal(moved[:, 0], moved[:, 1])  # all colours move alike
        places = moved[:, 0].nonzero()[:, 1:] - side // 2
        assert places[:, 0].unique().tolist() == places[:, 1].unique().tolist() == list(range(-most, most + 1))
        assert len(places.unique(dim=0)) > (2 * most + 1) ** 2 / 2  # not always as far down as right

    def test_moves_as_slicing_would_and_fills_with_0(self):
        shown = pictures(2)
        moved = diff_augment.moved(shown, 1.0, tensor([[0.0, 0.999], [0.999, 0.5]]).view(2, 2, 1, 1, 1))
        expected = torch.zeros(2, 1, 28, 28)
        expected[0, :, :24, 4:] = shown[0, :, 4:, :24]  # 4 up, 4 right
        expected[1, :, 4:, :] = shown[1, :, :24, :]  # 4 down
        assert torch.equal(moved, expected)

    @pytest.mark.parametrize(("side", "size"), [(28, 14), (32, 16), (64, 32)])
    def test_cuts_a_hole_of_half_the_side_whose_centre_is_anywhere(self, side, size):
        hole = diff_augment.cut(torch.ones(500, 2, side, side), 1.0, self.luck(500)[5:]) == 0
        assert torch.equal(hole[:, 0], hole[:, 1])
        heights, widths = hole[:, 0].any(2).sum(1), hole[:, 0].any(1).sum(1)
        assert torch.equal(hole[:, 0].sum((1, 2)), heights * widths)  # a rectangle
        assert heights.max() == widths.max() == size
        assert heights.min() >= size // 2 and widths.min() >= size // 2  # the centre lies in the picture
        assert hole[:, 0].any(0).all()  # no pixel is safe

    def test_is_shown_to_the_discriminator_for_reals_and_fakes(self, make_pictures):
        trainer = Trainer(TINY.but(stabilisers={"diff_augment": 1}), make_pictures(16))
        seen = []
        trainer.learner._judge(Batch(pictures()), lambda shown, labels: seen.append(shown))
        assert not torch.equal(seen[0], pictures())
