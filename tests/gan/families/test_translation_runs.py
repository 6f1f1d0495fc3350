"""A translator's run in the library: kept, taken to another computer, gone back to, forked and changed on the way."""

import numpy as np
import pytest

from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig

PAIRS = RunConfig.from_dict(
    {
        "family": "translation", "options": {"width": 4}, "task": "repair", "pictures": 96, "batch_size": 16,
        "epochs": 3, "device": "cpu",
    }
)  # fmt: skip
CYCLE = PAIRS.but(architecture="cycle_gan", options={"width": 4, "blocks": 0})


@pytest.fixture
def manager(tmp_path):
    manager = RunManager(limits=Limits(runs_at_once=2), store=open_store(tmp_path))
    yield manager
    manager.stop_all()


@pytest.mark.parametrize("config", [PAIRS, CYCLE], ids=["pix2pix", "cycle_gan"])
def test_a_run_is_kept_taken_along_gone_back_to_and_forked(manager, config):
    run = manager.starting.new(config, "ann")
    assert run.wait(60)
    before = run.snapshot()
    assert before.kept == (0, 1, 2, 3) and not before.fault
    mine = {"l1"} if config is PAIRS else {"cycle", "identity"}
    assert all(set(record.own) == {"fooling", "judging", *mine} for record in before.records)

    taken = manager.unwrap(manager.wrap(run)).snapshot()
    assert [record.own for record in taken.records] == [record.own for record in before.records]
    assert [point.own for point in taken.points] == [point.own for point in before.points]

    samples, beliefs = run.look_back(3)
    assert np.array_equal(samples, before.reading.samples) and beliefs == ()
    fork = manager.starting.fork(config.but(epochs=4), run, 2, "ann")
    assert fork.wait(60) and fork.snapshot().kept[-1] == 4 and not fork.snapshot().fault
