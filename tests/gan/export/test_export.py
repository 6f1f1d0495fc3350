"""Sheets, animations, tables, and a generator that can be written, read and refused."""

import csv
import errno
import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from gan import export
from gan.export import generator_file
from gan.export.files import write_whole
from gan.learn.build import build
from gan.parts.blocks import Generator, Pictures
from gan.records import Change, EpochRecord
from gan.setup.config import RunConfig
from gan.setup.presets import PRESETS

CONFIG = RunConfig(architecture="pocket", latent_size=5, seed=3)


def samples(count, *shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), dtype=np.uint8)


def decoded(file):
    return np.asarray(Image.open(io.BytesIO(file)))


def record(epoch, **numbers):
    given = {"d_loss": 1.25, "g_loss": 0.5, "d_real": 0.75, "d_fake": 0.25, "seconds": 2.0} | numbers
    return EpochRecord(epoch=epoch, step=10 * epoch, steps_per_second=5.0, samples=None, **given)


CHANGE = b'{"changes": [{"step": %d, "epoch": 1, "settings": {%b}}]}'


class TestGrid:
    def test_puts_pictures_row_by_row_with_gaps_between(self):
        one, two, three = pictures = np.array([[[1, 2]], [[3, 4]], [[5, 6]]], np.uint8)  # 1 pixel high, 2 wide
        sheet = export.grid(pictures, columns=2, scale=2, gap=1)
        assert sheet.tolist() == [
            [1, 1, 2, 2, 0, 3, 3, 4, 4],
            [1, 1, 2, 2, 0, 3, 3, 4, 4],
            [0, 0, 0, 0, 0, 0, 0, 0, 0],
            [5, 5, 6, 6, 0, 0, 0, 0, 0],
            [5, 5, 6, 6, 0, 0, 0, 0, 0],
        ]
        assert sheet.dtype == np.uint8
        assert len({one.sum(), two.sum(), three.sum()}) == 3

    @pytest.mark.parametrize("colours", [(), (3,)])
    def test_has_every_picture_in_its_place(self, colours):
        pictures = samples(11, 4, 5, *colours)
        sheet = export.grid(pictures, columns=4, scale=3, gap=2)
        assert sheet.shape == (3 * 4 * 3 + 2 * 2, 4 * 5 * 3 + 3 * 2, *colours)
        for index, picture in enumerate(pictures):
            top, left = index // 4 * 14, index % 4 * 17
            assert np.array_equal(sheet[top : top + 12 : 3, left : left + 15 : 3], picture)
            assert np.array_equal(sheet[top + 2 : top + 12 : 3, left + 2 : left + 15 : 3], picture)
        assert not sheet[28:, 3 * 17 :].any()

    def test_is_no_wider_than_its_pictures(self):
        assert export.grid(samples(3, 28, 28), columns=8, scale=1, gap=0).shape == (28, 3 * 28)

    def test_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="no pictures"):
            export.grid(samples(0, 28, 28))


@pytest.mark.parametrize("colours", [(), (3,)])
def test_a_png_holds_the_very_pixels(colours):
    image = samples(1, 9, 7, *colours)[0]
    assert np.array_equal(decoded(export.png(image)), image)
    pictures = samples(10, 8, 8, *colours)
    assert np.array_equal(decoded(export.grid_png(pictures, 5, 2, 1)), export.grid(pictures, 5, 2, 1))


