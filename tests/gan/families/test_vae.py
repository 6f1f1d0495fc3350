"""An autoencoder's two losses and its Gaussian of codes, against numbers worked out in other ways."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from gan.families.vae import equations
from gan.families.vae.learner import Learner
from gan.learn.build import build
from gan.learn.trainer import NotFinite, Trainer
from gan.parts.nets.vae._blocks import Fitted
from gan.records import Wish
from gan.runs.state.faults import explain
from gan.setup.config import RunConfig

TINY = RunConfig.from_dict(
    {
        "family": "vae",
        "architecture": "vae_mlp",
        "options": {"width": 16},
        "batch_size": 8,
        "epochs": 2,
        "device": "cpu",
    }
)


def test_the_divergence_is_that_of_torchs_distributions():
    mean, log_variance = torch.randn(5, 3), torch.randn(5, 3)
    theirs = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(1)
    assert torch.allclose(equations.kl(mean, log_variance), theirs, atol=1e-5)
    assert equations.kl(torch.zeros(1, 4), torch.zeros(1, 4)).item() == 0


def test_bernoulli_is_that_of_torchs_distributions():
    drawn, pictures = torch.randn(4, 1, 2, 2), torch.rand(4, 1, 2, 2).round() * 2 - 1
    white = (drawn.tanh() + 1) / 2
    theirs = -Bernoulli(white).log_prob((pictures + 1) / 2).flatten(1).sum(1)
    assert torch.allclose(equations.bernoulli(drawn, pictures), theirs, atol=1e-4)


def test_gaussian_has_the_variance_that_fits_best():
    drawn, pictures = torch.randn(6, 1, 3, 3), torch.rand(6, 1, 3, 3) * 2 - 1
    found = equations.gaussian(drawn, pictures).mean()
    spread = (drawn.tanh() - pictures).square().mean().sqrt()
    for factor, best in ((1.0, True), (0.9, False), (1.1, False)):
        theirs = -Normal(drawn.tanh(), factor * spread).log_prob(pictures).flatten(1).sum(1).mean()
        assert (found.item() == pytest.approx(theirs.item(), rel=1e-4)) is best
        assert found <= theirs + 1e-3


def test_gaussian_is_learned_down_its_own_slope():
    drawn, pictures = torch.randn(6, 1, 3, 3, requires_grad=True), torch.rand(6, 1, 3, 3) * 2 - 1
    (slope,) = torch.autograd.grad(equations.gaussian(drawn, pictures).mean(), drawn)
    spread = (drawn.tanh() - pictures).square().mean().sqrt().detach()  # at its best, where it moves nothing
    theirs = -Normal(drawn.tanh(), spread).log_prob(pictures).flatten(1).sum(1).mean()
    assert torch.allclose(slope, torch.autograd.grad(theirs, drawn)[0], rtol=1e-4)


def test_the_bound_stays_below_the_likelihood_of_a_toy():
    """One number of code, one pixel: the likelihood by adding up all codes, the bound by its two parts."""
    codes = torch.linspace(-8, 8, 20001)
    prior = Normal(0.0, 1.0).log_prob(codes).exp()
    drawn = 0.7 * codes + 0.2  # a decoder of one weight
    white = (drawn.tanh() + 1) / 2
    likelihood = math.log(torch.trapezoid(prior * white, codes).item())  # of a white pixel
    picture = torch.ones(1, 1, 1, 1)
    bounds = []
    for mean, deviation in ((0.0, 1.0), (0.5, 0.8), (-1.0, 0.5)):
        weight = Normal(mean, deviation).log_prob(codes).exp()
        lost = equations.bernoulli(drawn[:, None, None, None], picture.expand(len(codes), 1, 1, 1))
        expected = torch.trapezoid(weight * lost, codes)
        kl = equations.kl(torch.tensor([[mean]]), torch.tensor([[2 * math.log(deviation)]]))
        bounds.append(-(expected + kl).item())
    assert all(bound <= likelihood + 1e-4 for bound in bounds)
    assert max(bounds) > likelihood - 0.1  # and a good guess at the codes comes close


def test_codes_are_drawn_around_their_means():
    mean, log_variance = torch.full((4000, 2), 3.0), torch.full((4000, 2), math.log(0.25))
    codes = equations.draw(mean, log_variance, torch.Generator().manual_seed(0))
    assert codes.mean().item() == pytest.approx(3, abs=0.05) and codes.std().item() == pytest.approx(0.5, abs=0.02)


def test_noise_is_fitted_to_where_each_class_lies():
    fitted, random = Fitted(2, told=2), torch.Generator().manual_seed(1)
    labels = torch.arange(4000) % 2
    means = torch.tensor([[2.0, 0.0], [-1.0, 1.0]])[labels]
    mixing = torch.tensor([[1.0, 0.0], [0.8, 0.6]])
    for _ in range(3):
        codes = means + torch.randn(4000, 2, generator=random) @ mixing.T
        fitted.follow(codes, torch.full((4000, 2), -20.0), labels)
    fitted.settle()
    drawn = fitted(torch.randn(20000, 2, generator=random), torch.zeros(20000).long())
    assert torch.allclose(drawn.mean(0), means[0], atol=0.06)
    assert torch.allclose(drawn.T.cov(), mixing @ mixing.T, atol=0.08)
    fitted.is_fitted = False
    noise = torch.randn(3, 2)
    assert torch.equal(fitted(noise, torch.zeros(3).long()), noise)


@pytest.mark.parametrize("architecture", ["vae_mlp", "vae_conv", "vae_class"])
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 64)], ids=str)
def test_every_architecture_brings_every_shape_back(architecture, shape):
    config = RunConfig.from_dict({"architecture": architecture, "latent_size": 3})
    nets, labels = build(config, shape), torch.tensor([1, 2]) if architecture == "vae_class" else None
    pictures = torch.randn(2, *shape)
    assert Learner.draws(nets, torch.randn(2, 3), pictures, labels).shape == pictures.shape
    assert nets["generator"](torch.randn(2, 3), labels).shape == pictures.shape
    assert nets["generator"](torch.randn(2, 3)).abs().max() <= 1


def test_a_run_reads_both_losses_and_they_fall(make_pictures):
    trainer = Trainer(TINY.but(epochs=6), make_pictures(48))
    records = list(trainer.epochs())
    assert all(record.own.keys() == {"reconstruction", "kl"} for record in records)
    assert records[-1].own["reconstruction"] < records[0].own["reconstruction"]
    assert math.isnan(records[0].d_loss) and records[0].sample_scores == ()


@pytest.mark.parametrize("architecture", ["vae_mlp", "vae_conv"])
@pytest.mark.parametrize("settings", [{"learning_rate": 1.0}, {"learning_rate": 0.01, "beta1": 0.9}], ids=str)
def test_numbers_that_blow_up_are_told_as_such(architecture, settings, make_pictures):
    config = TINY.but(architecture=architecture, options={}, optimizer="sgd", pictures=96, epochs=6, **settings)
    with pytest.raises(NotFinite, match="no longer a finite number") as raised:
        list(Trainer(config, make_pictures(96)).epochs())
    assert explain(raised.value).is_divergence


def test_a_covariance_that_is_no_number_leaves_the_spread_as_it_is():
    fitted = Fitted(2)
    fitted.follow(torch.randn(9, 2), torch.zeros(9, 2), None)
    fitted.settle()
    before = fitted.spread.clone()
    fitted.follow(torch.full((9, 2), math.inf), torch.zeros(9, 2), None)
    fitted.settle()
    assert torch.equal(fitted.spread, before)


def test_its_views_are_pictures_and_what_comes_back(make_pictures):
    trainer = Trainer(TINY.but(latent_size=2), make_pictures(24))
    trainer.wish = Wish(views=True)
    views = next(trainer.readings()).views
    assert {name: view.shape for name, view in views.items()} == {
        "before": (16, 28, 28), "back": (16, 28, 28), "sheet": (169, 28, 28),
    }  # fmt: skip
    trainer.wish = Wish()
    assert next(trainer.readings()).views == {}


def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(make_pictures):
    whole = Trainer(TINY, make_pictures(24))
    first, content = next(records := whole.epochs()), whole.checkpoint()
    last = next(records)
    again = Trainer(TINY, make_pictures(24), start=content)
    assert next(again.epochs()).own == last.own != first.own


def test_the_weight_of_the_divergence_grows_at_first(make_pictures):
    learner = Trainer(TINY.but(options={"width": 16, "beta": 2.0, "warm_up": 0.5}), make_pictures(24)).learner
    for progress, weight in ((0.0, 0.0), (0.25, 1.0), (0.5, 2.0), (1.0, 2.0)):
        learner.tell(progress)
        assert learner.weight.now == weight


def test_beta_can_be_changed_on_the_way_but_not_the_likelihood(make_pictures):
    trainer = Trainer(TINY, make_pictures(24))
    trainer.change(options={"width": 16, "beta": 5.0})
    assert trainer.learner.weight.whole == 5
    with pytest.raises(ValueError, match="options cannot change while a run goes on"):
        trainer.change(options={"width": 16, "likelihood": "gaussian"})
