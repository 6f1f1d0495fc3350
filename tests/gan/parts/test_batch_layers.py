"""What a discriminator can see of a whole batch: its variety, its closeness, its packs."""

import itertools
import math

import pytest
import torch
from torch import nn, tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from gan.learn.build import build
from gan.learn.trainer import Trainer
from gan.parts.stabilisers.minibatch_discrimination import KERNEL_SIZE, Closeness
from gan.parts.stabilisers.minibatch_std import Variety
from gan.parts.stabilisers.packing import Pack
from tests.gan.parts.stabilised import DEFAULTS, SHAPE, TINY, pictures


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
        assert Trainer(TINY, make_pictures(16)).learner.one_pass
        for name in ("minibatch_std", "minibatch_discrimination", "packing"):
            assert not Trainer(TINY.but(stabilisers={name: DEFAULTS[name]}), make_pictures(16)).learner.one_pass


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
        discriminator = build(TINY.but(stabilisers={"minibatch_discrimination": 7}), SHAPE)["discriminator"]
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
        discriminator = build(TINY.but(architecture=architecture, stabilisers={"packing": 3}), (3, 32, 32))[
            "discriminator"
        ]
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
