"""`python -m gan explain`: which pixels, and what every kept discriminator says."""

import csv

import numpy as np
import pytest
from PIL import Image

from gan import inside
from gan.__main__ import main
from gan.cli import sources
from gan.inside import Subject
from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.setup.config import RunConfig

TINY = ["--preset=pocket", "--set=classes=3", "--set=batch_size=219", "--set=latent_size=4", "--set=device=cpu"]
CONFIG = RunConfig(architecture="conditional", options={"width": 4}, latent_size=4, epochs=2, pictures=64, device="cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What `train --out` leaves."""
    out = tmp_path_factory.mktemp("trained") / "out"
    assert main(["train", *TINY, "--epochs=2", f"--out={out}"]) == 0
    return out


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A library with one run, called Mine, and the run as a file."""
    place = tmp_path_factory.mktemp("library")
    store = open_store(place / "runs")
    manager = RunManager(store=store)
    run = manager.starting.new(CONFIG, "tests", None)
    assert run.wait(60)
    store.rename(run.run_id, "Mine")
    file = place / "mine.ganrun"
    file.write_bytes(manager.wrap(run))
    manager.stop_all()
    return place / "runs", file


def explain(source, out, *arguments):
    return main(["explain", str(source), f"--out={out}", *arguments])


def scores(out):
    return list(csv.DictReader((out / "scores.csv").open()))


@pytest.mark.parametrize("method", inside.METHODS)
def test_a_folder_of_train_is_enough(folder, tmp_path, capsys, method):
    assert explain(folder, tmp_path, "--fake=3", f"--method={method}") == 0
    moment = sources.find(str(folder)).open(2)
    sheet = inside.fakes(moment, 4)
    (line,) = scores(tmp_path)
    assert float(line["belief"]) == pytest.approx(sheet.beliefs[3], abs=1e-6) and line["epoch"] == "2"
    assert f"D {sheet.beliefs[3]:.3f}" in capsys.readouterr().out
    picture, heat = (np.asarray(Image.open(tmp_path / name)) for name in ("picture.png", "heat.png"))
    assert np.array_equal(picture[::12, ::12], sheet.pictures[3]) and heat.shape == (336, 336, 3)


def test_every_kept_epoch_of_a_file_says_something(library, tmp_path):
    assert explain(library[1], tmp_path, "--real=1", "--epoch=1") == 0
    kept = sources.find(str(library[1]))
    sheet = inside.reals(kept.open(1), 2)
    beliefs = [inside.judge(kept.open(n), Subject(sheet.pictures[1], True, sheet.labels[1])).belief for n in (0, 1, 2)]
    assert [float(line["belief"]) for line in scores(tmp_path)] == pytest.approx(beliefs, abs=1e-6)


def test_a_run_in_the_library_goes_by_its_name(library, tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_STUDIO_LIBRARY", str(library[0]))
    assert explain("Mine", tmp_path) == 0
    assert [line["epoch"] for line in scores(tmp_path)] == ["0", "1", "2"]


def test_a_drawing_of_ones_own(library, tmp_path):
    drawing = np.zeros((200, 100), np.uint8)
    drawing[20:180, 45:55] = 255
    Image.fromarray(drawing).save(tmp_path / "mine.png")
    assert explain(library[1], tmp_path / "out", f"--picture={tmp_path / 'mine.png'}", "--class=1") == 0
    shown = np.asarray(Image.open(tmp_path / "out" / "picture.png"))[::12, ::12]
    rows = np.flatnonzero((shown > 127).any(1))
    assert shown.shape == (28, 28) and np.ptp(rows) + 1 == 20  # as long as real digits are
    assert len(scores(tmp_path / "out")) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--method=magic"], "method cannot be 'magic'"),
        (["--epoch=7"], "epoch cannot be '7'"),
        (["--fake=64"], "fake cannot be"),
        (["--fake=x"], "fake cannot be"),
        (["--class=3"], "cannot be asked for a class"),
        (["--class=,"], "classes cannot be ',': it must be one that was learned: 3"),
        (["--picture=/nowhere.png"], "/nowhere.png cannot be used"),
        (["--picture=README.md"], "README.md is not a picture."),
        (["--fake=1", "--real=1"], "not allowed with argument"),
    ],
)
def test_what_cannot_be_is_said(folder, tmp_path, capsys, arguments, sentence):
    assert explain(folder, tmp_path / "out", *arguments) == 2
    assert sentence in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_source_that_holds_nothing_is_said_to(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GAN_STUDIO_LIBRARY", str(tmp_path / "library"))
    assert explain("Nobody", tmp_path / "out") == 2
    assert "Nobody is no folder, no file, and no run in the library" in capsys.readouterr().err
    assert explain("README.md", tmp_path / "out") == 2
    assert "not a run of this program" in capsys.readouterr().err
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "config.json").write_bytes((folder / "config.json").read_bytes())
    assert explain(bare, tmp_path / "out") == 2
    assert "holds no moment.safetensors" in capsys.readouterr().err


def test_a_broken_run_leaves_no_networks_to_look_into(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["train", *TINY, "--epochs=1", f"--out={out}"]) == 0 and (out / sources.MOMENT).exists()
    wild = ["--set=learning_rate=1", "--set=optimizer=sgd", "--set=loss=least_squares"]
    assert main(["train", *TINY, "--epochs=3", *wild, f"--out={out}"]) == 2
    assert not (out / sources.MOMENT).exists()
