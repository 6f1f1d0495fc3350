"""The training loop against itself, and at its edges: records, pictures, ends."""

import copy
import math
import threading

import numpy as np
import pytest
import torch

from gan import data, families
from gan.data import Pictures
from gan.data.pixels import to_images, to_range
from gan.learn.learner import Learner
from gan.learn.trainer import NotFinite, Trainer
from gan.records import MARKS, Budget, EpochRecord, Word
from gan.setup.config import RunConfig
from tests.gan.learn.tiny import (
    CONVOLUTIONS,
    DROPOUT,
    NORM_IN_D,
    STILL,
    TINY,
    assert_same,
    differ,
    finish,
    real_batch,
    short,
    spy_on_noise,
    spy_on_reals,
    weights,
)


class TestTheSameConfig:
    @pytest.mark.parametrize("config", [DROPOUT, CONVOLUTIONS, NORM_IN_D], ids=short)
    def test_gives_the_same_pictures_and_weights(self, config, make_pictures):
        first, second = (Trainer(config, make_pictures(24)) for _ in range(2))
        a = finish(first)
        torch.randn(5)  # the global stream has no say
        b = finish(second)
        assert np.array_equal(a.samples, b.samples)
        assert a.sample_scores == b.sample_scores
        assert (a.d_loss, a.g_loss, a.d_real, a.d_fake) == (b.d_loss, b.g_loss, b.d_real, b.d_fake)
        assert_same(weights(first), weights(second))

    @pytest.mark.parametrize("config", [DROPOUT, CONVOLUTIONS], ids=short)
    def test_gives_the_same_when_two_trainers_take_turns(self, config, make_pictures):
        alone = Trainer(config, make_pictures(24))
        finish(alone)
        first, second = (Trainer(config, make_pictures(24)) for _ in range(2))
        for _ in zip(first.readings(every_seconds=0), second.readings(every_seconds=0), strict=True):
            pass
        assert_same(weights(first), weights(alone))
        assert_same(weights(second), weights(alone))

    @pytest.mark.parametrize("config", [DROPOUT, CONVOLUTIONS], ids=short)
    def test_gives_the_same_in_two_threads_at_once(self, config, make_pictures):
        config = config.but(epochs=6)
        alone = Trainer(config, make_pictures(24))
        finish(alone)
        together, trainers = threading.Barrier(2), []

        def train():
            together.wait()
            trainer = Trainer(config, make_pictures(24))
            finish(trainer)
            trainers.append(trainer)

        threads = [threading.Thread(target=train) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(trainers) == 2
        for trainer in trainers:
            assert_same(weights(trainer), weights(alone))

    def test_leaves_the_global_random_stream_alone(self, make_pictures):
        before = torch.get_rng_state()
        finish(Trainer(DROPOUT, make_pictures(24)))
        assert torch.equal(torch.get_rng_state(), before)

    def test_with_another_seed_gives_others(self, make_pictures):
        first, second = (Trainer(TINY.but(seed=seed), make_pictures(24)) for seed in (1, 2))
        assert differ(weights(first), weights(second))
        assert not np.array_equal(finish(first).samples, finish(second).samples)
        assert differ(weights(first), weights(second))

    @pytest.mark.parametrize("config", [DROPOUT, CONVOLUTIONS, NORM_IN_D], ids=short)
    def test_trains_the_same_however_often_it_is_read(self, config, make_pictures):
        often, never = (Trainer(config, make_pictures(24)) for _ in range(2))
        readings = list(often.readings(every_seconds=0))
        assert len(readings) == 1 + 2 * 3
        finish(never)
        assert_same(weights(often), weights(never))

    @pytest.mark.parametrize("config", [DROPOUT, CONVOLUTIONS, NORM_IN_D], ids=short)
    def test_steps_the_same_whether_samples_were_drawn(self, config, make_pictures):
        watched, unwatched = (Trainer(config, make_pictures(24)) for _ in range(2))
        for _ in range(3):
            real = real_batch()
            watched.observer.look()
            watched.learner.step(real)
            unwatched.learner.step(real)
        assert_same(weights(watched), weights(unwatched))


class TestTheRecords:
    def statistics(self, trainer, monkeypatch):
        """(records, the same means worked out from what went in), the networks standing still."""
        reals, noises = spy_on_reals(trainer, monkeypatch), spy_on_noise(trainer, monkeypatch)
        g, d = copy.deepcopy((trainer.learner.generator, trainer.learner.discriminator))
        records = list(trainer.epochs())
        expected = []
        with torch.no_grad():
            for real, noise in zip(reals, noises, strict=True):
                p, q = d(real).sigmoid().double(), d(g(noise)).sigmoid().double()
                t = 1 - trainer.config.label_smoothing
                d_loss = -(t * p.log() + (1 - t) * (1 - p).log()).mean() - (1 - q).log().mean()
                expected.append([d_loss.item(), -q.log().mean().item(), p.mean().item(), q.mean().item()])
        return records, np.array(expected)

    @pytest.mark.parametrize(
        "config",
        [STILL, STILL.but(label_smoothing=0.2), STILL.but(pixel_range="0..1"), STILL.but(d_steps=2)],
        ids=short,
    )
    def test_are_the_means_over_their_own_epoch(self, config, monkeypatch, make_pictures):
        trainer = Trainer(config, make_pictures(24))
        records, expected = self.statistics(trainer, monkeypatch)
        assert [record.epoch for record in records] == [1, 2]
        assert [record.step for record in records] == [3, 6]
        for record, steps in zip(records, (expected[:3], expected[3:]), strict=True):
            found = [record.d_loss, record.g_loss, record.d_real, record.d_fake]
            assert found == pytest.approx(steps.mean(axis=0), rel=1e-4)
            assert 0 < record.d_real < 1
            assert 0 < record.d_fake < 1
        assert records[0].g_loss != records[1].g_loss

    def test_tell_of_the_time_they_took(self, make_pictures):
        for record in Trainer(TINY, make_pictures(24)).epochs():
            assert record.seconds > 0
            assert record.steps_per_second == pytest.approx(3 / record.seconds)

    def test_hold_samples_and_their_scores(self, make_pictures):
        trainer = Trainer(TINY, make_pictures(24))
        record = finish(trainer)
        assert record.samples.shape == (64, 28, 28)
        assert record.samples.dtype == np.uint8
        assert len(record.sample_scores) == 64
        assert all(0 <= score <= 1 for score in record.sample_scores)
        with torch.no_grad():
            fakes = trainer.learner.generator(
                trainer.observer.noise
            )  # neither net here has batch statistics or dropout
            assert record.sample_scores == pytest.approx(
                trainer.learner.discriminator(fakes).sigmoid().tolist(), rel=1e-5
            )
        assert not np.array_equal(record.samples, next(Trainer(TINY, make_pictures(24)).readings()).samples)

    def test_come_more_often_for_those_who_ask(self, make_pictures):
        first, *rest = Trainer(TINY, make_pictures(24)).readings(every_seconds=0)
        assert (first.epoch, first.step, math.isnan(first.d_loss)) == (0, 0, True)
        assert [reading.epoch for reading in rest] == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2])
        assert [reading.step for reading in rest] == [1, 2, 3, 4, 5, 6]
        assert [isinstance(reading, EpochRecord) for reading in rest] == [False, False, True] * 2

    def test_in_between_cover_the_steps_since_the_last(self, monkeypatch, make_pictures):
        trainer = Trainer(STILL.but(epochs=1), make_pictures(24))
        noises = spy_on_noise(trainer, monkeypatch)
        g, d = copy.deepcopy((trainer.learner.generator, trainer.learner.discriminator))
        _, *parts, whole = trainer.readings(every_seconds=0)
        with torch.no_grad():
            expected = [d(g(noise)).sigmoid().mean().item() for noise in noises]
        assert [part.d_fake for part in parts] == pytest.approx(expected[:2], rel=1e-4)
        assert whole.d_fake == pytest.approx(sum(expected) / 3, rel=1e-4)

    def test_without_samples_keep_their_numbers(self, make_pictures):
        record = finish(Trainer(TINY, make_pictures(24)))
        slim = record.without_samples()
        assert type(slim) is EpochRecord
        assert (slim.samples, slim.sample_scores) == (None, ())
        assert slim.numbers() == record.numbers()


