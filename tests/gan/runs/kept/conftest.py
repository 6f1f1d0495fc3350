"""A server whose runs are kept."""

import pytest

from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from tests.fakes import FakeEyes, FakeTrainer


@pytest.fixture
def manager(tmp_path):
    FakeTrainer.made.clear()
    manager = RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(tmp_path), FakeEyes)
    yield manager
    for run in manager.runs():
        run.stop()
        assert run.wait(5)
    manager.store.close()
