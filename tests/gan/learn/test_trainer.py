"""The training loop against plain PyTorch, against itself, and at its edges."""

import copy
import math
import threading

import numpy as np
import pytest
import torch
from torch import nn

from gan import data
from gan.data import Pictures
from gan.data.pixels import to_range, to_uint8
from gan.learn import optimizers
from gan.learn.tally import Statistics
from gan.learn.trainer import NotFinite, Trainer
from gan.parts import stabilisers
from gan.records import EpochRecord, Wish, Word
from gan.setup.config import RunConfig

TINY = RunConfig(architecture="pocket", latent_size=6, batch_size=8, epochs=2, ema=0, drop_last=False, device="cpu")
DROPOUT = TINY.but(architecture="fundamentals")
CONVOLUTIONS = TINY.but(architecture="dcgan", ema=0.9)
NORM_IN_D = TINY.but(architecture="deep_mlp_vs_conv")
# Steps so short that the networks stand still, to compare statistics with what untrained networks give.
STILL = TINY.but(optimizer="sgd", beta1=0, learning_rate=1e-7)


def short(config):
    """What is special about a config, to tell tests apart."""
    return ",".join(f"{key}={value}" for key, value in config.to_dict().items() if value != TINY.to_dict()[key])


def weights(trainer):
    """All numbers of a trainer's networks, under their names."""
    nets = {"G": trainer.generator, "D": trainer.discriminator, "best": trainer.best_generator}
    return {f"{part}.{key}": t.clone() for part, net in nets.items() for key, t in net.state_dict().items()}


def assert_same(a, b):
    assert a.keys() == b.keys()
    for key in a:
        assert torch.equal(a[key], b[key]), key


def differ(a, b):
    return any(not torch.equal(a[key], b[key]) for key in a)


def finish(trainer):
    """Train to the end; the last record."""
    *_, last = trainer.epochs()
    return last


def spy_on_reals(trainer, monkeypatch):
    """The list that will hold each step's real pictures."""
    trainer.recorder = None  # only the first steps would go through `step`
    seen, step = [], trainer.step

    def spy(real, labels=None):
        seen.append(real.clone())
        step(real, labels)

    monkeypatch.setattr(trainer, "step", spy)
    return seen


def spy_on_noise(trainer, monkeypatch):
    """The list that will hold each batch of noise."""
    seen, noise = [], trainer.noise

    def spy(count):
        seen.append(noise(count))
        return seen[-1]

    monkeypatch.setattr(trainer, "noise", spy)
    return seen


def feed(trainer, monkeypatch, batches):
    """Let the trainer's noise be these batches, one after another."""
    batches = iter(batches)
    monkeypatch.setattr(trainer, "noise", lambda count: next(batches))


def real_batch(count=8):
    return torch.rand(count, 1, 28, 28) * 2 - 1


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
            watched.step(real)
            unwatched.step(real)
        assert_same(weights(watched), weights(unwatched))


class Textbook:
    """The published step, written plainly: probabilities, BCELoss, one optimiser for each network.

    It starts from a trainer's weights, and both compute in double precision, so that they agree closely.
    """

    def __init__(self, trainer):
        config = trainer.config
        trainer.generator.double()
        trainer.discriminator.double()
        for optimizer in (trainer.g_optimizer, trainer.d_optimizer):
            optimizer.load_state_dict(optimizer.state_dict())  # what it holds becomes double too
        self.generator, self.discriminator = copy.deepcopy((trainer.generator, trainer.discriminator))
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
        for mine, its in (self.generator, trainer.generator), (self.discriminator, trainer.discriminator):
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
            trainer.step(real)
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
            trainer.step(real)
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
            trainer.step(real)
            textbook.discriminator_step(real, noise)
            if number % 3 == 0:
                textbook.generator_step()
            textbook.assert_same_weights(trainer)
        assert trainer.steps == 6

    @pytest.mark.parametrize("fresh", [False, True])
    def test_of_g_leaves_ds_weights_and_slopes_alone(self, fresh, monkeypatch, make_pictures):
        trainer = Trainer(TINY.but(fresh_fakes=fresh), make_pictures(8))
        parameters = list(trainer.discriminator.parameters())
        after, g_loss = [], trainer._g_loss

        def remember(*batches):
            after.append([(p.detach().clone(), p.grad.clone()) for p in parameters])
            return g_loss(*batches)

        monkeypatch.setattr(trainer, "_g_loss", remember)  # G's turn begins
        trainer.step(real_batch())
        assert len(after) == 1
        for parameter, (weight, slope) in zip(parameters, after[0], strict=True):
            assert torch.equal(parameter, weight)
            assert parameter.grad is None or torch.equal(parameter.grad, slope)
            assert parameter.requires_grad

    def test_of_d_leaves_g_alone(self, make_pictures):
        trainer = Trainer(TINY.but(d_steps=2), make_pictures(8))
        before = weights(trainer)
        trainer.step(real_batch())
        after = weights(trainer)
        assert_same({k: v for k, v in before.items() if k[0] == "G"}, {k: v for k, v in after.items() if k[0] == "G"})
        assert differ({k: v for k, v in before.items() if k[0] == "D"}, after)


