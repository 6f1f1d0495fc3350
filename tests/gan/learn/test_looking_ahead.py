"""Penalties on D's slope while G looks ahead (unrolling), against a value worked out from first principles."""

import pytest
import torch
from torch.func import functional_call
from torch.nn.functional import softplus

from gan.learn.trainer import Trainer
from gan.parts.hooks import Batch
from gan.parts.stabilisers import unrolling
from gan.setup.config import RunConfig

RATE, STEPS = 0.5, 3
TINY = RunConfig(
    architecture="pocket",
    latent_size=6,
    batch_size=4,
    ema=0,
    optimizer="sgd",
    beta1=0,
    learning_rate=RATE,
    device="cpu",
)


def strengths(config):
    return {name: config.strengths.get(name, 0) for name in ("r1", "r2", "gradient_penalty")}


def d_loss(config, net, weights, real, fake, share):
    """What D makes small, with penalties on its slope for each picture alone; `weights` are leaves."""

    def penalty(pictures, of):
        pictures = pictures.detach().requires_grad_()
        (slope,) = torch.autograd.grad(functional_call(net, weights, pictures).sum(), pictures, create_graph=True)
        return of(slope.flatten(1).norm(dim=1))

    points = [functional_call(net, weights, each) for each in (real, fake)]
    pairs = config.loss == "relativistic_pairing"
    total = softplus(points[1] - points[0]).mean() if pairs else (softplus(points[1]) + softplus(-points[0])).mean()
    given = strengths(config)
    total = total + given["r1"] / 2 * penalty(real, lambda lengths: lengths.square().mean())
    total = total + given["r2"] / 2 * penalty(fake, lambda lengths: lengths.square().mean())
    between = share * real + (1 - share) * fake
    return total + given["gradient_penalty"] * penalty(between, lambda lengths: (lengths - 1).square().mean())


def g_loss_ahead(config, net, real, fake, share):
    """G's loss against the D that has taken its next steps on these pictures; a number."""
    weights = {name: weight.detach().clone() for name, weight in net.named_parameters()}
    for _ in range(STEPS):
        leaves = {name: weight.requires_grad_() for name, weight in weights.items()}
        slopes = torch.autograd.grad(d_loss(config, net, leaves, real, fake, share), leaves.values())
        stepped = zip(leaves.items(), slopes, strict=True)
        weights = {name: (weight - RATE * unrolling.SHARE * slope).detach() for (name, weight), slope in stepped}
    on_real, on_fake = (functional_call(net, weights, each) for each in (real, fake))
    pairs = config.loss == "relativistic_pairing"
    return (softplus(on_real - on_fake) if pairs else softplus(-on_fake)).mean().item()


@pytest.mark.parametrize(
    "settings",
    [
        {"stabilisers": {"unrolling": STEPS, "r2": 4.0}},
        {"stabilisers": {"unrolling": STEPS, "r1": 2.0, "r2": 2.0}},
        {"stabilisers": {"unrolling": STEPS}, "loss": "relativistic_pairing"},
        {"stabilisers": {"unrolling": STEPS, "gradient_penalty": 4.0}},
    ],
    ids=str,
)
def test_gs_slope_is_that_of_its_loss_against_the_d_to_come(settings, make_pictures, monkeypatch):
    config = TINY.but(**settings)
    trainer = Trainer(config, make_pictures(8))
    net = trainer.learner.discriminator.double()
    real, fake = torch.rand(2, 4, 1, 28, 28, dtype=torch.float64) * 2 - 1
    share = torch.full((4, 1, 1, 1), 0.25, dtype=torch.float64)
    monkeypatch.setattr(torch, "rand", lambda *_, **__: share)
    shown = fake.clone().requires_grad_()
    loss = trainer.learner._g_loss(Batch(real), Batch(shown)).loss
    assert loss.item() == pytest.approx(g_loss_ahead(config, net, real, fake, share), rel=1e-9)
    (slope,) = torch.autograd.grad(loss, shown)
    for direction in torch.randn(3, *fake.shape, dtype=torch.float64):
        little = 1e-5 * direction
        there, back = (g_loss_ahead(config, net, real, fake + way * little, share) for way in (1, -1))
        assert (slope * direction).sum().item() == pytest.approx((there - back) / 2e-5, rel=1e-4)


@pytest.mark.parametrize("name", ["r1", "r2", "gradient_penalty"])
def test_each_step_ahead_needs_as_much_memory_as_the_one_before(name, make_pictures):
    def kept(steps):
        """Bytes that the graph of G's loss holds."""
        trainer = Trainer(TINY.but(stabilisers={"unrolling": steps, name: 1.0}), make_pictures(8))
        found = 0

        def pack(tensor):
            nonlocal found
            found += tensor.nbytes
            return tensor

        fake = trainer.learner._draw(trainer.learner._asked(4), with_gradient=True)
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            trainer.learner._g_loss(Batch(*trainer.learner.real(torch.arange(4))), fake)
        return found

    one, two, three, four, five = map(kept, range(1, 6))
    assert five - four == pytest.approx(three - two, rel=0.01) and three - two < 2 * one
