"""`python -m gan`: what it prints and writes, and one sentence for whatever is wrong."""

import json
import math
import resource
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan import data
from gan.__main__ import main
from gan.cli import commands, sources
from gan.data import downloads
from gan.export import from_noise, gif, load_generator, read_settings, sample, save_generator, settings_json
from gan.export.onnx_file import onnx_file
from gan.families.gan.learner import Learner
from gan.learn.build import build
from gan.learn.trainer import NotFinite, Trainer
from gan.messages import verbatim
from gan.records import Change
from gan.setup import presets
from gan.setup.config import RunConfig

ROOT = Path(__file__).parents[3]

# 438 pictures in two steps: as little as the command can train.
TINY = ["--preset=pocket", "--set=classes=3", "--set=batch_size=219", "--set=latent_size=4", "--set=device=cpu"]
CONFIG = presets.get("pocket").but(classes="3", batch_size=219, latent_size=4, device="cpu")
NUMBERS = ["epoch", "d_loss", "g_loss", "d_real", "d_fake", "seconds", "step", "steps_per_second"]
NUMBERS += ["d_seen", "d_unseen", "d_gradient", "g_gradient", "real_passed", "fake_passed", "d_right", "d_sure"]
NUMBERS += ["realism", "variety", "precision", "recall", "copying", "kl", "js", "kinds", "high_quality"]


@pytest.fixture(autouse=True)
def no_sets_are_here(monkeypatch, tmp_path_factory):
    """Downloads lie in an empty folder."""
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path_factory.mktemp("sets")))


def start(*arguments):
    command, pipe = [sys.executable, "-m", "gan", *map(str, arguments)], subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=ROOT)


def run(*arguments):
    """Run `python -m gan` to its end: (exit code, stdout, stderr)."""
    process = start(*arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_train_then_sample_from_the_shell(tmp_path):
    png, folder = tmp_path / "new" / "grid.png", tmp_path / "other" / "generator"
    code, out, err = run("train", *TINY, "--epochs", 2, "--json", "--threads", 1, "--samples", png, "--out", folder)
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [list(line) for line in lines] == [NUMBERS] * 2
    assert [(line["epoch"], line["step"]) for line in lines] == [(1, 2), (2, 4)]
    assert all(math.isfinite(line[name]) for line in lines for name in NUMBERS[:12])
    assert lines[-1]["realism"] > 0
    assert Image.open(png).size == (8 * 56 + 7 * 2, 8 * 56 + 7 * 2)

    code, out, err = run("sample", folder, "-n", 300, "--seed", 5, "--out", tmp_path / "new.npy")
    assert (code, out, err) == (0, "", "")
    pictures = np.load(tmp_path / "new.npy", allow_pickle=False)
    assert (pictures.shape, pictures.dtype) == ((300, 28, 28), np.uint8)
    assert np.array_equal(pictures, sample(*load_generator(folder), 300, 5))


def test_ctrl_c_stops_and_keeps_what_was_asked_for(tmp_path):
    png, folder = tmp_path / "grid.png", tmp_path / "generator"
    process = start("train", *TINY, "--epochs", 100_000, "--samples", png, "--out", folder)
    assert process.stdout.readline().startswith("epoch ")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.startswith("gan: stopped after ")
    assert err.endswith(" of 100,000 epochs.\n")
    assert len(err.splitlines()) == 1
    assert png.stat().st_size > 0
    load_generator(folder)
    (epoch,) = sources.find(str(folder)).epochs
    assert err == f"gan: stopped after {epoch:,} of 100,000 epochs.\n"


def test_settings_and_help_come_without_torch():
    code = "import sys, gan.__main__ as cli\ntry: cli.main(sys.argv[1:])\nfinally: print('torch' in sys.modules)"
    for arguments in (["presets"], ["presets", "--json"], ["--help"], ["train", "--help"], ["script", "--set", "x=1"]):
        ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT)
        assert ran.stdout.splitlines()[-1] == "False", arguments


def blow_up(trainer, ask):
    raise NotFinite("learn.test", "a loss was no longer a finite number")
    yield


