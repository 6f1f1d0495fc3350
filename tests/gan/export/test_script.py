"""The script in plain PyTorch trains the same generator as the engine, whatever is chosen.

It has torch's own convolutions, and so has the engine where the two are compared.
"""

import ast
import builtins
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan import data
from gan.export import grid
from gan.export.script import as_notebook, as_script, bundle
from gan.export.script.assemble import sections
from gan.export.script.edits import without_config, without_parameter
from gan.export.script.settle import settled
from gan.learn.trainer import Trainer
from gan.parts import losses, nets, stabilisers
from gan.records import Change
from gan.setup import presets
from gan.setup.config import RunConfig
from tests.fakes import EMBEDDED

TINY = {"architecture": "pocket", "latent_size": 4, "batch_size": 8, "epochs": 2, "ema": 0.9, "device": "cpu"}
SMALL = TINY | {"architecture": "dcgan", "options": {"width": 4}}


APART = ("packing", "gradient_penalty", "weight_clipping")  # they do not go with the others
MANY = {name: stabilisers.facts(name)["STRENGTH"][1] or 1 for name in stabilisers.names() if name not in APART}
OF_LEARNING = [
    name
    for name in stabilisers.names()
    if {"d_penalty", "after_d_step"} & vars(stabilisers.get(name).Stabiliser).keys()
]


def strength(name: str) -> float:
    return stabilisers.facts(name)["STRENGTH"][0]


