"""One step against a plain one in PyTorch: both turns, their rates, and the averaged generator."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from gan.data import Pictures
from gan.learn import optimizers
from gan.learn.trainer import Trainer
from tests.gan.learn.tiny import (
    CONVOLUTIONS,
    DROPOUT,
    NORM_IN_D,
    TINY,
    assert_same,
    differ,
    feed,
    finish,
    real_batch,
    short,
    spy_on_noise,
    weights,
)


class Textbook:
    """The published step, written plainly: probabilities, BCELoss, one optimiser for each network.

    It starts from a trainer's weights, and both compute in double precision, so that they agree closely.
    """

    def __init__(self, trainer):
        config = trainer.config
        trainer.learner.generator.double()
        trainer.learner.discriminator.double()
        for optimizer in (trainer.learner.optimizers["g_optimizer"], trainer.learner.optimizers["d_optimizer"]):
            optimizer.load_state_dict(optimizer.state_dict())  # what it holds becomes double too
        self.generator, self.discriminator = copy.deepcopy((trainer.learner.generator, trainer.learner.discriminator))
        make = {
            "adam": lambda p, lr: torch.optim.Adam(p, lr, (config.beta1, config.beta2), fused=False, foreach=False),
            "rmsprop": lambda p, lr: torch.optim.RMSprop(p, lr, alpha=config.beta2, foreach=False),
            "sgd": lambda p, lr: torch.optim.SGD(p, lr, momentum=config.beta1, foreach=False),
        }[config.optimizer]
        self.g_optimizer = make(self.generator.parameters(), config.learning_rate)
        self.d_optimizer = make(self.discriminator.parameters(), config.d_learning_rate or config.learning_rate)
        self.real_target = 1 - config.label_smoothing
        self.bce = nn.BCELoss()

    def judge(self, pictures, target):
        d = self.discriminator(pictures).sigmoid()
        return self.bce(d, torch.full_like(d, target))

    def discriminator_step(self, real, noise):
        self.fake = self.generator(noise)
        self.d_optimizer.zero_grad()
        loss = self.judge(real, self.real_target) + self.judge(self.fake.detach(), 0.0)
        loss.backward()
        self.d_optimizer.step()

    def generator_step(self, noise=None):
        fake = self.fake if noise is None else self.generator(noise)
        self.g_optimizer.zero_grad()
        self.judge(fake, 1.0).backward()
        self.g_optimizer.step()

    def assert_same_weights(self, trainer):
        for mine, its in (
            (self.generator, trainer.learner.generator),
            (self.discriminator, trainer.learner.discriminator),
        ):
            for (key, a), b in zip(mine.state_dict().items(), its.state_dict().values(), strict=True):
                torch.testing.assert_close(a, b, rtol=1e-7, atol=1e-9, msg=lambda text, key=key: f"{key}: {text}")


def doubles(count):
    return [torch.randn(8, TINY.latent_size, dtype=torch.float64) for _ in range(count)]


class TestTheStep:
    @pytest.mark.parametrize(
        "config",
        [
            TINY,
            CONVOLUTIONS.but(ema=0),
            NORM_IN_D,
            TINY.but(architecture="workshop", beta1=0.9),
            TINY.but(d_learning_rate=3e-3),
            TINY.but(label_smoothing=0.1),
            NORM_IN_D.but(label_smoothing=0.1, d_learning_rate=3e-3),
            TINY.but(optimizer="rmsprop", beta2=0.9),
            TINY.but(optimizer="sgd", beta1=0.9, learning_rate=0.1),
        ],
        ids=short,
    )
    def test_is_the_textbooks(self, config, monkeypatch):
        trainer = Trainer(config, Pictures(np.zeros((8, 28, 28), np.uint8), np.zeros(8, np.uint8)))
        textbook, noises = Textbook(trainer), doubles(3)
        start = weights(trainer)
        feed(trainer, monkeypatch, noises)
        for noise in noises:
            real = real_batch().double()
            trainer.learner.step(real)
            textbook.discriminator_step(real, noise)
            textbook.generator_step()
            textbook.assert_same_weights(trainer)
        assert all(differ({k: v}, weights(trainer)) for k, v in start.items() if k.endswith("weight"))

    @pytest.mark.parametrize("config", [TINY, NORM_IN_D], ids=short)
    def test_with_fresh_fakes_is_the_textbooks_too(self, config, monkeypatch, make_pictures):
        trainer = Trainer(config.but(fresh_fakes=True), make_pictures(8))
        textbook, noises = Textbook(trainer), doubles(4)
        feed(trainer, monkeypatch, noises)
        for for_d, for_g in (noises[:2], noises[2:]):
            real = real_batch().double()
            trainer.learner.step(real)
            textbook.discriminator_step(real, for_d)
            textbook.generator_step(for_g)
            textbook.assert_same_weights(trainer)

    @pytest.mark.parametrize("config", [TINY, NORM_IN_D], ids=short)
    def test_of_g_comes_after_three_of_d_when_asked(self, config, monkeypatch, make_pictures):
        trainer = Trainer(config.but(d_steps=3), make_pictures(8))
        textbook, noises = Textbook(trainer), doubles(6)
        feed(trainer, monkeypatch, noises)
        for number, noise in enumerate(noises, start=1):
            real = real_batch().double()
            trainer.learner.step(real)
            textbook.discriminator_step(real, noise)
            if number % 3 == 0:
                textbook.generator_step()
            textbook.assert_same_weights(trainer)
        assert trainer.steps == 6

    @pytest.mark.parametrize("fresh", [False, True])
    def test_of_g_leaves_ds_weights_and_slopes_alone(self, fresh, monkeypatch, make_pictures):
        trainer = Trainer(TINY.but(fresh_fakes=fresh), make_pictures(8))
        parameters = list(trainer.learner.discriminator.parameters())
        after, g_loss = [], trainer.learner._g_loss

        def remember(*batches):
            after.append([(p.detach().clone(), p.grad.clone()) for p in parameters])
            return g_loss(*batches)

        monkeypatch.setattr(trainer.learner, "_g_loss", remember)  # G's turn begins
        trainer.learner.step(real_batch())
        assert len(after) == 1
        for parameter, (weight, slope) in zip(parameters, after[0], strict=True):
            assert torch.equal(parameter, weight)
            assert parameter.grad is None or torch.equal(parameter.grad, slope)
            assert parameter.requires_grad

    def test_of_d_leaves_g_alone(self, make_pictures):
        trainer = Trainer(TINY.but(d_steps=2), make_pictures(8))
        before = weights(trainer)
        trainer.learner.step(real_batch())
        after = weights(trainer)
        assert_same({k: v for k, v in before.items() if k[0] == "G"}, {k: v for k, v in after.items() if k[0] == "G"})
        assert differ({k: v for k, v in before.items() if k[0] == "D"}, after)


class TestTheAverage:
    @pytest.mark.parametrize("config", [DROPOUT, CONVOLUTIONS], ids=["dropout", "batch norm"])
    def test_is_an_exponential_moving_one(self, config, make_pictures):
        def numbers(net):  # the averaged ones
            return {key: value.clone() for key, value in net.state_dict().items() if value.is_floating_point()}

        trainer = Trainer(config.but(ema=0.28), make_pictures(8))
        expected = numbers(trainer.learner.generator)
        for decay in (2 / 11, 3 / 12, 0.28, 0.28):
            trainer.learner.step(real_batch())
            for name, value in numbers(trainer.learner.generator).items():
                expected[name] = decay * expected[name] + (1 - decay) * value
        found = numbers(trainer.learner.best_generator)
        assert found.keys() == expected.keys()
        for name in expected:
            torch.testing.assert_close(found[name], expected[name], rtol=1e-5, atol=1e-6, msg=name)
            assert not torch.equal(found[name], trainer.learner.generator.state_dict()[name]), name

    def test_moves_only_when_g_does(self, make_pictures):
        trainer = Trainer(TINY.but(ema=0.5, d_steps=2), make_pictures(8))
        start = weights(trainer)
        trainer.learner.step(real_batch())
        assert not differ(start, {**weights(trainer), **{k: v for k, v in start.items() if k[0] == "D"}})
        trainer.learner.step(real_batch())
        moved, g = weights(trainer), "G.0.weight"
        torch.testing.assert_close(moved["best.0.weight"], (2 * start[g] + 9 * moved[g]) / 11)

    def test_is_what_draws_the_samples(self, make_pictures):
        trainer = Trainer(CONVOLUTIONS, make_pictures(24))
        record = finish(trainer)
        for net, is_drawn in (trainer.learner.best_generator, True), (trainer.learner.generator, False):
            with torch.no_grad():
                pictures = copy.deepcopy(net).eval()(trainer.observer.noise)
            drawn = np.rint((pictures[:, 0].numpy() + 1) * 127.5)
            assert np.allclose(drawn, record.samples, atol=1) == is_drawn

    def test_is_left_out_at_0(self, make_pictures):
        trainer = Trainer(TINY, make_pictures(8))
        assert trainer.learner.best_generator is trainer.learner.generator


class TestTurns:
    def test_of_g_are_as_many_as_asked(self, make_pictures, monkeypatch):
        trainer = Trainer(TINY.but(g_steps=3, d_steps=2), make_pictures(8))
        turns, descend = [], optimizers.descend

        def spy(loss, optimizer):
            descend(loss, optimizer)
            turns.extend([trainer.steps] * (optimizer is trainer.learner.optimizers["g_optimizer"]))

        monkeypatch.setattr(optimizers, "descend", spy)
        for _ in range(4):
            trainer.learner.step(real_batch())
        assert turns == [2, 2, 2, 4, 4, 4]

    @pytest.mark.parametrize("more", [{"stabilisers": {"feature_matching": 1.0}}, {"architecture": "acgan"}], ids=str)
    def test_while_g_rests_its_loss_is_of_the_same_kind(self, more, make_pictures):
        learner = Trainer(TINY.but(d_steps=2, d_learning_rate=1e-7, **more), make_pictures(8)).learner
        for parameter in learner.generator.parameters():
            parameter.data.zero_()  # so that it draws the same whatever comes
        rests, learns = (learner.step(*learner.real(torch.arange(8))).g_loss.item() for _ in range(2))
        assert rests == pytest.approx(learns, rel=0.05)

    def test_of_g_beyond_the_first_are_with_new_fakes(self, make_pictures, monkeypatch):
        trainer = Trainer(TINY.but(g_steps=3), make_pictures(8))
        noises = spy_on_noise(trainer, monkeypatch)
        trainer.learner.step(real_batch())
        assert len(noises) == 3


class TestTheLearningRates:
    def rates(self, trainer):
        return [
            float(optimizer.param_groups[0]["lr"])
            for optimizer in (trainer.learner.optimizers["g_optimizer"], trainer.learner.optimizers["d_optimizer"])
        ]

    def test_fall_evenly_to_what_is_left(self, make_pictures):
        config = TINY.but(learning_rate_decay=0.75, learning_rate=4e-3, d_learning_rate=8e-3, epochs=10)
        trainer, seen = Trainer(config, make_pictures(8)), []
        for _ in trainer.readings(every_seconds=0.0):
            seen.append(self.rates(trainer))
        assert seen[0] == seen[1] == [4e-3, 8e-3]
        assert seen[6] == pytest.approx([4e-3 * (1 - 0.75 * 0.5), 8e-3 * (1 - 0.75 * 0.5)])
        assert seen[10] == pytest.approx([4e-3 * (1 - 0.75 * 0.9), 8e-3 * (1 - 0.75 * 0.9)])

    def test_stay_without_decay(self, make_pictures):
        trainer = Trainer(TINY, make_pictures(8))
        finish(trainer)
        assert self.rates(trainer) == [TINY.learning_rate] * 2