class TestTheAverage:
    @pytest.mark.parametrize("config", [DROPOUT, CONVOLUTIONS], ids=["dropout", "batch norm"])
    def test_is_an_exponential_moving_one(self, config, make_pictures):
        def numbers(net):  # the averaged ones
            return {key: value.clone() for key, value in net.state_dict().items() if value.is_floating_point()}

        trainer = Trainer(config.but(ema=0.28), make_pictures(8))
        expected = numbers(trainer.generator)
        for decay in (2 / 11, 3 / 12, 0.28, 0.28):
            trainer.step(real_batch())
            for name, value in numbers(trainer.generator).items():
                expected[name] = decay * expected[name] + (1 - decay) * value
        found = numbers(trainer.best_generator)
        assert found.keys() == expected.keys()
        for name in expected:
            torch.testing.assert_close(found[name], expected[name], rtol=1e-5, atol=1e-6, msg=name)
            assert not torch.equal(found[name], trainer.generator.state_dict()[name]), name

    def test_moves_only_when_g_does(self, make_pictures):
        trainer = Trainer(TINY.but(ema=0.5, d_steps=2), make_pictures(8))
        start = weights(trainer)
        trainer.step(real_batch())
        assert not differ(start, {**weights(trainer), **{k: v for k, v in start.items() if k[0] == "D"}})
        trainer.step(real_batch())
        moved, g = weights(trainer), "G.0.weight"
        torch.testing.assert_close(moved["best.0.weight"], (2 * start[g] + 9 * moved[g]) / 11)

    def test_is_what_draws_the_samples(self, make_pictures):
        trainer = Trainer(CONVOLUTIONS, make_pictures(24))
        record = finish(trainer)
        for net, is_drawn in (trainer.best_generator, True), (trainer.generator, False):
            with torch.no_grad():
                pictures = copy.deepcopy(net).eval()(trainer.observer.noise)
            drawn = np.rint((pictures[:, 0].numpy() + 1) * 127.5)
            assert np.allclose(drawn, record.samples, atol=1) == is_drawn

    def test_is_left_out_at_0(self, make_pictures):
        trainer = Trainer(TINY, make_pictures(8))
        assert trainer.best_generator is trainer.generator


class TestTheRecords:
    def statistics(self, trainer, monkeypatch):
        """(records, the same means worked out from what went in), the networks standing still."""
        reals, noises = spy_on_reals(trainer, monkeypatch), spy_on_noise(trainer, monkeypatch)
        g, d = copy.deepcopy((trainer.generator, trainer.discriminator))
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
            fakes = trainer.generator(trainer.observer.noise)  # neither net here has batch statistics or dropout
            assert record.sample_scores == pytest.approx(trainer.discriminator(fakes).sigmoid().tolist(), rel=1e-5)
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
        g, d = copy.deepcopy((trainer.generator, trainer.discriminator))
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
        assert np.array_equal(to_uint8(pictures, pixel_range), images[:, 0].numpy())

    def test_outside_their_range_are_clipped(self):
        # As published, `first_gan` draws with tanh and shows real pixels from 0 to 1.
        assert to_uint8(torch.tensor([-1.0, 0, 0.5, 1, 2]).view(5, 1, 1, 1), "0..1").flatten().tolist() == [
            0, 0, 128, 255, 255,
        ]  # fmt: skip

    def test_coloured_ones_come_back_with_their_channels(self):
        images = np.random.default_rng(1).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)
        channels_first = torch.from_numpy(images).permute(0, 3, 1, 2)
        assert np.array_equal(to_uint8(to_range(channels_first, "-1..1"), "-1..1"), images)


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
            next(getattr(trainer, net).parameters()).fill_(math.inf)
        with pytest.raises(NotFinite, match=r"finite number by step 6 \(epoch 2\)"):
            next(epochs)

    def test_comes_with_a_sentence_when_steps_are_far_too_long(self, make_pictures):
        trainer = Trainer(TINY.but(optimizer="sgd", beta1=0.9, learning_rate=1.0, epochs=300), make_pictures(24))
        with pytest.raises(NotFinite, match=r"no longer a finite number by step \d+ \(epoch \d+\)"):
            finish(trainer)


