"""Networks and choices that once trained wrongly together: narrow convolutions, and slopes of slopes."""

import math

import pytest
import torch

from gan.learn import build
from gan.learn.trainer import Trainer
from gan.parts import nets
from gan.setup import presets
from gan.setup.config import RunConfig

NARROW = [(name, width) for name in ("dcgan", "conditional", "acgan") for width in (4, 5, 6, 7)]
SIZES = pytest.mark.parametrize("size", [(28,), (32, 3)], ids=["28 grey", "32 colour"])
STEADY = RunConfig(optimizer="sgd", beta1=0, learning_rate=0.05, batch_size=16, epochs=1, device="cpu")


@SIZES
@pytest.mark.parametrize(("architecture", "width"), NARROW)
def test_narrow_networks_learn_what_they_learn_with_torchs_layers(
    architecture, width, size, make_pictures, monkeypatch
):
    config = STEADY.but(architecture=architecture, options={"width": width})

    def trained():
        trainer = Trainer(config, make_pictures(128, *size))
        assert [*trainer.epochs()][-1].step == 7
        return trainer

    quick = trained()
    monkeypatch.setattr(build, "quicken", lambda net, shape: None)
    plain = trained()
    for part in ("generator", "discriminator", "best_generator"):
        pairs = zip(
            getattr(quick.learner, part).named_parameters(), getattr(plain.learner, part).parameters(), strict=True
        )
        for (name, found), expected in pairs:
            torch.testing.assert_close(found, expected, rtol=0, atol=2e-4, msg=f"{part}.{name}")


@pytest.mark.parametrize(("architecture", "width"), NARROW)
def test_narrow_networks_draw_neither_nothing_nor_black(architecture, width):
    config = presets.get("quick").but(architecture=architecture, options={"width": width}, pictures=320, epochs=2)
    *_, last = Trainer(config.but(device="cpu")).epochs()
    assert math.isfinite(last.d_loss) and math.isfinite(last.g_loss)
    assert last.samples.std() > 20 and 0 < last.d_fake < 1


SLOPES_OF_SLOPES = [
    {"stabilisers": {"r1": 1}},
    {"stabilisers": {"r2": 1}},
    {"stabilisers": {"gradient_penalty": 10}},
    {"stabilisers": {"unrolling": 2}},
    {"loss": "wgan_gp"},
    {"loss": "relativistic_pairing"},
]


@pytest.mark.parametrize("beside", [{"minibatch_discrimination": 4}, {"minibatch_std": 1}, {}], ids=str)
@pytest.mark.parametrize("architecture", ["dcgan", "self_attention", "conditional"])
@pytest.mark.parametrize("settings", SLOPES_OF_SLOPES, ids=str)
def test_slopes_of_slopes_go_with_all_that_compares_pictures(settings, architecture, beside, make_pictures):
    together = settings.get("stabilisers", {}) | beside
    options = {"width": nets.options(architecture)["width"][1]}
    config = RunConfig(architecture=architecture, options=options, batch_size=8, epochs=1, device="cpu")
    trainer = Trainer(config.but(**settings | {"stabilisers": together}), make_pictures(48))
    before = [weight.detach().clone() for weight in trainer.learner.discriminator.parameters()]
    *_, last = trainer.epochs()
    assert last.step == 6 and math.isfinite(last.d_loss) and math.isfinite(last.g_loss)
    moved = [
        not torch.equal(old, new) for old, new in zip(before, trainer.learner.discriminator.parameters(), strict=True)
    ]
    assert any(moved) and all(weight.isfinite().all() for weight in trainer.learner.discriminator.parameters())
