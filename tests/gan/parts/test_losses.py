"""The losses against numbers worked out by hand, their slopes, and where a rounded probability would break them."""

import math
from statistics import fmean as mean

import pytest
import torch
from torch import tensor

from gan.parts import choices, losses, nets, stabilisers
from gan.setup.config import RunConfig

LOG3 = math.log(3)  # the logit of 3/4; -LOG3 is that of 1/4

# By hand: real logits, fake logits, D's loss, G's loss.
BY_HAND = {
    "non_saturating": (
        [LOG3],
        [-LOG3, LOG3],
        -math.log(3 / 4) - (math.log(3 / 4) + math.log(1 / 4)) / 2,
        -(math.log(1 / 4) + math.log(3 / 4)) / 2,
    ),
    "minimax": (
        [LOG3],
        [-LOG3, LOG3],
        -math.log(3 / 4) - (math.log(3 / 4) + math.log(1 / 4)) / 2,
        (math.log(3 / 4) + math.log(1 / 4)) / 2,
    ),
    # Halves of the mean squares: (0.25 + 1) / 2 and (0.25 + 1) / 2; for G (0.25 + 4) / 2.
    "least_squares": ([1.5, 0.0], [0.5, -1.0], 0.625, 1.0625),
    # Real: 0, 0.5, 2. Fake: 0, 1, 1.5.
    "hinge": ([2.0, 0.5, -1.0], [-3.0, 0.0, 0.5], 5 / 3, 2.5 / 3),
    "wasserstein": ([1.0, 3.0], [-1.0, 2.0], 0.5 - 2, -0.5),
    "wgan_gp": ([1.0, 3.0], [-1.0, 2.0], 0.5 - 2, -0.5),
    # The fakes seem 3 times as real as the reals: D gives 1/4 to what should be 1, G has 3/4 of what it wants.
    "relativistic_pairing": ([0.0, 1.0], [LOG3, 1 + LOG3], math.log(4), math.log(4 / 3)),
    "relativistic_average": ([0.0, 0.0], [LOG3, LOG3], 2 * math.log(4), 2 * math.log(4 / 3)),
}

REAL, FAKE = [0.7, -1.2, 2.5], [-0.4, 1.9, -3.0]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def d_loss(name, real, fake, **labels):
    return losses.get(name).discriminator(tensor(real), tensor(fake), **labels).item()


def g_loss(name, real, fake):
    return losses.get(name).generator(tensor(fake), tensor(real)).item()


def d_slopes(name, real, fake, **labels):
    """What D's loss does to each real and each fake logit."""
    real, fake = tensor(real, requires_grad=True), tensor(fake, requires_grad=True)
    losses.get(name).discriminator(real, fake, **labels).backward()
    return real.grad.tolist(), fake.grad.tolist()


def g_slopes(name, real, fake):
    """What G's loss does to each fake logit."""
    fake = tensor(fake, requires_grad=True)
    losses.get(name).generator(fake, tensor(real)).backward()
    return fake.grad.tolist()


def test_every_loss_is_worked_out_here():
    assert set(BY_HAND) == set(losses.names())


@pytest.mark.parametrize("name", BY_HAND)
def test_it_is_the_number_worked_out_by_hand(name):
    real, fake, expected_d, expected_g = BY_HAND[name]
    assert d_loss(name, real, fake) == pytest.approx(expected_d, rel=1e-6)
    assert g_loss(name, real, fake) == pytest.approx(expected_g, rel=1e-6)


def test_relativistic_pairing_compares_each_fake_with_one_real_picture():
    pairs = list(zip(REAL, FAKE, strict=True))
    assert d_loss("relativistic_pairing", REAL, FAKE) == pytest.approx(
        mean(-math.log(sigmoid(r - f)) for r, f in pairs)
    )
    assert g_loss("relativistic_pairing", REAL, FAKE) == pytest.approx(
        mean(-math.log(sigmoid(f - r)) for r, f in pairs)
    )


def test_relativistic_average_compares_each_picture_with_the_mean_of_the_other_kind():
    real_mean, fake_mean = mean(REAL), mean(FAKE)
    surer = [sigmoid(r - fake_mean) for r in REAL]  # that a real picture is more real than the fakes
    fooled = [sigmoid(f - real_mean) for f in FAKE]
    expected = mean(-math.log(p) for p in surer) + mean(-math.log(1 - p) for p in fooled)
    assert d_loss("relativistic_average", REAL, FAKE) == pytest.approx(expected)
    turned = mean(-math.log(p) for p in fooled) + mean(-math.log(1 - p) for p in surer)
    assert g_loss("relativistic_average", REAL, FAKE) == pytest.approx(turned)


