"""What each family of models draws in the same seconds of training: the table of the comparison page.

    OMP_NUM_THREADS=1 python -m benchmarks.quality.families [--seconds 60] [--seeds 3] [--sets digits fashion]

The recipes take turns, a second of training each, so that a busy machine slows all of them alike; its `quick` in the
same run says how busy it was. Realism and recall are measured on 1,000 fakes by the referee, beside as many real
pictures. Every number is the median over the seeds; the last column has the realism of each.
"""

import argparse
from statistics import median

from benchmarks.report import table
from gan.cli.versus import compare
from gan.runs.state.comparison import Comparison, Course
from gan.setup import presets

RECIPES = tuple(name for name in ("quick", "vae", "vae_gan", "diffusion") if name in presets.PRESETS)
HEADS = (
    "recipe", "steps/s", "realism", "real", "sharpness", "real", "variety", "recall", "real", "64 pictures, ms",
    "jump, %", "redrawing error", "realism seed by seed",
)  # fmt: skip


def rows(comparison: Comparison) -> list[list[str]]:
    """A row a recipe."""
    found = []
    for first in comparison.firsts:
        courses = [each for each in comparison.courses if each.recipe == first.recipe and each.measures]
        if courses:
            found.append(row(courses))
    return found


def row(courses: list[Course]) -> list[str]:
    each = [course.measures for course in courses]
    errors = [found.error for found in each if found.error is not None]
    return [
        courses[0].recipe,
        f"{median(course.steps / course.seconds for course in courses):.0f}",
        f"{median(found.scores.realism for found in each):.1f}",
        f"{each[0].real.realism:.1f}",
        f"{median(found.sharpness for found in each):.2f}",
        f"{each[0].real_sharpness:.2f}",
        f"{median(found.scores.variety for found in each):.1f}",
        f"{median(found.scores.recall for found in each):.2f}",
        f"{each[0].real.recall:.2f}",
        f"{1000 * median(found.draw_seconds for found in each):.0f}",
        f"{100 * median(found.jump for found in each):.0f}",
        f"{median(errors):.3f}" if errors else "-",
        ", ".join(f"{found.scores.realism:.1f}" for found in each),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sets", nargs="+", default=["digits", "fashion"], metavar="NAME")
    options = parser.parse_args()
    for name in options.sets:
        comparison = compare(RECIPES, name, options.seconds, range(1, options.seeds + 1))
        print(f"\n{name}, {options.seconds:.0f} s each\n")
        print(table(HEADS, rows(comparison)))


if __name__ == "__main__":
    main()
