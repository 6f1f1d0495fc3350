"""The losses against numbers worked out by hand, and where a rounded probability would break them."""

import math

import numpy as np
import pytest
import torch
from torch import tensor

from gan.losses import binary_cross_entropy, discriminator_loss, generator_loss

LOGITS = [-3.0, -0.5, 0.0, 0.25, 4.0]


def published_binary_cross_entropy(logits, target):
    """The equation itself, on probabilities in double precision."""
    d = 1 / (1 + np.exp(-np.array(logits, np.float64)))
    return float(-np.mean(target * np.log(d) + (1 - target) * np.log(1 - d)))


@pytest.mark.parametrize("target", [0, 1, 0.9, 0.5, 0.25])
def test_binary_cross_entropy_is_the_equation(target):
    found = binary_cross_entropy(tensor(LOGITS), target).item()
    assert found == pytest.approx(published_binary_cross_entropy(LOGITS, target), rel=1e-6)


def test_an_undecided_discriminator_pays_log_2_for_each_side():
    undecided = torch.zeros(4)
    assert generator_loss(undecided).item() == pytest.approx(math.log(2))
    assert discriminator_loss(undecided, undecided).item() == pytest.approx(2 * math.log(2))


def test_the_discriminator_pays_for_both_sides():
    # A logit of log 3 is a probability of 3/4, one of -log 3 is 1/4.
    real, fake = tensor([math.log(3)]), tensor([-math.log(3), math.log(3)])
    expected = -math.log(3 / 4) - (math.log(3 / 4) + math.log(1 / 4)) / 2
    assert discriminator_loss(real, fake).item() == pytest.approx(expected)


def test_the_generator_is_paid_for_fakes_that_pass_as_real():
    fake = tensor([math.log(3), -math.log(3)])
    assert generator_loss(fake).item() == pytest.approx(-(math.log(3 / 4) + math.log(1 / 4)) / 2)


def test_smoothing_asks_for_less_than_1_of_real_pictures_and_still_0_of_fakes():
    real, fake = tensor([2.0, -1.0]), tensor([0.5, -2.0])
    expected = published_binary_cross_entropy([2.0, -1.0], 0.9) + published_binary_cross_entropy([0.5, -2.0], 0)
    assert discriminator_loss(real, fake, 0.1).item() == pytest.approx(expected, rel=1e-6)

    certain = tensor([math.log(9)], requires_grad=True)  # D says 0.9, and 0.9 is asked for
    discriminator_loss(certain, fake, 0.1).backward()
    assert certain.grad.item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("sign", [1, -1])
def test_extreme_logits_stay_finite_with_their_slopes(smoothing, sign):
    real = tensor([200.0 * sign], requires_grad=True)
    fake = tensor([-200.0 * sign], requires_grad=True)
    loss = discriminator_loss(real, fake, smoothing)
    loss.backward()
    # Right costs next to nothing (and 200 for each part of certainty too much), wrong costs the logit.
    assert loss.item() == pytest.approx(200 * smoothing if sign > 0 else 200 * (1 - smoothing) + 200)
    assert real.grad.item() == pytest.approx(smoothing if sign > 0 else smoothing - 1)
    assert fake.grad.item() == pytest.approx(0 if sign > 0 else 1)


def test_a_beaten_generator_still_has_a_slope_to_follow():
    fake = tensor([-200.0], requires_grad=True)
    loss = generator_loss(fake)
    loss.backward()
    assert loss.item() == pytest.approx(200)
    assert fake.grad.item() == pytest.approx(-1)  # log(1 - D), the saturating loss, would give 0
