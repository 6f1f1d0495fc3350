"""Going on from a moment that was kept, and looking back at it."""

import math

import numpy as np
import pytest

from gan.learn.past import look_back
from gan.learn.trainer import Trainer
from gan.records import EpochRecord
from gan.setup.config import RunConfig

TINY = RunConfig(architecture="pocket", latent_size=6, batch_size=8, epochs=4, ema=0, device="cpu")


def epochs(trainer):
    """The trainer's epoch records, with the checkpoint taken after each."""
    readings = trainer.readings(every_seconds=math.inf)
    return [(reading, trainer.checkpoint()) for reading in readings if isinstance(reading, EpochRecord)]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"architecture": "conditional", "ema": 0.9},
        {"architecture": "fundamentals", "optimizer": "rmsprop"},
        {"architecture": "deep_mlp_vs_conv", "optimizer": "sgd", "beta1": 0.5},
        {"loss": "relativistic_average", "stabilisers": {"spectral_norm": 1}},
        {"stabilisers": {"instance_noise": 0.3}, "learning_rate_decay": 0.9},
    ],
    ids=str,
)
def test_going_on_gives_what_never_stopping_gives(settings, make_pictures):
    config, pictures = TINY.but(**settings), make_pictures(24)
    whole = epochs(Trainer(config, pictures))
    again = epochs(Trainer(config, pictures, start=whole[1][1]))
    assert [record.epoch for record, _ in again] == [3, 4]
    for (one, _), (other, _) in zip(whole[2:], again, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert one.sample_scores == other.sample_scores
        assert (one.step, one.d_loss, one.g_loss) == (other.step, other.d_loss, other.g_loss)


@pytest.mark.parametrize(
    "settings", [{}, {"architecture": "conditional", "ema": 0.9}, {"loss": "wasserstein"}], ids=str
)
def test_looking_back_shows_what_was_seen(settings, make_pictures):
    trainer = Trainer(TINY.but(**settings), make_pictures(24))
    kept = epochs(trainer)
    now = trainer.observer.samples()
    for record, checkpoint in kept:
        samples, scores = look_back(trainer.config, checkpoint, labels=trainer.observer.pictures.labels)
        assert np.array_equal(samples, record.samples) and scores == pytest.approx(record.sample_scores, abs=1e-6)
    assert np.array_equal(trainer.observer.samples()[0], now[0])  # and leaves the present alone


def test_a_fork_may_have_other_settings(make_pictures):
    pictures = make_pictures(24)
    start = epochs(Trainer(TINY, pictures))[1][1]
    fork = Trainer(TINY.but(optimizer="rmsprop", learning_rate=0.01, ema=0.5, batch_size=4), pictures, start=start)
    before = look_back(fork.config, start)[0]
    assert np.array_equal(fork.observer.samples()[0], before)  # the average begins as the generator itself
    assert [record.epoch for record, _ in epochs(fork)] == [3, 4]


@pytest.mark.parametrize("settings", [{"latent_size": 5}, {"architecture": "dcgan"}])
def test_other_networks_cannot_go_on(settings, make_pictures):
    pictures = make_pictures(24)
    start = Trainer(TINY, pictures).checkpoint()
    with pytest.raises(ValueError, match="they are not the ones that were kept"):
        Trainer(TINY.but(**settings), pictures, start=start)
    assert not TINY.but(**settings).has_networks_of(TINY) and TINY.but(epochs=9).has_networks_of(TINY)


@pytest.mark.parametrize("content", [b"", b"\x00" * 40, b"nonsense"])
def test_a_damaged_one_is_refused(content, make_pictures):
    with pytest.raises(ValueError, match="damaged"):
        look_back(TINY, content)
    with pytest.raises(ValueError, match="damaged"):
        Trainer(TINY, make_pictures(24), start=content or b"-")
