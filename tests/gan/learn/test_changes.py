"""Settings that change between two steps, and the trace of a step."""

import copy
import math

import numpy as np
import pytest
import torch

from gan.data.pixels import to_range
from gan.learn.trainer import Trainer
from gan.parts import stabilisers
from gan.records import Wish, Word
from tests.gan.learn.tiny import (
    DROPOUT,
    STILL,
    TINY,
    finish,
    real_batch,
    weights,
)

FASTER = {"learning_rate": 5e-3, "d_steps": 2, "label_smoothing": 0.1, "stabilisers": {"instance_noise": 0.2}}


class TestSteering:
    def steered(self, config, pictures, at, **settings):
        """A finished trainer whose settings were changed after `at` steps."""
        trainer, waiting = Trainer(config, pictures), [settings]

        def ask():
            if trainer.steps == at and waiting:
                trainer.change(**waiting.pop())
            return Word.GO

        return trainer, list(trainer.readings(ask, every_seconds=math.inf))[-1]

    @pytest.mark.parametrize("architecture", ["pocket", "dcgan", "conditional"])
    def test_can_be_repeated_from_what_it_left_behind(self, architecture, make_pictures):
        config, pictures = TINY.but(architecture=architecture), make_pictures(24)
        trainer, end = self.steered(config, pictures, 4, **FASTER)
        (change,) = trainer.changes
        assert change.step == 4 and change.epoch == pytest.approx(4 / 3)
        assert change.settings == trainer.config.changes_from(config)
        again = finish(Trainer(config, pictures, trainer.changes))
        assert np.array_equal(again.samples, end.samples)
        assert not np.array_equal(finish(Trainer(config, pictures)).samples, end.samples)

    def test_takes_effect_with_the_next_step(self, make_pictures):
        trainer, _ = self.steered(TINY, make_pictures(24), 3, learning_rate=7e-3, d_learning_rate=9e-3)
        rates = [
            float(optimizer.param_groups[0]["lr"])
            for optimizer in (trainer.learner.optimizers["g_optimizer"], trainer.learner.optimizers["d_optimizer"])
        ]
        assert rates == [7e-3, 9e-3]

    def test_made_shorter_than_it_is_by_then_it_ends_with_its_epoch_and_never_learns_backwards(self, make_pictures):
        """What falls with time has fallen: the rate, and the noise on pictures."""
        decaying = TINY.but(epochs=6, learning_rate_decay=0.9, stabilisers={"instance_noise": 0.5})
        trainer, end = self.steered(decaying, make_pictures(24), 10, epochs=2)  # in the fourth epoch
        (rate,) = {float(each.param_groups[0]["lr"]) for each in trainer.learner.optimizers.values()}
        assert rate == pytest.approx(0.1 * decaying.learning_rate) and end.epoch == 4 and trainer.progress == 1.0

    @pytest.mark.parametrize("learner, still", [("generator", "D"), ("discriminator", "G")])
    def test_lets_one_learn_alone(self, learner, still, make_pictures):
        trainer = Trainer(TINY.but(d_steps=2), make_pictures(8))
        trainer.change(learners=learner)
        before = weights(trainer)
        trainer.learner.step(real_batch())
        moved = {name[0] for name, weight in weights(trainer).items() if not torch.equal(weight, before[name])}
        assert still not in moved and moved & {"D", "G"}

    @pytest.mark.parametrize("name", ["r1", "r2", "gradient_penalty"])
    def test_costs_no_penalty_that_nobody_learns_from(self, name, make_pictures, monkeypatch):
        trainer, asked = Trainer(TINY.but(stabilisers={name: 1}, learners="generator"), make_pictures(8)), []
        monkeypatch.setattr(stabilisers.get(name).Stabiliser, "d_penalty", lambda *_: asked.append(1))
        step = trainer.learner.step(real_batch())
        assert not asked and not step.d_loss.requires_grad
        trainer.change(learners="both")
        trainer.learner.step(real_batch())
        assert asked

    @pytest.mark.parametrize(
        "settings, named",
        [
            ({"latent_size": 7}, "latent_size"),
            ({"architecture": "dcgan"}, "architecture"),
            ({"stabilisers": {"spectral_norm": 1}}, "spectral_norm"),
            ({"learning_rate": 5}, "learning_rate"),
            ({"loss": "hinge"}, "loss"),
        ],
    )
    def test_refuses_what_only_a_new_run_can_have(self, settings, named, make_pictures):
        trainer = Trainer(TINY, make_pictures(8))
        with pytest.raises(ValueError, match=named):
            trainer.change(**settings)
        assert trainer.config == TINY and not trainer.changes

    def test_refuses_a_penalty_that_the_networks_cannot_bear(self, make_pictures):
        config = TINY.but(architecture="dcgan", options={"d_norm": "batch"})
        trainer = Trainer(config, make_pictures(8))
        with pytest.raises(ValueError, match="batch norm"):
            trainer.change(stabilisers={"gradient_penalty": 10})
        assert trainer.config == config and trainer.learner.stabilisers == []

    def test_may_make_a_run_longer(self, make_pictures):
        _, end = self.steered(TINY, make_pictures(24), 5, epochs=4)
        assert end.epoch == 4

    def test_shows_the_moment_on_demand(self, make_pictures):
        trainer, words = Trainer(TINY, make_pictures(24)), [Word.GO, Word.SHOW, Word.SHOW, Word.STOP]
        _, first, second = trainer.readings(lambda: words.pop(0), every_seconds=math.inf)
        assert first.step == second.step == 1 and first.epoch == pytest.approx(1 / 3)
        assert first.d_loss == second.d_loss and math.isfinite(first.d_loss)
        assert np.array_equal(first.samples, second.samples)

    def test_watching_changes_nothing(self, make_pictures):
        plain, watched = (Trainer(DROPOUT, make_pictures(24)) for _ in range(2))
        watched.wish = Wish(trace=True)
        assert np.array_equal(finish(plain).samples, finish(watched).samples)