def test_one_huge_value_does_not_spoil_the_numbers_after_it(make_pictures):
    calm, shaken = (Trainer(RunConfig(epochs=1), make_pictures(32)) for _ in range(2))
    shaken.sums.add(*torch.full((len(Statistics._fields),), 1e12))
    shaken._take()
    assert next(calm.epochs()).d_loss == next(shaken.epochs()).d_loss


class TestTurns:
    def test_of_g_are_as_many_as_asked(self, make_pictures, monkeypatch):
        trainer = Trainer(TINY.but(g_steps=3, d_steps=2), make_pictures(8))
        turns, descend = [], optimizers.descend

        def spy(loss, optimizer):
            descend(loss, optimizer)
            turns.extend([trainer.steps] * (optimizer is trainer.g_optimizer))

        monkeypatch.setattr(optimizers, "descend", spy)
        for _ in range(4):
            trainer.step(real_batch())
        assert turns == [2, 2, 2, 4, 4, 4]

    def test_of_g_beyond_the_first_are_with_new_fakes(self, make_pictures, monkeypatch):
        trainer = Trainer(TINY.but(g_steps=3), make_pictures(8))
        noises = spy_on_noise(trainer, monkeypatch)
        trainer.step(real_batch())
        assert len(noises) == 3


class TestTheLearningRates:
    def rates(self, trainer):
        return [float(optimizer.param_groups[0]["lr"]) for optimizer in (trainer.g_optimizer, trainer.d_optimizer)]

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


class TestConditionalNetworks:
    CONFIG = TINY.but(architecture="conditional", ema=0)

    def test_are_told_the_classes_of_real_pictures_and_fakes(self, make_pictures, monkeypatch):
        pictures = make_pictures(24)
        trainer, told = Trainer(self.CONFIG, pictures), []
        look = trainer.discriminator.look

        def spy(shown, labels=None):
            told.append((shown.detach().clone(), labels.clone()))
            return look(shown, labels)

        monkeypatch.setattr(trainer.discriminator, "look", spy)
        trainer.step(*trainer.real(torch.arange(8)))
        shown, labels = told[0]  # of D's step: reals, then fakes
        assert labels[:8].tolist() == pictures.labels[:8].tolist()
        assert set(labels[8:].tolist()) <= set(pictures.labels.tolist())
        assert (((shown[:8, 0] + 1) * 127.5).round().byte().numpy() == pictures.images[:8]).all()
        assert torch.equal(told[1][1], labels[8:])  # G's fakes keep the classes that they were made for

    def test_ask_for_classes_as_frequent_as_the_real_ones(self, make_pictures):
        images = make_pictures(100).images
        trainer = Trainer(self.CONFIG, Pictures(images, np.repeat([2, 5], [66, 34]).astype(np.uint8)))
        asked = trainer._random_labels(4000)
        assert set(asked.tolist()) == {2, 5}
        assert (asked == 5).float().mean().item() == pytest.approx(22 / 88, abs=0.03)  # the last 12 are held out


@pytest.mark.parametrize("loss", ["wasserstein", "wgan_gp", "relativistic_average", "relativistic_pairing"])
def test_a_critics_beliefs_say_only_what_it_tells_apart(loss, make_pictures, monkeypatch):
    """Whatever its points are shifted by, the beliefs stay the same, and are on both sides of one half."""
    records = []
    for shift in (0.0, 50.0):
        trainer = Trainer(TINY.but(loss=loss, optimizer="sgd", beta1=0, learning_rate=1e-7), make_pictures(24))
        with torch.no_grad():
            trainer.discriminator[-1].bias += shift
        records.append(finish(trainer))
    assert records[0].d_real == pytest.approx(records[1].d_real, abs=1e-4)
    assert records[0].sample_scores == pytest.approx(records[1].sample_scores, abs=1e-4)
    assert records[0].d_real + records[0].d_fake == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("size", ["28", "32", "64"])