class TestGif:
    def frames(self, file):
        image = Image.open(io.BytesIO(file))
        for index in range(image.n_frames):
            image.seek(index)
            yield np.asarray(image.convert("RGB")), image.info["duration"]

    def test_shows_the_frames_in_turn_and_the_last_one_longer(self):
        pictures = [samples(4, 8, 8, seed=seed) for seed in range(3)]
        file = export.gif(iter(pictures), columns=2, scale=1, milliseconds=120, last_milliseconds=900)
        shown = list(self.frames(file))
        assert [duration for _, duration in shown] == [120, 120, 900]
        for (frame, _), picture in zip(shown, pictures, strict=True):
            assert np.array_equal(frame[..., 0], export.grid(picture, columns=2, scale=1))
        assert Image.open(io.BytesIO(file)).info["loop"] == 0

    def test_may_be_coloured(self):
        red_then_blue = np.zeros((2, 4, 8, 8, 3), np.uint8)
        red_then_blue[0, ..., 0] = red_then_blue[1, ..., 2] = 200
        shown = list(self.frames(export.gif(red_then_blue, columns=2, gap=0)))
        assert len(shown) == 2
        assert (shown[0][0] == [200, 0, 0]).all()
        assert (shown[1][0] == [0, 0, 200]).all()

    def test_of_one_frame_is_that_frame(self):
        pictures = samples(4, 8, 8)
        ((frame, _),) = self.frames(export.gif([pictures]))
        assert np.array_equal(frame[..., 0], export.grid(pictures))

    def test_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="no frames"):
            export.gif([])

    @pytest.mark.parametrize("shape", [(4, 28, 28), (4, 32, 32, 3)], ids=["grey", "colour"])
    def test_tells_the_epoch_of_each_sheet(self, shape):
        black = np.zeros(shape, np.uint8)
        height, width = export.grid(black).shape[:2]
        told = [frame[..., 0] for frame, _ in self.frames(export.gif([black] * 3, epochs=[0, 7, 14]))]
        assert len(told) == 3 and all(sheet.shape[0] > height and not sheet[:height].any() for sheet in told)
        bright = [int((sheet[-1] > 150).sum()) for sheet in told]
        assert bright == pytest.approx([1, width / 2, width], abs=2)
        assert all((sheet[height:-4] > 100).any() for sheet in told)  # the number


class TestTables:
    def test_history_is_one_row_an_epoch_under_a_header(self):
        records = [record(1), record(2, d_loss=0.1, g_loss=1 / 3)]
        text = export.history_csv(records)
        header, *_ = lines = text.splitlines()
        assert header.startswith("epoch,d_loss,g_loss,d_real,d_fake,seconds,step,steps_per_second,d_seen,d_unseen,")
        assert lines[1].startswith("1,1.25,0.5,0.75,0.25,2.0,10,5.0,,")
        assert len(lines) == 3
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        read = [{key: float(value) if value else None for key, value in row.items()} for row in rows]
        assert read == [r.numbers() for r in records]

    def test_no_history_is_no_text(self):
        assert export.history_csv([]) == ""

    @pytest.mark.parametrize("config", [*PRESETS.values(), RunConfig(classes=(3, 7), d_learning_rate=1e-4)])
    def test_settings_come_back_from_their_file(self, config, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(export.settings_json(config))
        assert json.loads(path.read_text()) == config.to_dict()
        assert export.read_settings(path) == (config, ())

    def test_so_do_the_changes_of_a_run_that_was_steered(self, tmp_path):
        path, config = tmp_path / "settings.json", PRESETS["quick"]
        changes = (Change(40, 1.5, {"learning_rate": 1e-3}), Change(40, 1.5, {"stabilisers": {"instance_noise": 0.2}}))
        path.write_text(export.settings_json(config, changes))
        assert export.read_settings(path) == (config, changes)

    def test_and_the_changes_of_one_that_was_steered_for_a_whole_lesson(self, tmp_path):
        """One each second."""
        path, config = tmp_path / "settings.json", PRESETS["quick"]
        changes = tuple(Change(step, step / 40, {"learning_rate": 1e-3 + step / 1e8}) for step in range(45 * 60))
        path.write_text(export.settings_json(config, changes))
        assert export.read_settings(path) == (config, changes)

    def test_an_editors_mark_before_them_changes_nothing(self, tmp_path):
        """Of the order of bytes, which some on Windows write."""
        path, config = tmp_path / "settings.json", PRESETS["quick"]
        path.write_text(export.settings_json(config), encoding="utf-8-sig")
        assert export.read_settings(path) == (config, ())

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "is not a JSON file"),
            (b"{", "is not a JSON file"),
            (b"\xff\xfe\x00", "is not a JSON file"),
            (b"[" * 50_000, "is not a JSON file"),
            (b"[1]", "cannot be used. It must hold a JSON object"),
            (b"null", "cannot be used. It must hold a JSON object"),
            (b'{"epoch": 5}', "cannot be used. There is no setting called 'epoch'. Did you mean epochs?"),
            (b'{"epochs": NaN}', "cannot be used. epochs cannot be nan"),
            (b'{"epochs": -1}', "cannot be used. epochs cannot be -1: it must be a whole number"),
            (b'{"changes": 3}', "cannot be used. changes must be a list of objects with a step"),
            (b'{"changes": [{"step": 1}]}', "cannot be used. changes must be a list of objects with a step"),
            (CHANGE % (-1, b'"epochs": 3'), "cannot be used. changes step cannot be -1"),
            (CHANGE % (1, b'"latent_size": 3'), "cannot be used. latent_size cannot change while a run goes on"),
            (CHANGE % (1, b'"epochs": 0'), "cannot be used. epochs cannot be 0"),
            (b" " * 1_050_000, "is too large: it must be at most 1,048,576 bytes"),
        ],
        ids=lambda value: repr(value)[:20],
    )
    def test_settings_that_are_none_are_refused(self, content, sentence, tmp_path):
        path = tmp_path / "settings.json"
        path.write_bytes(content)
        with pytest.raises(ValueError) as refusal:
            export.read_settings(path)
        assert str(refusal.value).startswith(f"{path} {sentence}")


