"""Pictures of one's own in the place of a set's name."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan.__main__ import main
from gan.cli import pictures
from gan.data import own
from tests.brought import as_file, muted, on_paper


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path / "data"))
    for kind in ("ring", "cross"):
        (tmp_path / "mine" / kind).mkdir(parents=True)
        for number in range(5):
            file = tmp_path / "mine" / kind / f"{number}.png"
            file.write_bytes(as_file(on_paper(kind, (100 + 9 * number, 100))))
    (tmp_path / "mine" / "notes.txt").write_text("hello")
    yield tmp_path / "mine"
    own.shelf._kept.clear()


def test_a_folder_is_trained_on_and_is_the_same_set_as_its_file(folder, tmp_path, capsys):
    few = ["--preset", "few_pictures", "--set", "architecture=conditional", "--epochs", "1"]
    assert main(["train", *few, "--set", f"data={folder}", "--out", str(tmp_path / "gan"), "--json"]) == 0
    told = capsys.readouterr()
    assert "notes.txt is no picture" in told.err and "Our pictures: cross, ring (10): data=own-28-5.5-" in told.err
    assert json.loads(told.out.splitlines()[-1])["epoch"] == 1
    name = json.loads((tmp_path / "gan" / "config.json").read_text())["data"]
    assert own.is_own(name)
    assert main(["sample", str(tmp_path / "gan"), "--class", "ring", "-n", "3", "--out", str(tmp_path / "3.npy")]) == 0
    # As one file, which is a set of the same name.
    assert main(["pictures", str(folder), "--out", str(tmp_path / "set.zip")]) == 0
    own.shelf._kept.clear()
    assert main(["script", *few, "--set", f"data={tmp_path / 'set.zip'}", "--out", str(tmp_path / "code.zip")]) == 0
    with zipfile.ZipFile(tmp_path / "code.zip") as bundle:
        assert np.load(io.BytesIO(bundle.read("pictures.npz")), allow_pickle=False)["images"].shape == (10, 28, 28)
    assert capsys.readouterr().err.count(f"data={name}") == 2


def test_a_set_that_is_not_here_is_asked_for_and_one_that_is_kept_is_found(folder, capsys):
    name = own.make([np.full((28, 28), level, np.uint8) for level in range(9)], [""] * 9).name
    assert main(["train", "--set", f"data={name}", "--set", "batch_size=8", "--epochs", "1"]) == 2
    assert "are not on this computer" in (told := capsys.readouterr().err) and "python -m gan pictures FOLDER" in told
    assert main(["pictures", str(folder)]) == 0
    own.shelf._kept.clear()
    assert own.saved() and own.find(own.saved()[0]).kinds == ("cross", "ring")


def test_a_folder_without_pictures_is_refused_in_a_sentence(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["train", "--set", f"data={tmp_path / 'empty'}"]) == 2
    assert "no pictures to learn from" in capsys.readouterr().err
    assert main(["train", "--set", f"data={tmp_path / 'nowhere'}"]) == 2
    assert "data cannot be" in capsys.readouterr().err


def test_no_name_is_not_the_folder_that_one_is_in(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.zeros((28, 28), np.uint8)).save("drawing.png")
    assert main(["train", "--set", "data="]) == 2
    assert "data cannot be" in capsys.readouterr().err


def test_a_set_in_muted_colours_is_the_same_set_as_its_file(tmp_path):
    made = own.make(muted(9), ["stone"] * 9)
    (tmp_path / "set.zip").write_bytes(own.pack(made))
    assert pictures.read(tmp_path / "set.zip").name == made.name


def test_colourful_pictures_stay_in_colour(tmp_path):
    for number in range(8):
        image = Image.new("RGB", (40, 30), (255, 20 * number, 0))
        image.paste("blue", (9, 9, 20, 20))
        image.save(tmp_path / f"{number}.png")
    assert pictures.read(tmp_path).name.startswith("own-32-8-")
