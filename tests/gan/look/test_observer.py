"""What a trainer shows of itself: samples, scores, beliefs; and that looking changes nothing."""

import math

import numpy as np
import pytest
import torch

from gan import data
from gan.data import Pictures
from gan.data.shares import HELD_OUT, hold_out
from gan.learn.trainer import Trainer
from gan.look import networks
from gan.look.observer import beliefs
from gan.parts.hooks import Batch
from gan.records import SAMPLES, Wish
from gan.setup import presets
from gan.setup.config import RunConfig

TINY = RunConfig(architecture="pocket", latent_size=8, batch_size=4, epochs=1, ema=0.0)


def noise_pictures(count: int, seed: int = 0) -> Pictures:
    random = np.random.default_rng(seed)
    return Pictures(random.integers(0, 256, (count, 28, 28), dtype=np.uint8), np.arange(count, dtype=np.uint8) % 10)


@pytest.mark.parametrize(
    ("count", "limit", "learned", "others"),
    [
        (5000, 0, 5000 - HELD_OUT, HELD_OUT),
        (5000, 50, 50, HELD_OUT),
        (160, 0, 140, 20),
        (99, 0, 99, 0),
        (99, 10, 10, 0),
    ],
)
def test_some_pictures_are_kept_from_training(count, limit, learned, others):
    pictures = noise_pictures(count)
    mine, held_out = hold_out(pictures, limit)
    assert (len(mine.images), len(held_out.images)) == (learned, others)
    assert np.array_equal(mine.images, pictures.images[:learned])
    assert np.array_equal(held_out.images, pictures.images[count - others :])
    assert len(mine.labels) == learned and len(held_out.labels) == others


@pytest.mark.parametrize(
    ("limit", "learned", "others"), [(0, 5000, 0), (4900, 4900, 100), (50, 50, HELD_OUT), (9000, 5000, 0)]
)
def test_a_set_that_is_published_whole_is_learned_from_whole(limit, learned, others):
    pictures = noise_pictures(5000)
    mine, held_out = hold_out(pictures, limit, is_a_part=False)
    assert (len(mine.images), len(held_out.images)) == (learned, others)
    assert np.array_equal(mine.images, pictures.images[:learned])
    assert np.array_equal(held_out.images, pictures.images[5000 - others :])


def test_an_epoch_of_a_published_set_has_as_many_steps_as_in_the_courses():
    for recipe, steps in (("deep_mlp_vs_conv", 469), ("workshop", 938), ("fundamentals", 468)):
        images = np.zeros((60_000, 4, 4), np.uint8)
        config = presets.get(recipe).but(data="mnist", device="cpu")
        learned, _ = hold_out(Pictures(images, np.zeros(60_000, np.uint8)), is_a_part=data.get("mnist").is_a_part)
        assert (len(learned.images) + (0 if config.drop_last else config.batch_size - 1)) // config.batch_size == steps


def test_held_out_pictures_are_never_trained_on(monkeypatch):
    trainer = Trainer(TINY, noise_pictures(160))
    trainer.recorder = None  # only the first steps would go through `step`
    seen, step = [], trainer.learner.step
    monkeypatch.setattr(trainer.learner, "step", lambda pictures, labels=None: (seen.append(pictures), step(pictures)))
    list(trainer.epochs())
    seen = ((torch.cat(seen) + 1) * 127.5).round().byte().numpy()[:, 0]
    held_out = trainer.observer.held_out.images
    assert len(held_out) == 20 and len(seen) == 140
    assert not any((seen == picture).all(axis=(1, 2)).any() for picture in held_out)


def test_beliefs_in_seen_and_unseen_pictures_part_when_d_learns_by_heart():
    config = TINY.but(epochs=60, learning_rate=1e-6, d_learning_rate=2e-3, batch_size=10)
    *_, last = Trainer(config, noise_pictures(160)).epochs()
    assert last.d_seen > last.d_unseen + 0.2
    *_, last = Trainer(TINY, noise_pictures(40)).epochs()
    assert math.isnan(last.d_unseen)


def test_gradient_norms_are_those_of_the_last_step():
    *_, last = (trainer := Trainer(TINY, noise_pictures(40))).epochs()
    for norm, net in ((last.d_gradient, trainer.learner.discriminator), (last.g_gradient, trainer.learner.generator)):
        assert norm == pytest.approx(math.sqrt(sum(p.grad.square().sum().item() for p in net.parameters())), rel=1e-5)


def weights(trainer):
    networks = (trainer.learner.generator, trainer.learner.discriminator)
    return torch.cat([weight.detach().flatten() for net in networks for weight in net.parameters()])