def test_relativistic_losses_see_differences_alone():
    for name in ("relativistic_pairing", "relativistic_average"):
        shifted = [x + 5 for x in REAL], [x + 5 for x in FAKE]
        assert d_loss(name, *shifted) == pytest.approx(d_loss(name, REAL, FAKE), rel=1e-5)
        assert g_loss(name, *shifted) == pytest.approx(g_loss(name, REAL, FAKE), rel=1e-5)


@pytest.mark.parametrize("name", ["non_saturating", "minimax"])
def test_an_undecided_discriminator_pays_log_2_for_each_side(name):
    assert d_loss(name, [0.0] * 4, [0.0] * 4) == pytest.approx(2 * math.log(2))


# Slopes: of one logit's part in the mean over 3.
D_SLOPES = {
    "non_saturating": (lambda r: sigmoid(r) - 1, sigmoid),
    "minimax": (lambda r: sigmoid(r) - 1, sigmoid),
    "least_squares": (lambda r: r - 1, lambda f: f),
    "hinge": (lambda r: -1.0 if r < 1 else 0.0, lambda f: 1.0 if f > -1 else 0.0),
    "wasserstein": (lambda r: -1.0, lambda f: 1.0),
    "wgan_gp": (lambda r: -1.0, lambda f: 1.0),
}
G_SLOPES = {
    "non_saturating": lambda f: sigmoid(f) - 1,
    "minimax": lambda f: -sigmoid(f),
    "least_squares": lambda f: f - 1,
    "hinge": lambda f: -1.0,
    "wasserstein": lambda f: -1.0,
    "wgan_gp": lambda f: -1.0,
}


@pytest.mark.parametrize("name", D_SLOPES)
def test_its_slopes_are_those_of_the_equation(name):
    of_real, of_fake = D_SLOPES[name]
    found_real, found_fake = d_slopes(name, REAL, FAKE)
    assert found_real == pytest.approx([of_real(r) / 3 for r in REAL])
    assert found_fake == pytest.approx([of_fake(f) / 3 for f in FAKE])
    assert g_slopes(name, REAL, FAKE) == pytest.approx([G_SLOPES[name](f) / 3 for f in FAKE])


@pytest.mark.parametrize("name", losses.names())
def test_both_sides_pull_at_the_fakes(name):
    real, fake = d_slopes(name, [0.1, 0.3], [0.2, 0.4])
    assert max(real) < 0 < min(fake)  # D's loss falls when reals gain and fakes lose
    assert max(g_slopes(name, [0.1, 0.3], [0.2, 0.4])) < 0  # G's when fakes gain


def test_minimax_hardly_helps_a_beaten_generator_and_the_non_saturating_loss_does():
    assert g_slopes("minimax", [0.0], [-10.0]) == pytest.approx([-sigmoid(-10)], rel=1e-4)
    assert g_slopes("non_saturating", [0.0], [-10.0]) == pytest.approx([sigmoid(-10) - 1])


def test_minimax_is_a_game_of_zero_sum():
    """What G makes small is D's loss of the fakes, turned round."""
    only_fakes = d_loss("minimax", [100.0], FAKE)  # D is sure of the real picture and pays nothing for it
    assert g_loss("minimax", REAL, FAKE) == pytest.approx(-only_fakes)


@pytest.mark.parametrize("name", losses.names())
@pytest.mark.parametrize("sign", [1, -1])
def test_extreme_logits_stay_finite_with_their_slopes(name, sign):
    real, fake = [200.0 * sign], [-200.0 * sign]
    assert math.isfinite(d_loss(name, real, fake)) and math.isfinite(g_loss(name, real, fake))
    slopes = [*d_slopes(name, real, fake), g_slopes(name, real, fake)]
    assert all(math.isfinite(slope) for part in slopes for slope in part)


