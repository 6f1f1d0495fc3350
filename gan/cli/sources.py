"""Where a command finds a run's networks: a folder of `train --out`, a run saved as a file, or a run of the library."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING

from gan import export, inside
from gan.messages import Refusal
from gan.runs.kept import parcel
from gan.setup.config import RunConfig
from gan.setup.kinds import Choice

if TYPE_CHECKING:
    from torch import nn

    from gan.inside.moment import Moment

MOMENT, SETTINGS = "moment.safetensors", "config.json"  # what `train --out` leaves in its folder, beside the generator
MOST_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Kept:
    """What a run kept: its epochs, oldest first, and how to read each."""

    epochs: tuple[int, ...]
    config: Callable[[int], RunConfig]
    content: Callable[[int], bytes]

    def open(self, epoch: int) -> "Moment":
        return inside.open_moment(self.config(epoch), self.content(epoch))

    def chosen(self, asked: str | None) -> int:
        """The epoch that is asked for, or the newest. Raises ValueError with a sentence for one that is not kept."""
        if asked is None:
            return self.epochs[-1]
        return int(Choice(lambda: tuple(map(str, self.epochs))).read("epoch", asked))


def add(command: argparse.ArgumentParser) -> None:
    """Have a command ask for a run, and for one of its kept epochs."""
    command.add_argument(
        "run", metavar="RUN", help="a folder of `train --out`, a run saved as a file, or a run's name in the library"
    )
    command.add_argument("--epoch", metavar="N", help="its networks after epoch N (the newest that is kept)")


def generator(chosen: argparse.Namespace) -> tuple["nn.Module", RunConfig]:
    """The generator that is asked for, and its config; that of a folder on the CPU.

    Raises ValueError with a sentence where there is none.
    """
    if _is_folder(chosen):
        return export.load_generator(chosen.run)
    found = moment(chosen)
    return found.generator, found.config


def moment(chosen: argparse.Namespace) -> "Moment":
    """The networks that are asked for; the generator alone of a folder that holds no other."""
    if _is_folder(chosen) and not (Path(chosen.run) / MOMENT).is_file():
        return inside.moment_of(*export.load_generator(chosen.run))
    kept = find(chosen.run)
    return kept.open(kept.chosen(chosen.epoch))


def find(source: str) -> Kept:
    """What is kept in a folder of `train --out`, in a file that the library saved, or under a run's id or name there.

    Raises ValueError with a sentence where there is nothing to look into.
    """
    path = Path(source)
    if path.is_dir():
        return _folder(path)
    if path.is_file():
        snapshot, kept, _ = parcel.unwrap(path.read_bytes(), "file")
        return _checked(source, Kept(tuple(kept), lambda epoch: snapshot.as_of(epoch)[0].config, kept.__getitem__))
    return _checked(source, _in_library(source))


def _is_folder(chosen: argparse.Namespace) -> bool:
    """Whether a folder's own generator is asked for, whatever epoch it is of."""
    return chosen.epoch is None and Path(chosen.run).is_dir()


def _folder(folder: Path) -> Kept:
    from gan.learn.checkpoint import epoch_of

    config = export.read_last_settings(folder / SETTINGS)
    file = folder / MOMENT
    if not file.is_file():
        raise Refusal(
            "explain.no_moment", "{folder} holds no {file}: train it again with --out.", folder=folder, file=MOMENT
        )
    if file.stat().st_size > MOST_BYTES:
        raise Refusal("explain.too_large", "{file} is too large to be one of ours.", file=file)
    content = file.read_bytes()
    return Kept((floor(epoch_of(content)),), lambda epoch: config, lambda epoch: content)


def _in_library(name: str) -> Kept:
    from gan.runs.kept.opening import open_store

    store = open_store()
    try:
        runs = [run for run in store.runs() if name in (run.run_id, run.name)]
        snapshot = store.load(runs[0].run_id) if runs else None
        if snapshot is None:
            raise Refusal(
                "explain.no_run", "{name} is no folder, no file, and no run in the library on this computer.", name=name
            )
        moments = store.moments(snapshot.run_id)
    finally:
        store.close()
    return Kept(moments.epochs, lambda epoch: snapshot.as_of(epoch)[0].config, moments.read)


def _checked(source: str, kept: Kept) -> Kept:
    if not kept.epochs:
        raise Refusal("explain.nothing_kept", "{source} has kept no epoch to look into.", source=source)
    return kept
