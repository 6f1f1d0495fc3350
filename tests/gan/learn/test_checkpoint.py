"""Going on from a moment that was kept, and looking back at it."""

import math

import numpy as np
import pytest

from gan.learn.trainer import Trainer
from gan.records import EpochRecord
from gan.runs.kept.moments import Checkpoints
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
        samples, scores = trainer.look_back(checkpoint)
        assert np.array_equal(samples, record.samples) and scores == pytest.approx(record.sample_scores, abs=1e-6)
    assert np.array_equal(trainer.observer.samples()[0], now[0])  # and leaves the present alone


def test_a_fork_may_have_other_settings(make_pictures):
    pictures = make_pictures(24)
    start = epochs(Trainer(TINY, pictures))[1][1]
    fork = Trainer(TINY.but(optimizer="rmsprop", learning_rate=0.01, ema=0.5, batch_size=4), pictures, start=start)
    before = fork.look_back(start)[0]
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
    trainer = Trainer(TINY, make_pictures(24))
    with pytest.raises(ValueError, match="damaged"):
        trainer.look_back(content)


class TestCheckpoints:
    def test_are_thinned_evenly_within_their_bytes(self):
        checkpoints = Checkpoints(budget=1000)
        for epoch in range(101):
            if checkpoints.wants(epoch):
                checkpoints.add(epoch, b"x" * 100)
            assert checkpoints.bytes == 100 * len(checkpoints.epochs) <= 1000
        assert checkpoints.epochs == (0, 16, 32, 48, 64, 80, 96)

    def test_come_back(self):
        checkpoints = Checkpoints()
        checkpoints.add(0, b"first")
        checkpoints.add(1, b"second")
        assert checkpoints.read(0) == b"first" and checkpoints.read(1) == b"second"
        with pytest.raises(ValueError, match="Epoch 7 of this run is not kept"):
            checkpoints.read(7)

    def test_stay_two_however_large(self):
        checkpoints = Checkpoints(budget=10)
        for epoch in (0, 1, 2, 4, 8):
            assert checkpoints.wants(epoch)
            checkpoints.add(epoch, b"x" * 100)
        assert checkpoints.epochs == (0, 8)

    def test_go_with_the_run(self):
        checkpoints = Checkpoints()
        checkpoints.add(0, b"x")
        (path,) = checkpoints._files.values()
        assert path.exists()
        del checkpoints
        assert not path.exists()

    def test_a_full_disk_is_told_and_what_is_kept_stays(self, monkeypatch):
        checkpoints = Checkpoints()
        checkpoints.add(0, b"x")
        monkeypatch.setattr("pathlib.Path.write_bytes", full)
        checkpoints.add(1, b"y")
        assert checkpoints.fault == "The past is not kept: No space left on device."
        assert checkpoints.epochs == (0,) and checkpoints.read(0) == b"x"


def full(*_):
    raise OSError(28, "No space left on device")


class TestCheckpointsInAFolder:
    def test_are_found_again(self, tmp_path):
        first = Checkpoints(tmp_path / "run")
        for epoch in range(3):
            first.add(epoch, b"%d" % epoch)
        (tmp_path / "run" / "3.part").write_bytes(b"half writ")
        again = Checkpoints(tmp_path / "run")
        assert again.epochs == (0, 1, 2) and again.read(2) == b"2" and again.bytes == 3
        assert not (tmp_path / "run" / "3.part").exists()

    def test_go_on_at_the_same_distance(self, tmp_path):
        first = Checkpoints(tmp_path, budget=300)
        for epoch in range(12):
            first.add(epoch, b"x" * 100)
        assert first.epochs == (0, 8, 11)
        again = Checkpoints(tmp_path, budget=300)
        again.add(12, b"x" * 100)
        assert again.epochs == (0, 8, 12)

    def test_the_newest_is_always_kept_even_between_the_even_ones(self, tmp_path):
        checkpoints = Checkpoints(tmp_path, budget=300)
        for epoch in range(100):
            checkpoints.add(epoch, b"%03d" % epoch * 33)
            assert checkpoints.epochs[-1] == epoch and checkpoints.bytes <= 300
            assert len(list(tmp_path.iterdir())) == len(checkpoints.epochs)
        assert checkpoints.epochs == (0, 64, 99)

    def test_the_last_moment_is_what_is_read_last(self, tmp_path):
        checkpoints = Checkpoints(tmp_path)
        with pytest.raises(ValueError, match="not kept"):
            checkpoints.read_last()
        checkpoints.add(1, b"one")
        assert checkpoints.read_last() == b"one"
        checkpoints.end(1.5, b"one and a half")
        assert Checkpoints(tmp_path).read_last() == b"one and a half" and Checkpoints(tmp_path).epochs == (1,)
        checkpoints.rewind(1)
        assert checkpoints.read_last() == b"one"
