"""Each published recipe against what this machine could do at best, and against the textbook loop.

    python -m benchmarks.speed.floor [--rounds 5] [--seconds 2]

The floor of a step is its multiplications, as torch's own layers have them, at the speed of a large matrix product, and
its optimisers' memory traffic (seven numbers a weight: read weight, slope and two averages, write three) at that of a
memory copy as large as the weights, both taken in turn with the training. Nothing else is counted: no activation, no
batch norm, no call.
"""

import argparse
from collections.abc import Callable

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.report import Row, show, table
from benchmarks.speed import loop
from benchmarks.speed.textbook import with_torchs_layers
from gan import data
from gan.learn.trainer import Trainer

SIDE = 1024  # of the matrices


def ceilings(trainer: Trainer) -> dict[str, Callable[[], object]]:
    """A matrix product, and a copy of as many numbers as a trainer's networks have weights."""
    one, other, out = torch.randn(3, SIDE, SIDE)
    source = torch.randn(_weights(trainer))
    target = torch.empty_like(source)
    return {"product": lambda: torch.mm(one, other, out=out), "copy": lambda: target.copy_(source)}


def floor(recipe: str, pictures: data.Pictures, product: float, copy: float) -> float:
    """Milliseconds that a step cannot go below where `ceilings` take so many milliseconds."""
    trainer = Trainer(loop.endless(recipe, "cpu"), pictures)
    for net in (trainer.learner.generator, trainer.learner.discriminator):
        with_torchs_layers(net)
    batch = trainer._batches()[0]
    with FlopCounterMode(display=False) as counter:
        trainer.learner.step(*trainer.learner.real(batch))
    return counter.get_total_flops() / (2 * SIDE**3) * product + 28 / 8 * copy


def _weights(trainer: Trainer) -> int:
    return sum(
        p.numel() for net in (trainer.learner.generator, trainer.learner.discriminator) for p in net.parameters()
    )


def rows(rounds: int, seconds: float) -> list[Row]:
    """Print the table; the promises about the loop."""
    pictures, lines, ratios, above = loop.sixty_thousand(), [], [], []
    for recipe, times in loop.measure_all(pictures, rounds, seconds, beside=ceilings):
        (mine, threads), (theirs, _) = loop.fastest(times, "ours"), loop.fastest(times, "textbook")
        least = floor(recipe, pictures, times["product", threads], times["copy", threads])
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
