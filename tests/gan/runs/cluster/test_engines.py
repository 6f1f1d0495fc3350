"""What a run does, it does on threads of the server and in a cluster alike."""

import os
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest

from gan.records import Wish
from gan.runs import Contests, RunManager, RunState
from gan.runs.cluster.engine import ClusterEngine
from gan.runs.cluster.wire import SETTINGS, Wire
from gan.runs.kept.opening import open_store
from gan.runs.live.places import QueueFull
from gan.runs.state.limits import Limits
from gan.setup import presets
from gan.setup.config import RunConfig
from tests.clusters import ADDRESS, Class, end_foreman
from tests.fakes import wait_until

SECONDS = 60  # that something may take until it is called broken


@pytest.fixture(scope="module", params=["threads", "cluster"])
def address(request) -> str:
    return "" if request.param == "threads" else request.getfixturevalue("cluster") and ADDRESS


@pytest.fixture(scope="module")
def server(address, tmp_path_factory):
    """A server with an engine that trains two runs at once."""
    server = Class(tmp_path_factory.mktemp("class"), address)
    yield server
    server.close()


@pytest.fixture
def room(server):
    yield server
    server.end()


@pytest.fixture
def class_of(address, tmp_path):
    """Makes a server with limits of its own, which leaves no run behind, however its test ends."""
    with ExitStack() as stack:
        yield lambda limits: stack.enter_context(closing(Class(tmp_path, address, limits)))


def config(seed: int, **settings) -> RunConfig:
    return RunConfig(epochs=3, seed=seed, **settings)


def until(condition) -> None:
    wait_until(condition, SECONDS)


def begun(room, seed: int = 1, viewer: str = "ann", **settings):
    run = room.manager.starting.new(config(seed, **settings), viewer)
    until(lambda: run.snapshot().reading)
    return run


def test_a_run_goes_to_its_last_epoch_and_is_kept(room):
    run = begun(room)
    assert run.snapshot().state is RunState.RUNNING and run.snapshot().records == ()
    room.allow(run, 3)
    assert run.wait(SECONDS)
    snapshot = run.snapshot()
    assert snapshot.state is RunState.FINISHED and snapshot.kept == (0, 1, 2, 3)
    assert [record.epoch for record in snapshot.records] == [1, 2, 3] and len(snapshot.frames) == 4
    assert run.look_back(2)[0].max() == 102
    assert room.manager.store.load(run.run_id).state is RunState.FINISHED


def test_it_is_paused_and_goes_on_epoch_by_epoch(room):
    run = begun(room)
    run.control.pause()
    assert run.control.is_held
    until(lambda: run.snapshot().state is RunState.PAUSED)
    room.allow(run, 3)
    run.control.one_epoch()
    until(lambda: len(run.snapshot().records) == 1 and run.snapshot().state is RunState.PAUSED)
    run.control.go_on()
    assert not run.control.is_held
    assert run.wait(SECONDS) and run.snapshot().state is RunState.FINISHED


def test_it_is_steered(room):
    run = begun(room)
    run.change(learning_rate=0.5)
    assert run.config.learning_rate == 0.5
    room.allow(run, 2)
    until(lambda: run.snapshot().changes)
    assert run.snapshot().config.learning_rate == 0.5 and run.snapshot().first_config.learning_rate != 0.5
    with pytest.raises(ValueError, match="latent_size"):
        run.change(latent_size=7)


def test_it_shows_what_is_wished_for_live_and_after_its_end(room):
    run = begun(room)
    run.wish(Wish(label=3))
    room.allow(run, 1)
    until(lambda: run.snapshot().wish.label == 3)
    run.stop()
    assert run.wait(SECONDS)
    run.wish(Wish(label=5))
    until(lambda: run.snapshot().reading.samples.max() == 205)


def test_stopped_it_can_go_on_from_its_newest_epoch(room):
    run = begun(room)
    room.allow(run, 2)
    until(lambda: run.snapshot().kept == (0, 1, 2))
    run.stop()
    assert run.snapshot().state in (RunState.STOPPING, RunState.STOPPED)
    assert run.wait(SECONDS) and run.snapshot().state is RunState.STOPPED
    again = room.manager.starting.resume(run.run_id, "ann")
    until(lambda: again.snapshot().state is RunState.RUNNING)
    assert again.snapshot().resumed_at == 2 and len(again.snapshot().records) == 2
    room.allow(run, 3)
    assert again.wait(SECONDS) and [record.epoch for record in again.snapshot().records] == [1, 2, 3]


def test_the_third_waits_and_the_fourth_stops_waiting(room):
    runs = [begun(room, seed) for seed in (1, 2)]
    third, fourth = (room.manager.starting.new(config(seed), f"tab {seed}") for seed in (3, 4))
    until(lambda: fourth.snapshot().place == 2)
    assert third.snapshot().state is RunState.QUEUED and room.manager.ahead("zoe") == 3
    third.stop()
    assert third.wait(SECONDS) and third.snapshot().state is RunState.STOPPED and not third.snapshot().records
    until(lambda: fourth.snapshot().place == 1)
    runs[0].stop()
    until(lambda: fourth.snapshot().reading)


