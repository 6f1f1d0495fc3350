"""How soon a run obeys: from asking it to pause until it rests, and from asking it to go on until its next step.

python -m benchmarks.speed.steering
"""

import random
import threading
from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter

from benchmarks.report import Row, show
from gan.runs import RunState, Snapshot, ThreadRun
from gan.setup import presets

TURNS = 20
TARGET_SECONDS = 0.2
LOOK_SECONDS = 0.0005
LONGEST_STEP = 0.3


def until(condition: Callable[[], bool]) -> float:
    """Seconds until the condition holds."""
    begun = perf_counter()
    while not condition():
        threading.Event().wait(LOOK_SECONDS)
    return perf_counter() - begun


def rows(recipes: tuple[str, ...] = ("quick", "deep_mlp_vs_conv")) -> list[Row]:
    """The promises about steering, for a small recipe and for the slowest one."""
    return [row for recipe in recipes for row in _rows(recipe)]


def _rows(recipe: str) -> list[Row]:
    run = ThreadRun(Snapshot("steered", presets.get(recipe).but(device="cpu")))
    run.start()
    until(lambda: len(run.snapshot().points) > 0)
    pauses, goes, chance = [], [], random.Random(0)
    for _ in range(TURNS):
        run.control.pause()
        pauses.append(until(lambda: run.snapshot().state is RunState.PAUSED))
        step = run._trainer.steps
        run.control.go_on()
        goes.append(until(lambda step=step: run._trainer.steps > step))
        threading.Event().wait(chance.uniform(0, LONGEST_STEP))  # a step has just begun; people press at any moment
    begun = perf_counter()
    run.stop()
    run.wait()
    stopped = perf_counter() - begun
    return [_row(f"{recipe}: pause", pauses), _row(f"{recipe}: go on", goes), _row(f"{recipe}: stop", [stopped], 0.5)]


def _row(what: str, seconds: list[float], target: float = TARGET_SECONDS) -> Row:
    measured = f"{median(seconds):.3f} s"
    if len(seconds) > 1:
        measured += f" ({quantiles(seconds, n=20)[-1]:.3f})"
    return Row(f"{what}, median (95 %)", f"{target} s", measured, median(seconds) <= target)


if __name__ == "__main__":
    show(rows())
