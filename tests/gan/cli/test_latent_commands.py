"""`python -m gan walk` and `map`, and what the map's files hold."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from gan import data, export, families
from gan.__main__ import main
from gan.export.map_file import COLUMNS, EDGE, FAKE, REAL, ROWS, map_csv, map_png
from gan.inside.latent import atlas
from gan.learn.build import build
from gan.look import referee
from gan.parts import nets
from gan.setup.config import RunConfig

PIXELS = 28 + 2 * EDGE


def saved(folder, **settings) -> str:
    family = nets.family_of(settings["architecture"])
    told = {"family": family, "device": "cpu"} | ({"latent_size": 6} if families.has_latent_space(family) else {})
    config = RunConfig.from_dict(told | settings)
    export.save_generator(build(config, data.shape_of(config.data))["generator"], config, folder)
    return str(folder)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> str:
    """A generator that is told the class."""
    return saved(tmp_path_factory.mktemp("told"), architecture="conditional", options={"width": 4})


def test_strips_of_walks(told, tmp_path):
    out = tmp_path / "walk.png"
    assert main(["walk", told, "--walks", "2", "--steps", "5", "--class", "3,8", "--out", str(out)]) == 0
    assert Image.open(out).size == (5 * 56 + 4 * 2, 2 * 56 + 2)
    again, straight, other = tmp_path / "again.png", tmp_path / "straight.png", tmp_path / "other.png"
    asked = ["walk", told, "--walks", "2", "--steps", "5", "--class", "3,8"]
    assert main([*asked, "--out", str(again)]) == 0 and again.read_bytes() == out.read_bytes()
    assert main([*asked, "--way", "straight", "--out", str(straight)]) == 0
    assert main([*asked, "--seed", "4", "--out", str(other)]) == 0
    assert len({path.read_bytes() for path in (out, straight, other)}) == 3
    strips, lines = (np.asarray(Image.open(path)) for path in (out, straight))
    assert np.array_equal(strips[:, :56], lines[:, :56])  # both ways begin at the same picture


@pytest.mark.parametrize("architecture", ["vae_class", "vae_gan_class", "denoiser_class"])
def test_every_family_that_is_told_the_class_walks_from_one_to_another(tmp_path, architecture):
    folder = saved(tmp_path / "told", architecture=architecture)
    out = tmp_path / "walk.png"
    assert main(["walk", folder, "--walks", "1", "--steps", "3", "--class", "3,8", "--out", str(out)]) == 0
    assert Image.open(out).size == (3 * 56 + 2 * 2, 56)


def test_a_film_of_a_walk_goes_there_and_back(told, tmp_path):
    out = tmp_path / "walk.gif"
    assert main(["walk", told, "--walks", "1", "--out", str(out)]) == 0
    film = Image.open(out)
    assert film.format == "GIF" and film.n_frames > 2 and film.info["loop"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    (
        (["--out", "walk.bmp"], "must end in .png or .gif"),
        (["--out", "walk.png", "--way", "round"], "one of spherical, straight"),
        (["--out", "walk.png", "--steps", "1"], "--steps"),
        (["--out", "walk.png", "--steps", "1000"], "from 2 to 100"),
        (["--out", "walk.png", "--walks", "100"], "from 1 to 20"),
        (["--out", "walk.png", "--class", "11"], "classes"),
    ),
)
def test_what_is_wrong_with_a_walk_is_one_sentence(told, tmp_path, monkeypatch, capsys, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    assert main(["walk", told, *arguments]) == 2
    said = capsys.readouterr().err
    assert said.startswith("gan: ") and said.count("\n") == 1 and sentence in said
    assert not list(tmp_path.iterdir())


def test_a_map_of_colours_and_its_table(tmp_path):
    folder = saved(tmp_path / "plain", architecture="pocket", data="critters")
    picture, table = tmp_path / "map.png", tmp_path / "map.csv"
    assert main(["map", folder, "-n", "50", "--out", str(picture), "--csv", str(table)]) == 0
    assert Image.open(picture).size == (COLUMNS * 36, ROWS * 36)
    rows = list(csv.DictReader(table.open()))
    assert [sum(row["picture"] == whose for row in rows) for whose in ("real", "fake")] == [1000, 50]
    assert {row["near"] for row in rows} <= {"0", "1"} and all(0 <= float(row["sure"]) <= 1 for row in rows)


def test_a_map_needs_somewhere_to_go_and_the_real_pictures(told, tmp_path, monkeypatch, capsys):
    assert main(["map", told]) == 2 and "--out" in capsys.readouterr().err
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path / "empty"))
    folder = saved(tmp_path / "photos", architecture="pocket", data="cifar10")
    assert main(["map", folder, "--out", str(tmp_path / "map.png")]) == 2
    assert "python -m gan download cifar10" in capsys.readouterr().err


def test_each_picture_lies_framed_at_its_place_and_none_on_another():
    pictures, judge = data.load("digits"), referee.load("digits")
    drawn = atlas.chart(pictures.images[-60:], pictures, judge)
    sheet = np.asarray(Image.open(io.BytesIO(map_png(drawn))))
    corners = [tuple(map(int, corner)) for corner in sheet[::PIXELS, ::PIXELS].reshape(-1, 3)]
    assert corners.count(FAKE) > 40 and corners.count(REAL) > 500
    assert set(corners) == {FAKE, REAL, (255, 255, 255)}
    shown = sheet.reshape(ROWS, PIXELS, COLUMNS, PIXELS, 3).swapaxes(1, 2)[..., EDGE:-EDGE, EDGE:-EDGE, 0]
    fakes = shown.reshape(-1, 28, 28)[[corner == FAKE for corner in corners]]
    assert {fake.tobytes() for fake in fakes} <= {image.tobytes() for image in pictures.images[-60:]}
    rows = list(csv.DictReader(io.StringIO(map_csv(drawn))))
    assert float(rows[-1]["x"]) == pytest.approx(drawn.places[-1, 0], rel=1e-4)
    assert [int(row["near"]) for row in rows[-60:]] == drawn.believable.tolist()


def test_dots_have_no_map(tmp_path, capsys):
    folder = saved(tmp_path, data="dots_ring", architecture="mlp")
    assert main(["map", folder, "--out", str(tmp_path / "map.png")]) == 2
    assert "lie in a plane already" in capsys.readouterr().err and not (tmp_path / "map.png").exists()