class TestTheSameGenerator:
    @pytest.mark.parametrize("name", nets.of_family("gan"))
    def test_of_every_architecture(self, name, assert_same):
        assert_same(RunConfig(**TINY | {"architecture": name}))

    @pytest.mark.parametrize("name", losses.names())
    def test_by_every_loss(self, name, assert_same):
        assert_same(RunConfig(**TINY, loss=name))

    @pytest.mark.parametrize("name", stabilisers.names())
    def test_with_every_stabiliser(self, name, assert_same):
        assert_same(RunConfig(**SMALL, stabilisers={name: strength(name)}))

    @pytest.mark.parametrize(
        "settings",
        [{"stabilisers": {name: strength(name)}} for name in OF_LEARNING]
        + [{"loss": name} for name in losses.names() if losses.own_stabilisers(name)],
        ids=str,
    )
    def test_of_a_generator_that_learns_alone_whatever_a_learning_discriminator_would_have(self, settings, assert_same):
        assert_same(RunConfig(**TINY | {"architecture": "mlp", "learners": "generator"} | settings))

    @pytest.mark.parametrize(
        "settings",
        [
            {"optimizer": "rmsprop"},
            {"optimizer": "sgd", "beta1": 0.5},
            {"d_steps": 2},
            {"d_steps": 2, "g_steps": 3},
            {"g_steps": 2, "fresh_fakes": True},
            {"label_smoothing": 0.1, "d_learning_rate": 0.01},
            {"ema": 0.0},
            {"learning_rate_decay": 1.0},
            {"fresh_fakes": True},
            {"batch_parts": 2},
            {"batch_parts": 3, "g_steps": 2, "d_steps": 2},
            {"batch_parts": 3, "fresh_fakes": True, "noise": "uniform"},
            {"batch_parts": 4, "batch_size": 11, "drop_last": False},
            {"batch_parts": 4, "batch_size": 23, "drop_last": False},
            {"batch_parts": 2, "learners": "generator"},
            {"batch_parts": 2, "learners": "discriminator"},
            {"learners": "generator"},
            {"learners": "discriminator"},
            {"batch_size": 7},
            {"batch_size": 7, "drop_last": False},
            {"batch_size": 23, "drop_last": False},
            {"pixel_range": "0..1"},
            {"seed": 5},
        ],
        ids=str,
    )
    def test_with_every_setting_of_the_training(self, settings, assert_same):
        assert_same(RunConfig(**TINY | {"architecture": "fundamentals"} | settings))

    @pytest.mark.parametrize(
        "settings",
        [
            {"architecture": "acgan", "options": {"width": 4}, "stabilisers": MANY},
            {"architecture": "conditional", "loss": "wgan_gp"},
            {"architecture": "biggan", "options": {"width": 4}, "loss": "wgan_gp", "batch_parts": 3},
            {"architecture": "acgan", "options": {"width": 4}, "stabilisers": MANY, "batch_parts": 2},
            {"architecture": "dcgan", "options": {"d_norm": "batch", "width": 4}, "stabilisers": "packing",
             "loss": "relativistic_average", "batch_parts": 3},
            {"architecture": "progressive", "stabilisers": {"instance_noise": 0.3}, "learning_rate_decay": 0.5},
            {"architecture": "progressive", "optimizer": "sgd", "beta1": 0.5},
            {"architecture": "self_attention", "options": {"width": 4}, "optimizer": "rmsprop"},
            {"architecture": "self_attention", "options": {"width": 4}, "optimizer": "sgd", "beta1": 0.5},
            {"architecture": "self_attention", "options": {"width": 4}, "optimizer": "adam"},
            {"architecture": "mlp", "options": {"dropout": 0.3, "norm": "batch", "activation": "tanh"},
             "stabilisers": {"packing": 3, "spectral_norm": 1}, "loss": "hinge"},
            {"architecture": "dcgan", "options": {"d_norm": "batch", "init": "paper", "width": 4}},
        ],
        ids=lambda settings: settings["architecture"],
    )  # fmt: skip
    def test_with_many_at_once(self, settings, assert_same):
        assert_same(RunConfig(**TINY | settings))

    @pytest.mark.parametrize(
        "settings",
        [{}, {"noise": "uniform", "loss": "wgan_gp"}, {"pixel_range": "0..1", "stabilisers": "packing"}],
        ids=str,
    )
    def test_of_dots(self, settings, assert_same):
        dots = data.load("dots_grid_9")
        few = data.Pictures(dots.images[:24], dots.labels[:24])
        assert_same(RunConfig(**TINY | {"architecture": "mlp", "data": "dots_grid_9"} | settings), pictures=few)

    def test_of_uniform_noise(self, assert_same):
        assert_same(RunConfig(**TINY, noise="uniform"))

    @pytest.mark.parametrize("size", [32, 64])
    def test_of_other_sizes_and_in_colour(self, size, assert_same, make_pictures):
        config = RunConfig(**SMALL | {"epochs": 1}, data="cifar10", picture_size=str(size))
        assert_same(config, pictures=make_pictures(16, size, 3))

    @pytest.mark.parametrize(
        ("begun", "changes"),
        [
            ({}, [(2, {"learning_rate": 0.1}), (5, {"d_learning_rate": 0.01})]),
            ({"learning_rate_decay": 0.5}, [(2, {"learning_rate": 0.1}), (5, {"epochs": 3})]),
            ({"learning_rate_decay": 0.9, "epochs": 4, "stabilisers": {"instance_noise": 0.3}}, [(7, {"epochs": 1})]),
            ({}, [(1, {"learners": "generator"}), (2, {"learners": "discriminator"}), (4, {"learners": "both"})]),
            ({}, [(1, {"d_steps": 2}), (3, {"g_steps": 3}), (5, {"g_steps": 1, "d_steps": 1})]),
            ({}, [(1, {"batch_parts": 4}), (3, {"batch_parts": 1}), (5, {"batch_parts": 2})]),
            ({"batch_parts": 2}, [(2, {"batch_parts": 3, "stabilisers": {"r1": 1.0}}), (4, {"learners": "generator"})]),
            ({"learners": "generator", "stabilisers": {"r1": 2.0, "diff_augment": 0.5}},
             [(2, {"stabilisers": {"diff_augment": 0.5}}), (4, {"learning_rate": 0.1})]),
            ({"learners": "generator", "stabilisers": {"r1": 2.0}}, [(3, {"learners": "both"})]),
            ({}, [(1, {"label_smoothing": 0.2}), (3, {"label_smoothing": 0.0})]),
            ({}, [(1, {"stabilisers": {"r1": 2.0, "diff_augment": 0.5}}), (3, {"stabilisers": {"unrolling": 1}})]),
            ({"stabilisers": {"instance_noise": 0.3}}, [(0, {"stabilisers": {"feature_matching": 0.5}}),
                                                        (3, {"stabilisers": {}}), (3, {"learning_rate": 0.1})]),
        ],
    )  # fmt: skip
    def test_of_a_run_that_was_steered(self, begun, changes, assert_same):
        config = RunConfig(**SMALL | begun)
        assert_same(config, *(Change(step, step / 3, settings) for step, settings in changes))