class TestGenerator:
    @pytest.fixture
    def folder(self, tmp_path):
        net = build(CONFIG, (1, 28, 28))["generator"]
        export.save_generator(net, CONFIG, tmp_path / "a" / "b")
        return tmp_path / "a" / "b"

    @pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32)], ids=str)
    @pytest.mark.parametrize("architecture", ["pocket", "fundamentals", "dcgan"])
    def test_comes_back_as_it_was(self, architecture, shape, tmp_path):
        config = CONFIG.but(architecture=architecture)
        net = build(config.but(seed=99), shape)["generator"]
        net(torch.randn(20, 5))  # its batch statistics are no longer the initial ones
        export.save_generator(net, config, tmp_path)
        loaded, its_config = export.load_generator(tmp_path)
        assert its_config == config
        assert {path.name for path in tmp_path.iterdir()} == {"generator.safetensors", "config.json"}
        for (name, tensor), its in zip(net.state_dict().items(), loaded.state_dict().values(), strict=True):
            assert torch.equal(tensor, its), name
        pictures = export.sample(loaded, its_config, 3, seed=4)
        assert np.array_equal(pictures, export.sample(net, config, 3, seed=4))
        assert pictures.shape == ((3, 28, 28) if shape[0] == 1 else (3, 32, 32, 3))

    def test_comes_back_from_a_zip(self, tmp_path):
        net = build(CONFIG, (1, 28, 28))["generator"]
        with zipfile.ZipFile(io.BytesIO(export.generator_zip(net, CONFIG))) as files:
            files.extractall(tmp_path)
        loaded, config = export.load_generator(tmp_path)
        assert config == CONFIG
        assert np.array_equal(export.sample(loaded, config, 3), export.sample(net, config, 3))

    def test_is_told_apart_from_a_folder_without_one(self, tmp_path, folder):
        with pytest.raises(ValueError, match=r"There is no folder .*nowhere"):
            export.load_generator(tmp_path / "nowhere")
        for name in ("generator.safetensors", "config.json"):
            path = folder / name
            content = path.read_bytes()
            path.unlink()
            with pytest.raises(ValueError, match=f"There is no file .*{name}"):
                export.load_generator(folder)
            path.write_bytes(content)
        export.load_generator(folder)

    @pytest.mark.parametrize("damage", [b"", b"rubbish", b"\xff" * 100])
    def test_is_refused_when_its_file_is_none(self, damage, folder):
        (folder / generator_file.WEIGHTS).write_bytes(damage)
        with pytest.raises(ValueError, match="is not a file of weights, or it is damaged"):
            export.load_generator(folder)

    def test_is_refused_when_its_file_is_cut_short(self, folder):
        content = (folder / generator_file.WEIGHTS).read_bytes()
        (folder / generator_file.WEIGHTS).write_bytes(content[:-1000])
        with pytest.raises(ValueError, match="is not a file of weights, or it is damaged"):
            export.load_generator(folder)

    def test_is_refused_when_its_file_is_far_too_large(self, folder, monkeypatch):
        monkeypatch.setattr(generator_file, "MAX_WEIGHTS_BYTES", 1000)
        with pytest.raises(ValueError, match="is too large: it must be at most 1,000 bytes"):
            export.load_generator(folder)

    def rewrite(self, folder, change, shape="1,28,28"):
        path = folder / generator_file.WEIGHTS
        tensors = {name: tensor.clone() for name, tensor in load_file(path).items()}
        change(tensors)
        save_file(tensors, path, metadata=None if shape is None else {"shape": shape})

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (lambda t: t.pop("2.bias"), "2.bias is missing"),
            (lambda t: t.update(extra=torch.zeros(2)), "extra has no place in it"),
            (
                lambda t: t.update({"0.weight": torch.zeros(128, 6)}),
                r"0.weight is 128 x 6 \(float32\) and must be 128 x 5 \(float32\)",
            ),
            (
                lambda t: t.update({"0.bias": t["0.bias"].double()}),
                r"0.bias is 128 \(float64\) and must be 128 \(float32\)",
            ),
            (lambda t: t["0.bias"].fill_(torch.nan), "0.bias holds numbers that are not finite"),
        ],
    )
    def test_is_refused_when_it_does_not_fit_its_settings(self, change, sentence, folder):
        self.rewrite(folder, change)
        with pytest.raises(ValueError, match=rf"does not fit its settings \(pocket\): {sentence}\."):
            export.load_generator(folder)

    def test_is_refused_when_its_settings_are_anothers(self, folder):
        (folder / generator_file.SETTINGS).write_text(export.settings_json(CONFIG.but(latent_size=6)))
        with pytest.raises(ValueError, match="does not fit its settings"):
            export.load_generator(folder)

    @pytest.mark.parametrize("shape", [None, "", "1,28", "2,28,28", "1,28,x", "1,-28,28", "1,28,100000", "1,28,28,1"])
    def test_is_refused_when_its_pictures_have_no_shape(self, shape, folder):
        self.rewrite(folder, lambda t: None, shape)
        with pytest.raises(ValueError, match=f"the shape of its pictures cannot be '{shape or ''}'"):
            export.load_generator(folder)


