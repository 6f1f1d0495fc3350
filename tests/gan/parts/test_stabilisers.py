"""The stabilisers against numbers worked out by hand or another way, and what they do to a discriminator."""

import copy
import itertools
import math

import pytest
import torch
from torch import nn, tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from gan.learn import optimizers
from gan.learn.build import build
from gan.learn.trainer import Trainer
from gan.parts import choices, losses, nets, stabilisers
from gan.parts.blocks import Discriminator, Logit, Look
from gan.parts.hooks import Base, Batch
from gan.parts.stabilisers import diff_augment, unrolling
from gan.parts.stabilisers.minibatch_discrimination import KERNEL_SIZE, Closeness
from gan.parts.stabilisers.minibatch_std import Variety
from gan.parts.stabilisers.packing import Pack
from gan.parts.stabilisers.penalties._slopes import slopes
from gan.setup.config import RunConfig

TINY = RunConfig(architecture="pocket", latent_size=6, batch_size=8, ema=0, device="cpu")
DEFAULTS = {name: stabilisers.facts(name)["STRENGTH"][0] for name in stabilisers.names()}
SHAPE = (1, 28, 28)

# Every refusal there is among losses, stabilisers and architectures; all else must train.
REFUSED = {
    frozenset(pair)
    for pair in [
        ("gradient_penalty", "r1"),
        ("gradient_penalty", "r2"),
        ("gradient_penalty", "weight_clipping"),
        ("spectral_norm", "weight_clipping"),
        ("unrolling", "weight_clipping"),
        ("gradient_penalty", "deep_mlp_vs_conv"),
        ("r1", "deep_mlp_vs_conv"),
        ("r2", "deep_mlp_vs_conv"),
        ("packing", "acgan"),
        ("packing", "conditional"),
    ]
}

PENALTIES = ["gradient_penalty", "r1", "r2"]  # on D's slope for each picture alone


def make(name, strength=None, seed=1):
    strength = DEFAULTS[name] if strength is None else strength
    return stabilisers.get(name).Stabiliser(strength, torch.Generator().manual_seed(seed))


def pictures(count=8, *shape, seed=1):
    return torch.rand(count, *(shape or SHAPE), generator=torch.Generator().manual_seed(seed)) * 2 - 1


def train(config, steps=2, shape=SHAPE, make_pictures=None):
    """A trainer after some steps."""
    trainer = Trainer(config, make_pictures(16, shape[1], *([3] if shape[0] == 3 else [])))
    labels = torch.arange(config.batch_size) % 10 if nets.is_conditional(config.architecture) else None
    for step in range(steps):
        trainer.tell(step / steps)
        trainer.step(pictures(config.batch_size, *shape, seed=step), labels)
    return trainer


def assert_finite(trainer):
    assert all(map(math.isfinite, trainer.sums.take()))
    for net in (trainer.generator, trainer.discriminator):
        assert all(weight.isfinite().all() for weight in net.parameters())
    assert any(weight.grad is not None and weight.grad.any() for weight in trainer.generator.parameters())


def answers(function):
    """A judge whose answer to each picture is a function of its pixels (n, pixels)."""
    return lambda batch: Look(function(batch.pictures.flatten(1)), batch.pictures.flatten(1))


class TestEveryStabiliser:
    @pytest.mark.parametrize("name", stabilisers.names())
    def test_says_what_it_is(self, name):
        about = str(choices.about("gan.parts.stabilisers", name)).lower()
        assert "the discriminator" in about or "the generator" in about
        assert issubclass(stabilisers.get(name).Stabiliser, Base)
        default, low, high = stabilisers.facts(name)["STRENGTH"]
        assert 0 <= low <= default <= high
        known = {*losses.names(), *nets.names(), *stabilisers.names(), "label_smoothing", "d_norm=batch"}
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
        for one, other in zip(first.generator.parameters(), second.generator.parameters(), strict=True):
            assert torch.equal(one, other)
        for one, other in zip(first.discriminator.parameters(), second.discriminator.parameters(), strict=True):
            assert torch.equal(one, other)

    @pytest.mark.parametrize("name", stabilisers.names())
    def test_makes_a_difference(self, name, make_pictures):
        config = TINY.but(architecture="dcgan")
        plain = train(config, steps=3, make_pictures=make_pictures)
        changed = train(config.but(stabilisers={name: DEFAULTS[name]}), steps=3, make_pictures=make_pictures)
        pairs = zip(plain.generator.parameters(), changed.generator.parameters(), strict=True)
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
        trainer.tell(0.25)
        seen = []
        trainer._judge(Batch(torch.zeros(64, *SHAPE)), lambda shown, labels: seen.append(shown))
        assert seen[0].std().item() == pytest.approx(0.75 * 0.5, rel=0.02)