@pytest.fixture(scope="module")
def scripts(tmp_path_factory) -> list[Path]:
    """A script for every choice and every preset whose pictures come with the project."""
    folder = tmp_path_factory.mktemp("scripts")
    configs = {f"net_{name}": RunConfig(**TINY).but(architecture=name) for name in nets.names()}
    configs |= {f"loss_{name}": RunConfig(**TINY, loss=name) for name in losses.names()}
    configs |= {name: RunConfig(**SMALL, stabilisers={name: strength(name)}) for name in stabilisers.names()}
    configs |= {name: presets.get(name) for name in EMBEDDED}
    for name, config in configs.items():
        parts = sections(config, [Change(2, 0.5, {"learning_rate": 0.1})], Trainer(config.but(device="cpu")))
        (folder / f"{name}.py").write_text(as_script(parts))
    return sorted(folder.iterdir())


class TestTheScript:
    def test_imports_nothing_of_ours_and_only_torch_and_numpy(self, scripts):
        for path in scripts:
            imported = set()
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    imported |= {each.name.split(".")[0] for each in node.names}
                elif isinstance(node, ast.ImportFrom):
                    imported.add(node.module.split(".")[0])
            assert "gan" not in path.read_text().replace("GAN", "").split(), path.name
            assert imported - sys.stdlib_module_names == {"torch", "numpy"}, path.name

    def test_is_as_tidy_as_our_own_code(self, scripts):
        for command in (["check", "--ignore=E501"], ["format", "--check"]):
            style = ["--config", str(Path(__file__).parents[3] / "pyproject.toml"), "--no-cache"]
            ran = subprocess.run(
                [sys.executable, "-m", "ruff", *command, *style, scripts[0].parent], capture_output=True, text=True
            )
            assert ran.returncode == 0, ran.stdout

    def test_holds_what_was_chosen_and_nothing_else(self, scripts):
        text = {path.stem: path.read_text() for path in scripts}
        assert "class R1(Base)" in text["r1"] and "class R1" not in text["r2"]
        assert "relu().mean()" in text["loss_hinge"] and "softplus" not in text["loss_hinge"]
        assert "class Average" not in text["first_gan"] and "class Average" in text["quick"]
        assert "class Timed" in text["net_progressive"] and "Conv2d" not in text["pocket"]
        assert "class Base" not in text["quick"] and "RMSprop" not in text["quick"]
        assert "    if step == 2:  # changed while the run went on\n" in text["quick"]
        assert "def widen" not in text["quick"] and "def widen" in text["minibatch_std"]

    def test_is_short_enough_to_be_read(self, scripts):
        lines = {path.stem: len(path.read_text().splitlines()) for path in scripts}
        assert lines["pocket"] < 360 and lines["quick"] < 480, lines

    def test_has_settings_at_the_top_with_what_they_mean(self, scripts):
        text = next(path for path in scripts if path.stem == "quick").read_text()
        assert "\nLATENT_SIZE = 32  # numbers in one noise vector\n" in text
        assert text.index("LATENT_SIZE = 32") < text.index("class ")

    def test_runs_alone_and_leaves_pictures_and_losses(self, tmp_path, make_pictures):
        config, pictures = RunConfig(**TINY | {"epochs": 2, "ema": 0.0}), make_pictures(24)
        with zipfile.ZipFile(io.BytesIO(bundle(config, pictures=pictures))) as files:
            files.extractall(tmp_path / "home")
        command = [sys.executable, "-I", tmp_path / "home" / "train.py"]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert (ran.returncode, ran.stderr) == (0, "")
        first, second = ran.stdout.splitlines()
        assert first.startswith("epoch    1   discriminator's loss ") and second.startswith("epoch    2 ")
        trainer = Trainer(config, pictures)
        records = list(trainer.epochs())
        assert f"{records[0].d_loss:.4f}" in first and f"{records[1].g_loss:.4f}" in second
        names = sorted(path.name for path in (tmp_path / "home" / "drawn").iterdir())
        assert names == ["0001.png", "0002.png"]
        shown = np.asarray(Image.open(tmp_path / "home" / "drawn" / "0002.png"))
        assert np.array_equal(shown, grid(records[1].samples))