def test_who_has_too_many_waiting_is_told(class_of):
    room = class_of(Limits(runs_at_once=1, waiting_each=1))
    begun(room)
    room.manager.starting.new(config(2), "ann")
    with pytest.raises(QueueFull, match="1 run in the queue already"):
        room.manager.starting.new(config(3), "ann")


def test_a_fork_begins_with_what_its_parent_was(room):
    parent = begun(room)
    room.allow(parent, 2)
    until(lambda: parent.snapshot().kept == (0, 1, 2))
    fork = room.manager.starting.fork(config(2, learning_rate=0.1), parent, 1, "ann")
    until(lambda: fork.snapshot().reading)
    assert fork.snapshot().kept == (1,) and fork.snapshot().reading.epoch == 1
    assert fork.snapshot().forked_at == 1 and fork.snapshot().resumed_at is None
    with pytest.raises(ValueError, match="Epoch 9"):
        room.manager.starting.fork(config(3), parent, 9, "ann")


def test_a_race_takes_one_place(room):
    contests = Contests(room.manager)
    race = contests.race(config(1), "learning_rate", [0.1, 0.2, 0.3], "realism", "ann")
    runs = contests.runs(race)
    until(lambda: all(run.snapshot().reading for run in runs))
    other = begun(room, 2, "ben")
    room.allow(other, 3)
    room.allow(runs[0], 3)
    assert all(run.wait(SECONDS) for run in runs)
    assert {run.snapshot().state for run in runs} == {RunState.FINISHED}


def test_a_comparison_takes_turns_and_is_measured(room):
    contests = Contests(room.manager)
    runs = contests.runs(contests.versus(["quick", "vae"], "digits", 2, "ann"))
    room.allow(runs[0], 5)
    assert all(run.wait(SECONDS) for run in runs)
    assert [run.snapshot().measures.scores.realism for run in runs] == [4.0, 8.0]
    assert [run.snapshot().budget for run in runs] == [2.0, 2.0]


def test_a_fault_is_told_and_the_others_go_on(room):
    other, run = begun(room, 1), begun(room, 2, "ben")
    room.fail(run)
    assert run.wait(SECONDS) and run.snapshot().state is RunState.FAILED
    assert "memory" in str(run.snapshot().fault.what) and "batch size" in str(run.snapshot().fault.try_)
    room.allow(other, 3)
    assert other.wait(SECONDS) and other.snapshot().state is RunState.FINISHED


def test_nobody_watches_and_it_ends(class_of):
    room = class_of(Limits(runs_at_once=1, grace_seconds=0))
    run, waits = begun(room), room.manager.starting.new(config(2), "ben")
    room.manager.leave("ben")
    assert waits.wait(SECONDS) and waits.snapshot().state is RunState.ABANDONED
    room.manager.leave("ann")
    assert run.wait(SECONDS) and run.snapshot().state is RunState.ABANDONED


def test_a_run_that_goes_on_is_not_deleted(room):
    run = begun(room)
    with pytest.raises(ValueError, match="stop it before"):
        room.manager.starting.delete(run.run_id)
    run.stop()
    assert run.wait(SECONDS)
    room.manager.starting.delete(run.run_id)
    assert room.manager.get(run.run_id) is None


def test_the_same_settings_give_the_same_pictures_wherever_they_train(cluster, tmp_path):
    limits = Limits(runs_at_once=2)
    store = open_store(tmp_path, limits)
    managers = [
        RunManager(limits=limits, store=store),
        RunManager(limits=limits, store=store, engine=ClusterEngine(ADDRESS, store, limits)),
    ]
    asked = presets.get("pocket").but(epochs=1, pictures=256, device="cpu")
    runs = [manager.starting.new(asked, "ann") for manager in managers]
    assert all(run.wait(60) for run in runs)
    here, there = (run.snapshot() for run in runs)
    assert here.threads == there.threads == 1 and here.state is there.state is RunState.FINISHED
    assert np.array_equal(here.reading.samples, there.reading.samples)
    assert here.records[-1].g_loss == there.records[-1].g_loss
    end_foreman(managers[1].engine)
    for manager in managers:
        manager.stop_all()


def test_nothing_about_the_use_of_ray_leaves_the_machine(cluster, monkeypatch):
    """https://docs.ray.io/en/latest/cluster/usage-stats.html"""
    nodes = [cluster.head_node, *cluster.worker_nodes]
    pids = [each.process.pid for node in nodes for found in node.all_processes.values() for each in found]
    assert len(pids) >= 5
    for pid in pids:
        assert b"RAY_USAGE_STATS_ENABLED=0" in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    for name in SETTINGS:
        monkeypatch.delenv(name)
    Wire("ray://127.0.0.1:1")
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0" and os.environ["RAY_AUTH_MODE"] == "token"
