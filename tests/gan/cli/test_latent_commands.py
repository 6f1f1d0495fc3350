"""`python -m gan walk`, `directions`, `map`, `nearest` and `sample`: their files, and a run's names."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from gan import data, export, families
from gan.__main__ import main
from gan.cli import sources
from gan.export.map_file import COLUMNS, EDGE, FAKE, REAL, ROWS, map_csv, map_png
from gan.inside import latent
from gan.inside.latent import atlas, traits
from gan.learn.build import build
from gan.look import referee
from gan.parts import nets
from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.setup import presets
from gan.setup.config import RunConfig

EXHIBIT = "assets/exhibits/quick.ganrun"  # a run saved as a file, of the digits, that is told the class
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
    assert main(["walk", told, "--walks", "1", "--steps", "3", "--out", str(out)]) == 0
    assert Image.open(out).n_frames == 4  # both ends once, what lies between there and back


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
    assert {row["belief"] for row in rows} == {""}  # there is nobody to ask beside a generator alone
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


@pytest.mark.parametrize("command", ["map", "nearest", "directions"])
def test_dots_have_nothing_to_compare(tmp_path, capsys, command):
    folder = saved(tmp_path, data="dots_ring", architecture="mlp")
    assert main([command, folder, "--out", str(tmp_path / "new.png")]) == 2
    assert "lie in a plane already" in capsys.readouterr().err and not (tmp_path / "new.png").exists()


@pytest.mark.parametrize("how", ["weights", "answers"])
@pytest.mark.parametrize("preset", ["diffusion", "outlines", "boots"])
def test_what_is_not_made_of_a_few_numbers_has_no_directions(tmp_path, capsys, preset, how):
    folder = saved(tmp_path, **presets.get(preset).but(device="cpu").to_dict())
    assert main(["directions", folder, f"--how={how}", "--out", str(tmp_path / "new.png")]) == 2
    assert "not made of a few random numbers" in capsys.readouterr().err and not (tmp_path / "new.png").exists()


def test_a_strip_along_each_direction_and_what_grows_there(tmp_path):
    picture, table = tmp_path / "strips.png", tmp_path / "directions.csv"
    asked = ["directions", EXHIBIT, "--class=3", f"--out={picture}", f"--csv={table}"]
    assert main(asked) == 0
    moment = sources.find(EXHIBIT).open(60)
    found = latent.directions_of(moment)
    sheet = np.asarray(Image.open(picture))[: 6 * 58]
    assert sheet.shape == (6 * 58 - 2, 7 * 58 - 2)
    rows = list(csv.DictReader(table.open()))
    assert [row["trait"] for row in rows] == [each.trait or "" for each in found]
    assert [float(row["share"]) for row in rows] == pytest.approx([each.share for each in found], abs=1e-6)
    vectors = [[float(row[f"v{n + 1}"]) for n in range(moment.config.latent_size)] for row in rows]
    assert np.allclose(vectors, [each.vector for each in found], atol=1e-5)
    strips = [[sheet[58 * r : 58 * r + 56 : 2, 58 * c : 58 * c + 56 : 2] for c in (0, 3, 6)] for r in range(6)]
    assert len({row[1].tobytes() for row in strips}) == 1  # all begin at the same picture
    ends = traits.measures(np.stack([strips[0][0], strips[0][2]]))[found[0].trait]
    assert ends[0] < ends[1]
    other = tmp_path / "other.png"
    assert main([*asked[:3], "--how=answers", f"--out={other}"]) == 0 and other.read_bytes() != picture.read_bytes()


def test_real_pictures_beside_each_fake(tmp_path):
    picture, table = tmp_path / "nearest.png", tmp_path / "nearest.csv"
    assert main(["nearest", EXHIBIT, "-n3", "--class=3,8", f"--out={picture}", f"--csv={table}"]) == 0
    moment = sources.find(EXHIBIT).open(60)
    space = latent.space_of(moment)
    fakes = space.draw(space.noise(0, 3), np.array([3, 8, 3]))
    rows = list(csv.DictReader(table.open()))
    assert len(rows) == 3 * 2 * 5 and {row["measure"] for row in rows} == {"pixels", "features"}
    first = next(row for row in rows if (row["fake"], row["measure"], row["place"]) == ("1", "pixels", "1"))
    distances = np.sqrt(((moment.pictures.images / 255.0 - fakes[1] / 255.0) ** 2).mean((1, 2)))
    assert int(first["real"]) == distances.argmin()
    assert float(first["distance"]) == pytest.approx(distances.min(), rel=1e-3) and float(first["ratio"]) > 0
    sheet, side = np.asarray(Image.open(picture)), 2 * PIXELS + 2
    shown = sheet[side : side + 2 * PIXELS : 2, : 11 * side].swapaxes(0, 1)[::2].swapaxes(0, 1)
    assert tuple(shown[0, 0]) == FAKE and np.array_equal(shown[EDGE : EDGE + 28, EDGE : EDGE + 28, 0], fakes[1])
    beside = shown[:, side // 2 : side // 2 + PIXELS]
    assert tuple(beside[0, 0]) == REAL
    assert np.array_equal(beside[EDGE:-EDGE, EDGE:-EDGE, 0], moment.pictures.images[int(first["real"])])


def test_a_sheet_of_new_pictures(told, tmp_path):
    out, numbers = tmp_path / "new.png", tmp_path / "new.npy"
    assert main(["sample", told, f"--out={out}"]) == 0 and main(["sample", told, f"--out={numbers}"]) == 0
    assert Image.open(out).size == (8 * 58 - 2, 8 * 58 - 2)
    assert np.array_equal(np.asarray(Image.open(out)), export.grid(np.load(numbers)))


def test_a_run_in_the_library_and_one_of_its_epochs(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GAN_STUDIO_LIBRARY", str(tmp_path / "runs"))
    config = RunConfig(architecture="conditional", options={"width": 4}, latent_size=4, epochs=2, pictures=64)
    store = open_store()
    manager = RunManager(store=store)
    run = manager.starting.new(config.but(device="cpu"), "tests", None)
    assert run.wait(60)
    store.rename(run.run_id, "Mine")
    manager.stop_all()
    outs = ["walk", "directions", "map", "nearest", "sample"]
    for command in outs:
        ends = [tmp_path / f"{command}{epoch}.png" for epoch in (0, 2)]
        for epoch, out in zip((0, 2), ends, strict=True):
            assert main([command, "Mine", f"--epoch={epoch}", f"--out={out}"]) == 0
        newest = tmp_path / f"{command}.png"
        assert main([command, "Mine", f"--out={newest}"]) == 0
        assert newest.read_bytes() == ends[1].read_bytes() != ends[0].read_bytes()
    assert main(["export", "Mine", "--epoch=1", f"--onnx={tmp_path / 'one.onnx'}"]) == 0
    assert main(["map", "Mine", "-n20", f"--csv={tmp_path / 'map.csv'}"]) == 0
    beliefs = [row["belief"] for row in csv.DictReader((tmp_path / "map.csv").open()) if row["picture"] == "fake"]
    assert len(beliefs) == 20 and all(0 <= float(belief) <= 1 for belief in beliefs)
    assert main(["walk", "Mine", "--epoch=7", "--out=walk.png"]) == 2
    assert "one of 0, 1, 2" in capsys.readouterr().err