class TestTheTrace:
    def tell(self, make_pictures, **settings):
        trainer = Trainer(STILL.but(**settings), make_pictures(24))
        trainer.wish = Wish(trace=True)
        return trainer, [reading.trace for reading in trainer.readings(every_seconds=0.0)]

    def test_has_the_numbers_of_that_very_step(self, make_pictures):
        trainer = Trainer(TINY, make_pictures(24))
        before = copy.deepcopy(trainer.learner.discriminator)
        trainer.teller.step(*trainer.learner.real(torch.arange(8)))
        trace = trainer.teller.trace()
        assert trace.step == 1 and len(trace.noise) == TINY.latent_size
        assert np.array_equal(trace.reals, trainer.observer.learned.images[:8])
        beliefs = before(to_range(trainer.learner.images[:8], "-1..1")).sigmoid().tolist()
        assert trace.real_beliefs == pytest.approx(beliefs, abs=1e-5)
        pairs = zip(trainer.learner.discriminator.parameters(), before.parameters(), strict=True)
        ways = [(new - old).square().sum() for new, old in pairs]
        length = sum(old.square().sum() for old in before.parameters())
        assert trace.d_change == pytest.approx((sum(ways) / length).sqrt().item(), rel=1e-4)
        expected = -sum(map(math.log, trace.real_beliefs)) / 8 - sum(math.log(1 - b) for b in trace.fake_beliefs) / 8
        assert trace.d_loss == pytest.approx(expected, rel=1e-4)
        assert trace.g_loss == pytest.approx(-sum(map(math.log, trace.drawn_beliefs)) / 8, rel=1e-4)

    def test_comes_with_each_reading_when_wished_for(self, make_pictures):
        _, traces = self.tell(make_pictures)
        assert traces[0] is None
        assert [trace.step for trace in traces[1:]] == [1, 2, 3, 4, 5, 6]

    def test_says_who_stood_still(self, make_pictures):
        _, traces = self.tell(make_pictures, learners="discriminator")
        assert traces[1].drawn is None and traces[1].g_loss is None and traces[1].g_change == 0
        assert traces[1].d_change > 0

    @pytest.mark.parametrize("settings", [{"stabilisers": {"packing": 2}}, {"fresh_fakes": True}, {"loss": "hinge"}])
    def test_can_be_told_of_any_step(self, settings, make_pictures):
        _, traces = self.tell(make_pictures, **settings)
        assert len(traces[1].real_beliefs) == len(traces[1].drawn_beliefs) == 8
