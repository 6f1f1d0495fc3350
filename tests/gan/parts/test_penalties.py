"""What holds a discriminator's slope: penalties on it, clipped weights, spectral norm."""

import copy
import itertools

import pytest
import torch
from torch import nn, tensor

from gan.learn.build import build
from gan.parts import nets
from gan.parts.blocks import Discriminator, Logit, Look
from gan.parts.hooks import Batch
from gan.parts.stabilisers.packing import Pack
from gan.parts.stabilisers.penalties._slopes import slopes
from tests.gan.parts.stabilised import SHAPE, TINY, answers, make, pictures, train


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
    @pytest.mark.parametrize("architecture", nets.of_family("gan"))
    def test_is_refused_wherever_batch_norm_mixes_the_pictures_in_d_and_nowhere_else(self, name, architecture):
        """Every architecture with every value of its options is built, and asked whether its D has batch norm."""
        choices = {option: spec for option, spec in nets.options(architecture).items() if isinstance(spec[0], str)}
        for values in itertools.product(*choices.values()):
            config = TINY.but(architecture=architecture, options=dict(zip(choices, values, strict=True)))
            discriminator = build(config, SHAPE)["discriminator"]
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
        sizes = torch.cat([weight.detach().abs().flatten() for weight in trainer.learner.discriminator.parameters()])
        assert sizes.max().item() == pytest.approx(0.01)
        assert max(weight.abs().max() for weight in trainer.learner.generator.parameters()) > 0.02


class TestSpectralNorm:
    @pytest.fixture
    def discriminator(self):
        discriminator = build(TINY.but(architecture="dcgan", stabilisers={"spectral_norm": 1}), SHAPE)["discriminator"]
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
        trainer.learner.discriminator.eval()
        for matrix in self.matrices(trainer.learner.discriminator):
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
        discriminator = build(TINY.but(architecture="conditional", stabilisers=strengths), SHAPE)["discriminator"]
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
        plain = build(TINY.but(architecture="dcgan"), SHAPE)["discriminator"]
        assert sum(w.numel() for w in discriminator.parameters()) == sum(w.numel() for w in plain.parameters())
