"""Each family's script trains the same networks as the engine, number for number."""

import io
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan import families
from gan.data import Pictures
from gan.export import grid
from gan.export.script import bundle, tells
from gan.export.script.sources import Module, Sources
from gan.learn.trainer import Trainer
from gan.records import Change
from gan.setup.config import RunConfig

SMALL = {"batch_size": 8, "epochs": 2, "device": "cpu"}
WIDE = {"denoiser": 8, "denoiser_class": 8, "denoiser_mlp": 16, "vae_mlp": 16}


def small(architecture: str, options: dict | None = None, **settings) -> RunConfig:
    options = {"width": WIDE.get(architecture, 4)} | (options or {})
    return RunConfig.from_dict(SMALL | {"architecture": architecture, "options": options} | settings)


def test_every_family_has_one():
    for name in families.names():
        assert tells(RunConfig().but(family=name)), name


class TestOfAnAutoencoder:
    @pytest.mark.parametrize("architecture", ["vae_mlp", "vae_conv", "vae_class"])
    @pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
    def test_with_every_likelihood(self, architecture, likelihood, assert_same):
        assert_same(small(architecture, {"likelihood": likelihood}))

    @pytest.mark.parametrize(
        ("options", "settings"),
        [
            ({"beta": 4.0, "warm_up": 0.5}, {}),
            ({"warm_up": 0.0}, {"learning_rate_decay": 0.5}),
            ({"draws_from": "prior"}, {"ema": 0.9}),
            ({}, {"latent_size": 2, "classes": "3,7", "optimizer": "rmsprop"}),
            ({"extra_layers": 1}, {"batch_size": 7, "drop_last": False}),
        ],
        ids=str,
    )
    def test_with_every_setting(self, options, settings, assert_same):
        assert_same(small("vae_class" if "classes" in settings else "vae_conv", options, **settings))

    def test_that_was_steered(self, assert_same):
        config = small("vae_conv", {"warm_up": 0.5}, ema=0.9)
        options = {"width": 4, "warm_up": 0.5, "beta": 3.0, "draws_from": "prior"}
        assert_same(config, Change(2, 0.6, {"options": options}), Change(4, 1.3, {"learning_rate": 0.01}))


class TestOfAVAEGAN:
    @pytest.mark.parametrize("architecture", ["vae_gan_conv", "vae_gan_class"])
    @pytest.mark.parametrize(
        "settings",
        [
            {},
            {"loss": "hinge", "stabilisers": {"r1": 1.0, "diff_augment": 0.5, "minibatch_std": 1}},
            {"d_steps": 2, "ema": 0.0, "learning_rate_decay": 0.5, "d_learning_rate": 0.01},
            {"learners": "discriminator"},
            {"learners": "generator", "label_smoothing": 0.1},
            {"learners": "generator", "stabilisers": {"r1": 1.0}},
            {"d_steps": 2, "stabilisers": {"unrolling": 2}},
            {"batch_size": 7, "drop_last": False},
        ],
        ids=str,
    )
    def test_with_every_setting(self, architecture, settings, assert_same):
        assert_same(small(architecture, **settings))

    def test_that_was_steered(self, assert_same):
        options = {"width": 4, "beta": 3.0, "likeness": 0.1}
        changes = Change(1, 0.3, {"options": options}), Change(3, 1.0, {"learners": "discriminator"})
        assert_same(small("vae_gan_conv"), *changes)

    @pytest.mark.parametrize("stabiliser", ["r1", "instance_noise", "feature_matching"])
    @pytest.mark.parametrize("learners", ["both", "generator"])
    def test_that_was_steered_to_a_stabiliser_and_back(self, stabiliser, learners, assert_same):
        changes = Change(2, 0.6, {"stabilisers": {stabiliser: 1.0}}), Change(4, 1.3, {"stabilisers": {}})
        assert_same(small("vae_gan_conv", learners=learners), *changes)


