"""Each published recipe against what this machine could do at best, and against the textbook loop.

    python -m benchmarks.floor [--rounds 5] [--seconds 2]

The floor of a step is its multiplications at the speed of a large matrix product, and its optimisers' memory
traffic (seven numbers a weight: read weight, slope and two averages, write three) at that of a memory copy as
large as the weights. Nothing else is counted: no activation, no batch norm, no call.
"""

import argparse
import os
from statistics import median
from time import perf_counter

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import loop
from benchmarks.report import Row, show, table
from gan import data, presets
from gan.trainer import Trainer

REPEATS = 20


def _seconds(work) -> float:
    """Median seconds of a call."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times[1:])


def product_rate() -> float:
    """Floating point operations a second of a matrix product, with as many threads as torch has now."""
    one, other = torch.randn(2, 1024, 1024)
    out = torch.empty(1024, 1024)
    return 2 * 1024**3 / _seconds(lambda: torch.mm(one, other, out=out))


def copy_rate(numbers: int) -> float:
    """Bytes a second that a copy of so many float32 numbers reads and writes."""
    source, target = torch.randn(numbers), torch.empty(numbers)
    return 8 * numbers / _seconds(lambda: target.copy_(source))


def floor(recipe: str, pictures: data.Pictures, threads: int) -> float:
    """Milliseconds that a step cannot go below with so many threads."""
    torch.set_num_threads(threads)
    trainer = Trainer(presets.get(recipe).but(device="cpu"), pictures)
    batch = trainer._batches()[0]
    with FlopCounterMode(display=False) as counter:
        trainer.step(*trainer.real(batch))
    weights = sum(p.numel() for net in (trainer.generator, trainer.discriminator) for p in net.parameters())
    return 1000 * (counter.get_total_flops() / product_rate() + 28 * weights / copy_rate(weights))


def rows(rounds: int, seconds: float) -> list[Row]:
    """Print the table; the promises about the loop."""
    pictures, lines, ratios, above = loop.sixty_thousand(), [], [], []
    for recipe, times in loop.measure_all(pictures, rounds, seconds):
        mine, theirs = loop.fastest(times, "ours"), loop.fastest(times, "textbook")
        threads = min((1, os.cpu_count()), key=lambda count: times["ours", count])
        least = floor(recipe, pictures, threads)
        ratios.append(theirs / mine)
        above.append(mine / least)
        numbers = (least, mine, theirs, above[-1], ratios[-1])
        lines.append([recipe, str(threads), *(f"{number:.2f}" for number in numbers)])
    header = ["recipe", "threads", "floor, ms", "ours, ms", "textbook, ms", "floors", "times as fast"]
    print(table(header, lines) + "\n", flush=True)
    return [
        *loop.promises(ratios),
        Row("slowest recipe against its floor", "2", f"{max(above):.2f}", max(above) <= 2),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    show(rows(options.rounds, options.seconds))


if __name__ == "__main__":
    main()