class TestTheBundle:
    def test_holds_the_pictures_that_the_engine_learns_from(self):
        config = RunConfig(data="digits", classes="3,7", pictures=50, picture_size="32", architecture="pocket")
        with zipfile.ZipFile(io.BytesIO(bundle(config))) as files:
            assert files.namelist() == ["train.py", "train.ipynb", "pictures.npz", "README.txt"]
            found = np.load(io.BytesIO(files.read("pictures.npz")), allow_pickle=False)
            readme = files.read("README.txt").decode()
        trainer = Trainer(config)
        assert np.array_equal(found["images"], trainer.learner.images[:, 0].numpy())
        assert np.array_equal(found["labels"], trainer.learner.labels.numpy()) and found["labels"].dtype == np.uint8
        assert found["images"].shape == (50, 32, 32) and set(found["labels"]) == {3, 7}
        assert readme.count("\n") == 3 and "python train.py" in readme and "CC BY-SA 3.0" in readme

    def test_leaves_out_what_the_engine_holds_out(self):
        with zipfile.ZipFile(io.BytesIO(bundle(presets.get("pocket").but(classes="3")))) as files:
            found = np.load(io.BytesIO(files.read("pictures.npz")), allow_pickle=False)
        assert len(found["images"]) == 438

    def test_is_refused_where_the_engine_refuses(self, make_pictures, monkeypatch, tmp_path):
        with pytest.raises(ValueError, match="batch_size cannot be 8: it must be at most 5"):
            bundle(RunConfig(**TINY), pictures=make_pictures(5))
        with pytest.raises(ValueError, match="latent_size cannot change while a run goes on"):
            bundle(RunConfig(**TINY), [Change(1, 0.1, {"latent_size": 5})], make_pictures(24))
        monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path))
        with pytest.raises(data.NotDownloaded):
            bundle(RunConfig(data="mnist"))

    def test_a_choice_that_does_more_with_its_config_is_refused(self, make_pictures, tmp_path, monkeypatch):
        from gan.export.script import sources

        folder = tmp_path / "gan"
        for path in (Path(__file__).parents[3] / "gan").rglob("*.py"):
            copy = tmp_path / path.relative_to(Path(__file__).parents[3])
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text())
        net = folder / "parts" / "nets" / "published" / "pocket.py"
        net.write_text(net.read_text().replace("config.latent_size, 128", "sum(config.to_dict()), 128"))
        monkeypatch.setattr(sources, "ROOT", tmp_path)
        with pytest.raises(ValueError, match="A script cannot hold what asks its config for more than settings"):
            bundle(RunConfig(**TINY), pictures=make_pictures(24))


class TestWithoutItsPictures:
    def test_says_where_they_belong(self, make_pictures, tmp_path, monkeypatch):
        config, pictures = RunConfig(**TINY), make_pictures(24)
        trainer = Trainer(config, pictures)
        (tmp_path / "train.py").write_text(as_script(sections(config, (), trainer)))
        ran = subprocess.run([sys.executable, "train.py"], cwd=tmp_path, capture_output=True, text=True)
        sentence = f"pictures.npz is not in {tmp_path}: unpack it there, from the ZIP file it came in."
        assert (ran.returncode, ran.stdout, ran.stderr.strip()) == (1, "", sentence)

        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
        monkeypatch.setitem(sys.modules, "IPython", type(sys)("IPython"))
        ipython = type(sys)("IPython.display")
        ipython.Image = ipython.display = None
        monkeypatch.setitem(sys.modules, "IPython.display", ipython)
        book = json.loads(as_notebook(sections(config, (), trainer, notebook=True)))
        names = {"__builtins__": builtins, "__name__": "__main__"}
        with pytest.raises(SystemExit, match=r"pictures\.npz is not in"):
            for cell in book["cells"]:
                if cell["cell_type"] == "code":
                    exec(cell["source"], names)