class Bent(nn.Module):
    """A small smooth D in double precision."""

    def __init__(self):
        super().__init__()
        self.inside, self.out = nn.Linear(4, 3).double(), nn.Linear(3, 1).double()

    def forward(self, batch):
        features = self.inside(batch.pictures.flatten(1)).tanh()
        return Look(self.out(features).squeeze(1), features)


PENALTIES = ("r1", "r2", "gradient_penalty")


class TestPenaltiesOnTheSlope:
    w = tensor([1.0, -2.0, 2.0, 0.0])  # of length 3

    def penalty(self, name, strength, function, real=None, fake=None):
        real, fake = (pictures(5, 1, 2, 2, seed=i) if p is None else p for i, p in enumerate((real, fake)))
        return make(name, strength).d_penalty(answers(function), Batch(real), Batch(fake))

    @pytest.mark.parametrize(("name", "expected"), [("r1", 6 / 2 * 9), ("r2", 6 / 2 * 9), ("gradient_penalty", 6 * 4)])
    def test_of_an_even_discriminator_depend_on_its_weights_alone(self, name, expected):
        assert self.penalty(name, 6.0, lambda x: x @ self.w).item() == pytest.approx(expected)

    @pytest.mark.parametrize(("name", "kind"), [("r1", 0), ("r2", 1)])
    def test_of_a_bowl_is_the_pictures_own_length(self, name, kind):
        """D(x) = |x|^2 / 2 has the slope x."""
        both = pictures(5, 1, 2, 2, seed=0), pictures(5, 1, 2, 2, seed=1)
        expected = 3.0 / 2 * both[kind].square().sum((1, 2, 3)).mean()
        assert self.penalty(name, 3.0, lambda x: x.square().sum(1) / 2, *both).item() == pytest.approx(expected.item())

    def test_of_a_bowl_is_between_a_real_picture_and_a_fake_where_it_wants_1(self):
        """With real 1, fake 3 in a single pixel, the slope lies between 1 and 3, anywhere."""
        count = 4000
        found = make("gradient_penalty", 1.0).d_penalty(
            answers(lambda x: x.square().sum(1) / 2),
            Batch(torch.ones(count, 1, 1, 1)),
            Batch(torch.full((count, 1, 1, 1), 3.0)),
        )
        assert found.item() == pytest.approx(4 / 3, rel=0.03)  # the mean of (y - 1)^2 for y from 1 to 3

    def test_draws_one_place_a_picture(self):
        seen = []

        def judge(batch):
            seen.append(batch.pictures.detach())
            return Look(batch.pictures.sum((1, 2, 3)), batch.pictures)

        make("gradient_penalty").d_penalty(judge, Batch(torch.ones(50, 1, 2, 2)), Batch(torch.zeros(50, 1, 2, 2)))
        (between,) = seen
        assert (between == between[:, :, :1, :1]).all()
        places = between[:, 0, 0, 0]
        assert 0 <= places.min() < 0.2 and 0.8 < places.max() <= 1 and len(places.unique()) > 40

    @pytest.mark.parametrize("name", PENALTIES)
    def test_can_be_made_small(self, name):
        """Its own slope by D's weights, against the difference that a small change of each weight makes."""
        judge = Bent()
        real, fake = Batch(pictures(5, 1, 2, 2, seed=0).double()), Batch(pictures(5, 1, 2, 2, seed=1).double())

        def penalty():
            return make(name, 2.0).d_penalty(judge, real, fake)

        weights = list(judge.parameters())
        found = torch.autograd.grad(penalty(), weights, materialize_grads=True)
        for weight, slope in zip(weights, found, strict=True):
            for place in range(weight.numel()):
                entry, step = weight.data.view(-1), 1e-6
                kept = entry[place].item()
                entry[place] = kept + step
                above = penalty().item()
                entry[place] = kept - step
                below = penalty().item()
                entry[place] = kept
                assert slope.flatten()[place].item() == pytest.approx((above - below) / (2 * step), rel=1e-4, abs=1e-7)

    @pytest.mark.parametrize("name", PENALTIES)
    def test_leaves_no_gradient_on_the_pictures(self, name):
        real, fake = pictures(4, seed=0), pictures(4, seed=1)
        self.penalty(name, 1.0, lambda x: x.square().sum(1), real, fake).backward()
        assert real.grad is None and not real.requires_grad and not fake.requires_grad

    @pytest.mark.parametrize("name", PENALTIES)
    def test_of_a_discriminator_that_does_not_care_is_finite(self, name):
        w = torch.zeros(4, requires_grad=True)
        penalty = self.penalty(name, 2.0, lambda x: x @ w)
        penalty.backward()
        assert penalty.item() == (2 if name == "gradient_penalty" else 0)
        assert w.grad.isfinite().all()

    @pytest.mark.parametrize(("size", "count"), [(2, 6), (2, 5), (3, 8), (4, 11), (4, 3)])
    def test_sees_a_pack_as_one(self, size, count):
        """D is w . x for each picture of a pack, with another w each: the slope of a pack is that of all together."""
        w = torch.arange(1.0, size + 1).repeat_interleave(4)
        pack = Pack(size)

        def judge(batch):
            return Look((pack(batch.pictures).flatten(1) @ w), batch.pictures)

        found = slopes(judge, Batch(pictures(count, 1, 2, 2)))
        if count < size:  # some pictures are shown twice: pixels of one picture have both weights
            shown = torch.arange(size) % count
            w = torch.zeros(count, 4).index_add(0, shown, w.view(size, 4))
        assert found.tolist() == pytest.approx([w.norm().item()] * max(1, count // size))

    @pytest.mark.parametrize("name", PENALTIES)
    @pytest.mark.parametrize("architecture", nets.names())
    def test_is_refused_wherever_batch_norm_mixes_the_pictures_in_d_and_nowhere_else(self, name, architecture):
        """Every architecture with every value of its options is built, and asked whether its D has batch norm."""
        choices = {option: spec for option, spec in nets.options(architecture).items() if isinstance(spec[0], str)}
        for values in itertools.product(*choices.values()):
            config = TINY.but(architecture=architecture, options=dict(zip(choices, values, strict=True)))
            _, discriminator = build(config, SHAPE)
            if not discriminator.couples:
                config.but(stabilisers={name: 1})
                continue
            assert discriminator.has_batch_norm
            with pytest.raises(ValueError, match=rf"{name} does not go with .*batch norm.*alone\."):
                config.but(stabilisers={name: 1})

    @pytest.mark.parametrize("name", PENALTIES)
    def test_is_refused_by_a_discriminator_whose_file_does_not_tell_of_its_batch_norm(self, name):
        discriminator = Discriminator(nn.Flatten(), nn.BatchNorm1d(784), Logit(784))
        with pytest.raises(ValueError, match=rf"{name} does not go with batch norm in the discriminator"):
            make(name, 1).check(discriminator)
        make(name, 1).check(Discriminator(nn.Flatten(), Logit(784)))

    def test_a_loss_that_brings_one_is_refused_too(self):
        with pytest.raises(ValueError, match="r1 does not go with d_norm=batch"):
            TINY.but(architecture="dcgan", options={"d_norm": "batch"}, loss="relativistic_pairing")


class TestWeightClipping:
    def test_cuts_what_is_too_big_and_nothing_else(self):
        net = nn.Linear(3, 1)
        net.weight.data = tensor([[0.5, -0.005, -0.02]])
        net.bias.data = tensor([0.01])
        make("weight_clipping", 0.01).after_d_step(net)
        assert net.weight.tolist() == [pytest.approx([0.01, -0.005, -0.01])]
        assert net.bias.item() == pytest.approx(0.01)

    def test_holds_all_weights_after_every_step(self, make_pictures):
        trainer = train(TINY.but(loss="wasserstein", learning_rate=0.1), make_pictures=make_pictures)
        sizes = torch.cat([weight.detach().abs().flatten() for weight in trainer.discriminator.parameters()])
        assert sizes.max().item() == pytest.approx(0.01)
        assert max(weight.abs().max() for weight in trainer.generator.parameters()) > 0.02


class TestSpectralNorm:
    @pytest.fixture
    def discriminator(self):
        _, discriminator = build(TINY.but(architecture="dcgan", stabilisers={"spectral_norm": 1}), SHAPE)
        return discriminator

    def matrices(self, discriminator):
        return [layer.weight.detach().flatten(1) for layer in discriminator if hasattr(layer, "weight")]

    def test_makes_every_greatest_singular_value_1(self, discriminator):
        for layer in discriminator:
            if hasattr(layer, "parametrizations"):
                layer.parametrizations.weight.original.data *= 7
        for _ in range(30):
            discriminator(pictures(2))
        assert len(self.matrices(discriminator)) == 3
        for matrix in self.matrices(discriminator):
            assert torch.linalg.svd(matrix).S[0].item() == pytest.approx(1, rel=0.01)

    def test_follows_the_weights_in_training(self, make_pictures):
        config = TINY.but(architecture="dcgan", stabilisers={"spectral_norm": 1}, learning_rate=1e-3)
        trainer = train(config, steps=20, make_pictures=make_pictures)
        trainer.discriminator.eval()
        for matrix in self.matrices(trainer.discriminator):
            assert torch.linalg.svd(matrix).S[0].item() == pytest.approx(1, rel=0.05)

    def test_lets_no_difference_grow(self, discriminator):
        """But for overlaps: each of both convolutions looks at a pixel 4 times, which can double the difference."""
        for _ in range(30):
            discriminator(pictures(2))
        discriminator.eval()
        one, other = pictures(50, seed=1), pictures(50, seed=2)
        apart = (discriminator(one) - discriminator(other)).abs()
        assert (apart <= 4 * (one - other).flatten(1).norm(dim=1)).all()

    def test_norms_layers_that_others_add_and_what_is_known_of_classes(self):
        strengths = {"spectral_norm": 1, "minibatch_discrimination": 4, "minibatch_std": 1}
        _, discriminator = build(TINY.but(architecture="conditional", stabilisers=strengths), SHAPE)
        discriminator(pictures(4), torch.arange(4))
        normed = [module for module in discriminator.modules() if hasattr(module, "parametrizations")]
        assert [type(module).__name__.removeprefix("Parametrized") for module in normed] == [
            "Conv2d",
            "Conv2d",
            "Linear",
            "Projection",
            "Embedding",
        ]
        assert all(module.weight.isfinite().all() for module in normed)

    def test_changes_nothing_at_rest_and_can_be_copied(self, discriminator):
        discriminator.eval()
        before = discriminator(pictures(4))
        assert torch.equal(discriminator(pictures(4)), before)
        twin = copy.deepcopy(discriminator)
        assert torch.equal(twin(pictures(4)), before)
        next(twin.parameters()).data.zero_()
        assert torch.equal(discriminator(pictures(4)), before)

    def test_has_the_same_weights_to_learn(self, discriminator):
        _, plain = build(TINY.but(architecture="dcgan"), SHAPE)
        assert sum(w.numel() for w in discriminator.parameters()) == sum(w.numel() for w in plain.parameters())


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
        assert Trainer(TINY.but(stabilisers={"feature_matching": 1}), make_pictures(16)).needs_real
        assert not Trainer(TINY, make_pictures(16)).needs_real


@torch.no_grad()
def batches(layer, varied):
    """What a layer adds to the features (8, 4) of 100 batches: of 8 different pictures, or 8 times the same."""
    random = torch.Generator().manual_seed(1 + varied)
    added = []
    for _ in range(100):
        features = torch.randn(8, 4, generator=random) if varied else torch.randn(1, 4, generator=random).repeat(8, 1)
        added.append(layer(features)[0, 4:])
    return torch.stack(added)


def share_told_apart(varied, same, steps=150, net=None):
    """How many of the second half a network tells apart after it has learned from the first."""
    net = net or nn.Linear(varied.shape[1], 1)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    x = torch.cat([varied, same])
    y = torch.cat([torch.ones(len(varied)), torch.zeros(len(same))])
    half = torch.arange(len(x)) % 2 == 0
    for _ in range(steps):
        optimizer.zero_grad()
        binary_cross_entropy_with_logits(net(x[half]).squeeze(1), y[half]).backward()
        optimizer.step()
    with torch.no_grad():
        return ((net(x[~half]).squeeze(1) > 0) == y[~half].bool()).float().mean().item()


def lonely_pictures(varied):
    """The first picture of each batch, by itself."""
    return batches(lambda features: torch.cat([features, features], 1), varied)


def test_one_picture_alone_says_nothing_of_its_batch():
    assert share_told_apart(lonely_pictures(True), lonely_pictures(False)) < 0.65


class TestMinibatchStd:
    def test_is_the_mean_of_the_standard_deviations(self):
        # (1, 3) has a standard deviation of the square root of 2, (0, 0) of 0.
        found = Variety()(tensor([[1.0, 0.0], [3.0, 0.0]]))
        assert found[:, :2].tolist() == [[1, 0], [3, 0]]
        assert found[:, 2].tolist() == pytest.approx([math.sqrt(2) / 2] * 2, abs=1e-3)

    def test_of_the_same_picture_again_and_again_is_0(self):
        assert Variety()(tensor([[1.0, 2.0]] * 5))[:, 2].tolist() == pytest.approx([0] * 5, abs=1e-3)
        assert Variety()(tensor([[1.0, 2.0]]))[:, 2].tolist() == pytest.approx([0], abs=1e-3)

    def test_gives_a_collapsed_generator_away(self):
        assert share_told_apart(batches(Variety(), True), batches(Variety(), False)) == 1

    def test_has_a_slope_for_equal_pictures_too(self):
        features = torch.ones(3, 2, requires_grad=True)
        Variety()(features).sum().backward()
        assert features.grad.isfinite().all()

    def test_makes_the_trainer_judge_reals_and_fakes_apart(self, make_pictures):
        assert Trainer(TINY, make_pictures(16)).one_pass
        for name in ("minibatch_std", "minibatch_discrimination", "packing"):
            assert not Trainer(TINY.but(stabilisers={name: DEFAULTS[name]}), make_pictures(16)).one_pass


class TestMinibatchDiscrimination:
    def test_is_the_equation(self):
        layer, features = Closeness(4, 3), torch.randn(5, 4)
        found = layer(features)
        assert torch.equal(found[:, :4], features)
        matrices = (features @ layer.rows.weight.T).view(5, 3, KERNEL_SIZE)
        for i, kernel in itertools.product(range(5), range(3)):
            close = sum(
                math.exp(-(matrices[i, kernel] - matrices[j, kernel]).abs().sum().item()) for j in range(5) if j != i
            )
            assert found[i, 4 + kernel].item() == pytest.approx(close / 4, rel=1e-5)

    def test_of_the_same_picture_again_and_again_is_1(self):
        assert Closeness(4, 3)(torch.ones(5, 4))[:, 4:].flatten().tolist() == pytest.approx([1] * 15)
        assert Closeness(4, 3)(torch.ones(1, 4))[:, 4:].tolist() == [[0, 0, 0]]  # there is no other

    def test_means_the_same_in_a_bigger_batch(self):
        layer = Closeness(4, 3)
        small, big = (layer(torch.randn(count, 4))[:, 4:].mean().item() for count in (40, 400))
        assert small == pytest.approx(big, rel=0.1)

    def test_gives_a_collapsed_generator_away(self):
        layer = Closeness(4, 3)
        assert share_told_apart(batches(layer, True), batches(layer, False)) == 1

    def test_has_as_many_kernels_as_asked_for(self):
        _, discriminator = build(TINY.but(stabilisers={"minibatch_discrimination": 7}), SHAPE)
        assert discriminator[-1].in_features == 128 + 7


class TestPacking:
    def test_lays_pictures_behind_each_other(self):
        packed = Pack(2)(torch.arange(4.0).view(4, 1, 1, 1).expand(4, 3, 1, 1))
        assert packed.flatten(1).tolist() == [[0, 0, 0, 2, 2, 2], [1, 1, 1, 3, 3, 3]]

    @pytest.mark.parametrize(("count", "size", "packs"), [(8, 2, 4), (9, 2, 4), (11, 4, 2), (4, 4, 1)])
    def test_leaves_out_the_rest(self, count, size, packs):
        packed = Pack(size)(torch.arange(float(count)).view(-1, 1, 1, 1))
        assert packed.shape == (packs, size, 1, 1)
        assert sorted(packed.flatten().tolist()) == list(range(packs * size))

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_shows_too_few_pictures_several_times(self, count):
        packed = Pack(4)(torch.arange(float(count)).view(-1, 1, 1, 1))
        assert packed.shape == (1, 4, 1, 1)
        assert set(packed.flatten().tolist()) == set(range(count))

    @pytest.mark.parametrize("architecture", ["dcgan", "pocket", "self_attention"])
    def test_gives_one_answer_a_pack(self, architecture):
        _, discriminator = build(TINY.but(architecture=architecture, stabilisers={"packing": 3}), (3, 32, 32))
        assert discriminator(pictures(7, 3, 32, 32)).shape == (2,)

    def test_gives_every_sample_its_packs_score(self, make_pictures):
        trainer = Trainer(TINY.but(stabilisers={"packing": 3}), make_pictures(16))
        _, scores = trainer.observer.samples()
        assert len(scores) == 64 and scores[:21] == scores[21:42] == scores[42:63]

    def test_gives_a_collapsed_generator_away(self):
        """A pack of one picture and itself is told from a pack of two pictures, by a D that is nothing but plain."""
        random = torch.Generator().manual_seed(1)
        singles = torch.randn(600, 1, 1, 2, generator=random)
        varied = Pack(2)(singles).flatten(1)
        same = torch.cat([varied[:, :2], varied[:, :2]], 1)
        net = nn.Sequential(nn.Linear(4, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
        assert share_told_apart(varied, same, steps=300, net=net) > 0.85
        net = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
        assert share_told_apart(singles[::2].flatten(1), singles[1::2].flatten(1), steps=300, net=net) < 0.65


class TestUnrolling:
    """D(x) = w x + b of one pixel, whose steps can be taken by hand."""

    real = Batch(tensor([1.0, 2.0]).view(2, 1, 1, 1))
    RATE = 0.5

    @pytest.fixture(autouse=True)
    def whole_steps(self, monkeypatch):
        monkeypatch.setattr(unrolling, "SHARE", 1.0)

    def ahead(self, loss, steps, fake, w=0.7):
        """G's loss against D as it will be, with plain gradient descent."""
        discriminator = Discriminator(nn.Flatten(), Logit(1))
        discriminator[-1].weight.data.fill_(w)
        discriminator[-1].bias.data.zero_()
        loss = losses.get(loss)
        judge = make("unrolling", steps).opponent(
            discriminator,
            lambda batch, look=None: (look or discriminator.look)(*batch),
            lambda judge: loss.discriminator(judge(self.real).logits, judge(Batch(fake)).logits),
            torch.optim.SGD(discriminator.parameters(), lr=self.RATE),
        )
        return loss.generator(judge(Batch(fake)).logits, None)

    @pytest.mark.parametrize("steps", [1, 2, 4])
    def test_is_the_equation_for_a_critic(self, steps):
        """D's loss w (f - r) moves w by -rate (f - r), so that G's loss is -(w - steps * rate * (f - r)) f.

        Its slope by f is -(w - steps * rate * (2 f - r)); without looking ahead it would be -w.
        """
        w, r, f = 0.7, 1.5, 0.4
        fake = torch.full((1, 1, 1, 1), f, requires_grad=True)
        g_loss = self.ahead("wasserstein", steps, fake)
        g_loss.backward()
        assert g_loss.item() == pytest.approx(-(w - steps * self.RATE * (f - r)) * f)
        assert fake.grad.item() == pytest.approx(-(w - steps * self.RATE * (2 * f - r)))

    def test_passes_through_bent_steps_too(self):
        """The slope by each fake is the difference that a small change of the fake makes, D's answer to it included."""
        fake = tensor([0.3, -0.6]).view(2, 1, 1, 1).requires_grad_()
        self.ahead("non_saturating", 3, fake).backward()
        for place in range(2):
            step = torch.zeros(2, 1, 1, 1)
            step[place] = 1e-2
            with torch.no_grad():
                fakes = fake + step, fake - step
            above, below = (self.ahead("non_saturating", 3, moved).item() for moved in fakes)
            assert fake.grad[place].item() == pytest.approx((above - below) / 2e-2, rel=1e-3)

    @pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
    @pytest.mark.parametrize("architecture", ["dcgan", "deep_mlp_vs_conv"])
    def test_foresees_what_the_discriminator_will_do(self, optimizer, architecture, make_pictures):
        config = TINY.but(
            architecture=architecture, optimizer=optimizer, beta1=0, learning_rate=1e-4, stabilisers={"unrolling": 1}
        )
        trainer = train(config, make_pictures=make_pictures)
        real, fake = Batch(pictures(seed=5)), Batch(pictures(seed=6))
        discriminator = trainer.discriminator

        def d_loss(judge):
            return trainer._d_loss(judge, real, fake)[0]

        foreseen = make("unrolling", 1).opponent(discriminator, trainer._judge, d_loss, trainer.d_optimizer)
        foreseen = foreseen(real).logits
        now = discriminator(*real)
        optimizers.descend(d_loss(trainer._judge), trainer.d_optimizer)
        then = discriminator(*real)
        assert (then - now).abs().max() > 1e-5
        assert torch.allclose(foreseen, then, atol=0.02 * (then - now).abs().max().item())

    def test_makes_the_discriminators_loss_small_in_thought_alone(self, make_pictures):
        """With batch norm, whose running statistics must not move either, and weights that take no gradient."""
        config = TINY.but(architecture="deep_mlp_vs_conv", learning_rate=1e-4)
        trainer = train(config, make_pictures=make_pictures)
        real, fake = Batch(pictures(seed=5)), Batch(pictures(seed=6))
        trainer.discriminator.requires_grad_(False)
        before = {key: value.clone() for key, value in trainer.discriminator.state_dict().items()}
        memory = [state["exp_avg_sq"].clone() for state in trainer.d_optimizer.state.values()]
        steps = [state["step"].item() for state in trainer.d_optimizer.state.values()]

        found = []
        for strength in (1, 3, 6):
            judge = make("unrolling", strength).opponent(
                trainer.discriminator,
                trainer._judge,
                lambda judge: trainer._d_loss(judge, real, fake)[0],
                trainer.d_optimizer,
            )
            found.append(trainer._d_loss(judge, real, fake)[0].item())
        assert found == sorted(found, reverse=True) and found[0] > found[-1]
        assert [state["step"].item() for state in trainer.d_optimizer.state.values()] == steps
        for state, kept in zip(trainer.d_optimizer.state.values(), memory, strict=True):
            assert torch.equal(state["exp_avg_sq"], kept)
        # Looking by itself may move the running statistics, the steps ahead may not.
        for key, value in trainer.discriminator.state_dict().items():
            assert torch.equal(value, before[key]), key


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
        trainer._judge(Batch(pictures()), lambda shown, labels: seen.append(shown))
        assert not torch.equal(seen[0], pictures())
