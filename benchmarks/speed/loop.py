"""Our Trainer against the textbook loop, recipe by recipe, on 60,000 pictures.

    python -m benchmarks.speed.loop [--rounds 5] [--seconds 2] [--device auto]

The 60,000 pictures are the embedded 5,000 digits twelve times over: the same sizes and file format as
MNIST without a download. Both sides report once an epoch, as the command line does; what the page's readings cost
is another promise (`benchmarks.classroom.live`). Ours runs as it is shipped, with the threads that it chooses by itself
(`gan.learn.threads.threads_for`). The textbook, which says nothing of threads, runs with one and with one a core; the
faster of the two counts.
"""

import argparse
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from benchmarks.report import Row, show, table
from benchmarks.speed import textbook
from benchmarks.timing import take_turns
from gan import data
from gan.learn import device
from gan.learn.threads import threads_for, use_threads
from gan.learn.trainer import Trainer
from gan.records import Word
from gan.setup import presets
from gan.setup.config import RunConfig

Side = tuple[str, int]  # "ours" or "textbook" or something beside them, and threads
Work = Callable[[float], int]  # for some seconds; says how often
Beside = Callable[[Trainer], dict[str, Callable[[], object]]]  # what else is timed, by name
RECIPES = ("deep_mlp_vs_conv", "first_gan", "workshop", "pocket", "fundamentals")


def sixty_thousand() -> data.Pictures:
    digits = data.load("digits")
    return data.Pictures(np.tile(digits.images, (12, 1, 1)), np.tile(digits.labels, 12))


def endless(recipe: str, device_name: str) -> RunConfig:
    """The recipe on `sixty_thousand`, all of which it learns from as from the set that they stand for."""
    return presets.get(recipe).but(device=device_name, data="mnist", epochs=100_000)


def ours(trainer: Trainer, threads: int) -> Work:
    def work(seconds: float) -> int:
        use_threads(threads)
        before, end = trainer.steps, perf_counter() + seconds
        for _ in trainer.epochs(lambda: Word.STOP if perf_counter() > end and trainer.steps > before else Word.GO):
            pass
        return trainer.steps - before

    return work


def repeated(call: Callable[[], object], threads: int, share: float = 1.0) -> Work:
    """Call it for that share of the time."""

    def work(seconds: float) -> int:
        use_threads(threads)
        end, count = perf_counter() + share * seconds, 0
        while not count or perf_counter() < end:
            call()
            count += 1
        return count

    return work


def measure(
    recipe: str,
    root: Path,
    pictures: data.Pictures,
    rounds: int,
    seconds: float,
    device_name: str = "cpu",
    beside: Beside = lambda trainer: {},
) -> dict[Side, float]:
    """Median milliseconds a step of each side, and a call of what is to be measured beside our trainer."""
    config = endless(recipe, device_name)
    kind, threads = str(device.choose(config.device)), threads_for(config, device.cores())
    trainer = Trainer(config, pictures)
    sides = {("ours", threads): ours(trainer, threads)}
    for count in sorted({1, device.cores()}):
        sides["textbook", count] = repeated(partial(next, textbook.steps(config, root, kind)), count)
    for name, call in beside(trainer).items():
        sides[name, threads] = repeated(call, threads, share=0.25)
    return take_turns(sides, rounds, seconds)


def measure_all(
    pictures: data.Pictures, rounds: int, seconds: float, device_name: str = "cpu", beside: Beside = lambda trainer: {}
) -> Iterator[tuple[str, dict[Side, float]]]:
    """Each recipe with its times."""
    with tempfile.TemporaryDirectory() as folder:
        textbook.write_mnist(pictures.images, pictures.labels, Path(folder))
        for recipe in RECIPES:
            yield recipe, measure(recipe, Path(folder), pictures, rounds, seconds, device_name, beside)


def fastest(times: dict[Side, float], name: str) -> tuple[float, int]:
    """The fewest milliseconds of a side, and the threads that it took."""
    return min((time, threads) for (side, threads), time in times.items() if side == name)


def promises(ratios: Sequence[float]) -> list[Row]:
    """What is promised of how many times as fast we are, recipe by recipe."""
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    return [
        Row("textbook loop's time over ours, geometric mean", "2.7", f"{mean:.2f}", mean >= 2.7),
        Row("the same, slowest recipe", "1.3", f"{min(ratios):.2f}", min(ratios) >= 1.3),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--device", default="auto")
    options = parser.parse_args()

    lines, ratios = [], []
    for recipe, times in measure_all(sixty_thousand(), options.rounds, options.seconds, options.device):
        (mine, threads), (theirs, their_threads) = fastest(times, "ours"), fastest(times, "textbook")
        ratios.append(theirs / mine)
        lines.append([recipe, str(threads), f"{mine:.2f}", str(their_threads), f"{theirs:.2f}", f"{ratios[-1]:.2f}"])
    header = ["recipe", "our threads", "ours, ms", "its threads", "textbook, ms", "times as fast"]
    print(table(header, lines))
    print(f"\nMilliseconds a step, medians of {options.rounds} turns; torch {torch.__version__}, {options.device}.\n")
    show(promises(ratios))


if __name__ == "__main__":
    main()
