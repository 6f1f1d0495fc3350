"""What is killed in a cluster, and what goes on all the same. Each fault is caused for real."""

import os
import signal
import subprocess
import sys
from functools import partial

import pytest

from gan.runs import RunState
from gan.setup.config import RunConfig
from tests.clusters import ADDRESS, Class, kill_node, on_that_node, processes
from tests.fakes import wait_until

SECONDS = 60


@pytest.fixture
def room(cluster, tmp_path):
    room = Class(tmp_path, ADDRESS)
    yield room
    room.close()


def until(condition) -> None:
    wait_until(condition, SECONDS)


def begun(room, seed: int = 1):
    """A run that has kept two epochs."""
    run = room.manager.starting.new(RunConfig(epochs=4, seed=seed), f"tab {seed}")
    room.allow(run, 2)
    until(lambda: run.snapshot().kept == (0, 1, 2))
    return run


def went_on(room, run) -> None:
    """It came again at its newest epoch, and comes to its end."""
    until(lambda: run.snapshot().resumed_at == 2 and run.snapshot().reading.epoch == 2)
    room.allow(run, 4)
    assert run.wait(SECONDS) and run.snapshot().state is RunState.FINISHED
    assert [record.epoch for record in run.snapshot().records] == [1, 2, 3, 4]
    assert run.snapshot().kept == (0, 1, 2, 3, 4)


def test_a_killed_worker_comes_again_at_its_newest_epoch_and_still_rests(room):
    run = begun(room)
    run.control.pause()
    until(lambda: run.snapshot().state is RunState.PAUSED)
    (host,) = processes(b"ray::RayHost")
    os.kill(host, signal.SIGKILL)
    until(lambda: run.snapshot().resumed_at == 2)
    until(lambda: run.snapshot().state is RunState.PAUSED)
    run.control.go_on()
    went_on(room, run)


def test_the_foreman_is_killed_and_nothing_is_lost(room):
    runs = [begun(room, seed) for seed in (1, 2)]
    waiting = room.manager.starting.new(RunConfig(epochs=4, seed=3), "tab 3")
    until(lambda: waiting.snapshot().state is RunState.QUEUED)
    hosts = processes(b"ray::RayHost")
    (foreman,) = processes(b"ray::RayForeman")
    os.kill(foreman, signal.SIGKILL)
    until(lambda: foreman not in processes(b"ray::RayForeman") and processes(b"ray::RayForeman"))
    runs[0].stop()
    until(lambda: waiting.snapshot().reading)
    assert runs[1].is_live and processes(b"ray::RayHost").keys() & hosts.keys()
    room.allow(runs[1], 4)
    assert runs[1].wait(SECONDS) and runs[1].snapshot().resumed_at is None


def test_another_app_server_finds_a_run_and_steers_it(room, tmp_path, cluster):
    run = begun(room)
    code = f"""
from pathlib import Path
from tests.clusters import ADDRESS, Class, kill_node, on_that_node, processes
from tests.fakes import wait_until
room = Class(Path({str(tmp_path)!r}), {ADDRESS!r})
wait_until(lambda: room.manager.get({run.run_id!r}), {SECONDS})
run = room.manager.get({run.run_id!r})
room.manager.watch("zoe", run)
wait_until(lambda: len(run.snapshot().records) == 2, {SECONDS})
run.control.pause()
wait_until(lambda: run.control.is_resting, {SECONDS})
room.manager.stop_all()
"""
    elsewhere(code)
    until(lambda: run.snapshot().state is RunState.PAUSED)
    assert run.control.is_held
    run.control.go_on()
    room.allow(run, 4)
    assert run.wait(SECONDS)


def test_a_node_is_killed_and_the_run_goes_on_on_another(room, cluster):
    run = on_that_node(cluster, partial(begun, room))
    kill_node(cluster)
    try:
        went_on(room, run)
    finally:
        cluster.add_node(num_cpus=1)  # for the others


def elsewhere(code: str) -> None:
    """Run this in a process of its own: Ray has one connection a process."""
    found = subprocess.run([sys.executable, "-c", code], timeout=200, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-2000:]


def test_the_head_is_gone_and_comes_back(tmp_path):
    elsewhere(f"""
from pathlib import Path
from gan.runs.cluster import engine
from tests.gan.runs.cluster.heads import Head, lives_through
engine.LOST_SECONDS = 1.0
with Head() as head:
    lives_through(head, Path({str(tmp_path)!r}))
""")
