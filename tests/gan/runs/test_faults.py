"""Faults of a live classroom, each really caused: what is left of a run, of its thread, and of the server."""

import ctypes
import gc
import os
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest
import torch

from gan.records import Wish
from gan.runs import RunManager, RunState, Snapshot, ThreadRun
from gan.runs.live.training import make_trainer
from gan.runs.state.limits import Limits
from gan.setup import presets
from gan.setup.config import RunConfig
from tests.fakes import FakeTrainer, wait_until

ROOT = Path(__file__).parents[3]
CONFIG = RunConfig(epochs=3)
TINY = presets.get("pocket").but(pictures=32, batch_size=16, epochs=1, device="cpu")
DEADLY = [
    SystemExit(1),
    KeyboardInterrupt(),
    GeneratorExit(),
    MemoryError(),
    RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 3.94 GiB"),
    torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."),
    RecursionError("maximum recursion depth exceeded"),
]


@pytest.fixture
def manager():
    """A manager with fake trainers whose runs are ended afterwards."""
    FakeTrainer.made.clear()
    manager = RunManager(FakeTrainer)
    yield manager
    manager.stop_all()
    assert not run_threads()


def run_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("run-")]


def begun(manager, viewer="ann"):
    """A run that has made its first reading, and its trainer."""
    run = manager.starting.new(CONFIG, viewer)
    wait_until(lambda: run.snapshot().reading)
    return run, next(made for made in FakeTrainer.made if made is run._trainer)


def is_told(run) -> bool:
    """Whether a run's fault is two sentences without a stack trace."""
    fault = run.snapshot().fault
    texts = str(fault.what), str(fault.try_)
    return all(text.endswith(".") and "\n" not in text and "Traceback" not in text for text in texts)


class TestDyingThread:
    @pytest.mark.parametrize("error", DEADLY, ids=lambda error: f"{type(error).__name__} {str(error)[:9]}")
    def test_is_told_and_another_run_can_be_started(self, manager, error):
        run, trainer = begun(manager)
        trainer.go()
        wait_until(lambda: run.snapshot().records)
        trainer.fail(error)
        assert run.wait(5)
        assert run.snapshot().state is RunState.FAILED and is_told(run)
        assert ("ran out of memory" in str(run.snapshot().fault.what)) == ("memory" in f"{error!r}".lower())
        assert len(run.snapshot().records) == 1, "what it had made is kept"
        after, _ = begun(manager)
        assert after.is_live

    @pytest.mark.parametrize("error", DEADLY, ids=lambda error: f"{type(error).__name__} {str(error)[:9]}")
    def test_may_die_before_there_is_a_trainer(self, error):
        def make(config):
            raise error

        run = ThreadRun(Snapshot("test", CONFIG), make)
        run.start()
        assert run.wait(5) and run.snapshot().state is RunState.FAILED and is_told(run)

    def test_can_be_killed_from_outside(self):
        run = ThreadRun(Snapshot("test", TINY.but(epochs=100_000)))
        run.start()
        wait_until(lambda: run.snapshot().records)
        killed = ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(run._thread.ident), ctypes.py_object(SystemExit)
        )
        assert killed == 1 and run.wait(10)
        assert run.snapshot().state is RunState.FAILED and is_told(run)
        assert "SystemExit" in str(run.snapshot().fault.what)

    def test_does_not_answer_a_wish_but_keeps_its_last_pictures(self, manager, monkeypatch):
        run, trainer = begun(manager)
        trainer.fail(RuntimeError("CUDA error: device-side assert triggered"))
        assert run.wait(5)
        before = run.snapshot().reading

        def look_again(*_):
            raise RuntimeError("CUDA error: device-side assert triggered")

        monkeypatch.setattr(run._eyes, "look_again", look_again)
        run.wish(Wish(label=7))
        assert "device-side assert" in str(run.snapshot().refusal) and run.snapshot().reading is before

    def test_may_never_begin(self, manager, monkeypatch):
        def refuse(thread):
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            run = manager.starting.new(CONFIG, "ann")
        assert run.wait(1) and run.snapshot().state is RunState.FAILED and is_told(run)
        assert "ran out of memory" in str(run.snapshot().fault.what)
        manager.stop_all()
        begun(manager)


