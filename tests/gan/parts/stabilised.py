"""Stabilisers, pictures and small runs for their tests."""

import math

import torch

from gan.learn.trainer import Trainer
from gan.parts import nets, stabilisers
from gan.parts.blocks import Look
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
        ("packing", "biggan"),
        ("orthogonal", "style"),
    ]
}


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
        trainer.learner.tell(step / steps)
        trainer.learner.step(pictures(config.batch_size, *shape, seed=step), labels)
    return trainer


def assert_finite(trainer):
    assert all(map(math.isfinite, trainer.learner.sums.take().values()))
    for net in (trainer.learner.generator, trainer.learner.discriminator):
        assert all(weight.isfinite().all() for weight in net.parameters())
    assert any(weight.grad is not None and weight.grad.any() for weight in trainer.learner.generator.parameters())


def answers(function):
    """A judge whose answer to each picture is a function of its pixels (n, pixels)."""
    return lambda batch: Look(function(batch.pictures.flatten(1)), batch.pictures.flatten(1))