def test_pictures_can_be_of_another_size(size):
    trainer = Trainer(RunConfig(picture_size=size, pictures=16, batch_size=8, epochs=1))
    assert finish(trainer).samples.shape == (64, int(size), int(size))
    assert trainer.shape == (1, int(size), int(size))


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
        rates = [float(optimizer.param_groups[0]["lr"]) for optimizer in (trainer.g_optimizer, trainer.d_optimizer)]
        assert rates == [7e-3, 9e-3]

    @pytest.mark.parametrize("learner, still", [("generator", "D"), ("discriminator", "G")])
    def test_lets_one_learn_alone(self, learner, still, make_pictures):
        trainer = Trainer(TINY.but(d_steps=2), make_pictures(8))
        trainer.change(learners=learner)
        before = weights(trainer)
        trainer.step(real_batch())
        moved = {name[0] for name, weight in weights(trainer).items() if not torch.equal(weight, before[name])}
        assert still not in moved and moved & {"D", "G"}

    @pytest.mark.parametrize("name", ["r1", "r2", "gradient_penalty"])
    def test_costs_no_penalty_that_nobody_learns_from(self, name, make_pictures, monkeypatch):
        trainer, asked = Trainer(TINY.but(stabilisers={name: 1}, learners="generator"), make_pictures(8)), []
        monkeypatch.setattr(stabilisers.get(name).Stabiliser, "d_penalty", lambda *_: asked.append(1))
        step = trainer.step(real_batch())
        assert not asked and not step.d_loss.requires_grad
        trainer.change(learners="both")
        trainer.step(real_batch())
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
        assert trainer.config == config and trainer.stabilisers == []

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
        watched.wish = Wish(story=True)
        assert np.array_equal(finish(plain).samples, finish(watched).samples)


class TestTheStory:
    def tell(self, make_pictures, **settings):
        trainer = Trainer(STILL.but(**settings), make_pictures(24))
        trainer.wish = Wish(story=True)
        return trainer, [reading.story for reading in trainer.readings(every_seconds=0.0)]

    def test_has_the_numbers_of_that_very_step(self, make_pictures):
        trainer = Trainer(TINY, make_pictures(24))
        before = copy.deepcopy(trainer.discriminator)
        trainer.teller.step(*trainer.real(torch.arange(8)))
        story = trainer.teller.story()
        assert story.step == 1 and len(story.noise) == TINY.latent_size
        assert np.array_equal(story.reals, trainer.observer.learned.images[:8])
        beliefs = before(to_range(trainer.images[:8], "-1..1")).sigmoid().tolist()
        assert story.real_beliefs == pytest.approx(beliefs, abs=1e-5)
        pairs = zip(trainer.discriminator.parameters(), before.parameters(), strict=True)
        ways = [(new - old).square().sum() for new, old in pairs]
        length = sum(old.square().sum() for old in before.parameters())
        assert story.d_change == pytest.approx((sum(ways) / length).sqrt().item(), rel=1e-4)
        expected = -sum(map(math.log, story.real_beliefs)) / 8 - sum(math.log(1 - b) for b in story.fake_beliefs) / 8
        assert story.d_loss == pytest.approx(expected, rel=1e-4)
        assert story.g_loss == pytest.approx(-sum(map(math.log, story.drawn_beliefs)) / 8, rel=1e-4)

    def test_comes_with_each_reading_when_wished_for(self, make_pictures):
        _, stories = self.tell(make_pictures)
        assert stories[0] is None
        assert [story.step for story in stories[1:]] == [1, 2, 3, 4, 5, 6]

    def test_says_who_stood_still(self, make_pictures):
        _, stories = self.tell(make_pictures, learners="discriminator")
        assert stories[1].drawn is None and stories[1].g_loss is None and stories[1].g_change == 0
        assert stories[1].d_change > 0

    @pytest.mark.parametrize("settings", [{"stabilisers": {"packing": 2}}, {"fresh_fakes": True}, {"loss": "hinge"}])
    def test_can_be_told_of_any_step(self, settings, make_pictures):
        _, stories = self.tell(make_pictures, **settings)
        assert len(stories[1].real_beliefs) == len(stories[1].drawn_beliefs) == 8
