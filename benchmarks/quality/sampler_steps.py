"""What a diffusion model draws when its sampler takes more or fewer steps.

    OMP_NUM_THREADS=1 python -m benchmarks.quality.sampler_steps [--epochs 10] [--seeds 3]

`diffusion` is trained for so many epochs of digits, and the same noise is then drawn in each number of steps, told the
same classes. Realism and recall are the referee's, of 1,000 fakes; the distance is that of the held-out ruler
(`benchmarks.quality.ruler`), of the same fakes: of fewer than 2,500 it is larger. The time is the fastest of three for
64 pictures. Every number is the median over the seeds.
"""

import argparse
from statistics import median
from time import perf_counter

import numpy as np
import torch

from benchmarks.quality import ruler
from benchmarks.report import table
from gan import data
from gan.export import sample
from gan.learn.trainer import Trainer
from gan.look.observer import scorer
from gan.setup import presets

STEPS = (1, 2, 5, 10, 25, 50)
FAKES, TIMED = 1_000, 64
HEADS = ("sampler steps", "realism", "recall", "variety", "ruler", "64 pictures, ms", "realism seed by seed")


def measured(net, config, steps: int) -> tuple[float, float, float, float, float]:
    """Realism, recall, variety, the ruler's distance, and milliseconds for 64 pictures."""
    net.steps = steps
    fakes = sample(net, config, FAKES, classes=config.learned_classes)
    found = scorer(data.load(config.data), config.data, FAKES).score(fakes)
    return found.realism, found.recall, found.variety, ruler.load().distance(fakes), 1000 * fastest(net, config)


def fastest(net, config) -> float:
    """Seconds for 64 pictures: the fastest of three."""
    noise, seconds = torch.randn(TIMED, config.noise_size), []
    for _ in range(3):
        begun = perf_counter()
        with torch.no_grad():
            net(noise)
        seconds.append(perf_counter() - begun)
    return min(seconds)


def trained(epochs: int, seed: int):
    """The generator of `diffusion` after so many epochs, and its config."""
    config = presets.get("diffusion").but(epochs=epochs, seed=seed, device="cpu")
    trainer = Trainer(config)
    trainer.observer.scores = lambda *_, **__: None  # it is measured at the end
    list(trainer.epochs())
    return trainer.learner.best_generator.eval(), config, trainer.steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    found: dict[int, list] = {steps: [] for steps in STEPS}
    for seed in range(1, options.seeds + 1):
        net, config, done = trained(options.epochs, seed)
        for steps in STEPS:
            found[steps].append(measured(net, config, steps))
        print(f"seed {seed}: {done:,} training steps", flush=True)
    rows = []
    for steps, runs in found.items():
        realism, recall, variety, distance, took = (median(column) for column in zip(*runs, strict=True))
        each = ", ".join(f"{np.round(run[0], 1)}" for run in runs)
        rows.append(
            [str(steps), f"{realism:.1f}", f"{recall:.2f}", f"{variety:.1f}", f"{distance:.1f}", f"{took:.0f}", each]
        )
    print(table(HEADS, rows))


if __name__ == "__main__":
    main()
