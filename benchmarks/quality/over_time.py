"""What more steps give: the ruler's distance along whole runs, in steps, so that a busy machine does no harm.

    python -m benchmarks.quality.over_time quick best --seeds 5 [--set batch_size=32 --set ...] [--apart]

As shipped, the generator learns from any of the embedded digits, those too that it is measured against. With --apart
it learns from the other half alone: from half as many pictures, and all that it is measured against are new to it.
One thread, one run after the other. The last column is what the doctor says at the end.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import torch

from benchmarks.quality import ruler
from benchmarks.report import table
from gan import doctor, export
from gan.data import Pictures
from gan.learn.trainer import Trainer
from gan.records import Word
from gan.runs.state.history import History
from gan.setup import presets
from gan.setup.config import RunConfig

MARKS = (500, 1_500, 3_000, 7_500, 15_000, 30_000, 45_000)


@dataclass(frozen=True)
class Course:
    """One run: steps and the ruler's distance at each mark and at the end; what the doctor said at the end."""

    distances: dict[int, float]
    diagnosis: str


def follow(config: RunConfig, marks: Sequence[int] = MARKS, pictures: Pictures | None = None) -> Course:
    measure, trainer, history, scored = ruler.load(), Trainer(config, pictures), History(), []
    distances: dict[int, float] = {}

    def look() -> None:
        fakes = export.sample(trainer.learner.best_generator, config, ruler.SAMPLES)
        distances[trainer.steps] = measure.distance(fakes)

    def ask() -> Word:
        if trainer.steps in marks and trainer.steps not in distances:
            look()
        return Word.GO

    for reading in trainer.readings(ask, every_seconds=2.0):
        history.add(reading)
        scored += [(float(reading.epoch), reading.scores)] if reading.scores else []
    look()
    return Course(distances, str(doctor.diagnose(config, history.points, scored, trainer.floor).name))


def rows(name: str, courses: Sequence[Course]) -> list[list[str]]:
    """Median and spread at each mark that all courses passed."""
    found = []
    for steps in courses[0].distances:
        values = [course.distances[steps] for course in courses]
        each = ", ".join(f"{value:.1f}" for value in values)
        is_last = steps == max(courses[0].distances)
        said = ", ".join(course.diagnosis for course in courses) if is_last else ""
        found.append([name, f"{steps:,}", f"{median(values):.1f}", each, said])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("presets", nargs="+", choices=presets.PRESETS, metavar="PRESET")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a setting")
    parser.add_argument("--apart", action="store_true", help="learn from none of the pictures measured against")
    options = parser.parse_args()
    torch.set_num_threads(1)

    changes = dict(pair.split("=", 1) for pair in options.set)
    pictures = ruler.halves()[0] if options.apart else None
    lines = []
    for name in options.presets:
        config = presets.get(name).but(device="cpu", **changes)
        courses = []
        for seed in range(1, options.seeds + 1):
            courses.append(follow(config.but(seed=seed), pictures=pictures))
            print(name, seed, courses[-1], flush=True)
        lines += rows(name, courses)
    print(table(["recipe", "steps", "median", "seed by seed", "the doctor"], lines))


if __name__ == "__main__":
    main()
