"""Noise, and noise that is drawn again where it is far out."""

import math

import pytest
import torch

from gan.parts.noise import draw_noise, redrawn


@pytest.mark.parametrize("most", [0.04, 0.5, 1.0, 2.0])
def test_noise_that_is_drawn_again_has_the_variance_of_a_truncated_normal(most):
    random = torch.Generator().manual_seed(1)
    found = redrawn(draw_noise("normal", 1000, 100, random), most, "normal", random)
    density, share = math.exp(-most * most / 2) / math.sqrt(2 * math.pi), math.erf(most / math.sqrt(2))
    assert found.abs().max() <= most
    assert found.var().item() == pytest.approx(1 - 2 * most * density / share, rel=0.02)
    assert found.mean().item() == pytest.approx(0, abs=0.02 * most)


@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_what_lies_within_stays_as_it_is(kind):
    random = torch.Generator().manual_seed(1)
    noise = draw_noise(kind, 50, 20, random)
    found = redrawn(noise, 0.5, kind, random)
    within = noise.abs() <= 0.5
    assert within.any() and torch.equal(found[within], noise[within])
    assert not (found[~within] == noise[~within]).any() and found.abs().max() <= 0.5


def test_without_a_limit_nothing_is_drawn():
    random = torch.Generator().manual_seed(1)
    noise = draw_noise("normal", 5, 5, random)
    before = random.get_state()
    assert torch.equal(redrawn(noise, math.inf, "normal", random), noise)
    assert torch.equal(random.get_state(), before)
