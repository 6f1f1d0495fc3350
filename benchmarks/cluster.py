"""A cluster of two nodes with one core each, on this computer, against threads.

python -m benchmarks.cluster
"""

import os
import secrets
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from benchmarks.report import Row, show
from gan.runs import Run, RunManager, RunState
from gan.runs.cluster.engine import ClusterEngine
from gan.runs.cluster.head import listens
from gan.runs.cluster.wire import SETTINGS, TOKEN
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.setup import presets

CLIENT_PORT = 9903
ADDRESS = f"ray://127.0.0.1:{CLIENT_PORT}"
ROOT = Path(__file__).parents[1]
TURNS, STEPS, ROUNDS, MANY = 20, 2000, 3, 40
LOOK_SECONDS = 0.001
QUICK = presets.get("quick").but(device="cpu", epochs=1000)
TINY = presets.get("pocket").but(device="cpu", epochs=1, pictures=64)


def nodes():
    """The cluster: a head that trains nothing, and two nodes with a core each."""
    os.environ |= SETTINGS
    os.environ.setdefault(TOKEN, secrets.token_hex(32))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *sys.path])
    from ray.cluster_utils import Cluster

    missed = {"health_check_period_ms": 1000, "health_check_failure_threshold": 3}
    head = {"num_cpus": 0, "include_dashboard": False, "_system_config": missed}
    head["ray_client_server_port"] = CLIENT_PORT
    cluster = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    until(lambda: listens(CLIENT_PORT))
    return cluster


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
        row("one step: from asking until its pictures are here", steps, 1.0),
        row("from Stop until the run is kept and ended", [stopped], 0.5),
    ]


def killed(manager: RunManager, kill: Callable[[int, int], None], what: str) -> Row:
    """From a fault until the run goes on, and how many epochs it lost."""
    run, _ = begun(manager, QUICK.but(pictures=512))
    until(lambda: len(run.snapshot().records) >= 3)
    (host,) = hosts().items()
    before, at = run.snapshot().records[-1].epoch, perf_counter()
    kill(*host)
    until(lambda: run.snapshot().resumed_at is not None)
    until(lambda: run.snapshot().reading.epoch > run.snapshot().resumed_at)
    seconds, lost = perf_counter() - at, before - run.snapshot().resumed_at
    run.stop()
    run.wait()
    return Row(
        f"{what}: until it trains again", "10 s, 1 epoch", f"{seconds:.1f} s, {lost}", seconds <= 10 and lost <= 1
    )


def hosts() -> dict[int, int]:
    """The processes of hosts, and the node of each."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.joinpath("cmdline").read_bytes().startswith(b"ray::RayHost"):
                found[int(folder.name)] = int(folder.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:  # it has just ended
            continue
    return found


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


def rows() -> list[Row]:
    """All that is promised of a cluster."""
    cluster = nodes()
    limits = Limits(runs_at_once=2, grace_seconds=600)
    stores = [open_store(Path(tempfile.mkdtemp()), limits) for _ in range(2)]
    there = RunManager(limits=limits, store=stores[0], engine=ClusterEngine(ADDRESS, stores[0], limits))
    here = RunManager(limits=limits, store=stores[1])
    first = [begun(there, QUICK, "first")]
    first.append(begun(there, QUICK, "second"))
    for run, _ in first:
        run.stop()
        run.wait()
    rates = [(speed(here), speed(there)) for _ in range(ROUNDS)]
    share = median(far / near for near, far in rates)
    near, far = (median(each) for each in zip(*rates, strict=True))

    def kill_node(pid: int, raylet: int) -> None:
        node = next(each for each in cluster.worker_nodes if each.all_processes["raylet"][0].process.pid == raylet)
        cluster.remove_node(node, allow_graceful=False)

    found = [
        Row(
            "training speed, of threads'", "90 %", f"{share:.0%} ({far:.0f} of {near:.0f} steps a second)", share >= 0.9
        ),
        Row("from Start to the first picture", "", " and ".join(f"{seconds:.1f} s" for _, seconds in first), None),
        *steering(there),
        killed(there, lambda pid, raylet: os.kill(pid, signal.SIGKILL), "a process killed"),
        many(there),
        killed(there, kill_node, "a node killed"),
    ]
    there.stop_all()
    here.stop_all()
    cluster.shutdown()
    return found


if __name__ == "__main__":
    show(rows())