class TestLabelSmoothing:
    def test_asks_for_less_than_1_of_real_pictures_and_still_0_of_fakes(self):
        # 0.9 of log(3/4) and 0.1 of log(1/4) for the real picture.
        expected = -0.9 * math.log(3 / 4) - 0.1 * math.log(1 / 4) - math.log(3 / 4)
        assert d_loss("non_saturating", [LOG3], [-LOG3], real_label=0.9) == pytest.approx(expected, rel=1e-6)
        assert d_loss("least_squares", [1.0], [0.5], real_label=0.9) == pytest.approx((0.01 + 0.25) / 2, rel=1e-5)

    @pytest.mark.parametrize(
        ("name", "at_09"), [("non_saturating", math.log(9)), ("minimax", math.log(9)), ("least_squares", 0.9)]
    )
    def test_is_content_with_a_belief_of_09(self, name, at_09):
        (slope,), _ = d_slopes(name, [at_09], [0.0], real_label=0.9)
        assert slope == pytest.approx(0, abs=1e-6)
        (lower,), _ = d_slopes(name, [at_09 - 0.1], [0.0], real_label=0.9)
        (higher,), _ = d_slopes(name, [at_09 + 0.1], [0.0], real_label=0.9)
        assert lower < 0 < higher

    @pytest.mark.parametrize("name", losses.names())
    def test_is_taken_or_refused_with_both_names(self, name):
        if "label_smoothing" not in losses.facts(name).get("REFUSES", {}):
            assert math.isfinite(d_loss(name, REAL, FAKE, real_label=0.9))
            return
        with pytest.raises(ValueError, match=rf"{name} does not go with label_smoothing: .+\."):
            RunConfig(loss=name, label_smoothing=0.1)


class TestWhatALossSaysOfItself:
    @pytest.mark.parametrize("name", losses.names())
    def test_needs_real_pictures_for_the_generator_just_if_it_says_so(self, name):
        moved = g_loss(name, [r + i for i, r in enumerate(REAL)], FAKE)
        needs = losses.facts(name).get("NEEDS_REAL", False)
        assert (moved != g_loss(name, REAL, FAKE)) is needs
        if not needs:
            assert losses.get(name).generator(tensor(FAKE), None).item() == g_loss(name, REAL, FAKE)

    @pytest.mark.parametrize("name", losses.names())
    def test_is_a_critic_just_if_a_shift_of_all_points_means_nothing(self, name):
        shifted = d_loss(name, [r + 5 for r in REAL], [f + 5 for f in FAKE])
        same = shifted == pytest.approx(d_loss(name, REAL, FAKE), rel=1e-5)
        assert losses.facts(name).get("CRITIC", False) is same

    @pytest.mark.parametrize("name", losses.names())
    def test_says_what_d_pays_for_guessing_if_that_is_more_than_nothing(self, name):
        unsure = [0.5 if losses.facts(name).get("LINEAR") else 0.0] * 3
        assert losses.facts(name).get("GUESSING", 0.0) == pytest.approx(d_loss(name, unsure, unsure), abs=1e-6)

    @pytest.mark.parametrize("name", losses.names())
    def test_saturates_just_if_sure_catches_teach_the_generator_nothing(self, name):
        caught = tensor([0.0 if losses.facts(name).get("LINEAR") else -9.0], requires_grad=True)
        losses.get(name).generator(caught, tensor([9.0])).backward()
        assert losses.facts(name).get("SATURATES", False) is (abs(caught.grad.item()) < 0.01)

    @pytest.mark.parametrize("name", losses.names())
    def test_has_a_margin_just_if_that_is_all_d_is_asked_for(self, name):
        facts = losses.facts(name)
        real, _ = d_slopes(name, [0.9 if facts.get("LINEAR") else 2.2], [0.0])  # a belief of 0.9
        assert facts.get("HAS_MARGIN", False) is (real == [0.0])

    @pytest.mark.parametrize("name", losses.names())
    def test_brings_stabilisers_that_there_are(self, name):
        brought = losses.facts(name).get("BRINGS", {})
        assert RunConfig(loss=name).strengths == brought
        for stabiliser, strength in brought.items():
            _, _, high = stabilisers.facts(stabiliser)["STRENGTH"]
            assert 0 < strength <= high
            assert RunConfig(loss=name, stabilisers={stabiliser: 0}).strengths.keys() == brought.keys() - {stabiliser}

    @pytest.mark.parametrize("name", losses.names())
    def test_refuses_choices_that_there_are(self, name):
        known = {*losses.names(), *nets.names(), *stabilisers.names(), "label_smoothing", "d_norm=batch"}
        assert set(losses.facts(name).get("REFUSES", {})) <= known

    @pytest.mark.parametrize("name", losses.names())
    def test_is_described_by_who_does_what(self, name):
        about = str(choices.about("gan.parts.losses", name)).lower()
        assert "the discriminator" in about or "the generator" in about


def test_losses_give_one_number_and_leave_the_logits_alone():
    for name in losses.names():
        real, fake = tensor(REAL), tensor(FAKE)
        assert losses.get(name).discriminator(real, fake).shape == ()
        assert losses.get(name).generator(fake, real).shape == ()
        assert torch.equal(real, tensor(REAL)) and torch.equal(fake, tensor(FAKE))
