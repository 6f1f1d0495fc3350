"""A cluster of two nodes with one core each, on this computer, against threads.

python -m benchmarks.cluster
"""

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from benchmarks.report import Row, show
from gan.runs import Run, RunManager, RunState
from gan.runs.cluster.engine import ClusterEngine
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.setup import presets
from tests.clusters import ADDRESS, kill_node, on_that_node, processes, two_nodes

TURNS, STEPS, ROUNDS, MANY = 20, 1000, 3, 40
LOOK_SECONDS = 0.001
QUICK = presets.get("quick").but(device="cpu", epochs=1000)
TINY = presets.get("pocket").but(device="cpu", epochs=1, pictures=64)


def until(condition: Callable[[], object], most: float = 120.0) -> float:
    """Seconds until the condition holds."""
    begun = perf_counter()
    while not condition():
        if perf_counter() - begun > most:
            raise TimeoutError
        threading.Event().wait(LOOK_SECONDS)
    return perf_counter() - begun


def begun(manager: RunManager, config, name: str = "ann") -> tuple[Run, float]:
    """A run, and the seconds from asking for it to its first picture."""
    run = manager.starting.new(config, name)
    return run, until(lambda: run.snapshot().reading)


def speed(manager: RunManager) -> float:
    """Steps a second of one run."""
    run, _ = begun(manager, QUICK)
    until(lambda: run.snapshot().reading.step > 100)
    first, at = run.snapshot().reading.step, perf_counter()
    until(lambda: run.snapshot().reading.step > first + STEPS)
    rate = (run.snapshot().reading.step - first) / (perf_counter() - at)
    run.stop()
    run.wait()
    return rate


def steering(manager: RunManager) -> list[Row]:
    """What is felt of a run that trains elsewhere."""
    run, _ = begun(manager, QUICK)
    until(lambda: run.snapshot().points)
    asked, pauses, steps = [], [], []
    for _ in range(TURNS):
        at = perf_counter()
        run.control.pause()
        asked.append(perf_counter() - at)
        pauses.append(until(lambda: run.snapshot().state is RunState.PAUSED) + asked[-1])
        before, at = run.snapshot().reading.step, perf_counter()
        run.control.one_step()
        until(lambda before=before: run.snapshot().reading.step > before)
        steps.append(perf_counter() - at)
        run.control.go_on()
        until(lambda before=before: run.snapshot().reading.step > before + 5)
    at = perf_counter()
    run.stop()
    run.wait()
    stopped = perf_counter() - at
    return [
        row("an order reaches the run", asked, 0.1),
        row("from Pause until the app knows that it rests", pauses, 0.5),
        row("one step: from asking until its pictures are here, which is more than the lag", steps, 1.0),
        row("from Stop until the run is kept and ended", [stopped], 0.5),
    ]


def killed(manager: RunManager, cluster, kill: Callable[[], None], what: str) -> Row:
    """From a fault until the run goes on, and how many epochs it lost."""
    run = on_that_node(cluster, lambda seed: begun(manager, QUICK.but(pictures=512, seed=seed), f"tab {seed}")[0])
    until(lambda: len(run.snapshot().records) >= 3)
    before, at = run.snapshot().records[-1].epoch, perf_counter()
    kill()
    until(lambda: run.snapshot().resumed_at is not None)
    until(lambda: run.snapshot().reading.epoch > run.snapshot().resumed_at)
    seconds, lost = perf_counter() - at, before - run.snapshot().resumed_at
    run.stop()
    run.wait()
    measured, holds = f"{seconds:.1f} s, {lost}", seconds <= 10 and lost <= 1
    return Row(f"{what}: until it trains again, epochs lost", "10 s, 1", measured, holds)


def kill_host() -> None:
    """Kill the process of the one run that trains."""
    (host,) = processes(b"ray::RayHost")
    os.kill(host, signal.SIGKILL)


def many(manager: RunManager) -> Row:
    """Many runs of one visitor's at once: all are to be finished."""
    at = perf_counter()
    runs = [manager.starting.new(TINY.but(seed=seed), f"tab {seed}") for seed in range(1, MANY + 1)]
    until(lambda: not any(run.is_live for run in runs), 600)
    seconds, done = perf_counter() - at, sum(run.snapshot().state is RunState.FINISHED for run in runs)
    return Row(f"{MANY} runs queued, until all are finished", "all", f"{done} in {seconds:.0f} s", done == MANY)


def row(what: str, seconds: list[float], target: float) -> Row:
    measured = f"{median(seconds):.3f} s" + (f" ({quantiles(seconds, n=20)[-1]:.3f})" if len(seconds) > 1 else "")
    return Row(f"{what}, median (95 %)", f"{target} s", measured, median(seconds) <= target)


def rows() -> Iterator[Row]:
    """All that is promised of a cluster."""
    cluster = two_nodes()
    limits = Limits(runs_at_once=2, grace_seconds=600)
    stores = [open_store(Path(tempfile.mkdtemp()), limits) for _ in range(2)]
    there = RunManager(limits=limits, store=stores[0], engine=ClusterEngine(ADDRESS, stores[0], limits))
    here = RunManager(limits=limits, store=stores[1])
    try:
        yield from starts(there)
        rates = [(speed(here), speed(there)) for _ in range(ROUNDS)]
        share = median(far / near for near, far in rates)
        near, far = (median(each) for each in zip(*rates, strict=True))
        measured = f"{share:.0%} ({far:.0f} of {near:.0f} steps a second)"
        yield Row("training speed, of threads'", "90 %", measured, share >= 0.9)
        yield from steering(there)
        yield killed(there, cluster, kill_host, "a process killed")
        yield many(there)
        yield killed(there, cluster, partial(kill_node, cluster), "a node killed")
    finally:
        there.stop_all()
        here.stop_all()
        cluster.shutdown()


def starts(manager: RunManager) -> Iterator[Row]:
    """From Start to the first picture: the very first run, which has the foreman begin too, and one after it."""
    found = [begun(manager, QUICK, name) for name in ("first", "second")]
    for which, (run, seconds) in zip(("the cluster's first run", "the second"), found, strict=True):
        run.stop()
        run.wait()
        yield Row(f"from Start to the first picture, {which}", "", f"{seconds:.1f} s", None)


if __name__ == "__main__":
    show(rows())
