"""How soon `quick` draws digits, against the textbook recipe in the same Trainer.

    python -m benchmarks.quick [--seeds 3] [--threads 1] [--save DIR]

Time counts in training alone. Realism, precision and recall are those of the page (`gan.referee.Scorer`);
"readable" is the share of 1,000 fakes that the referee takes for some digit with 90 % or more.
"""

import argparse
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import torch

from benchmarks.timing import table
from gan import data, export, presets, referee
from gan.config import RunConfig
from gan.records import Scores
from gan.referee import SAMPLES, Referee, Scorer
from gan.trainer import Trainer

MARKS = {"quick": (2, 5, 10, 15, 60), "fundamentals": (15, 60)}
SURE = 0.9


def readable(judge: Referee, images: np.ndarray) -> float:
    """The share of `images` uint8 (n, 28, 28) that the referee takes for some class with that probability."""
    return (judge.look(images)[1].amax(1) >= SURE).float().mean().item()


def grow(config: RunConfig, marks: tuple[int, ...], scorer: Scorer, save: Path | None) -> list[tuple[Scores, float]]:
    """Scores and readable share of a new run after each of `marks` seconds of training."""
    judge = referee.load(config.data)
    trainer = Trainer(config)
    found, trained, start = [], 0.0, perf_counter()
    for _ in trainer.readings(every_seconds=0.1):
        trained += perf_counter() - start
        if trained >= marks[len(found)]:
            fakes = export.sample(trainer.best_generator, config, SAMPLES)
            found.append((scorer.score(fakes), readable(judge, fakes)))
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

    digits, judge = data.load("digits"), referee.load("digits")
    scorer = Scorer(digits, judge)
    real = readable(judge, digits.images[referee.split(len(digits.images))[1]])
    print(
        f"The referee is right on {judge.accuracy:.1%} of {int(judge.facts['tested_on']):,} digits it has not seen and "
        f"sure of {real:.0%} of them. Real pictures have realism {scorer.floor.realism:.2f}, precision "
        f"{scorer.floor.precision:.2f} and recall {scorer.floor.recall:.2f}.\n"
    )
    rows = []
    for name, marks in MARKS.items():
        config = presets.get(name).but(epochs=100_000, device="cpu")
        runs = [grow(config.but(seed=seed), marks, scorer, options.save) for seed in range(1, options.seeds + 1)]
        for mark, results in zip(marks, zip(*runs, strict=True), strict=True):
            scores, shares = zip(*results, strict=True)
            realism = [one.realism for one in scores]
            spread = f"{median(realism):.0f} ({min(realism):.0f} to {max(realism):.0f})"
            precision, recall = (median(getattr(one, part) for one in scores) for part in ("precision", "recall"))
            rows.append([name, f"{mark} s", spread, f"{precision:.2f}", f"{recall:.2f}", f"{median(shares):.0%}"])
    print(table(["recipe", "trained for", "realism, median (spread)", "precision", "recall", "readable"], rows))


if __name__ == "__main__":
    main()
