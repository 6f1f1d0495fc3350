"""Going on from a moment that was kept, and looking back at it."""

import math

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from gan import families
from gan.data import tasks
from gan.data.pixels import channels_first
from gan.data.shares import HELD_OUT
from gan.families.translation import learner as translation
from gan.learn.checkpoint import unpack
from gan.learn.past import look_again, look_back, networks
from gan.learn.trainer import Trainer
from gan.look import networks as networks_to_look
from gan.records import EpochRecord, Wish
from gan.runs.kept.files import Folders
from gan.runs.kept.moments import Moments
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


def family_config(**settings):
    return RunConfig.from_dict({"batch_size": 8, "epochs": 1, "pictures": 64, "device": "cpu"} | settings)


FAMILIES = {
    "gan": family_config(architecture="pocket"),
    "vae": family_config(family="vae", latent_size=2, ema=0.9),
    "vae_gan": family_config(family="vae_gan", options={"width": 8}),
    "diffusion": family_config(family="diffusion", architecture="denoiser_mlp", options={"sampler_steps": 2}),
    "translation": family_config(family="translation", options={"width": 4}),
}
MORE = {
    "vae of classes": family_config(family="vae", architecture="vae_class"),
    "both ways": family_config(
        family="translation", architecture="cycle_gan", options={"width": 4, "blocks": 1}, task="kinds", classes=[3, 8]
    ),
}


@pytest.mark.parametrize("family", families.names())
def test_looking_back_needs_no_pictures_and_no_optimiser(family, make_pictures, monkeypatch):
    config = FAMILIES[family]
    content = epochs(Trainer(config, make_pictures(24)))[0][1]
    monkeypatch.setattr("gan.learn.optimizers.make", None)
    if not families.translates(family):  # what goes in there are pictures
        monkeypatch.setattr("gan.data.load", None)
        config = config.but(data="mnist")
    assert look_back(config, content)[0].shape == (64, 28, 28)


def test_looking_back_makes_no_lesson_of_what_is_learned_from(monkeypatch):
    config, made = FAMILIES["translation"].but(task="sharpen", pictures=600), []
    content = epochs(Trainer(config))[0][1]
    monkeypatch.setitem(tasks.SOURCES, "sharpen", lambda images: made.append(len(images)) or tasks.coarse(images))
    assert look_back(config, content)[0].shape == (64, 28, 28) and max(made) <= HELD_OUT


@pytest.mark.parametrize("config", [*FAMILIES.values(), *MORE.values()], ids=[*FAMILIES, *MORE])
def test_looking_again_shows_what_was_seen_by_its_networks_and_a_few_pictures(config, monkeypatch):
    """Twice a second somebody may ask for it, on a thread of the web server."""
    trainer = Trainer(config)
    ((record, content),) = epochs(trainer)
    trainer.wish = Wish(views=True)
    expected, seen = trainer.observer.wished(), []
    monkeypatch.setattr("gan.learn.learner.Kit.__init__", None)
    for module in (networks_to_look, translation):
        monkeypatch.setattr(module, "channels_first", lambda images: seen.append(len(images)) or channels_first(images))
    found = look_again(config, content, trainer.wish, record)
    assert np.array_equal(found.samples, expected["samples"]) and found.views.keys() == expected["views"].keys()
    for name, view in found.views.items():
        assert np.array_equal(view, expected["views"][name])
    assert all(count <= 64 for count in seen) and bool(seen) == (config.family != "gan")


def test_looking_back_leaves_the_global_random_stream_alone(make_pictures):
    content, before = Trainer(TINY, make_pictures(24)).checkpoint(), torch.get_rng_state()
    look_back(TINY, content)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("settings", [{"loss": "wasserstein"}, {"architecture": "conditional"}], ids=str)
def test_looking_again_shows_what_is_wished_for(settings):
    config = TINY.but(**settings, pictures=16, epochs=1)
    trainer = Trainer(config)
    ((record, content),) = epochs(trainer)
    trainer.wish = Wish(label=7, seed=3)
    expected, found = trainer.look_again(record), look_again(config, content, trainer.wish, record)
    assert np.array_equal(found.samples, expected.samples) and found.sample_scores == expected.sample_scores
    assert found.walk.belief == expected.walk.belief and np.array_equal(found.walk.picture, expected.walk.picture)
    assert found.walk.real.belief == expected.walk.real.belief
    assert np.array_equal(found.walk.real.picture, expected.walk.real.picture)
    assert found.numbers() == record.numbers()


def test_what_was_kept_is_the_averaged_generator(make_pictures):
    trainer = Trainer(TINY.but(ema=0.5), make_pictures(24))
    content = epochs(trainer)[-1][1]
    kept = networks(trainer.config, content)
    for name, weight in trainer.learner.best_generator.state_dict().items():
        assert torch.equal(kept.generator.state_dict()[name], weight)


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