class TestTheNotebook:
    def test_is_the_script_in_cells_and_runs(self, make_pictures, tmp_path, monkeypatch, capsys):
        config, pictures = RunConfig(**TINY), make_pictures(24)
        trainer = Trainer(config, pictures)
        book = json.loads(as_notebook(sections(config, (), trainer, notebook=True)))
        assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
        assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
        assert [cell["cell_type"] for cell in book["cells"]] == ["markdown", "code"] * (len(book["cells"]) // 2)
        headings = [cell["source"].splitlines()[0] for cell in book["cells"] if cell["cell_type"] == "markdown"]
        assert headings[0] == "# A GAN learns to draw: Handwritten digits" and "## The training" in headings
        assert "## The networks: Pocket" in headings and "## The loss: Non-saturating loss" in headings

        shown = []

        class Shown:
            def __init__(self, image):
                shown.append(image)

            update = __init__

        ipython = type(sys)("IPython.display")
        ipython.Image, ipython.display = bytes, lambda image, display_id: Shown(image)
        monkeypatch.setitem(sys.modules, "IPython", type(sys)("IPython"))
        monkeypatch.setitem(sys.modules, "IPython.display", ipython)
        monkeypatch.setattr(torch, "set_num_threads", lambda count: None)
        monkeypatch.chdir(tmp_path)
        np.savez("pictures.npz", images=pictures.images, labels=pictures.labels)
        names = {"__builtins__": builtins, "__name__": "__main__"}
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                exec(cell["source"], names)
        records = list(trainer.epochs())
        assert len(shown) == 3
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(shown[-1]))), grid(records[-1].samples))
        assert capsys.readouterr().out.count("epoch ") == 2


class TestSettling:
    def test_takes_the_branch_that_is_known_and_keeps_comments(self):
        text = """\
a = 1
# Why.
if COLD:
    # Inside.
    b = 2  # beside
elif WARM and a:
    b = 3
else:
    b = 4
"""
        assert settled(text, {"COLD": True}) == "a = 1\n# Why.\n# Inside.\nb = 2  # beside\n"
        assert settled(text, {"COLD": False, "WARM": False}) == "a = 1\n# Why.\nb = 4\n"
        assert settled(text, {"COLD": False, "WARM": True}) == "a = 1\n# Why.\nif a:\n    b = 3\nelse:\n    b = 4\n"
        assert settled(text, {}) == text
        assert settled(text, {"WARM": True}).count("elif a:") == 1
        assert settled(text, {"WARM": False}).endswith("beside\nelse:\n    b = 4\n")

    @pytest.mark.parametrize(
        ("test", "left"),
        [
            ("A and x", "x"),
            ("A and (x or B or y)", "x or y"),
            ("x and (x or y)", "x and (x or y)"),
            ("A and x and (x or y)", "x and (x or y)"),
            ("not B and x == 1", "x == 1"),
        ],
    )
    def test_drops_the_known_parts_of_a_test(self, test, left):
        assert settled(f"if {test}:\n    z\n", {"A": True, "B": False}) == f"if {left}:\n    z\n"

    def test_ends_a_block_at_its_return_and_drops_empty_loops(self):
        text = (
            "def f():\n    for x in y:\n        if not A:\n            x\n    if A:\n        return 1\n    return 2\n"
        )
        assert settled(text, {"A": True}) == "def f():\n    return 1\n"
        assert settled(text, {"A": False}) == "def f():\n    for x in y:\n        x\n    return 2\n"

    def test_writes_settings_for_the_config_and_passes_it_on_no_more(self):
        text = 'def f(config, a):\n    return g(a, config), config.option("width") + config.seed, config.other\n'
        assert without_config(text, {"WIDTH", "SEED"}) == "def f(a):\n    return g(a), WIDTH + SEED, config.other\n"

    def test_takes_a_parameter_out(self):
        text = "def f(a: int, b):\n    return f(a, b) + g(a)\n"
        assert without_parameter(text, "a", "f") == "def f(b):\n    return f(b) + g(a)\n"
