"""Does each exhibit of dots show what it promises, and does its cure work?

    python -m benchmarks.quality.dots [--seeds 10] [--only NAME ...]

Each run goes to its last epoch, one thread each, as many at a time as there are cores; all in steps, so that a busy
machine does no harm. `kinds`, `high quality` and `js` are those of all fakes at the end; `moved` is how far the middle
of the fakes goes in an epoch, on average over the second half; `turns` how often it goes round the middle of the plane
there, one way taken off the other, and `one way` the share of its steps that go the way of most. `belief` is the
detective's mean belief in the fakes and `arrows` their median length (how steep the forger's loss is there), both the
median of the second half's epochs.
"""

import argparse
import math
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from benchmarks.report import table
from benchmarks.speed.workers import each
from gan.doctor import diagnose
from gan.doctor.case import BAD_JS
from gan.records import EpochRecord, Plane, Scores, Wish, Word
from gan.runs.state.history import History
from gan.setup import presets
from gan.setup.config import RunConfig

FAKES, EVERY_STEPS = 128, 5  # between two looks at where the middle of the fakes is


@dataclass(frozen=True)
class Course:
    """How a run went."""

    scores: Scores
    moved: float
    turns: float
    one_way: float
    belief: float
    arrows: float
    last: str

    @property
    def is_lost(self) -> bool:
        """The detective is sure of every fake, and none of them is told where to go, or has arrived."""
        return self.belief <= 0.01 and self.arrows <= 0.01 and self.scores.js > BAD_JS


LOST = ("belief, arrows at most 0.01", lambda course: course.is_lost)
PROMISED = {  # what counts as shown
    "dots": ("both clouds found", lambda course: course.scores.kinds == 2),
    "dots_collapse": ("at most 3 of 9 blobs", lambda course: course.scores.kinds <= 3),
    "dots_collapse_cured": ("all 9 blobs", lambda course: course.scores.kinds == 9),
    "dots_chase": ("goes round 5 times, one way", lambda course: course.turns >= 5 and course.one_way > 0.6),
    "dots_chase_cured": ("moves 0.1 or less", lambda course: course.moved <= 0.1),
    "dots_strong": LOST,
    "dots_strong_cured": ("all 3 blobs", lambda course: course.scores.kinds == 3),
    "dots_nowhere": LOST,
    "dots_nowhere_cured": (
        "arrows of 0.5, js below 0.45",
        lambda course: course.arrows >= 0.5 and course.scores.js < BAD_JS,
    ),
}


def watch(config: RunConfig) -> Course:
    import torch

    from gan.learn.trainer import Trainer
    from gan.parts.noise import draw_noise

    trainer, history, scores, planes = Trainer(config.but(device="cpu")), History(), [], []
    noise, middles = draw_noise(config.noise, FAKES, config.noise_size, torch.Generator().manual_seed(0)), []

    def ask() -> Word:
        if trainer.steps % EVERY_STEPS == 0:
            with torch.no_grad():
                middles.append(trainer.learner.best_generator(noise).reshape(-1, 2).mean(0).cpu().numpy())
        return Word.GO

    for reading in trainer.readings(ask):
        history.add(reading)
        if reading.scores:
            scores.append((float(reading.epoch), reading.scores))
        if isinstance(reading, EpochRecord):
            trainer.wish = Wish(plane=True)
            planes.append(trainer.look_again(reading).plane)
            trainer.wish = Wish()
    half = planes[len(planes) // 2 :]
    turns, one_way = rounds(np.array(middles[len(middles) // 2 :]))
    return Course(
        scores=scores[-1][1],
        moved=fmean(np.linalg.norm(np.diff([plane.fakes.mean(0) for plane in half], axis=0), axis=1).tolist()),
        turns=turns,
        one_way=one_way,
        belief=median(float(plane.beliefs.mean()) for plane in half),
        arrows=median(map(arrow, half)),
        last=str(diagnose(config, history.points, scores, trainer.floor).name),
    )


def rounds(places: np.ndarray) -> tuple[float, float]:
    """Of a way (T, 2) around (0, 0): whole turns, one direction taken off the other, and the share of its steps that
    go the way that more of them go.
    """
    steps = np.diff(np.unwrap(np.arctan2(places[:, 1], places[:, 0])))
    forward = float((steps > 0).mean())
    return abs(float(steps.sum())) / (2 * math.pi), max(forward, 1 - forward)


def arrow(plane: Plane) -> float:
    """The median length of its arrows, which are the slopes of the forger's loss."""
    return float(np.median(np.linalg.norm(plane.arrows, axis=1)))


def summary(name: str, courses: list[Course]) -> list[str]:
    promise, holds = PROMISED[name]
    said = [course.last for course in courses]
    found = [course.scores.kinds for course in courses if course.scores.kinds is not None]
    quality = [course.scores.high_quality for course in courses if course.scores.high_quality is not None]
    return [
        name,
        promise,
        f"{sum(map(holds, courses))} of {len(courses)}",
        f"{fmean(found):.1f} ({min(found)} to {max(found)})" if found else "",
        f"{median(quality):.0%}" if quality else "",
        f"{median(course.scores.js for course in courses):.2f}",
        f"{median(course.moved for course in courses):.2f}",
        f"{median(course.turns for course in courses):.1f}",
        f"{median(course.one_way for course in courses):.0%}",
        f"{median(course.belief for course in courses):.3f}",
        f"{median(course.arrows for course in courses):.3f}",
        ", ".join(f"{said.count(what)} {what}" for what in sorted(set(said))),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", nargs="*", default=[], metavar="PRESET")
    options = parser.parse_args()

    names = [name for name in PROMISED if not options.only or name in options.only]
    jobs = [presets.get(name).but(seed=seed) for name in names for seed in range(1, options.seeds + 1)]
    results, rows = each(watch, jobs), []
    for name in names:
        rows.append(summary(name, [next(results) for _ in range(options.seeds)]))
        print(*rows[-1], sep=" | ", flush=True)
    heads = [
        "preset",
        "promised",
        "shown",
        "kinds",
        "high quality",
        "js",
        "moved",
        "turns",
        "one way",
        "belief",
        "arrows",
        "the doctor says at the end",
    ]
    print(table(heads, rows))


if __name__ == "__main__":
    main()