class TestStart:
    @pytest.fixture
    def slow(self):
        """A manager whose trainers take until `go_on` is set to be made."""
        making, go_on = threading.Event(), threading.Event()

        def make(config):
            making.set()
            assert go_on.wait(10)
            return FakeTrainer(config)

        manager = RunManager(make, Limits(grace_seconds=0))
        manager.making, manager.go_on = making, go_on
        yield manager
        go_on.set()
        manager.stop_all()

    def test_of_a_tab_that_closes_meanwhile_is_given_up(self, slow):
        run = slow.starting.new(CONFIG, "ann")
        assert slow.making.wait(5)
        slow.leave("ann")
        slow.go_on.set()
        assert run.wait(5) and run.snapshot().state is RunState.ABANDONED and not run_threads()

    def test_of_a_tab_that_is_reloaded_meanwhile_goes_on(self, slow):
        run = slow.starting.new(CONFIG, "ann")
        assert slow.making.wait(5)
        slow.leave("ann")
        slow.watch("ann after F5", run)
        slow.go_on.set()
        wait_until(lambda: run.snapshot().reading)
        assert run.is_live

    def test_that_is_stopped_meanwhile_ends_without_a_step(self, slow):
        run = slow.starting.new(CONFIG, "ann")
        assert slow.making.wait(5)
        run.stop()
        assert run.snapshot().state is RunState.STOPPING
        slow.go_on.set()
        assert run.wait(5) and run.snapshot().state is RunState.STOPPED and not run.snapshot().records

    def test_of_many_tabs_at_once_loses_none(self, manager):
        at_once, runs = threading.Barrier(16), []

        def press(number):
            at_once.wait(10)
            runs.append(manager.starting.new(CONFIG, f"tab {number}"))

        tabs = [threading.Thread(target=press, args=(number,)) for number in range(16)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join(10)
        assert len({run.run_id for run in runs}) == len({run.watch_id for run in runs}) == 16
        assert all(manager.get(run.run_id) is run and run.is_live for run in runs)
        manager.stop_all()
        assert all(run.snapshot().state is RunState.STOPPED for run in runs)


# Says "alone" when its only viewer has left, waits to be put to sleep, and then how its run is, and how it ends.
SLEEPER = """
from time import monotonic, sleep
from gan.setup.config import RunConfig
from gan.runs import RunManager, ThreadRun
from gan.runs.state.limits import Limits
from tests.fakes import FakeTrainer
manager = RunManager(FakeTrainer, Limits(grace_seconds=2))
run = manager.starting.new(RunConfig(), "tab")
manager.leave("tab")
before = now = monotonic()
print("alone", flush=True)
while now - before < 1.5:
    sleep(0.02)
    before, now = now, monotonic()
sleep(0.3)
print(run.snapshot().state, flush=True)
run.wait(20)
print(run.snapshot().state, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="puts a process to sleep by signals")
def test_a_sleep_longer_than_the_grace_time_ends_no_run_by_itself():
    with subprocess.Popen([sys.executable, "-c", SLEEPER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "alone\n"
        os.kill(process.pid, signal.SIGSTOP)
        threading.Event().wait(2.5)  # no condition to wait for: the grace time itself must pass
        os.kill(process.pid, signal.SIGCONT)
        assert process.stdout.readline() in ("starting\n", "running\n")
        assert process.stdout.readline() == "abandoned\n"


# Lets a run have hardly any memory, and the next one what it needs.
HUNGRY = """
import resource
from pathlib import Path
import torch
from gan.setup import presets
from gan.runs import RunManager, ThreadRun
torch.set_num_threads(1)
manager, tiny = RunManager(), presets.get("pocket").but(pictures=32, batch_size=16, epochs=1, device="cpu")
assert manager.starting.new(tiny, "tab").wait(60)
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limits = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (used + 300 * 2**20, limits[1]))
huge = presets.get("dcgan").but(picture_size="64", batch_size=512, options={"width": 128}, device="cpu")
run = manager.starting.new(huge, "tab")
assert run.wait(60) and run.snapshot().state == "failed"
assert "ran out of memory" in str(run.snapshot().fault.what), run.snapshot().fault
resource.setrlimit(resource.RLIMIT_AS, limits)
run = manager.starting.new(tiny, "tab")
assert run.wait(60) and run.snapshot().state == "finished", run.snapshot().fault
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits a process's memory as Linux does")
def test_memory_that_runs_out_for_real_is_told_and_the_next_run_trains():
    done = subprocess.run([sys.executable, "-c", HUNGRY], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


# The clock on the wall jumps a day back or an hour forth whenever somebody looks at it.
JUMPING = """
import itertools, time
jumps, real = itertools.cycle([-86400, 3600, 0]), time.time
time.time = lambda: real() + next(jumps)
time.time_ns = lambda: int(time.time() * 1e9)
from gan.setup import presets
from gan.runs import RunManager, ThreadRun
from gan.runs.state.limits import Limits
manager, begun = RunManager(limits=Limits(grace_seconds=60)), time.monotonic()
run = manager.starting.new(presets.get("pocket").but(pictures=64, batch_size=16, epochs=4, device="cpu"), "tab")
manager.leave("tab")
assert run.wait(60)
took, snapshot = time.monotonic() - begun, run.snapshot()
assert snapshot.state == "finished", (snapshot.state, snapshot.fault)
assert 0 < snapshot.seconds < took and 0 < snapshot.reading.seconds < took, (snapshot.seconds, took)
assert snapshot.seconds_left == 0 and 0 < snapshot.reading.steps_per_second < 1e6
assert all(0 < record.seconds < took for record in snapshot.records)
"""


def test_a_clock_that_is_set_changes_nothing():
    done = subprocess.run([sys.executable, "-c", JUMPING], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def no_garbage_collection():
    """Only what nobody holds goes. The app seldom collects the rest: that takes long, and all runs wait."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_forgotten_runs_leave_nothing_behind(no_garbage_collection, monkeypatch):
    monkeypatch.setattr("gan.runs.server.registry.KEPT", 2)
    trainers = []

    def make(config, start=None):
        trainer = make_trainer(config, start)
        trainers.append(weakref.ref(trainer))
        return trainer

    manager = RunManager(make)
    for number in range(10):
        run = manager.starting.new(TINY, f"tab {number}")
        run.wish(Wish(seed=number, trace=True))
        assert run.wait(30) and run.snapshot().state is RunState.FINISHED
        manager.leave(f"tab {number}")
    assert len(trainers) == 10 and not run_threads()
    assert len([trainer for trainer in trainers if trainer()]) <= 3  # the newest was begun after counting
    assert manager._watchers._watching == {}