class TestSample:
    net = build(CONFIG, (1, 28, 28))["generator"]

    def test_gives_the_same_pictures_for_the_same_seed(self):
        before = torch.get_rng_state()
        first = export.sample(self.net, CONFIG, 20, seed=1)
        assert torch.equal(torch.get_rng_state(), before)
        assert first.shape == (20, 28, 28)
        assert first.dtype == np.uint8
        assert np.array_equal(export.sample(self.net, CONFIG, 20, seed=1), first)
        assert not np.array_equal(export.sample(self.net, CONFIG, 20, seed=2), first)
        assert len(np.unique(first, axis=0)) == 20

    def test_gives_the_first_of_many_for_a_smaller_count(self):
        many = export.sample(self.net, CONFIG, 600)
        for count in (1, 7, 255, 256, 257, 599):
            assert np.array_equal(export.sample(self.net, CONFIG, count), many[:count])

    def test_is_the_generator_at_rest_on_normal_noise(self):
        config = CONFIG.but(architecture="fundamentals")
        net = build(config, (1, 28, 28))["generator"]
        noise = torch.randn(256, 5, generator=torch.Generator().manual_seed(8))
        with torch.no_grad():
            pictures = net.eval()(noise)[:4, 0].numpy()
        assert np.array_equal(export.sample(net, config, 4, seed=8), np.rint((pictures + 1) * 127.5))

    @pytest.mark.parametrize(("count", "seed"), [(0, 1), (-1, 1), ("x", 1), (10**9, 1), (1, -1), (1, "x"), (1, 2**31)])
    def test_refuses_counts_and_seeds_that_are_none(self, count, seed):
        with pytest.raises(ValueError, match=r"(count|seed) cannot be .*: it must be a whole number from"):
            export.sample(self.net, CONFIG, count, seed)


class TestTruncation:
    """The noise itself is drawn: 16 numbers as the pixels of a picture."""

    config = CONFIG.but(latent_size=16)
    net = Generator(torch.nn.Linear(16, 16, bias=False), Pictures((1, 4, 4)))
    torch.nn.init.eye_(net[0].weight)

    def test_no_number_is_beyond_it_and_the_others_are_as_they_were(self):
        free, cut = (export.sample(self.net, self.config, 200, 3, (), most) for most in (None, 0.5))
        assert 63 <= cut.min() <= 68 and 187 <= cut.max() <= 191  # -0.5 and 0.5 in bytes
        within = (free > 64) & (free < 191)
        assert 0.3 < within.mean() < 0.45 and np.array_equal(free[within], cut[within])
        assert np.array_equal(export.sample(self.net, self.config, 300, 3, (), "0.5")[:200], cut)

    @pytest.mark.parametrize("most", [0, 0.01, 11, "x", -1, float("nan")])
    def test_refuses_what_is_no_limit(self, most):
        with pytest.raises(ValueError, match=r"truncation cannot be .*: it must be a number from 0\.04 to 10"):
            export.sample(self.net, self.config, 1, truncation=most)

    @pytest.mark.parametrize("architecture", ["style", "progressive"])
    def test_refuses_networks_that_hear_nothing_of_how_large_noise_is(self, architecture):
        config = CONFIG.but(architecture=architecture)
        net = build(config, (1, 28, 28))["generator"]
        with pytest.raises(ValueError, match=f"The noise of {architecture} cannot be truncated"):
            export.sample(net, config, 1, truncation=0.5)

    def test_makes_pictures_of_biggan_more_alike(self):
        config = CONFIG.but(architecture="biggan")
        net = build(config, (1, 28, 28))["generator"]

        def spread(most):
            return export.sample(net, config, 64, 1, (3,), most).astype(float).std(0).mean()

        assert spread(0.1) < 0.5 * spread(1) < 0.5 * spread(None)