@pytest.mark.parametrize("architecture", ["pocket", "conditional", "style", "fundamentals"])
def test_looking_changes_nothing_in_the_training(architecture):
    config = TINY.but(architecture=architecture, epochs=2)
    looked, left = (Trainer(config, noise_pictures(40)) for _ in range(2))
    looked.wish = Wish(label=3, seed=7)
    for _ in looked.readings(every_seconds=0.0):
        looked.observer.scores(0.0, always=True)
    for _ in left.epochs():
        pass
    assert torch.equal(weights(looked), weights(left))


class TestScores:
    def test_come_with_the_last_epoch_at_least_and_with_their_floor(self):
        trainer = Trainer(TINY.but(epochs=2), noise_pictures(60))
        records = list(trainer.epochs())
        assert records[-1].scores and trainer.floor
        assert records[-1].numbers()["realism"] == records[-1].scores.realism
        assert trainer.floor.realism < records[-1].scores.realism

    def test_take_no_more_than_their_share(self):
        trainer = Trainer(TINY, noise_pictures(60))
        assert trainer.observer.scores(0.0)
        assert trainer.observer.scores(1e-3) is None
        assert trainer.observer.scores(1e6) is not None

    def test_are_always_of_the_same_fakes(self):
        trainer = Trainer(TINY, noise_pictures(60))
        assert trainer.observer.scores(0.0, always=True) == trainer.observer.scores(0.0, always=True)

    def test_of_pictures_without_a_referee_are_copying_alone(self):
        random = np.random.default_rng(0)
        colour = Pictures(random.integers(0, 256, (60, 32, 32, 3), dtype=np.uint8), np.zeros(60, np.uint8))
        *_, last = (trainer := Trainer(TINY, colour)).epochs()
        assert last.scores.realism is None and last.scores.shares == ()
        assert last.scores.copying > 0 and trainer.floor.copying is not None


def test_what_is_shown_follows_a_change_of_settings():
    trainer = Trainer(TINY, noise_pictures(40))
    trainer.change(stabilisers={"r1": 1}, epochs=7)
    config = trainer.observer._observed.config
    assert config is trainer.config and config.epochs == 7


class TestAWish:
    def test_for_one_class_is_drawn_by_networks_that_are_told(self):
        trainer = Trainer(TINY.but(architecture="conditional"), noise_pictures(40))
        usual, _ = trainer.observer.samples()
        trainer.wish = Wish(label=7)
        sevens, scores = trainer.observer.samples()
        assert sevens.shape == usual.shape == (SAMPLES, 28, 28) and len(scores) == SAMPLES
        assert not np.array_equal(sevens, usual)
        assert np.array_equal(sevens[7], usual[7])  # in turn, the eighth is a 7 anyway

    def test_to_follow_a_vector_brings_its_walk(self):
        trainer = Trainer(TINY, noise_pictures(40))
        first = next(trainer.readings())
        assert first.walk is None
        trainer.wish = Wish(seed=3)
        again = trainer.look_again(first)
        assert again.walk.seed == 3 and again.step == first.step
        assert 0 < again.walk.belief < 1
        assert trainer.look_again(first).walk.noise == again.walk.noise


def test_a_discriminator_that_looks_at_several_pictures_gives_each_its_belief():
    trainer = Trainer(TINY.but(stabilisers="packing=4"), noise_pictures(40))
    pictures = torch.zeros(6, 1, 28, 28)
    assert beliefs(networks.of(trainer.learner), Batch(pictures), trainer.learner.belief).shape == (6,)


def test_a_critics_beliefs_are_half_between_its_answers():
    trainer = Trainer(TINY.but(loss="wasserstein"), noise_pictures(40))
    trainer.learner.midpoint = torch.tensor(100.0)
    assert trainer.learner.belief(torch.tensor([100.0, 110.0])).tolist() == pytest.approx(
        [0.5, 1 / (1 + math.exp(-10))]
    )
    linear = Trainer(TINY.but(loss="least_squares"), noise_pictures(40))
    assert linear.learner.belief(torch.tensor([-0.5, 0.25, 2.0])).tolist() == [0.0, 0.25, 1.0]


def test_fakes_that_take_long_to_draw_are_scored_when_that_has_been_earned():
    trainer = Trainer(TINY, noise_pictures(40))
    observer = trainer.observer
    observer._drawing_seconds = 1.0  # of 64
    assert observer.scores(60.0) is None  # 3 % are 1.8 s, and 1,000 would take 16
    observer._drawing_seconds = 0.001
    assert observer.scores(60.0).samples == 20