class TestWhatWasTrainedIsKept:
    """Whatever happens to the lines, the pictures and the disk."""

    def test_when_nobody_reads_the_lines_any_more(self, tmp_path):
        process = start("train", *TINY, "--epochs", 40, "--out", tmp_path / "g", "--samples", tmp_path / "s.png")
        assert process.stdout.readline().startswith("epoch ")
        process.stdout.close()
        err = process.stderr.read()
        assert (process.wait(60), err) == (0, "")
        assert load_generator(tmp_path / "g")[1].epochs == 40 and (tmp_path / "s.png").stat().st_size > 0

    def test_the_lines_alone_end_with_their_reader(self):
        process = start("train", *TINY, "--epochs", 100_000)
        assert process.stdout.readline().startswith("epoch ")
        process.stdout.close()
        err = process.stderr.read()
        assert (process.wait(60), err) == (1, "")

    def test_when_the_lines_find_no_room(self, tmp_path):
        command = [sys.executable, "-m", "gan", "train", *TINY, "--epochs=2", f"--out={tmp_path / 'g'}"]
        with Path("/dev/full").open("w") as full:
            ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        assert (ran.returncode, ran.stderr) == (2, "gan: the lines could not be printed: No space left on device.\n")
        load_generator(tmp_path / "g")

    def test_when_the_pictures_find_no_room(self, tmp_path):
        code, _, err = run("train", *TINY, "--epochs", 1, "--samples", "/dev/full", "--out", tmp_path / "g")
        assert (code, err) == (2, "gan: /dev/full cannot be written: No space left on device.\n")
        load_generator(tmp_path / "g")

    def test_an_old_generator_stays_where_a_new_one_finds_no_room(self, tmp_path):
        folder = tmp_path / "g"
        assert run("train", *TINY, "--epochs", 1, "--out", folder)[0] == 0
        before = {path.name: path.read_bytes() for path in folder.iterdir()}

        def small():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # bytes in a file: as on a full disk

        command = [sys.executable, "-B", "-m", "gan", "train", *TINY, "--epochs=2", f"--out={folder}"]
        ran = subprocess.run(command, preexec_fn=small, capture_output=True, text=True, cwd=ROOT)
        path = folder / "generator.safetensors"
        assert (ran.returncode, ran.stderr) == (2, f"gan: {path} cannot be written: File too large.\n")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.fixture(scope="module")
def of_two_classes(tmp_path_factory):
    """The folder of a conditional generator that has learned dresses and ankle boots."""
    folder = tmp_path_factory.mktemp("generator")
    settings = ["--set=data=fashion", "--set=classes=3,9", "--set=batch_size=256", "--set=device=cpu"]
    assert main(["train", "--preset=quick", *settings, "--epochs=1", f"--out={folder}"]) == 0
    return folder


class TestSampleOfClasses:
    def drawn(self, of_two_classes, tmp_path, asked):
        assert main(["sample", str(of_two_classes), "-n", "6", "--class", asked, f"--out={tmp_path / 'new.npy'}"]) == 0
        return np.load(tmp_path / "new.npy")

    def test_draws_what_it_is_asked_for(self, of_two_classes, tmp_path):
        for asked, classes in (("3", (3,)), ("9, 3", (9, 3)), ("Ankle Boot", (9,)), ("dress,9", (3, 9))):
            expected = sample(*load_generator(of_two_classes), 6, 0, classes)
            assert np.array_equal(self.drawn(of_two_classes, tmp_path, asked), expected), asked

    def test_refuses_what_was_not_learned(self, of_two_classes, tmp_path, capsys):
        for asked in ("1", "trousers", "hat", "-1", "3,1"):
            assert main(["sample", str(of_two_classes), f"--class={asked}", f"--out={tmp_path / 'new.npy'}"]) == 2
            err = capsys.readouterr().err
            assert err.startswith("gan: classes cannot be ") and "learned: 3 (dress), 9 (ankle boot)." in err, asked
        assert list(tmp_path.iterdir()) == []

    def test_refuses_where_the_networks_are_told_no_class(self, tmp_path, capsys):
        assert main(["train", *TINY, "--epochs=1", f"--out={tmp_path / 'g'}"]) == 0
        capsys.readouterr()
        assert main(["sample", str(tmp_path / "g"), "--class=3", f"--out={tmp_path / 'new.npy'}"]) == 2
        assert capsys.readouterr().err == (
            "gan: The networks of pocket cannot be asked for a class: they are told none.\n"
        )


