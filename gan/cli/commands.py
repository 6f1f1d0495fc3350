"""The engine without a browser: `python -m gan train --preset quick --epochs 5 --json`.

Whatever is wrong is one sentence on stderr, beginning with "gan: ", and exit code 2.
"""

import argparse
import io
import json
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gan import data, export
from gan.cli import among_reals, explain, latent, pictures, sources, training, versus
from gan.cli.shell import Parser, check_writable, drop_output, fetch_first, say, write
from gan.data import downloads
from gan.export import script
from gan.export.onnx_file import onnx_file
from gan.export.settings_file import THREAD_COUNT
from gan.messages import message_of, msg, verbatim
from gan.records import Change
from gan.setup import presets
from gan.setup.config import RunConfig, comes_along
from gan.setup.kinds import Choice, as_text

SAMPLED = (".png", ".gif", ".npy")  # files that pictures are written to


def main(arguments: Sequence[str] | None = None, prog: str = "python -m gan") -> int:
    """Run one command; the exit code is 0, 2 after a sentence about what is wrong, 130 after Ctrl-C."""
    try:
        chosen = parser(prog).parse_args(arguments)
        return chosen.command(chosen)
    except BrokenPipeError:
        drop_output(sys.stdout)  # the reader of our output has left, as `head` does
        return 1
    except OSError as error:
        say(f"{error.filename or 'a file'} cannot be used: {error.strerror or error}.")
    except (ValueError, downloads.DownloadFailed) as error:
        say(str(message_of(error)))
    except KeyboardInterrupt:
        return 130
    return 2


def parser(prog: str = "python -m gan") -> Parser:
    top = Parser(prog=prog, description="Train a generative adversarial network, and draw with it.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    train_ = commands.add_parser("train", help="train a GAN; one line an epoch")
    train_.set_defaults(command=train)
    _add_settings(train_)
    train_.add_argument("--json", action="store_true", help="one JSON object an epoch")
    train_.add_argument("--threads", metavar="N", help="torch's threads (as many as suit the work of a step)")
    train_.add_argument("--samples", type=Path, metavar="FILE.png", help="write the last pictures")
    train_.add_argument("--out", type=Path, metavar="DIR", help="write the generator, and both networks to look into")

    sample_ = commands.add_parser("sample", help="draw new pictures")
    sample_.set_defaults(command=sample)
    sources.add(sample_)
    sample_.add_argument("--class", dest="classes", metavar="NAME", help="what to draw, such as 3 or 3,7 or dress")
    sample_.add_argument("-n", default="64", metavar="N", help="how many (64)")
    sample_.add_argument("--seed", default="0", metavar="N", help="the same seed, the same pictures (0)")
    sample_.add_argument(
        "--truncation", metavar="T", help="draw noise beyond T again: 0.5 for ordinary pictures (any noise goes)"
    )
    sample_.add_argument(
        "--out", type=Path, required=True, metavar="FILE",
        help=".png for a sheet; .gif for the way there from noise (diffusion); "
        ".npy for uint8 (n, h, w) or (n, h, w, 3), dots float32 (n, 1, 2)",
    )  # fmt: skip

    versus.add(commands)
    latent.add(commands)
    among_reals.add(commands)

    export_ = commands.add_parser("export", help="write a generator for other programs")
    export_.set_defaults(command=export_generator)
    sources.add(export_)
    export_.add_argument("--onnx", type=Path, required=True, metavar="FILE.onnx", help="noise in, pictures out")

    explain.add(commands)
    pictures.add(commands)

    script_ = commands.add_parser("script", help="write the training as a script and a notebook in plain PyTorch")
    script_.set_defaults(command=write_script)
    _add_settings(script_)
    script_.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="both, with the pictures")

    presets_ = commands.add_parser("presets", help="list the presets and their settings")
    presets_.set_defaults(command=list_presets)
    presets_.add_argument("--json", action="store_true")

    download_ = commands.add_parser(
        "download", help="fetch a picture set", description=f"Fetch a picture set into {downloads.folder()}."
    )
    download_.set_defaults(command=download)
    download_.add_argument("name", metavar="NAME", help=", ".join(_downloadable()))
    return top


def _add_settings(command: argparse.ArgumentParser) -> None:
    start = command.add_mutually_exclusive_group()
    start.add_argument("--preset", default="quick", metavar="NAME", help="the settings to start from (quick)")
    start.add_argument("--config", type=Path, metavar="FILE.json", help="start from the settings in a file")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a setting; data=FOLDER or data=FILE.zip for pictures of your own",
    )
    command.add_argument("--epochs", metavar="N", help="the same as --set epochs=N")


