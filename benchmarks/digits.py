"""How soon and how far `quick` gets, against the textbook recipe in the same Trainer.

    python -m benchmarks.digits [--preset quick] [--data digits] [--save DIR]

Both train side by side, one process and one thread each; time counts in training alone. The distance is the
referee's Frechet distance between 2,500 fakes and 2,500 real pictures; the floor is that of the next 2,500 real
ones. "Readable" is the share of the fakes that the referee takes for some kind with 90 % or more.
"""

import argparse
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import torch

from benchmarks import workers
from benchmarks.report import Row, show, table
from gan import data, export, presets, referee, scores
from gan.config import RunConfig
from gan.referee import CLASSES, Referee
from gan.trainer import Trainer

TEXTBOOK = "fundamentals"
MARKS = (2, 5, 10, 15, 60, 150, 300, 600)  # seconds of training
SAMPLES = 2_500
SURE = 0.9


class Look(NamedTuple):
    """What the referee makes of a generator's fakes."""

    distance: float
    least: float  # share of the rarest kind
    readable: float


def look(judge: Referee, images: np.ndarray, reals: scores.Gaussian) -> Look:
    features, chances = judge.look(images)
    shares = scores.shares(chances.argmax(1), CLASSES)
    return Look(scores.frechet(reals, scores.gaussian(features)), min(shares), readable(chances))


def readable(chances: torch.Tensor) -> float:
    """The share of rows of class probabilities (n, k) with a kind that is as good as sure."""
    return (chances.amax(1) >= SURE).float().mean().item()


def halves(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Twice 2,500 real pictures."""
    images = data.load(name).images
    order = np.random.RandomState(0).permutation(len(images))
    return images[order[:SAMPLES]], images[order[SAMPLES : 2 * SAMPLES]]


def floor(name: str) -> Look:
    """What real pictures look like to the referee when they are measured as if they were fakes."""
    judge, (ones, others) = referee.load(name), halves(name)
    return look(judge, others, scores.gaussian(judge.look(ones)[0]))


def grow(config: RunConfig, save: Path | None = None) -> list[Look]:
    """What a new run draws after each of MARKS."""
    judge, (ones, _) = referee.load(config.data), halves(config.data)
    reals = scores.gaussian(judge.look(ones)[0])
    trainer = Trainer(config)
    found: list[Look] = []
    trained, start = 0.0, perf_counter()
    for _ in trainer.readings(every_seconds=0.1):
        trained += perf_counter() - start
        if trained >= MARKS[len(found)]:
            fakes = export.sample(trainer.best_generator, config, SAMPLES)
            found.append(look(judge, fakes, reals))
            if save:
                name = f"{config.architecture}-{config.data}-{MARKS[len(found) - 1]}s.png"
                (save / name).write_bytes(export.grid_png(fakes[:64]))
            if len(found) == len(MARKS):
                break
        start = perf_counter()
    return found


def race(preset: str, name: str, save: Path | None = None) -> dict[str, list[Look]]:
    """`preset` and the textbook recipe, side by side."""
    configs = [presets.get(one).but(data=name, epochs=100_000, device="cpu") for one in (preset, TEXTBOOK)]
    return dict(zip((preset, TEXTBOOK), workers.each(partial(grow, save=save), configs), strict=True))


def rows(preset: str = "quick", name: str = "digits", save: Path | None = None) -> list[Row]:
    """The promises about the time to good pictures."""
    found, real = race(preset, name, save), floor(name)
    lines = [
        [run, f"{mark} s", f"{one.distance:.2f}", f"{one.least:.1%}", f"{one.readable:.0%}"]
        for run, looks in found.items()
        for mark, one in zip(MARKS, looks, strict=True)
    ]
    lines.append(["real pictures", "", f"{real.distance:.2f}", f"{real.least:.1%}", f"{real.readable:.0%}"])
    print(table([name, "trained for", "distance", "rarest kind", "readable"], lines) + "\n", flush=True)

    mine, theirs = (dict(zip(MARKS, looks, strict=True)) for looks in found.values())
    even = 1 / CLASSES
    return [
        *(
            Row(
                f"{preset} after {soon} s against {TEXTBOOK} after {late} s, {name}",
                "nearer",
                f"{mine[soon].distance:.2f} and {theirs[late].distance:.2f}",
                mine[soon].distance < theirs[late].distance,
            )
            for soon, late in ((15, 150), (60, 600))
        ),
        Row(
            f"{preset} after 10 minutes, {name}",
            "5 floors",
            f"{mine[600].distance / real.distance:.1f} floors",
            mine[600].distance <= 5 * real.distance,
        ),
        Row(
            "the rarest kind then, of an even share",
            "50 %",
            f"{mine[600].least / even:.0%}",
            mine[600].least > even / 2,
        ),
        Row(
            "distance after 10 minutes against 5 minutes",
            "no worse",
            f"{mine[600].distance:.2f} and {mine[300].distance:.2f}",
            mine[600].distance <= 1.1 * mine[300].distance,  # the same generator's distance varies by 5 %
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--data", default="digits")
    parser.add_argument("--save", type=Path, help="write the grids into this folder")
    options = parser.parse_args()
    if options.save:
        options.save.mkdir(parents=True, exist_ok=True)
    show(rows(options.preset, options.data, options.save))


if __name__ == "__main__":
    main()
