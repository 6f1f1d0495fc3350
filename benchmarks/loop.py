"""Our Trainer against the textbook loop, recipe by recipe, on 60,000 pictures.

    python -m benchmarks.loop [--rounds 5] [--seconds 2] [--device auto]

The 60,000 pictures are the embedded 5,000 digits twelve times over: the same sizes and file format as
MNIST without a download. Ours runs as the app runs it (its own thread count, readings every half
second). Both sides run with one thread and with one a core; each side's faster time counts.
"""

import argparse
import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from benchmarks import textbook
from benchmarks.timing import table, take_turns
from gan import data, device, presets
from gan.trainer import Trainer

SIDES = ("ours", "textbook")
RECIPES = ("deep_mlp_vs_conv", "first_gan", "workshop", "pocket", "fundamentals")


def sixty_thousand() -> data.Pictures:
    digits = data.load("digits")
    return data.Pictures(np.tile(digits.images, (12, 1, 1)), np.tile(digits.labels, 12))


def ours(trainer: Trainer, threads: int) -> Callable[[float], int]:
    """Train for some seconds as the app does; the number of steps."""

    def work(seconds: float) -> int:
        torch.set_num_threads(threads)
        before, end = trainer.steps, perf_counter() + seconds
        for _ in trainer.readings(should_stop=lambda: perf_counter() > end):
            pass
        return trainer.steps - before

    return work


def theirs(steps, threads: int) -> Callable[[float], int]:
    def work(seconds: float) -> int:
        torch.set_num_threads(threads)
        end, count = perf_counter() + seconds, 0
        while perf_counter() < end:
            next(steps)
            count += 1
        return count

    return work


def measure(recipe: str, root: Path, pictures: data.Pictures, options: argparse.Namespace) -> dict[str, float]:
    """Median milliseconds a step of each side."""
    config = presets.get(recipe).but(device=options.device, epochs=100_000)
    kind = str(device.choose(config.device))
    sides = {}
    for threads in sorted({1, os.cpu_count()}):
        sides[f"ours, {threads} threads"] = ours(Trainer(config, pictures), threads)
        sides[f"textbook, {threads} threads"] = theirs(textbook.steps(config, root, kind), threads)
    return take_turns(sides, options.rounds, options.seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()

    pictures = sixty_thousand()
    rows, ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        textbook.write_mnist(pictures.images, pictures.labels, Path(folder))
        for recipe in RECIPES:
            times = measure(recipe, Path(folder), pictures, options)
            best = {side: min(time for name, time in times.items() if name.startswith(side)) for side in SIDES}
            ratios.append(best["textbook"] / best["ours"])
            rows.append([recipe, *(f"{time:.2f}" for time in times.values()), f"{ratios[-1]:.2f}"])
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(table(["recipe", *times, "times as fast"], rows))
    print(f"\nMilliseconds a step, medians of {options.rounds} turns; torch {torch.__version__}, {options.device}.")
    print(f"Geometric mean {mean:.2f} (target 3), least {min(ratios):.2f} (target 1.5).")


if __name__ == "__main__":
    main()
