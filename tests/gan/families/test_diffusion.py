"""How pictures become noise and come back, against what is known of it."""

import math

import pytest
import torch

from gan.learn.build import build
from gan.learn.trainer import Trainer
from gan.parts import process
from gan.records import Wish
from gan.setup.config import RunConfig

TINY = RunConfig.from_dict(
    {
        "family": "diffusion", "architecture": "denoiser_mlp", "options": {"width": 16, "depth": 1, "sampler_steps": 3},
        "batch_size": 8, "epochs": 2, "device": "cpu",
    }
)  # fmt: skip
TIMES = torch.linspace(0.02, 0.98, 25)


def test_the_cosine_schedule_keeps_the_variance_and_ends_at_both_ends():
    mix = process.ddpm(TIMES)
    assert torch.allclose(mix.alpha.square() + mix.sigma.square(), torch.ones(25), atol=1e-5)
    ends = process.ddpm(torch.tensor([0.0, 1.0]))
    assert ends.alpha.tolist() == pytest.approx([0, 1], abs=1e-6) and ends.sigma.tolist() == pytest.approx(
        [1, 0], abs=1e-3
    )


@pytest.mark.parametrize("name", process.PROCESSES)
def test_speeds_are_the_slopes_of_the_shares(name):
    t = TIMES.double().requires_grad_()
    mix = process.PROCESSES[name](t)
    for share, speed in ((mix.alpha, mix.alpha_speed), (mix.sigma, mix.sigma_speed)):
        (slope,) = torch.autograd.grad(share.sum(), t, retain_graph=True, allow_unused=True)
        assert torch.allclose(slope, speed.detach(), atol=1e-4)


@pytest.mark.parametrize("name", process.PROCESSES)
@pytest.mark.parametrize("predicts", ["picture", "noise", "velocity"])
def test_what_the_network_says_leads_back_to_the_picture(name, predicts):
    picture, noise = torch.rand(25, 1, 4, 4) * 2 - 1, torch.randn(25, 1, 4, 4)
    mix = process.PROCESSES[name](TIMES[:, None, None, None])
    x, said = mix.of(picture, noise), process.target(picture, noise, mix, predicts)
    found = process.picture_behind(said, x, mix, predicts)
    assert torch.allclose(found, picture, atol=2e-3)
    assert torch.allclose(process.noise_behind(found, x, mix), noise, atol=0.2)


def test_noise_flows_to_the_gaussian_whose_best_guess_is_known():
    """Of pictures that are Gaussian around m with deviation s, what lies behind x is known; the flow then ends at
    m + s * noise.
    """
    m, s = 0.2, 0.3

    def guess(x, t):
        t = t[:, None, None, None]
        return m + t * s * s * (x - t * m) / (t * t * s * s + (1 - t) ** 2)

    noise = torch.linspace(-1.5, 1.5, 9).view(9, 1, 1, 1)
    found = process.sample(guess, noise, "flow", "picture", 400)[-1]
    assert torch.allclose(found, m + s * noise, atol=0.01)


@pytest.mark.parametrize("name", process.PROCESSES)
def test_who_knows_the_picture_draws_it_in_a_single_step_too(name):
    picture = torch.rand(3, 1, 4, 4) * 2 - 1
    for steps in (1, 5):
        seen = process.sample(lambda x, t: picture, torch.randn(3, 1, 4, 4), name, "picture", steps)
        assert len(seen) == steps and torch.equal(seen[-1], picture)


def test_no_loss_weighs_more_than_it_may():
    mix = process.flow(TIMES)
    assert process.weight(mix, "picture").max() == process.WORST and process.weight(mix, "noise").unique().tolist() == [
        1
    ]


@pytest.mark.parametrize("architecture", ["denoiser", "denoiser_class", "denoiser_mlp"])
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 64)], ids=str)
def test_every_architecture_draws_every_shape(architecture, shape):
    config = RunConfig.from_dict({"architecture": architecture, "options": {"width": 16, "sampler_steps": 2}})
    generator = build(config, shape)["generator"].eval()
    noise = torch.randn(3, math.prod(shape))
    drawn = generator(noise)
    assert drawn.shape == (3, *shape) and drawn.abs().max() <= 1
    assert torch.equal(drawn, generator(noise))


def test_guidance_goes_further_from_what_no_class_says():
    config = RunConfig.from_dict({"architecture": "denoiser_class", "options": {"width": 8, "guidance": 3.0}})
    net = build(config, (1, 28, 28))["generator"].eval()
    x, t, labels = torch.randn(2, 1, 28, 28), torch.tensor([0.3, 0.3]), torch.tensor([1, 4])
    with torch.no_grad():
        told = net.denoiser(x, t, labels)
        untold = net.denoiser(x, t, torch.full((2,), net.class_count))
        assert torch.allclose(net._look(x, t, labels), untold + 3 * (told - untold), atol=1e-4)
        net.guidance = 1.0
        assert torch.allclose(net._look(x, t, labels), told, atol=1e-5)


def test_a_run_reads_its_loss_and_it_falls(make_pictures):
    records = list(Trainer(TINY.but(epochs=8), make_pictures(48)).epochs())
    assert records[-1].own["denoising"] < records[0].own["denoising"]


def test_its_views_are_the_film_and_the_errors(make_pictures):
    trainer = Trainer(TINY, make_pictures(24))
    trainer.wish = Wish(views=True)
    views = next(trainer.readings()).views
    assert views["film"].shape == (3, 4, 28, 28) and views["errors"].shape == (8,)
    assert (views["errors"] > 0).all()


def test_steps_and_guidance_can_be_changed_on_the_way(make_pictures):
    trainer = Trainer(TINY, make_pictures(24))
    trainer.change(options={"width": 16, "depth": 1, "sampler_steps": 7})
    assert trainer.learner.best_generator.steps == 7 and trainer.changes[0].settings["options"]["sampler_steps"] == 7


def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(make_pictures):
    whole = Trainer(TINY, make_pictures(24))
    _, content = next(records := whole.epochs()), whole.checkpoint()
    last = next(records)
    again = Trainer(TINY, make_pictures(24), start=content)
    assert next(again.epochs()).own == last.own