def test_sample_draws_ordinary_pictures_where_that_is_asked_for(of_two_classes, tmp_path, capsys):
    asked = ["sample", str(of_two_classes), "-n", "6", "--truncation", "0.5", f"--out={tmp_path / 'new.npy'}"]
    assert main(asked) == 0
    expected = sample(*load_generator(of_two_classes), 6, truncation=0.5)
    assert np.array_equal(np.load(tmp_path / "new.npy"), expected)
    asked[5] = "0"
    assert main(asked) == 2
    assert capsys.readouterr().err == "gan: truncation cannot be '0': it must be a number from 0.04 to 10.\n"


@pytest.fixture(scope="module")
def of_steps(tmp_path_factory):
    """The folder of a generator that draws in steps."""
    folder = tmp_path_factory.mktemp("diffusion")
    config = RunConfig.from_dict({"architecture": "denoiser_mlp", "options": {"width": 16, "sampler_steps": 2}})
    save_generator(build(config, (1, 28, 28))["generator"], config, folder)
    return folder


class TestSampleAsAFilm:
    def drawn(self, of_steps, path, *asked):
        assert main(["sample", str(of_steps), "-n", "4", f"--out={path}", *asked]) == 0
        return path.read_bytes()

    def test_ordinary_pictures_come_from_the_noise_that_a_sheet_of_them_comes_from(self, of_steps, tmp_path):
        film = self.drawn(of_steps, tmp_path / "a.gif", "--truncation=0.5")
        frames = from_noise(*load_generator(of_steps), 4, truncation=0.5)
        assert film == gif(frames, columns=8) != self.drawn(of_steps, tmp_path / "b.gif")
        drawn = sample(*load_generator(of_steps), 4, truncation=0.5)
        assert np.abs(frames[-1].astype(int) - drawn).max() <= 1

    def test_refuses_a_truncation_that_cannot_be(self, of_steps, tmp_path, capsys):
        asked = ["sample", str(of_steps), "--truncation=0", f"--out={tmp_path / 'a.gif'}"]
        assert main(asked) == 2 and not (tmp_path / "a.gif").exists()
        assert capsys.readouterr().err == "gan: truncation cannot be '0': it must be a number from 0.04 to 10.\n"


@pytest.mark.parametrize(("name", "suffix"), [("new.jpg", ".jpg"), ("new", ""), ("new.NPZ", ".npz")])
def test_sample_refuses_a_kind_of_file_that_it_does_not_write(name, suffix, tmp_path, capsys):
    assert main(["sample", str(tmp_path), f"--out={tmp_path / name}"]) == 2
    sentence = f"gan: --out cannot be '{suffix}': it must be one of .png, .gif, .npy"
    assert capsys.readouterr().err.startswith(sentence) and list(tmp_path.iterdir()) == []


