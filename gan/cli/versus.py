"""`python -m gan versus`: several recipes on the same pictures, each with as many seconds, in one table."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from threading import Event

from gan.cli import pictures
from gan.cli.shell import asked_to_stop
from gan.messages import Refusal, verbatim
from gan.runs import Contests, RunManager, RunState
from gan.runs.state.comparison import Comparison, Course
from gan.setup import presets
from gan.setup.kinds import Number, Whole

LOOK_SECONDS = 0.5
HEADS = ("realism", "real", "sharp", "real", "variety", "recall", "64 in s", "jump", "error", "seeds")


def compare(
    recipes: Sequence[str],
    pictures: str,
    seconds: float,
    seeds: Sequence[int] = (1,),
    stop: Event | None = None,
    tell: Callable[[str], None] = print,
) -> Comparison:
    """Train all recipes in turn, seed after seed; what they have shown, or had until `stop` was set.

    Raises ValueError with a sentence for recipes that cannot be compared, and where one of them fails.
    """
    manager, stop = RunManager(), stop or Event()
    contests, courses = Contests(manager), []
    for seed in seeds:
        contest = contests.versus(recipes, pictures, seconds, viewer="cli", seeds=(seed,))
        runs = contests.runs(contest)
        while not all([run.wait(LOOK_SECONDS) for run in runs]):
            if stop.is_set():
                manager.stop_all()
        for name, run in zip(recipes, runs, strict=True):
            snapshot = run.snapshot()
            if snapshot.state is RunState.FAILED:
                raise Refusal(snapshot.fault.what)
            courses.append(Course.of(name, seed, run.config.family, snapshot))
            tell(told(courses[-1]))
        if stop.is_set():
            break
    return Comparison(pictures, seconds, tuple(courses))


def told(course: Course) -> str:
    """A line about one run that has ended."""
    realism = "not measured" if course.realism is None else f"realism {course.realism:.1f}"
    return f"{course.recipe}, seed {course.seed}: {course.seconds:.1f} s, {course.steps:,} steps, {realism}"


def rows(comparison: Comparison) -> list[list[str]]:
    """The table: one row a recipe; its last column is the realism of each seed."""
    found = []
    for course in comparison.firsts:
        each = course.measures
        if each is None:
            found.append([course.recipe, *["-"] * len(HEADS)])
            continue
        realisms = ", ".join(f"{realism:.1f}" for realism in comparison.realisms(course.recipe))
        numbers = (
            _number(each.scores.realism, ".1f"), _number(each.real.realism, ".1f"), f"{each.sharpness:.2f}",
            f"{each.real_sharpness:.2f}", _number(each.scores.variety, ".1f"), _number(each.scores.recall, ".2f"),
            f"{each.draw_seconds:.3f}", f"{each.jump:.1%}", _number(each.error, ".3f"), realisms or "-",
        )  # fmt: skip
        found.append([course.recipe, *numbers])
    return found


def _number(value: float | None, form: str) -> str:
    """As it stands in the table, where some cannot be measured on every picture set."""
    return "-" if value is None else f"{value:{form}}"


def add(commands: argparse._SubParsersAction) -> None:
    """The command's own options."""
    command = commands.add_parser("versus", help="compare recipes: the same pictures and seconds of training for each")
    command.set_defaults(command=run)
    command.add_argument("recipes", nargs="+", metavar="PRESET", help="two to four, such as: quick vae diffusion")
    command.add_argument(
        "--data", default="digits", metavar="NAME", help="the picture set (digits), or a folder or ZIP of your own"
    )
    command.add_argument("--seconds", default="60", metavar="S", help="of training, for each (60)")
    command.add_argument("--seeds", default="1", metavar="N", help="how many runs of each (1)")
    command.add_argument("--json", action="store_true", help="one JSON list of all runs")


def run(chosen: argparse.Namespace) -> int:
    """The exit code: 0, or 130 after Ctrl-C."""
    seconds = Number(1, 3600).read(verbatim("--seconds"), chosen.seconds)
    seeds = Whole(1, 20).read(verbatim("--seeds"), chosen.seeds)
    for name in chosen.recipes:
        presets.get(name)
    with asked_to_stop() as stop:
        tell = (lambda _: None) if chosen.json else print
        comparison = compare(chosen.recipes, pictures.brought(chosen.data), seconds, range(1, seeds + 1), stop, tell)
    if chosen.json:
        print(json.dumps([asdict(each) | {"samples": None} for each in comparison.courses]))
    else:
        lines = [["recipe", *HEADS], *rows(comparison)]
        wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
        print()
        for line in lines:
            print("  ".join(f"{each:>{width}}" for each, width in zip(line, wide, strict=True)))
    return 130 if stop.is_set() else 0