class TestOfADiffusion:
    @pytest.mark.parametrize("architecture", ["denoiser", "denoiser_class", "denoiser_mlp"])
    @pytest.mark.parametrize("process", ["flow", "ddpm"])
    def test_with_every_process(self, architecture, process, assert_same):
        assert_same(small(architecture, {"process": process, "sampler_steps": 3}))

    @pytest.mark.parametrize("predicts", ["picture", "velocity", "noise"])
    def test_with_every_prediction(self, predicts, assert_same):
        assert_same(small("denoiser_class", {"predicts": predicts, "sampler_steps": 2}, ema=0.0))

    def test_that_was_steered(self, assert_same):
        options = {"width": 8, "guidance": 3.0, "sampler_steps": 2}
        assert_same(small("denoiser_class", {"sampler_steps": 3}), Change(2, 0.6, {"options": options}))


class TestOfATranslator:
    @pytest.mark.parametrize("task", ["outline", "sharpen", "repair"])
    def test_of_pairs(self, task, assert_same):
        assert_same(small("pix2pix", task=task, epochs=1))

    @pytest.mark.parametrize("architecture", ["pix2pix", "cycle_gan"])
    def test_with_every_setting(self, architecture, assert_same):
        assert_same(small(architecture, batch_size=4, d_learning_rate=0.01, ema=0.0, learning_rate_decay=0.0))

    def test_that_was_steered(self, assert_same):
        options = {"width": 4, "cycle_weight": 2.0, "identity_weight": 0.0}
        assert_same(small("cycle_gan", batch_size=4), Change(2, 0.6, {"options": options}))


class TestRunAlone:
    """Each draws, by itself, what the engine shows."""

    @pytest.mark.parametrize("architecture", ["vae_mlp", "vae_gan_class", "denoiser_mlp", "cycle_gan", "pix2pix"])
    def test_leaves_the_pictures_that_the_engine_shows(self, architecture, tmp_path, make_pictures, monkeypatch):
        import gan.learn.build

        monkeypatch.setattr(gan.learn.build, "quicken", lambda net, shape: None)
        config, pictures = small(architecture, batch_size=4), make_pictures(24)
        with zipfile.ZipFile(io.BytesIO(bundle(config, pictures=pictures))) as files:
            files.extractall(tmp_path)
            assert config.family != "translation" or set(np.load(tmp_path / "pictures.npz")) >= {"sources", "shown"}
        command = [sys.executable, "-I", tmp_path / "train.py"]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert [line.split()[:2] for line in ran.stdout.splitlines()] == [["epoch", "1"], ["epoch", "2"]]
        *_, last = Trainer(config, pictures).epochs()
        shown = np.asarray(Image.open(tmp_path / "drawn" / "0002.png"))
        assert np.abs(shown.astype(int) - grid(last.samples)).max() <= 1

    def test_says_what_was_measured(self, tmp_path, make_pictures):
        config, pictures = small("vae_mlp"), make_pictures(24)
        with zipfile.ZipFile(io.BytesIO(bundle(config, pictures=pictures))) as files:
            files.extractall(tmp_path)
        ran = subprocess.run([sys.executable, tmp_path / "train.py"], capture_output=True, text=True)
        for line, record in zip(ran.stdout.splitlines(), Trainer(config, pictures).epochs(), strict=True):
            *_, reconstruction, _, _, kl = line.split()
            assert float(reconstruction) == pytest.approx(record.own["reconstruction"], abs=2e-3)
            assert float(kl) == pytest.approx(record.own["kl"], abs=2e-3)


class TestWholeModules:
    def test_a_definition_is_found_in_a_module_that_was_imported(self):
        root = Module("root", "from gan.parts.nets.diffusion.denoiser import generator as make\nsample = make\n")
        sources = Sources(root, lambda text: text)
        text = sources.take("gan.parts")
        assert "def process_sample(" in text and "return process_sample(" in text and "process.sample" not in text
        assert text.index("def process_sample(") < text.index("class Sampler") < text.index("def make(")


def test_pictures_keep_their_colours(assert_same):
    colours = np.random.default_rng(0).integers(0, 256, (16, 32, 32, 3), dtype=np.uint8)
    assert_same(
        small("vae_conv", data="cifar10", epochs=1), pictures=Pictures(colours, np.arange(16, dtype=np.uint8) % 10)
    )
