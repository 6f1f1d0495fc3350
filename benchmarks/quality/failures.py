"""Does each failure preset fail as promised, does its cure work, and are healthy runs called healthy?

    python -m benchmarks.quality.failures [--seeds 10] [--only NAME ...]

A failure counts if the doctor names it within the time, for five seconds on end; a cure and a healthy run count
if the doctor says nothing bad at the end of the time. One thread each, as many at a time as there are cores.
"""

import argparse
from collections import Counter
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from benchmarks.report import table
from benchmarks.speed.workers import each
from gan import doctor
from gan.doctor import Condition
from gan.records import Word
from gan.runs.state.history import History
from gan.setup import presets
from gan.setup.config import RunConfig

HELD_SECONDS = 5.0
HEALTHY = ("quick", "fundamentals")
CALM = (Condition.HEALTHY, Condition.TOO_EARLY)


@dataclass(frozen=True)
class Course:
    """One run as the doctor saw it."""

    said: tuple[tuple[float, Condition], ...]  # seconds since the start, and each change of the diagnosis
    evidence: str
    realism: float | None  # of the last scores, where there are any
    variety: float | None

    @property
    def last(self) -> Condition:
        return self.said[-1][1]


def watch(job: tuple[RunConfig, float, Condition | None]) -> Course:
    """Train for some seconds, or until a condition was named for long enough; ask at every reading, as the page."""
    from gan.learn.trainer import NotFinite, Trainer

    config, seconds, until = job
    trainer, history, scores, said = Trainer(config), History(), [], []
    begun = perf_counter()
    found, diverged = None, False
    readings = trainer.readings(lambda: Word.STOP if perf_counter() - begun > seconds else Word.GO)
    while not diverged:
        try:
            reading = next(readings, None)
        except NotFinite:
            reading, diverged = None, True
        if reading is None and not diverged:
            break
        if reading is not None:
            history.add(reading)
            scores += [(float(reading.epoch), reading.scores)] if reading.scores else []
        found = doctor.diagnose(config, history.points, scores, trainer.floor, diverged=diverged)
        if not said or found.name is not said[-1][1]:
            said.append((perf_counter() - begun, found.name))
        if found.name is until and perf_counter() - begun - said[-1][0] > HELD_SECONDS:
            break
    newest = scores[-1][1] if scores else None
    return Course(tuple(said), found.evidence, newest and newest.realism, newest and newest.variety)


def summary(name: str, wanted: tuple[Condition, ...], courses: list[Course]) -> list[str]:
    good = [course for course in courses if course.last in wanted]
    times = [course.said[-1][0] for course in good]
    others = Counter(str(course.last) for course in courses if course.last not in wanted)
    return [
        name,
        f"{len(good)} of {len(courses)}",
        f"{median(times):.0f} s (to {max(times):.0f})" if times else "",
        *(_middle([getattr(course, score) for course in courses]) for score in ("realism", "variety")),
        ", ".join(f"{count} {what}" for what, count in others.items()),
        good[0].evidence if good else courses[0].evidence,
    ]


def _middle(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{median(known):.3g}" if known else "not scored yet"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60.0, help="in which a failure must show")
    parser.add_argument(
        "--calm-seconds", type=float, default=30.0, help="after which a cure and a healthy run must be calm"
    )
    parser.add_argument("--only", nargs="*", default=[], metavar="PRESET")
    options = parser.parse_args()

    wanted = {failure: (Condition(condition),) for condition, failure in presets.FAILURES.items()}
    wanted |= dict.fromkeys([*presets.CURES.values(), *HEALTHY], CALM)
    names = [name for name in wanted if not options.only or name in options.only]
    jobs = []
    for name in names:
        ill = wanted[name] != CALM
        seconds, until = (options.seconds, wanted[name][0]) if ill else (options.calm_seconds, None)
        jobs += [(presets.get(name).but(seed=seed), seconds, until) for seed in range(1, options.seeds + 1)]
    results, rows = each(watch, jobs), []
    for name in names:
        courses = [next(results) for _ in range(options.seeds)]
        rows.append(summary(name, wanted[name], courses))
        print(*rows[-1], sep=" | ", flush=True)
        for course in courses:
            print("   ", *(f"{when:.0f} s {what}" for when, what in course.said), flush=True)
    print(table(["preset", "as promised", "named after", "realism", "variety", "otherwise", "evidence"], rows))


if __name__ == "__main__":
    main()