class TestThePictures:
    def numbered(self, count, *colours):
        """Picture number k is all k."""
        images = np.arange(count, dtype=np.uint8).reshape(count, 1, 1, *[1 for _ in colours])
        return Pictures(images.repeat(28, axis=1).repeat(28, axis=2), np.zeros(count, np.uint8))

    def numbers(self, reals):
        return [round((picture.mean().item() + 1) * 127.5) for real in reals for picture in real]

    def test_are_all_seen_once_an_epoch_in_a_new_order(self, monkeypatch):
        trainer = Trainer(TINY, self.numbered(20))
        seen = spy_on_reals(trainer, monkeypatch)
        finish(trainer)
        first, second = self.numbers(seen[:3]), self.numbers(seen[3:])
        assert sorted(first) == sorted(second) == list(range(20))
        assert first != second != list(range(20))

    @pytest.mark.parametrize(
        ("count", "drop_last", "sizes"),
        [
            (20, False, [8, 8, 4]),
            (20, True, [8, 8]),
            (16, False, [8, 8]),
            (16, True, [8, 8]),
            (17, True, [8, 8]),
            (17, False, [8, 8]),  # batch statistics of one picture do not exist
            (18, False, [8, 8, 2]),
            (8, True, [8]),
        ],
    )
    def test_left_over_make_a_short_batch_or_none(self, count, drop_last, sizes, monkeypatch, make_pictures):
        trainer = Trainer(DROPOUT.but(drop_last=drop_last, epochs=1), make_pictures(count))
        seen = spy_on_reals(trainer, monkeypatch)
        assert finish(trainer).step == len(sizes)
        assert [len(real) for real in seen] == sizes

    def test_fewer_than_a_batch_are_refused(self, make_pictures):
        with pytest.raises(ValueError, match=r"batch_size cannot be 8: it must be at most 7, the number of pictures"):
            Trainer(TINY, make_pictures(7))
        Trainer(TINY, make_pictures(8))

    @pytest.mark.parametrize("count", [25, 26, 24])
    @pytest.mark.parametrize(
        "settings", [{}, {"stabilisers": {"minibatch_std": 1}}, {"stabilisers": {"packing": 2}}], ids=str
    )
    def test_are_all_learned_from_be_there_one_left(self, settings, count, monkeypatch, make_pictures):
        trainer = Trainer(TINY.but(**settings), make_pictures(count))
        seen = spy_on_reals(trainer, monkeypatch)
        last = finish(trainer)
        assert sum(map(len, seen)) == 2 * count and math.isfinite(last.d_loss) and trainer.remark is None

    def test_are_left_out_one_at_a_time_where_batch_norm_needs_more_and_a_line_says_so(self, make_pictures):
        trainer = Trainer(TINY.but(architecture="fundamentals"), make_pictures(25))
        assert finish(trainer).step == 6
        assert str(trainer.remark) == (
            "One picture is left out in each epoch: alone in the last batch, batch norm cannot learn from it."
        )
        assert Trainer(TINY.but(architecture="fundamentals"), make_pictures(26)).remark is None
        assert Trainer(TINY.but(architecture="fundamentals", drop_last=True), make_pictures(25)).remark is None

    def test_are_those_of_the_classes_asked_for(self, monkeypatch):
        config = TINY.but(data="digits", classes=(3, 7), batch_size=500, epochs=1)
        trainer = Trainer(config)
        seen = spy_on_reals(trainer, monkeypatch)
        finish(trainer)
        everything = data.load("digits")
        chosen = everything.images[(everything.labels == 3) | (everything.labels == 7)]
        assert len(chosen) == 1000
        chosen = chosen[:875]  # an eighth is never learned from
        assert sum(len(real) for real in seen) == len(chosen)
        found = ((torch.cat(seen) + 1) * 127.5).round().sum(dim=(1, 2, 3)).long().sort().values
        assert found.tolist() == sorted(chosen.sum(axis=(1, 2), dtype=np.int64).tolist())

    @pytest.mark.parametrize("architecture", ["dcgan", "fundamentals", "deep_mlp_vs_conv"])
    def test_may_be_coloured(self, architecture, monkeypatch, make_pictures):
        pictures = make_pictures(16, 32, 3)
        assert pictures.shape == (3, 32, 32)
        trainer = Trainer(TINY.but(architecture=architecture), pictures)
        seen = spy_on_reals(trainer, monkeypatch)
        record = finish(trainer)
        assert record.samples.shape == (64, 32, 32, 3)
        assert record.samples.dtype == np.uint8
        first = seen[0][0]
        matches = [np.allclose((first.numpy() + 1) * 127.5, image.transpose(2, 0, 1)) for image in pictures.images]
        assert sum(matches) == 1

    @pytest.mark.parametrize(("pixel_range", "low", "high"), [("-1..1", -1, 1), ("0..1", 0, 1)])
    def test_have_their_range_and_come_back_from_it(self, pixel_range, low, high):
        images = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
        pictures = to_range(images, pixel_range)
        assert pictures.flatten().tolist() == pytest.approx(np.linspace(low, high, 256), abs=1e-6)
        assert np.array_equal(to_images(pictures, pixel_range), images[:, 0].numpy())

    def test_outside_their_range_are_clipped(self):
        # As published, `first_gan` draws with tanh and shows real pixels from 0 to 1.
        assert to_images(torch.tensor([-1.0, 0, 0.5, 1, 2]).view(5, 1, 1, 1), "0..1").flatten().tolist() == [
            0, 0, 128, 255, 255,
        ]  # fmt: skip

    def test_coloured_ones_come_back_with_their_channels(self):
        images = np.random.default_rng(1).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)
        channels_first = torch.from_numpy(images).permute(0, 3, 1, 2)
        assert np.array_equal(to_images(to_range(channels_first, "-1..1"), "-1..1"), images)