class TestSampleOfClasses:
    """A generator that draws the number of the class that it is asked for, in grey."""

    config = RunConfig(architecture="conditional", classes=(3, 7), latent_size=5)

    class Painter(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def forward(self, noise, labels=None):
            labels = torch.full((len(noise),), 9) if labels is None else labels
            return (2 * labels.float() / 255 - 1)[:, None, None, None].expand(-1, 1, 4, 4)

    def drawn(self, *arguments):
        return export.sample(self.Painter(), self.config, *arguments)[:, 0, 0].tolist()

    def test_draws_the_classes_in_turn(self):
        assert self.drawn(5, 0, (7,)) == [7] * 5
        assert self.drawn(5, 0, (3, 7)) == [3, 7, 3, 7, 3]
        assert self.drawn(600, 0, (7, 3))[257:] == ([7, 3] * 300)[257:]  # chunks go on where the last one ended
        assert self.drawn(2, 0) == [9, 9]  # whatever the network offers

    def test_refuses_what_was_not_learned(self):
        with pytest.raises(
            ValueError, match=r"classes cannot be 4: it must be one that was learned: 3 \(3\), 7 \(7\)\."
        ):
            self.drawn(5, 0, (3, 4))
        with pytest.raises(ValueError, match="The networks of pocket cannot be asked for a class: they are told none"):
            export.sample(self.Painter(), CONFIG, 5, 0, (3,))


class TestWrittenWhole:
    def test_all_or_nothing(self, tmp_path, monkeypatch):
        old, new = tmp_path / "a" / "old", tmp_path / "b" / "new"
        write_whole({old: b"before"})
        full = os.fsync

        def fill_up(descriptor):
            if os.path.realpath(f"/proc/self/fd/{descriptor}").endswith("new.part"):
                raise OSError(errno.ENOSPC, "No space left on device")
            full(descriptor)

        monkeypatch.setattr(os, "fsync", fill_up)
        with pytest.raises(OSError, match="No space left on device") as caught:
            write_whole({old: b"after", new: b"after"})
        assert caught.value.filename == str(new)
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == [old] and old.read_bytes() == b"before"
        monkeypatch.undo()
        write_whole({old: b"after", new: b"after"})
        assert old.read_bytes() == new.read_bytes() == b"after"
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2

    def test_a_link_and_a_device_stay_what_they_are(self, tmp_path):
        (tmp_path / "link").symlink_to(tmp_path / "file")
        write_whole({tmp_path / "link": b"x", Path(os.devnull): b"x"})
        assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_bytes() == b"x"
        assert not Path(os.devnull).is_file()

    def test_a_generator_survives_one_that_cannot_be_written(self, tmp_path, monkeypatch):
        export.save_generator(build(CONFIG, (1, 28, 28))["generator"], CONFIG, tmp_path)
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

        def full(descriptor):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left on device"):
            export.save_generator(build(CONFIG.but(seed=9), (1, 28, 28))["generator"], CONFIG.but(seed=9), tmp_path)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


class TestThreads:
    def test_stand_beside_the_settings(self, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(export.settings_json(RunConfig(seed=4), threads=2))
        assert export.read_settings(path) == (RunConfig(seed=4), ()) and export.read_threads(path) == 2
        path.write_text(export.settings_json(RunConfig(seed=4)))
        assert export.read_threads(path) is None

    @pytest.mark.parametrize("threads", [0, 257, "many", None, [2]])
    def test_that_are_no_number_of_threads_are_refused(self, threads, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(json.dumps(RunConfig().to_dict() | {"threads": threads}))
        with pytest.raises(ValueError, match="threads cannot be"):
            export.read_settings(path)