class Stream:
    """Stands for a random stream on another device than the CPU."""

    def __init__(self, state):
        self.state, self.seeds = state, []

    def get_state(self):
        return self.state.clone()

    def set_state(self, state):
        if state.device.type != "cpu" or state.dtype != torch.uint8 or len(state) != len(self.state):
            raise RuntimeError("RNG state is wrong size")
        self.state = state.clone()

    def manual_seed(self, seed):
        self.seeds.append(seed)


class TestChance:
    def with_state(self, content, state):
        return save(load(content) | {"random": state})

    def kept(self, make_pictures):
        trainer = Trainer(TINY, make_pictures(24))
        return trainer, epochs(trainer)[1][1]

    def test_begins_anew_where_a_moment_was_kept_on_another_kind_of_device(self, make_pictures):
        """A graphics card's random stream is 16 bytes: its seed and how far it came."""
        _, content = self.kept(make_pictures)
        card = torch.zeros(16, dtype=torch.uint8)
        ends = [epochs(Trainer(TINY, make_pictures(24), start=self.with_state(content, card))) for _ in range(2)]
        assert [record.epoch for record, _ in ends[0]] == [3, 4]
        assert np.array_equal(ends[0][-1][0].samples, ends[1][-1][0].samples)  # and is the same each time

    @pytest.mark.parametrize("size", [16, 44], ids=["CUDA", "MPS"])
    def test_of_another_kind_of_device_goes_to_disk_and_back(self, size, make_pictures, tmp_path):
        """Such a stream counts; it takes its state on the CPU alone, where a file brings it."""
        trainer = Trainer(TINY, make_pictures(24))
        trainer.learner.random = Stream(torch.arange(100, 100 + size, dtype=torch.uint8))
        kept = Folders(tmp_path).of("run")
        Moments(kept).add(0, trainer.checkpoint())
        again = Trainer(TINY, make_pictures(24)).learner
        again.random = Stream(torch.zeros(size, dtype=torch.uint8))
        unpack(again, Moments(kept).read(0))
        assert torch.equal(again.random.state, trainer.learner.random.state) and not again.random.seeds

    def test_that_begins_anew_is_another_for_each_seed_and_moment(self, make_pictures):
        trainer, content = self.kept(make_pictures)
        card, states = torch.zeros(16, dtype=torch.uint8), set()
        for seed, steps in ((1, 6), (2, 6), (1, 7), (2**31 - 1, 10**12)):
            numbers = torch.tensor([steps, 2, 0], dtype=torch.float64)
            trainer.learner.config = TINY.but(seed=seed)
            unpack(trainer.learner, save(load(self.with_state(content, card)) | {"numbers": numbers}))
            states.add(trainer.learner.random.get_state().numpy().tobytes())
        assert len(states) == 4

    @pytest.mark.parametrize(
        "state",
        [
            torch.zeros(16),
            torch.zeros(4, 4, dtype=torch.uint8),
            torch.zeros(0, dtype=torch.uint8),
            torch.zeros(5055, dtype=torch.uint8),
        ],
        ids=lambda state: f"{state.dtype} {tuple(state.shape)}",
    )
    def test_that_is_none_is_refused(self, state, make_pictures):
        _, content = self.kept(make_pictures)
        with pytest.raises(ValueError, match="damaged"):
            Trainer(TINY, make_pictures(24), start=self.with_state(content, state))


@pytest.mark.parametrize("content", [b"", b"\x00" * 40, b"nonsense"])
def test_a_damaged_one_is_refused(content, make_pictures):
    with pytest.raises(ValueError, match="damaged"):
        look_back(TINY, content)
    with pytest.raises(ValueError, match="damaged"):
        Trainer(TINY, make_pictures(24), start=content or b"-")


def test_a_flipped_bit_anywhere_is_noticed(make_pictures):
    """One in a weight's exponent would be a network that draws nothing; one in an optimiser's shows only later."""
    trainer = Trainer(TINY, make_pictures(24))
    content = trainer.checkpoint()
    begin = 8 + int.from_bytes(content[:8], "little")
    for number in range(64):
        flipped = bytearray(content)
        flipped[begin + (len(content) - begin) * number // 64] ^= 1 << number % 8
        with pytest.raises(ValueError, match="damaged"):
            unpack(trainer.learner, bytes(flipped))
        with pytest.raises(ValueError, match="damaged"):
            networks(TINY, bytes(flipped), trainer.learner.shape)


def test_what_was_kept_without_a_checksum_is_still_read(make_pictures):
    trainer = Trainer(TINY, make_pictures(24))
    unpack(trainer.learner, save(load(trainer.checkpoint())))