class TestTheEnd:
    @pytest.mark.parametrize("after", [0, 1, 4])
    def test_comes_within_a_step_when_asked_for(self, after, make_pictures):
        trainer = Trainer(TINY, make_pictures(24))
        readings = list(
            trainer.readings(lambda: Word.STOP if trainer.steps >= after else Word.GO, every_seconds=math.inf)
        )
        assert trainer.steps == after
        assert [reading.epoch for reading in readings] == [0, 1][: 1 + after // 3]

    @pytest.mark.parametrize("net", ["generator", "discriminator"])
    def test_comes_with_a_sentence_when_numbers_blow_up(self, net, make_pictures):
        trainer = Trainer(TINY.but(epochs=5), make_pictures(24))
        epochs = trainer.epochs()
        assert next(epochs).step == 3
        with torch.no_grad():
            next(getattr(trainer.learner, net).parameters()).fill_(math.inf)
        with pytest.raises(NotFinite, match=r"finite number by step 6 \(epoch 2\)"):
            next(epochs)

    def test_comes_with_a_sentence_when_steps_are_far_too_long(self, make_pictures):
        trainer = Trainer(TINY.but(optimizer="sgd", beta1=0.9, learning_rate=1.0, epochs=300), make_pictures(24))
        with pytest.raises(NotFinite, match=r"no longer a finite number by step \d+ \(epoch \d+\)"):
            finish(trainer)


def test_one_huge_value_does_not_spoil_the_numbers_after_it(make_pictures):
    calm, shaken = (Trainer(RunConfig(epochs=1), make_pictures(32)) for _ in range(2))
    shaken.learner.sums.add(torch.full((len(families.facts("gan")["READS"]),), 1e12))
    shaken._take()
    assert next(calm.epochs()).d_loss == next(shaken.epochs()).d_loss


class TestConditionalNetworks:
    CONFIG = TINY.but(architecture="conditional", ema=0)

    def test_are_told_the_classes_of_real_pictures_and_fakes(self, make_pictures, monkeypatch):
        pictures = make_pictures(24)
        trainer, told = Trainer(self.CONFIG, pictures), []
        look = trainer.learner.discriminator.look

        def spy(shown, labels=None):
            told.append((shown.detach().clone(), labels.clone()))
            return look(shown, labels)

        monkeypatch.setattr(trainer.learner.discriminator, "look", spy)
        trainer.learner.step(*trainer.learner.real(torch.arange(8)))
        shown, labels = told[0]  # of D's step: reals, then fakes
        assert labels[:8].tolist() == pictures.labels[:8].tolist()
        assert set(labels[8:].tolist()) <= set(pictures.labels.tolist())
        assert (((shown[:8, 0] + 1) * 127.5).round().byte().numpy() == pictures.images[:8]).all()
        assert torch.equal(told[1][1], labels[8:])  # G's fakes keep the classes that they were made for

    def test_ask_for_classes_as_frequent_as_the_real_ones(self, make_pictures):
        images = make_pictures(100).images
        trainer = Trainer(self.CONFIG, Pictures(images, np.repeat([2, 5], [66, 34]).astype(np.uint8)))
        asked = trainer.learner._random_labels(4000)
        assert set(asked.tolist()) == {2, 5}
        assert (asked == 5).float().mean().item() == pytest.approx(22 / 88, abs=0.03)  # the last 12 are held out


@pytest.mark.parametrize("loss", ["wasserstein", "wgan_gp", "relativistic_average", "relativistic_pairing"])
def test_a_critics_beliefs_say_only_what_it_tells_apart(loss, make_pictures, monkeypatch):
    """Whatever its points are shifted by, the beliefs stay the same, and are on both sides of one half."""
    records = []
    for shift in (0.0, 50.0):
        trainer = Trainer(TINY.but(loss=loss, optimizer="sgd", beta1=0, learning_rate=1e-7), make_pictures(24))
        with torch.no_grad():
            trainer.learner.discriminator[-1].bias += shift
        records.append(finish(trainer))
    assert records[0].d_real == pytest.approx(records[1].d_real, abs=1e-4)
    assert records[0].sample_scores == pytest.approx(records[1].sample_scores, abs=1e-4)
    assert records[0].d_real + records[0].d_fake == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("size", ["28", "32", "64"])
def test_pictures_can_be_of_another_size(size):
    trainer = Trainer(RunConfig(picture_size=size, pictures=16, batch_size=8, epochs=1))
    assert finish(trainer).samples.shape == (64, int(size), int(size))
    assert trainer.learner.shape == (1, int(size), int(size))


class TestABudget:
    """Seconds of training in place of epochs; a step takes as long as the clock of the test says."""

    @pytest.fixture
    def seconds(self, monkeypatch):
        """Each look at the clock is a quarter of a second later: so is each step, which is looked at twice."""
        ticks = iter(range(10**9))
        monkeypatch.setattr("gan.learn.trainer.perf_counter", lambda: next(ticks) / 4)

    def test_it_ends_when_the_seconds_are_used_in_the_middle_of_an_epoch(self, make_pictures, seconds):
        trainer = Trainer(TINY.but(epochs=1000), make_pictures(800), budget=Budget(seconds=6.0, scored=9))
        *_, last = trainer.readings(every_seconds=1.0)
        assert not isinstance(last, EpochRecord) and last.epoch < 1
        assert trainer.progress == 1 and 6 <= trainer.trained_seconds < 7.5
        assert last.scores.seconds == trainer.trained_seconds, "the end is measured, and says when"

    def test_what_changes_with_time_changes_with_the_seconds(self, make_pictures, seconds, monkeypatch):
        told = []
        monkeypatch.setattr(Learner, "tell", lambda learner, progress: told.append(progress))
        trainer = Trainer(TINY.but(epochs=1000), make_pictures(800), budget=Budget(seconds=6.0, scored=9))
        *_, _ = trainer.readings(every_seconds=1.0)
        assert told[0] == 0 and told == sorted(told) and told[-1] > 0.8

    def test_all_are_scored_equally_often_on_equally_many(self, make_pictures, seconds):
        trainer = Trainer(TINY.but(epochs=1000), make_pictures(800), budget=Budget(seconds=20.0, scored=9))
        scores = [reading.scores for reading in trainer.readings(every_seconds=0.5) if reading.scores]
        assert 8 <= len(scores) <= MARKS and {each.samples for each in scores} == {9}
        apart = np.diff([each.seconds for each in scores])
        assert (apart >= 2.0).all()
