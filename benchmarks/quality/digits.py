"""How soon `quick` and how far `best` gets, against the textbook recipe in the same Trainer.

    python -m benchmarks.quality.digits [--save DIR]
    python -m benchmarks.quality.digits --only best_clothes

Two train side by side, one process and one thread each; time counts in training alone. For a recipe whose learning rate
falls, its end counts as its last mark, should it come first. The distance is the referee's Frechet distance between
2,500 fakes and 2,500 real pictures; the floor is that of the next 2,500 real ones. "Readable" is the share of the fakes
that the referee takes for some kind with 90 % or more.
"""

import argparse
import operator
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.report import Row, show, table
from benchmarks.speed import workers
from gan import data, export
from gan.learn.trainer import Trainer
from gan.look import referee, scores
from gan.look.referee import Referee
from gan.setup import presets

TEXTBOOK = "fundamentals"
MARKS = (2, 5, 10, 15, 60, 150, 300, 600)  # seconds of training
LAST = {"quick": 60}  # the others go on to the end
SAMPLES = 2_500
SURE = 0.9


class Look(NamedTuple):
    """What the referee makes of a generator's fakes."""

    distance: float
    least: float  # share of the rarest kind
    readable: float


def look(judge: Referee, images: np.ndarray, reals: scores.Gaussian) -> Look:
    features, chances = judge.look(images)
    shares = scores.shares(chances.argmax(1), judge.classes)
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


def marks(preset: str) -> list[int]:
    return [mark for mark in MARKS if mark <= LAST.get(preset, MARKS[-1])]


def grow(preset: str, save: Path | None = None) -> dict[int, Look]:
    """What a new run draws after each of its marks."""
    config = presets.get(preset).but(device="cpu")
    if not config.learning_rate_decay:
        config = config.but(epochs=100_000)
    judge, (ones, _) = referee.load(config.data), halves(config.data)
    reals = scores.gaussian(judge.look(ones)[0])
    trainer = Trainer(config)
    found: dict[int, Look] = {}
    left = marks(preset)
    trained, start = 0.0, perf_counter()
    for reading in trainer.readings(every_seconds=0.1):
        trained += perf_counter() - start
        if reading.epoch == config.epochs:
            left = left[-1:]
            trained = left[0]
        while left and trained >= left[0]:
            mark = left.pop(0)
            fakes = export.sample(trainer.learner.best_generator, config, SAMPLES)
            found[mark] = look(judge, fakes, reals)
            if save:
                (save / f"{preset}-{mark}s.png").write_bytes(export.grid_png(fakes[:64]))
        if not left:
            break
        start = perf_counter()
    return found


def race(
    runs: Sequence[str], save: Path | None = None, beside: Sequence[Callable[[], list[Row]]] = ()
) -> tuple[dict[str, dict[int, Look]], list[Row]]:
    """Train the presets, two at a time, and print what they draw; what is `beside` follows on the core free first."""
    results = [*workers.each(operator.call, [*(partial(grow, run, save) for run in runs), *beside])]
    found = dict(zip(runs, results, strict=False))
    lines = [
        [run, f"{mark} s", f"{one.distance:.2f}", f"{one.least:.1%}", f"{one.readable:.0%}"]
        for run, looks in found.items()
        for mark, one in looks.items()
    ]
    real = floor(presets.get(runs[0]).data)
    lines.append(["real pictures", "", f"{real.distance:.2f}", f"{real.least:.1%}", f"{real.readable:.0%}"])
    print(table(["recipe", "trained for", "distance", "rarest kind", "readable"], lines) + "\n", flush=True)
    return found, [row for rows in results[len(runs) :] for row in rows]


def rows(save: Path | None = None, beside: Sequence[Callable[[], list[Row]]] = ()) -> list[Row]:
    """The promises about the time to good digits, and those that are measured beside them."""
    found, others = race((TEXTBOOK, "best", "quick"), save, beside)
    sooner = [
        Row(
            f"quick after {soon} s against {TEXTBOOK} after {late} s",
            "nearer",
            f"{found['quick'][soon].distance:.2f} and {found[TEXTBOOK][late].distance:.2f}",
            found["quick"][soon].distance < found[TEXTBOOK][late].distance,
        )
        for soon, late in ((15, 150), (60, 600))
    ]
    return [*sooner, *lasting("best", found["best"]), *others]


def lasting(preset: str, looks: dict[int, Look]) -> list[Row]:
    """The promises about a run of ten minutes."""
    pictures = presets.get(preset).data
    real, even = floor(pictures), 1 / len(data.get(pictures).class_names)
    *_, (before, earlier), (_, end) = looks.items()
    floors = end.distance / real.distance
    return [
        Row(f"{preset} after 10 minutes", "5 floors", f"{floors:.1f} floors", floors <= 5),
        Row("the rarest kind then, of an even share", "50 %", f"{end.least / even:.0%}", end.least > even / 2),
        Row(
            f"distance after 10 minutes against {before} s",
            "no worse",
            f"{end.distance:.2f} and {earlier.distance:.2f}",
            end.distance <= 1.1 * earlier.distance,  # the same generator's distance varies by 5 %
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="one preset, for ten minutes")
    parser.add_argument("--save", type=Path, help="write the grids into this folder")
    options = parser.parse_args()
    if options.save:
        options.save.mkdir(parents=True, exist_ok=True)
    if options.only:
        show(lasting(options.only, race([options.only], options.save)[0][options.only]))
    else:
        show(rows(options.save))


if __name__ == "__main__":
    main()
