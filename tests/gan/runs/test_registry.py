"""Which runs stay in memory: as many as its limit holds with all that they take."""

import tracemalloc

import numpy as np
import pytest

from gan.records import SAMPLES, Change, EpochRecord, Point, Reading, Scores
from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept.opening import open_store
from gan.runs.server import registry
from gan.setup import presets
from tests.fakes import FakeEyes, FakeTrainer

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
