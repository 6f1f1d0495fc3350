"""An autoencoder whose pictures are compared as the discriminator sees them."""

import pytest
import torch
from torch.distributions import Normal

from gan.families.gan.learner import Fakes
from gan.families.vae_gan.learner import Learner, first_half, unlikeness
from gan.learn import optimizers
from gan.learn.trainer import Trainer
from gan.parts.hooks import Batch
from gan.records import Wish
from gan.setup.config import RunConfig

TINY = RunConfig.from_dict(
    {"family": "vae_gan", "options": {"width": 4}, "latent_size": 3, "batch_size": 8, "epochs": 2, "device": "cpu"}
)


@pytest.fixture
def pictures(make_pictures):
    return make_pictures(24)


@pytest.fixture
def learner(pictures):
    return Learner(TINY, pictures)


def moved(learner, before) -> dict[str, bool]:
    return {
        name: any(not torch.equal(old, new) for old, new in zip(before[name], net.parameters(), strict=True))
        for name, net in learner.nets.items()
    }


def weights(learner) -> dict[str, list[torch.Tensor]]:
    return {name: [weight.detach().clone() for weight in net.parameters()] for name, net in learner.nets.items()}


def step(learner):
    return learner.step(*learner.real(torch.arange(8)))


def test_unlikeness_is_that_of_torchs_gaussians_but_for_its_constant():
    seen, real = torch.randn(4, 6), torch.randn(4, 6)
    theirs = -Normal(seen, 1.0).log_prob(real).sum(1) + Normal(0.0, 1.0).log_prob(torch.zeros(6)).sum()
    assert torch.allclose(unlikeness(seen, real), theirs, atol=1e-5)


def test_a_step_moves_all_three_networks(learner):
    before = weights(learner)
    found = step(learner)
    assert moved(learner, before) == {"encoder": True, "generator": True, "discriminator": True}
    assert found.fake.pictures.shape == found.real.pictures.shape == (8, 1, 28, 28)
    assert found.fake.noise.shape == (8, 3)


def test_what_comes_there_and_back_is_the_first_half_of_the_fakes(learner):
    real = Batch(*learner.real(torch.arange(7)))
    assert len(first_half(real).pictures) == 4
    codes = torch.full((4, 3), 5.0)
    fakes = learner._drawn(codes, real)
    assert torch.equal(fakes.noise[:4], codes) and not (fakes.noise[4:] == 5).any()


def test_the_encoder_never_learns_from_the_verdict(learner, monkeypatch):
    """Without what is lost on the way there and back, only the codes' distance from noise moves it (algorithm 1)."""
    monkeypatch.setattr(learner, "beta", 0.0)
    monkeypatch.setattr(Learner, "_lost", lambda self, known, fake, g: 0.0 * g.look.features.sum())
    before = weights(learner)
    step(learner)
    assert moved(learner, before) == {"encoder": False, "generator": True, "discriminator": True}


@pytest.mark.parametrize("stabilisers", [{}, {"diff_augment": 1.0}, {"instance_noise": 1.0}, {"unrolling": 1}])
def test_what_comes_back_as_it_was_has_lost_nothing(pictures, monkeypatch, stabilisers):
    learner = Learner(TINY.but(stabilisers=stabilisers), pictures)
    real, labels = learner.real(torch.arange(8))
    monkeypatch.setattr(learner, "_drawn", lambda codes, batch: Fakes(real, labels, learner.noise(8)))
    monkeypatch.setattr(optimizers, "descend", lambda *_, **__: None)
    learner.step(real, labels)
    assert learner.sums.take()["reconstruction"] == pytest.approx(0.0, abs=1e-3)


def test_the_discriminator_alone_moves_when_the_others_are_to_stand_still(pictures):
    learner = Learner(TINY.but(learners="discriminator"), pictures)
    before = weights(learner)
    step(learner)
    assert moved(learner, before) == {"encoder": False, "generator": False, "discriminator": True}


@pytest.mark.parametrize(
    "turns", [{"d_steps": 2}, {"learners": "discriminator"}, {"learners": "generator"}, {"learners": "both"}], ids=str
)
def test_the_generator_looks_ahead_whoever_has_a_turn(pictures, turns):
    learner = Learner(TINY.but(stabilisers={"unrolling": 1}, **turns), pictures)
    before = weights(learner)
    found = step(learner)
    assert found.g_loss.isfinite() and not found.g_loss.requires_grad
    learns = {name for name, has_moved in moved(learner, before).items() if has_moved}
    g_learns, d_learns = "d_steps" not in turns, turns.get("learners") != "generator"
    g_learns = g_learns and turns["learners"] != "discriminator"
    assert learns == {*(("encoder", "generator") if g_learns else ()), *(("discriminator",) if d_learns else ())}


@pytest.mark.parametrize("architecture", ["vae_gan_conv", "vae_gan_class"])
def test_a_run_reads_a_game_and_its_own_losses_and_shows_what_comes_back(pictures, architecture):
    trainer = Trainer(TINY.but(architecture=architecture), pictures)
    trainer.wish = Wish(views=True, trace=True)
    *_, last = trainer.readings()
    assert set(last.own) == {"reconstruction", "kl"} and 0 <= last.d_real <= 1 and 0 <= last.d_fake <= 1
    assert last.views["before"].shape == last.views["back"].shape == (16, 28, 28)


def test_what_comes_back_gets_nearer_in_the_eyes_of_a_discriminator_that_stands_still(pictures):
    options = {"width": 8, "likeness": 1.0, "beta": 0.0}
    learner = Learner(TINY.but(learners="generator", options=options), pictures)
    found = []
    for _ in range(60):
        learner.step(*learner.real(torch.arange(8)))
        found.append(learner.sums.take()["reconstruction"])
    assert sum(found[-10:]) < 0.9 * sum(found[:10])


def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(pictures):
    whole = Trainer(TINY, pictures)
    first, content = next(records := whole.epochs()), whole.checkpoint()
    last = next(records)
    assert next(Trainer(TINY, pictures, start=content).epochs()).own == last.own != first.own


def test_packing_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="sees several as one"):
        TINY.but(stabilisers={"packing": 2})