class TestTrain:
    def test_prints_aligned_lines_for_people(self, capsys):
        assert main(["train", *TINY, "--epochs=2"]) == 0
        first, second = capsys.readouterr().out.splitlines()
        assert first.startswith("epoch    1   D ")
        assert len(first) == len(second)

    def test_trains_as_the_engine_does(self, capsys, tmp_path):
        assert main(["train", *TINY, "--epochs=2", "--json", f"--out={tmp_path}"]) == 0
        printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        trainer = Trainer(CONFIG.but(epochs=2))
        records = [record.numbers() for record in trainer.epochs()]
        for line, numbers in zip(printed, records, strict=True):
            assert {k: v for k, v in line.items() if "second" not in k} == {
                k: v for k, v in numbers.items() if "second" not in k
            }
        net, config = load_generator(tmp_path)
        assert config == CONFIG.but(epochs=2)
        assert np.array_equal(sample(net, config, 5), sample(trainer.learner.best_generator, config, 5))

    def test_writes_the_averaged_generator(self, tmp_path):
        assert main(["train", *TINY, "--epochs=1", "--set=ema=0.9", f"--out={tmp_path}"]) == 0
        net, config = load_generator(tmp_path)
        trainer = Trainer(config)
        list(trainer.epochs())
        assert np.array_equal(sample(net, config, 5), sample(trainer.learner.best_generator, config, 5))
        assert not np.array_equal(sample(net, config, 5), sample(trainer.learner.generator, config, 5))

    def test_repeats_a_run_that_was_steered(self, capsys, tmp_path):
        changes = [Change(2, 0.5, {"learning_rate": 0.1})]
        path, plain = tmp_path / "settings.json", tmp_path / "plain.json"
        path.write_text(settings_json(CONFIG, changes))
        plain.write_text(settings_json(CONFIG))
        steered, unsteered = tmp_path / "a", tmp_path / "b"
        assert main(["train", f"--config={path}", f"--out={steered}"]) == 0
        assert main(["train", f"--config={plain}", f"--out={unsteered}"]) == 0
        trainer = Trainer(CONFIG, changes=changes)
        list(trainer.epochs())
        drawn = [sample(*load_generator(folder), 5) for folder in (steered, unsteered)]
        assert np.array_equal(drawn[0], sample(trainer.learner.best_generator, CONFIG, 5))
        assert not np.array_equal(*drawn)

    def test_ends_where_a_change_on_the_way_wants_it_and_says_what_was_changed(self, capsys, tmp_path):
        path, folder = tmp_path / "settings.json", tmp_path / "g"
        changes = (Change(2, 1.0, {"epochs": 2, "learning_rate": 0.1}),)
        path.write_text(settings_json(CONFIG.but(epochs=4), changes))
        assert main(["train", f"--config={path}", f"--out={folder}"]) == 0
        out, err = capsys.readouterr()
        assert (len(out.splitlines()), err) == (2, "")
        assert read_settings(folder / "config.json") == (CONFIG.but(epochs=4), changes)
        assert load_generator(folder)[1] == CONFIG.but(epochs=2, learning_rate=0.1)
        assert main(["explain", str(folder), f"--out={tmp_path / 'e'}"]) == 0
        assert capsys.readouterr().out.startswith("epoch 2 ")

    def test_starts_from_a_file_of_settings(self, capsys, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(settings_json(CONFIG.but(epochs=1, seed=9)))
        assert main(["train", f"--config={path}", f"--out={tmp_path / 'a'}"]) == 0
        assert main(["train", f"--config={tmp_path / 'a' / 'config.json'}", "--set=seed=8", f"--out={tmp_path}"]) == 0
        assert load_generator(tmp_path / "a")[1] == CONFIG.but(epochs=1, seed=9)
        assert load_generator(tmp_path)[1] == CONFIG.but(epochs=1, seed=8)

    @pytest.mark.parametrize(
        ("arguments", "count", "line"),
        [
            ([], 1, ""),
            (["--threads=1"], 1, ""),
            (["--threads=3"], 3, "gan: with 3 instead of 1 threads the pictures can come out a little different.\n"),
            (["--set=architecture=deep_mlp_vs_conv", "--set=batch_size=128", "--set=pictures=128"], 8, ""),
        ],
        ids=str,
    )
    def test_sets_torchs_threads_first(self, arguments, count, line, monkeypatch, capsys):
        asked = []
        monkeypatch.setattr("gan.learn.device.cores", lambda: 8)
        monkeypatch.setattr("gan.learn.threads.use_threads", asked.append)
        monkeypatch.setattr("gan.learn.trainer.Trainer.epochs", lambda self, ask: iter(asked.append("epochs") or ()))
        main(["train", *TINY, *arguments])
        assert asked == [count, "epochs"]
        assert capsys.readouterr().err.startswith(line)

    def test_trains_with_the_threads_that_a_file_names(self, monkeypatch, tmp_path, capsys):
        asked = []
        monkeypatch.setattr("gan.learn.threads.use_threads", asked.append)
        main(["train", *TINY, "--epochs=1", "--threads=2", f"--out={tmp_path}"])
        path = tmp_path / "config.json"
        assert json.loads(path.read_text())["threads"] == 2
        main(["train", f"--config={path}"])
        main(["train", f"--config={path}", "--threads=1"])
        assert asked == [2, 2, 1]
        path.write_text(settings_json(CONFIG.but(epochs=1)).replace("{", '{"threads": 0,', 1))
        capsys.readouterr()
        assert main(["train", f"--config={path}"]) == 2
        assert "threads cannot be 0: it must be a whole number from 1 to 256" in capsys.readouterr().err

    def test_gives_ctrl_c_back(self):
        before = signal.getsignal(signal.SIGINT)
        main(["train", *TINY, "--epochs=1"])
        assert signal.getsignal(signal.SIGINT) is before


class TestALossBringsItsPapersSettings:
    def config(self, *arguments):
        return commands._config(commands.parser().parse_args(["train", *arguments]))[0]

    def test_and_says_so(self, capsys):
        config = self.config("--preset=dcgan", "--set=loss=wgan_gp")
        assert (config.d_steps, config.learning_rate, config.beta2) == (5, 1e-4, 0.9)
        assert capsys.readouterr().err == "gan: wgan_gp brings along learning_rate=0.0001, beta2=0.9, d_steps=5.\n"

    def test_but_what_was_asked_for_wins(self, capsys):
        config = self.config("--set=loss=wgan_gp", "--set=d_steps=1", "--set=learning_rate=1e-3", "--set=beta2=0.99")
        assert config == presets.get("quick").but(loss="wgan_gp", learning_rate=1e-3)
        assert capsys.readouterr().err == ""

    def test_but_not_into_a_file_that_is_written_out(self, tmp_path, capsys):
        path, written = tmp_path / "settings.json", presets.get("quick").but(loss="wasserstein")
        path.write_text(settings_json(written))
        assert self.config(f"--config={path}") == written and capsys.readouterr().err == ""


class TestTakeElsewhere:
    def test_export_writes_the_generator_as_onnx(self, capsys, tmp_path):
        assert main(["train", *TINY, "--epochs=1", f"--out={tmp_path / 'g'}"]) == 0
        capsys.readouterr()
        file = tmp_path / "new" / "generator.onnx"
        assert main(["export", str(tmp_path / "g"), f"--onnx={file}"]) == 0
        assert capsys.readouterr() == ("", "")
        assert file.read_bytes() == onnx_file(*load_generator(tmp_path / "g"))

    def test_script_writes_what_trains_the_same(self, capsys, tmp_path):
        assert main(["script", *TINY, "--epochs=3", f"--out={tmp_path / 'code.zip'}"]) == 0
        assert capsys.readouterr() == ("", "")
        with zipfile.ZipFile(tmp_path / "code.zip") as files:
            text = files.read("train.py").decode()
            assert files.namelist() == ["train.py", "train.ipynb", "pictures.npz", "README.txt"]
        assert "\nEPOCHS = 3 " in text and "\nBATCH_SIZE = 219 " in text

    def test_script_repeats_the_changes_in_a_file(self, capsys, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(settings_json(CONFIG, [Change(2, 0.5, {"learning_rate": 0.1})]))
        assert main(["script", f"--config={path}", f"--out={tmp_path / 'code.zip'}"]) == 0
        with zipfile.ZipFile(tmp_path / "code.zip") as files:
            assert "if step == 2:  # changed while the run went on" in files.read("train.py").decode()


class TestWhateverIsWrong:
    def complaint(self, capsys, *arguments):
        """The one sentence on stderr, after all that must hold for each has been checked."""
        assert main(list(map(str, arguments))) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("gan: ")
        assert err.endswith("\n")
        assert err.count("\n") == 1
        return err.removeprefix("gan: ").rstrip("\n")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ([], "the following arguments are required: COMMAND"),
            (["trian"], "argument COMMAND: invalid choice: 'trian'"),
            (["train", "--colour"], "unrecognized arguments: --colour"),
            (["train", "--set"], "argument --set: expected one argument"),
            (["train", "--set", "epochs"], "--set cannot be 'epochs': it must be a setting's name, = and its value"),
            (["train", "--set", "epoch=5"], "There is no setting called 'epoch'. Did you mean epochs?"),
            (["train", "--set", "self=5"], "There is no setting called 'self'."),
            (
                ["train", "--set", "epochs=many"],
                "epochs cannot be 'many': it must be a whole number from 1 to 100,000.",
            ),
            (["train", "--set", "learning_rate="], "learning_rate cannot be '': it must be a number from"),
            (["train", "--set", "pixel_range=0=1"], "pixel_range cannot be '0=1': it must be one of -1..1, 0..1."),
            (["train", "--epochs", "0"], "epochs cannot be '0': it must be"),
            (["train", "--threads", "0"], "threads cannot be '0': it must be a whole number"),
            (["train", "--threads", "two"], "threads cannot be 'two': it must be a whole number"),
            (["train", "--preset", "quik"], "preset cannot be 'quik': it must be one of quick,"),
            (["train", "--preset=quick", "--config=x.json"], "argument --config: not allowed with argument --preset"),
            (["train", "--config", "nowhere.json"], "There is no file nowhere.json."),
            (["train", "--set=classes=3", "--set=batch_size=501"], "batch_size cannot be 501: it must be at most 438"),
            (["download", "digits"], "data cannot be 'digits': it must be one of mnist,"),
            (["sample", "nowhere", "--out=new.npy"], "nowhere is no folder, no file, and no run in the library"),
            (["sample", "nowhere"], "the following arguments are required: --out"),
            (["export", "nowhere", "--onnx=new.onnx"], "nowhere is no folder, no file, and no run in"),
            (["export", "nowhere"], "the following arguments are required: --onnx"),
            (["script", "--set=classes=3", "--set=batch_size=501", "--out=new.zip"], "batch_size cannot be 501: it"),
            (["script", "--preset", "quik", "--out=new.zip"], "preset cannot be 'quik': it must be one of quick,"),
            (["script"], "the following arguments are required: --out"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_is_said_in_one_sentence(self, arguments, sentence, capsys, tmp_path, monkeypatch):
        place = tmp_path / "here"
        place.mkdir()
        monkeypatch.chdir(place)
        monkeypatch.setenv("GAN_STUDIO_LIBRARY", str(tmp_path / "library"))
        assert self.complaint(capsys, *arguments).startswith(sentence)
        assert list(place.iterdir()) == []

    def test_nothing_is_written_when_training_cannot_start(self, capsys, tmp_path):
        to = [f"--samples={tmp_path / 'a' / 'b.png'}", f"--out={tmp_path / 'c'}"]
        for wrong in ("--set=epochs=0", "--set=data=kmnist", "--threads=-1"):
            self.complaint(capsys, "train", *TINY, *to, wrong)
        assert list(tmp_path.iterdir()) == []

    def test_a_set_that_must_be_fetched_comes_with_the_command(self, capsys):
        for command in (["train"], ["script", "--out=new.zip"]):
            sentence = self.complaint(capsys, *command, "--set=data=mnist")
            assert sentence.endswith("MB to download). Run: python -m gan download mnist")

    @pytest.mark.parametrize("device", ["cuda", "mps"])
    def test_a_device_that_is_not_there_is_named(self, device, capsys, monkeypatch):
        monkeypatch.setattr("torch.cuda.is_available", lambda: False)
        monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
        sentence = self.complaint(capsys, "train", *TINY, f"--set=device={device}")
        assert sentence.startswith(f"device cannot be '{device}' on this computer")

    def test_numbers_that_blow_up_end_it(self, capsys, tmp_path):
        far_too_long = ["--set=architecture=fundamentals", "--set=optimizer=sgd", "--set=learning_rate=1"]
        arguments = ["train", *TINY, *far_too_long, "--set=beta1=0.999", "--epochs=40", f"--out={tmp_path / 'a'}"]
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        first, second = err.splitlines()
        assert first.startswith("gan: a loss was no longer a finite number by step ")
        done = len(out.splitlines())
        assert second == f"gan: the generator is that of epoch {done}, the last with finite numbers."
        config = load_generator(tmp_path / "a")[1].but(epochs=done)
        trainer = Trainer(config)
        list(trainer.epochs())
        assert np.array_equal(
            sample(*load_generator(tmp_path / "a"), 5), sample(trainer.learner.best_generator, config, 5)
        )

    def test_numbers_that_blow_up_at_once_leave_nothing(self, capsys, tmp_path, monkeypatch):
        monkeypatch.setattr(Trainer, "epochs", blow_up)
        assert main(["train", *TINY, f"--out={tmp_path / 'a'}", f"--samples={tmp_path / 'b.png'}"]) == 2
        assert capsys.readouterr().err.splitlines() == [
            "gan: a loss was no longer a finite number.",
            "gan: no epoch ended with finite numbers, so there is no generator to write.",
        ]
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [
            (MemoryError(), "This computer ran out of memory."),
            (
                RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
                "This computer ran out of memory.",
            ),
            (RuntimeError("no such kernel"), "The training stopped with an error: no such kernel."),
        ],
    )
    def test_what_ends_the_training_does_not_cost_the_last_whole_epoch(
        self, error, sentence, capsys, tmp_path, monkeypatch
    ):
        learn = Learner.learn

        def until_the_third_epoch(learner, *rest):
            if learner.steps == 6:  # in the midst of it
                raise error
            return learn(learner, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(Learner, "learn", until_the_third_epoch)
            assert main(["train", *TINY, "--epochs=9", f"--out={tmp_path / 'a'}"]) == 2
        assert capsys.readouterr().err.splitlines() == [
            f"gan: {sentence}",
            "gan: the generator is that of epoch 2, the last with finite numbers.",
        ]
        trainer = Trainer(CONFIG.but(epochs=2))
        list(trainer.epochs())
        net, config = load_generator(tmp_path / "a")
        assert np.array_equal(sample(net, config, 5), sample(trainer.learner.best_generator, config, 5))

    def test_a_path_that_cannot_be_written_is_refused_before_training(self, capsys, tmp_path):
        file, folder = tmp_path / "file", tmp_path / "folder"
        file.touch()
        folder.mkdir()
        for option, path, why in (
            ("--samples", folder, f"{folder} is a folder"),
            ("--samples", file / "grid.png", f"{file} is a file"),
            ("--out", file, f"{file} is a file"),
            ("--out", file / "a" / "b", f"{file} is a file"),
        ):
            assert self.complaint(capsys, "train", *TINY, option, path) == f"{path} cannot be written: {why}."
        assert self.complaint(capsys, "sample", "x", "--out", folder).endswith(f"{folder} is a folder.")
        assert sorted(tmp_path.rglob("*")) == [file, folder]

    def test_a_place_that_takes_no_files_is_refused(self, capsys, tmp_path, monkeypatch):
        def refuse(dir):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.TemporaryFile", refuse)
        path = tmp_path / "a" / "grid.png"
        sentence = self.complaint(capsys, "train", *TINY, "--samples", path)
        assert sentence == f"{path} cannot be written: Permission denied."

    def test_a_bad_count_or_seed_writes_no_pictures(self, capsys, tmp_path):
        assert main(["train", *TINY, "--epochs=1", f"--out={tmp_path / 'g'}"]) == 0
        capsys.readouterr()
        to = ["sample", tmp_path / "g", "--out", tmp_path / "new" / "new.npy"]
        assert self.complaint(capsys, *to, "-n", "0").startswith("count cannot be '0'")
        assert self.complaint(capsys, *to, "--seed", "-1").startswith("seed cannot be '-1'")
        assert not (tmp_path / "new").exists()
        assert main([str(part) for part in to]) == 0
        assert np.load(tmp_path / "new" / "new.npy").shape == (64, 28, 28)


class TestPresets:
    def test_as_json_are_configs(self, capsys):
        assert main(["presets", "--json"]) == 0
        listed = json.loads(capsys.readouterr().out)
        assert {name: RunConfig.from_dict(values) for name, values in listed.items()} == presets.PRESETS

    def test_for_people_can_be_typed_again(self, capsys):
        assert main(["presets"]) == 0
        listed, name = {}, None
        for line in capsys.readouterr().out.splitlines():
            if line.startswith("  "):
                listed[name].update(item.split("=", 1) for item in line.split())
            else:
                name = line
                listed[name] = {}
        assert {name: RunConfig.from_dict(values) for name, values in listed.items()} == presets.PRESETS


class TestDownload:
    def test_shows_how_far_it_is(self, capsys, monkeypatch):
        fetched = []

        def fetch(name, on_progress):
            fetched.append(name)
            for fraction in (0.0, 0.5, 0.501, 1.0):
                on_progress(fraction)

        monkeypatch.setattr(downloads, "fetch", fetch)
        assert main(["download", "mnist"]) == 0
        out, err = capsys.readouterr()
        title = data.get("mnist").title
        assert (fetched, out) == (["mnist"], "")
        assert err == f"\r{title}:  50%\r{title}: 100%\n"

    @pytest.mark.parametrize("part", [0.0, 0.25])
    def test_says_why_it_failed(self, part, capsys, monkeypatch):
        def fetch(name, on_progress):
            on_progress(part)
            raise downloads.DownloadFailed(verbatim("The server is down."))

        monkeypatch.setattr(downloads, "fetch", fetch)
        assert main(["download", "mnist"]) == 2
        assert capsys.readouterr().err.splitlines()[-1] == "gan: The server is down."


class TestDots:
    SET = ("--preset=dots", "--set=data=dots_grid_9", "--set=pictures=128", "--set=device=cpu", "--epochs=2")

    def test_are_trained_on_and_drawn(self, tmp_path, capsys):
        png, folder, npy = tmp_path / "dots.png", tmp_path / "generator", tmp_path / "new.npy"
        files = ["--samples", str(png), "--out", str(folder)]
        assert main(["train", *self.SET, "--set=noise=uniform", "--json", *files]) == 0
        last = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert list(last) == NUMBERS and last["realism"] is None
        assert last["kl"] > 0 and 0 < last["js"] <= math.log(2) and 0 <= last["kinds"] <= 9
        assert Image.open(png).size == (192, 192)
        assert main(["sample", str(folder), "-n", "300", "--seed", "5", "--out", str(npy)]) == 0
        dots = np.load(npy, allow_pickle=False)
        assert (dots.shape, dots.dtype) == ((300, 1, 2), np.float32) and np.abs(dots).max() <= 1

    def test_tell_their_scores_in_the_lines(self, capsys):
        assert main(["train", *self.SET]) == 0
        assert capsys.readouterr().out.splitlines()[-1].endswith(" blobs")

    def test_are_drawn_by_hand_in_a_setting(self, capsys):
        assert main(["train", self.SET[0], "--set=data=dots_drawn", "--set=drawing=AA"]) == 2
        assert "drawing cannot be 'AA': it must be the text of 1 to 300 drawn points" in capsys.readouterr().err

    def test_are_refused_by_networks_that_look_at_pixels(self, capsys):
        assert main(["train", "--set=data=dots_ring"]) == 2
        assert "conditional does not go with a set of dots: its layers look at" in capsys.readouterr().err

    def test_go_into_a_script(self, tmp_path):
        assert main(["script", *self.SET, "--out", str(tmp_path / "code.zip")]) == 0
        with zipfile.ZipFile(tmp_path / "code.zip") as archive:
            code = archive.read("train.py").decode()
            with np.load(archive.open("pictures.npz")) as kept:
                assert kept["images"].shape == (128, 1, 2)
        assert "128 real dots, each an x and a y from -1 to 1" in code and "as bytes" not in code
