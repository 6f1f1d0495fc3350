"""The film of pictures that come out of noise: its last frame is what is drawn."""

import io

import numpy as np
import pytest
from PIL import Image

from gan.cli.commands import main
from gan.export import from_noise, gif, sample, save_generator
from gan.learn.build import build
from gan.runs import ThreadRun
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig

OPTIONS = {"width": 8, "sampler_steps": 4}


def config(architecture: str = "denoiser_class", **settings) -> RunConfig:
    options = {"options": OPTIONS} if architecture.startswith("denoiser") else {}
    return RunConfig.from_dict({"architecture": architecture, "device": "cpu"} | options | settings)


def generator(config: RunConfig):
    return build(config, (1, 28, 28))["generator"]


@pytest.mark.parametrize("classes", [(), (3, 7)])
def test_it_ends_with_what_is_drawn_after_as_many_frames_as_steps(classes):
    net = generator(config())
    frames = from_noise(net, config(), 5, seed=2, classes=classes)
    assert len(frames) == 4 and frames[0].shape == (5, 28, 28) and frames[0].dtype == np.uint8
    drawn = sample(net, config(), 5, seed=2, classes=classes)
    assert np.abs(frames[-1].astype(int) - drawn).max() <= 1
    assert np.abs(frames[0].astype(int) - frames[-1]).max() > 1
    with Image.open(io.BytesIO(gif(frames))) as film:
        assert film.n_frames == 4


def test_who_draws_at_once_has_none():
    vae = config("vae_mlp")
    with pytest.raises(ValueError, match="draws at once"):
        from_noise(generator(vae), vae)
    with pytest.raises(ValueError, match="they are told none"):
        from_noise(generator(config("denoiser")), config("denoiser"), classes=(3,))


def test_the_command_line_writes_it(tmp_path, capsys):
    save_generator(generator(config()), config(), tmp_path / "g")
    assert main(["sample", str(tmp_path / "g"), "-n=3", f"--out={tmp_path / 'film.gif'}"]) == 0
    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames == 4
    save_generator(generator(config("vae_mlp")), config("vae_mlp"), tmp_path / "v")
    assert main(["sample", str(tmp_path / "v"), "-n=3", f"--out={tmp_path / 'no.gif'}"]) != 0
    assert "draws at once" in capsys.readouterr().err and not (tmp_path / "no.gif").exists()


def test_a_run_gives_it_once_it_has_ended():
    run = ThreadRun(Snapshot("test", config(epochs=1, classes=(1,), pictures=40)))
    run.start()
    assert run.wait(60)
    with Image.open(io.BytesIO(run.from_noise())) as film:
        assert film.n_frames == 4
