"""How soon `quick` draws digits, against the textbook recipe in the same Trainer.

    python -m benchmarks.quick [--seeds 3] [--threads 1] [--save DIR]

Time counts in training alone. The distance is the Frechet distance in the features of a classifier that
is trained on the spot; "readable" is the share of fakes that it takes for a digit with 90 % or more.
"""

import argparse
from pathlib import Path
from statistics import median
from time import perf_counter

import torch

from benchmarks.judge import TRAINED_ON, Judge
from benchmarks.timing import table
from gan import data, export, presets
from gan.config import RunConfig
from gan.trainer import Trainer

MARKS = {"quick": (2, 5, 10, 15, 60), "fundamentals": (15, 60)}
JUDGED = 2_500


def grow(config: RunConfig, marks: tuple[int, ...], judge: Judge, save: Path | None) -> list[tuple[float, float]]:
    """Distance and readable share of a new run after each of `marks` seconds of training."""
    trainer = Trainer(config)
    found, trained, start = [], 0.0, perf_counter()
    for _ in trainer.readings(every_seconds=0.1):
        trained += perf_counter() - start
        if trained >= marks[len(found)]:
            fakes = export.sample(trainer.best_generator, config, JUDGED)
            found.append((judge.distance(fakes), judge.readable(fakes)))
            if save:
                name = f"{config.architecture}-{config.seed}-{marks[len(found) - 1]:03}s.png"
                (save / name).write_bytes(export.grid_png(fakes[:64]))
        if len(found) == len(marks):
            return found
        start = perf_counter()
    raise RuntimeError("the run ended before its last mark")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.save:
        options.save.mkdir(parents=True, exist_ok=True)

    judge = Judge()
    real = judge.readable(data.load("digits").images[TRAINED_ON:])
    print(
        f"Judge: {judge.accuracy:.1%} right on 500 digits it has not seen, sure of {real:.0%} of them; "
        f"distance of real against real {judge.floor:.1f}.\n"
    )
    rows = []
    for name, marks in MARKS.items():
        config = presets.get(name).but(epochs=100_000, device="cpu")
        runs = [grow(config.but(seed=seed), marks, judge, options.save) for seed in range(1, options.seeds + 1)]
        for mark, results in zip(marks, zip(*runs, strict=True), strict=True):
            distances, shares = zip(*results, strict=True)
            spread = f"{median(distances):.0f} ({min(distances):.0f} to {max(distances):.0f})"
            rows.append([name, f"{mark} s", spread, f"{median(shares):.0%}"])
    print(table(["recipe", "trained for", "distance, median (spread)", "readable"], rows))


if __name__ == "__main__":
    main()
