"""Does each failure preset fail as promised, does its cure work, and are healthy runs called healthy?

    python -m benchmarks.quality.failures [--seeds 10] [--first 1] [--steps 1500] [--settled 0] [--only NAME ...]

A failure counts if the doctor calls it by its name at the end; a cure and a healthy run count if the doctor says
nothing bad then. `readable` is the share of the fakes that the referee is sure of. One thread each, as many at a time
as there are cores; in steps, so that a busy machine does no harm.
"""

import argparse
from collections import Counter
from statistics import median

from benchmarks.quality.course import Course, follow
from benchmarks.report import table
from benchmarks.speed.workers import each
from gan.doctor import Condition
from gan.setup import presets
from gan.setup.config import RunConfig

HEALTHY = ("quick", "fundamentals")
CALM = (Condition.HEALTHY, Condition.TOO_EARLY)


def watch(job: tuple[RunConfig, int, int, tuple[Condition, ...]]) -> Course:
    return follow(*job)


def summary(name: str, wanted: tuple[Condition, ...], courses: list[Course]) -> list[str]:
    good = [course for course in courses if course.last in wanted]
    times = [course.said[-1][0] for course in good]
    others = Counter(str(course.last) for course in courses if course.last not in wanted)
    newest = [course.scores[-1] for course in courses if course.scores]
    return [
        name,
        f"{len(good)} of {len(courses)}",
        f"{median(times):.0f} (to {max(times):.0f})" if times else "",
        *(_middle([getattr(scores, score) for scores in newest]) for score in ("realism", "variety")),
        f"{median(course.readable for course in courses):.0%}",
        ", ".join(f"{count} {what}" for what, count in others.items()),
        good[0].evidence if good else courses[0].evidence,
    ]


def _middle(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{median(known):.3g}" if known else "not scored yet"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--steps", type=int, default=1_500)
    parser.add_argument("--settled", type=int, default=0, help="end a run once what it promises has stood for so many")
    parser.add_argument("--only", nargs="*", default=[], metavar="PRESET")
    options = parser.parse_args()

    wanted = {failure: (Condition(condition),) for condition, failure in presets.FAILURES.items()}
    wanted |= dict.fromkeys([*presets.CURES.values(), *HEALTHY], CALM)
    names = [name for name in wanted if not options.only or name in options.only]
    seeds = range(options.first, options.first + options.seeds)
    awaited = {name: tuple(each for each in wanted[name] if each is not Condition.TOO_EARLY) for name in names}
    jobs = [
        (presets.get(name).but(seed=seed), options.steps, options.settled, awaited[name])
        for name in names
        for seed in seeds
    ]
    results, rows = each(watch, jobs), []
    for name in names:
        courses = [next(results) for _ in range(options.seeds)]
        rows.append(summary(name, wanted[name], courses))
        print(*rows[-1], sep=" | ", flush=True)
        for course in courses:
            print("   ", *(f"{when} {what}" for when, what in course.said), flush=True)
    heads = ["preset", "as promised", "from step", "realism", "variety", "readable", "otherwise", "evidence"]
    print(table(heads, rows))


if __name__ == "__main__":
    main()
