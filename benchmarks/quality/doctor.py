"""Does the doctor's word on what the exercises try agree with what the referee saw of the whole run?

    python -m benchmarks.quality.doctor [--seed 1] [--steps 2400] [--only WORD ...]

Each setting that the courses' exercises turn goes through a run of its own, in steps, so that a busy machine does no
harm; the doctor is asked whenever a page would ask it. The referee's word is a rule over the scores of the whole run,
blind to losses and beliefs. The doctor misdiagnoses

- a run that it calls healthy at the end, although its fakes have got worse, are of few kinds, or are noise,
- a run that it calls ill at the end, although its fakes look real, are of all kinds, and are as good as ever.

What lies between both, such as fakes that are poor and get better, it may call healthy, ill or too early.
"""

import argparse
import math
from statistics import median

from benchmarks.quality.course import Course, follow
from benchmarks.report import table
from gan.doctor import Condition
from gan.setup import presets

QUICK = presets.get("quick")
EXERCISES = {  # what the courses' exercises turn, from the recipe of the first lesson
    **{f"latent size {n}": {"latent_size": n} for n in (2, 8, 32, 100, 200)},
    **{f"learning rate {rate:g}": {"learning_rate": rate} for rate in (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)},
    **{f"detective steps {n}": {"d_steps": n} for n in (2, 5)},
    **{f"forger steps {n}": {"g_steps": n} for n in (2, 5)},
    "RMSprop": {"optimizer": "rmsprop"},
    **{f"SGD {rate:g}": {"optimizer": "sgd", "learning_rate": rate, "beta1": 0.9} for rate in (1e-3, 1e-2, 1e-1)},
    "Adam, momentum 0.9": {"beta1": 0.9},
    **{f"{n} pictures": {"pictures": n} for n in (50, 500)},
    "least squares": {"loss": "least_squares"},
    "plain, not told what to draw": {"architecture": "dcgan"},
}

CALM = (Condition.HEALTHY, Condition.TOO_EARLY)
SICK = ("worse", "few kinds", "noise", "blown up")
# The referee's rule: levels are medians of three scores in a row.
WORSE = 1.5  # realism at the end in units of the best
NOISE = 400.0  # realism in units of the floor
FEW_KINDS = 3.0
GOOD, ALL_KINDS, AS_EVER = 60.0, 8.0, 1.15  # times the floor; kinds; realism at the end in units of the best


def truth(course: Course) -> tuple[str, tuple[float, float], float]:
    """The referee's word on a whole run; the best and the last level of realism and the kinds that it rests on."""
    scores = course.scores
    if course.has_diverged or len(scores) < 3:
        return "blown up" if course.has_diverged else "between", (math.nan, math.nan), math.nan
    levels = [median(each.realism for each in scores[n : n + 3]) for n in range(len(scores) - 2)]
    best, last, kinds = min(levels), levels[-1], median(each.variety for each in scores[-3:])
    if last > WORSE * best:
        word = "worse"
    elif last > NOISE * course.floor.realism:
        word = "noise"
    elif kinds < FEW_KINDS:
        word = "few kinds"
    elif last < GOOD * course.floor.realism and kinds > ALL_KINDS and last < AS_EVER * best:
        word = "good"
    else:
        word = "between"
    return word, (best, last), kinds


def is_wrong(said: Condition, word: str) -> bool:
    """Whether the doctor's last word contradicts the referee's."""
    return (said is Condition.HEALTHY and word in SICK) or (said not in CALM and word == "good")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2_400)
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD", help="exercises with one of these in the name")
    options = parser.parse_args()

    rows, wrong = [], 0
    for name, changes in EXERCISES.items():
        if options.only and not any(word in name for word in options.only):
            continue
        config = QUICK.but(seed=options.seed, **changes)
        course = follow(config.but(epochs=round(100 * QUICK.picture_count / config.picture_count)), options.steps)
        word, (best, last), kinds = truth(course)
        wrong += is_wrong(course.last, word)
        said = ", ".join(f"{what} from {step}" for step, what in course.said[1:]) or str(course.last)
        verdict = "**wrong**" if is_wrong(course.last, word) else ""
        rows.append([name, said, word, f"{best:.3g}", f"{last:.3g}", f"{kinds:.1f}", verdict, course.evidence])
        print(*rows[-1], sep=" | ", flush=True)
    print(table(["exercise", "doctor", "referee", "best", "last", "kinds", "", "evidence"], rows))
    print(f"{wrong} of {len(rows)} misdiagnosed")


if __name__ == "__main__":
    main()