# The commands


def train(chosen: argparse.Namespace) -> int:
    config, changes = _config(chosen)
    wanted = _threads(chosen)
    check_writable(chosen.samples)
    check_writable(chosen.out, is_folder=True)

    from gan.learn import device
    from gan.learn.threads import threads_for, use_threads

    usual = threads_for(config, device.cores())
    threads = wanted or usual
    use_threads(threads)
    if threads != usual:
        note = msg(
            "cli.other_threads",
            "with {threads} instead of {usual} threads the pictures can come out a little different.",
            threads=threads,
            usual=usual,
        )
        say(str(note))
    try:
        return training.train(config, changes, chosen.json, chosen.out, chosen.samples, threads)
    except data.NotDownloaded as error:
        raise fetch_first(error, config.data) from error


def sample(chosen: argparse.Namespace) -> int:
    check_writable(chosen.out)
    kind = Choice(lambda: SAMPLED).read(verbatim("--out"), chosen.out.suffix.lower())
    net, config = sources.generator(chosen)
    classes = export.classes_named(config, chosen.classes) if chosen.classes else ()
    if kind == ".gif":
        frames = export.from_noise(net, config, chosen.n, chosen.seed, classes, chosen.truncation)
        write(chosen.out, export.gif(frames, columns=8))
        return 0
    pictures = export.sample(net, config, chosen.n, chosen.seed, classes, chosen.truncation)
    if kind == ".png":
        write(chosen.out, export.grid_png(pictures))
    else:
        file = io.BytesIO()
        np.save(file, pictures)
        write(chosen.out, file.getvalue())
    return 0


def export_generator(chosen: argparse.Namespace) -> int:
    check_writable(chosen.onnx)
    write(chosen.onnx, onnx_file(*sources.generator(chosen)))
    return 0


def write_script(chosen: argparse.Namespace) -> int:
    config, changes = _config(chosen)
    check_writable(chosen.out)
    try:
        write(chosen.out, script.bundle(config, changes))
    except data.NotDownloaded as error:
        raise fetch_first(error, config.data) from error
    return 0


def list_presets(chosen: argparse.Namespace) -> int:
    if chosen.json:
        print(json.dumps({name: config.to_dict() for name, config in presets.PRESETS.items()}, indent=2))
        return 0
    for name, config in presets.PRESETS.items():
        settings = " ".join(f"{key}={as_text(value)}" for key, value in config.to_dict().items())
        print(name, textwrap.fill(settings, 100, initial_indent="  ", subsequent_indent="  "), sep="\n")
    return 0


def download(chosen: argparse.Namespace) -> int:
    name = Choice(_downloadable).read("data", chosen.name)

    shown = ""

    def show(fraction: float) -> None:
        nonlocal shown
        line = f"{data.get(name).title}: {fraction:4.0%}"
        if fraction and line != shown:
            shown = line
            print(f"\r{line}", end="", file=sys.stderr, flush=True)

    def end() -> None:
        if shown:
            print(file=sys.stderr)

    try:
        downloads.fetch(name, on_progress=show)
    except downloads.DownloadFailed:
        end()
        say(str(downloads.by_hand(name)))
        raise
    end()
    return 0


# Reading what was asked for


def _config(chosen: argparse.Namespace) -> tuple[RunConfig, tuple[Change, ...]]:
    """The config to begin with, and the changes that a file holds."""
    wanted = dict(_setting(text) for text in chosen.set)
    if chosen.epochs is not None:
        wanted["epochs"] = chosen.epochs
    if "data" in wanted:
        wanted["data"] = pictures.brought(wanted["data"])
    config, changes = export.read_settings(chosen.config) if chosen.config else (presets.get(chosen.preset), ())
    along = comes_along(config, wanted)
    if along:
        settings = [verbatim(f"{name}={as_text(value)}") for name, value in along.items()]
        say(msg("command.brought", "{loss} brings along {settings:list}.", loss=wanted["loss"], settings=settings))
    return config.but(**along, **wanted), changes


def _threads(chosen: argparse.Namespace) -> int | None:
    """The threads that are asked for, or that a file of settings names."""
    if chosen.threads is not None:
        return THREAD_COUNT.read("threads", chosen.threads)
    return export.read_threads(chosen.config) if chosen.config else None


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--set cannot be {text!r}: it must be a setting's name, = and its value, as in epochs=5.")
    return name, value


def _downloadable() -> tuple[str, ...]:
    return tuple(name for name in data.names() if data.get(name).download_mb)
