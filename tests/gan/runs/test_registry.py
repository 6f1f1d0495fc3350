"""Which runs stay in memory: as many as its limit holds with all that they take."""

import tracemalloc

import numpy as np
import pytest

from gan.records import SAMPLES, Change, EpochRecord, Point, Reading, Scores
from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept.opening import open_store
from gan.runs.server import registry
from gan.runs.state.limits import Limits
from gan.setup import presets
from tests.fakes import FakeEyes, FakeTrainer, wait_until

CONFIG = presets.get("pocket")
MEASURED = Scores(samples=250, realism=1.5, variety=9.0, shares=(0.1,) * 10, precision=0.5, recall=0.5, copying=1.1)


def records(count, scores=None):
    numbers = {name: 0.5 for name in ("d_loss", "g_loss", "d_real", "d_fake", "real_passed", "fake_passed")}
    numbers |= {"seconds": 1.0, "steps_per_second": 9.5, "samples": None, "scores": scores}
    return tuple(EpochRecord(epoch=epoch, step=9 * epoch, **numbers) for epoch in range(1, count + 1))


def film(count):
    return {number: np.zeros((SAMPLES, 28, 28), np.uint8) for number in range(count)}


LARGE = {
    "film": {"frames": film(40)},
    "records": {"records": records(2000)},
    "scored records": {"records": records(1000, MEASURED)},
    "points": {"points": tuple(Point(epoch, *[0.5] * 8, own={"kl": 0.5}) for epoch in np.arange(400.0).tolist())},
    "scores": {"scores": tuple((float(epoch), MEASURED) for epoch in range(400))},
    "changes": {"changes": tuple(Change(step, 0.5, {"learning_rate": 0.5}) for step in range(2000))},
    "newest fakes": {"reading": Reading(
        epoch=1, step=9, seconds=1, steps_per_second=9, samples=np.zeros((SAMPLES, 64, 64, 3), np.uint8)
    )},
}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def servers(tmp_path):
    """Two of them, on one library."""
    servers = [RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(tmp_path), FakeEyes) for _ in range(2)]
    yield servers
    for server in servers:
        server.stop_all()


def trained(run, epochs):
    """The run, that has gone through so many epochs more and was stopped."""
    wait_until(lambda: run.snapshot().state is RunState.RUNNING)
    end = run.snapshot().reading.epoch + epochs
    run._trainer.go(epochs)
    wait_until(lambda: run.snapshot().reading.epoch == end)
    run.stop()
    assert run.wait(5)
    return run


def epochs_of(snapshot):
    return [record.epoch for record in snapshot.records]


class TestTwoServers:
    def test_do_not_go_on_from_an_old_copy(self, servers):
        here, there = servers
        run_id = trained(here.starting.new(CONFIG.but(epochs=20), "ann"), 3).run_id
        assert epochs_of(here.get(run_id).snapshot()) == [1, 2, 3]
        trained(there.starting.resume(run_id, "ben"), 9)
        again = here.starting.resume(run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert again._trainer.start == b"after 12"
        trained(again, 1)
        assert epochs_of(there.store.load(run_id)) == [*range(1, 14)]

    def test_show_a_run_that_the_other_had_go_on_as_it_is(self, servers, monkeypatch):
        here, there = servers
        run = trained(here.starting.new(CONFIG.but(epochs=20), "ann"), 3)
        for first, other in ((here, there), (there, here), (here, there)):
            seen = first.get(run.run_id)
            before = len(seen.snapshot().records)
            again = other.starting.resume(run.run_id, "ben")
            monkeypatch.setattr(registry, "LOOK_SECONDS", 0.0)
            assert first.get(run.run_id) is seen, "it cannot be reached, and is shown as it ended"
            with pytest.raises(ValueError, match="goes on already"):
                first.starting.resume(run.run_id, "ann")
            trained(again, 2)
            for found in (first.get(run.run_id), first.find_watched(run.watch_id)):
                assert epochs_of(found.snapshot()) == [*range(1, before + 3)]
                assert found.moments.epochs[-1] == before + 2
            assert other.get(run.run_id) is again

    def test_are_not_asked_for_a_run_in_memory_each_time(self, servers, monkeypatch):
        asked = []
        here, _ = servers
        monkeypatch.setattr(here.store, "has_moved_on", lambda *_: asked.append(1))
        run = here.starting.new(CONFIG, "ann")
        assert all(here.get(run.run_id) is run for _ in range(9)) and not asked
        trained(run, 1)
        assert all(here.get(run.run_id) is run for _ in range(9)) and len(asked) == 1

    def test_that_one_was_faster_is_said(self, servers, monkeypatch):
        here, there = servers
        run_id = trained(here.starting.new(CONFIG.but(epochs=20), "ann"), 3).run_id
        trained(there.starting.resume(run_id, "ben"), 2)
        monkeypatch.setattr(here.store, "has_moved_on", lambda *_: False)  # not yet, when it was asked
        with pytest.raises(ValueError, match="goes on already"):
            here.starting.resume(run_id, "ann")
        assert epochs_of(there.store.load(run_id)) == [*range(1, 6)]

    def test_keep_in_memory_what_the_disk_did_not_take(self, servers, monkeypatch):
        here, _ = servers
        run = here.starting.new(CONFIG.but(epochs=20), "ann")
        wait_until(lambda: run.snapshot().state is RunState.RUNNING)

        def full(*_):
            raise ValueError("The disk is full.")

        monkeypatch.setattr(here.store, "_save", full)
        trained(run, 3)
        monkeypatch.undo()
        assert here.get(run.run_id) is run
        assert trained(here.starting.resume(run.run_id, "ann"), 1).snapshot().records[-1].epoch == 4


@pytest.mark.parametrize("large", LARGE)
def test_what_a_run_takes_is_counted_as_it_is(large, store):
    kept = Snapshot("run", CONFIG, RunState.FINISHED, **({"records": records(1)} | LARGE[large]))
    store.take(kept, {})
    store.load("run")  # all that is read once
    tracemalloc.start()
    found = store.load("run")
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.8 * taken < registry.held_bytes(found) < 3 * taken


@pytest.mark.parametrize("large", LARGE)
def test_runs_stay_in_memory_while_all_of_them_fits(large, store, monkeypatch):
    manager = RunManager(FakeTrainer, store=store, eyes=FakeEyes)
    runs = [Snapshot(f"run {number}", CONFIG, RunState.FINISHED, **LARGE[large]) for number in range(5)]
    for snapshot in runs:
        store.take(snapshot, {})
    monkeypatch.setattr(registry, "KEPT_BYTES", 2.5 * registry.held_bytes(store.load("run 0")))
    seen = [manager.get(snapshot.run_id) for snapshot in runs]
    assert manager.runs() == seen[-2:]
    assert all(manager.get(run.run_id).snapshot().config == CONFIG for run in seen)  # the others are read again
