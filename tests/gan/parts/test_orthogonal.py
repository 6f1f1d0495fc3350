"""Orthogonal regularisation against matrices worked out by hand."""

import pytest
import torch
from torch import nn, tensor

from gan.learn.trainer import Trainer
from gan.parts.hooks import Batch
from gan.parts.stabilisers import orthogonal
from gan.setup.config import RunConfig
from tests.gan.parts.stabilised import TINY, make

ROWS = tensor([[1.0, 2.0], [0.0, 1.0], [1.0, -1.0]])  # dot products 2, -1, -1; each pair counts twice


def net_with(layer, weight):
    layer.weight.data = weight.clone()
    return nn.Sequential(layer)


@pytest.mark.parametrize(
    ("layer", "weight"),
    [
        (nn.Linear(2, 3), ROWS),
        (nn.Conv2d(2, 3, 1), ROWS[..., None, None]),
        (nn.Conv2d(1, 3, (1, 2)), ROWS[:, None, None]),
        (nn.ConvTranspose2d(2, 3, 1), ROWS.T[..., None, None]),
        (nn.ConvTranspose2d(1, 3, (2, 1)), ROWS[None, ..., None]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_penalty_is_beta_times_the_squared_products_of_different_patterns(layer, weight):
    assert make("orthogonal", 0.5).g_penalty(net_with(layer, weight)).item() == pytest.approx(0.5 * 12)


def test_orthogonal_patterns_cost_nothing_however_long_they_are():
    net = net_with(nn.Linear(2, 2), tensor([[3.0, 4.0], [-40.0, 30.0]]))
    assert make("orthogonal", 1.0).g_penalty(net).item() == 0


def test_it_turns_patterns_away_from_each_other():
    net = net_with(nn.Linear(2, 2), tensor([[1.0, 0.0], [2.0, 1.0]]))
    make("orthogonal", 1.0).g_penalty(net).backward()
    # 2 (r . s)^2 by r is 4 (r . s) s
    assert net[0].weight.grad.tolist() == [[16, 8], [8, 0]]
    assert net[0].bias.grad is None


def test_biases_norms_and_what_stands_for_classes_are_spared():
    net = nn.Sequential(nn.Embedding(3, 2), nn.BatchNorm2d(3), net_with(nn.Linear(2, 3), ROWS))
    assert [matrix.tolist() for matrix in orthogonal.matrices(net)] == [ROWS.tolist()]


def test_of_biggan_the_told_gains_and_biases_count_and_the_shared_numbers_do_not(make_pictures):
    trainer = Trainer(RunConfig(architecture="biggan", options="width=4", device="cpu"), make_pictures(16))
    generator = trainer.learner.generator
    several = sum(weight.numel() for weight in generator.parameters() if weight.dim() > 1)
    found = sum(matrix.numel() for matrix in orthogonal.matrices(generator))
    assert found == several - generator.shared.weight.numel()


def test_it_is_a_part_of_the_generators_loss_and_not_of_the_discriminators(make_pictures):
    def losses(strength):
        trainer = Trainer(TINY.but(stabilisers={"orthogonal": strength}), make_pictures(16))
        learner = trainer.learner
        real, fake = Batch(*learner.real(torch.arange(8))), learner._draw(learner._asked(8), with_gradient=True)
        return trainer, learner._d_loss(learner._judge, real, fake).loss, learner._g_loss(real, fake).loss

    trainer, d_loss, g_loss = losses(0.01)
    _, d_before, g_before = losses(0)
    by_hand = 0.0
    for weight in (weight.double() for weight in trainer.learner.generator.parameters() if weight.dim() == 2):
        by_hand += 0.01 * ((weight @ weight.T).square() * (1 - torch.eye(len(weight)))).sum().item()
    assert torch.equal(d_loss, d_before)
    assert (g_loss - g_before).item() == pytest.approx(by_hand, rel=1e-3)


def test_it_keeps_patterns_apart(make_pictures):
    def alike(strength):
        trainer = Trainer(TINY.but(stabilisers={"orthogonal": strength}, epochs=5), make_pictures(64))
        list(trainer.epochs())
        return sum(map(orthogonal.likeness, orthogonal.matrices(trainer.learner.generator))).item()

    assert alike(0.1) < 0.5 * alike(0)
