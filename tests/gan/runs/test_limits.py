"""What a server allows, from its environment."""

from dataclasses import fields

import pytest

from gan.runs import RunManager, RunState
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from tests.fakes import FakeTrainer, wait_until


def test_reads_what_is_set_and_leaves_the_rest():
    limits, complaints = Limits.read({"GAN_STUDIO_RUNS_AT_ONCE": "3", "GAN_STUDIO_GRACE_SECONDS": "0.5", "PATH": "x"})
    assert limits == Limits(runs_at_once=3, grace_seconds=0.5) and complaints == []


def test_what_means_nothing_is_told_and_keeps_its_default():
    limits, complaints = Limits.read({"GAN_STUDIO_WAITING": "many", "GAN_STUDIO_PAST_MB": "-1"})
    assert limits == Limits()
    assert [str(each) for each in complaints] == [
        "GAN_STUDIO_WAITING cannot be 'many': it must be a whole number from 0 to 10,000.",
        "GAN_STUDIO_PAST_MB cannot be '-1': it must be a number from 0 to 100000.",
    ]


@pytest.mark.parametrize("name", [item.name for item in fields(Limits)])
def test_the_lowest_value_of_each_still_lets_a_run_train(tmp_path, name):
    kind = next(item for item in fields(Limits) if item.name == name).metadata["kind"]
    limits = Limits(**{name: kind.low})
    manager = RunManager(FakeTrainer, limits, open_store(tmp_path, limits))
    run = manager.starting.new(RunConfig(epochs=1), "ann")
    wait_until(lambda: run.snapshot().reading)
    run._trainer.go()
    assert run.wait(5) and run.snapshot().state is RunState.FINISHED and run.snapshot().unkept is None
    assert [each.run_id for each in manager.store.runs()] == [run.run_id] and run.moments.epochs == (0, 1)
    manager.stop_all()


def test_without_a_queue_a_run_begins_at_once_or_not_at_all(tmp_path):
    limits = Limits(waiting=0, runs_at_once=1)
    manager = RunManager(FakeTrainer, limits)
    first = manager.starting.new(RunConfig(epochs=1), "ann")
    with pytest.raises(ValueError, match="The queue is full"):
        manager.starting.new(RunConfig(epochs=1), "ben")
    first.stop()
    assert first.wait(5)
    assert manager.starting.new(RunConfig(epochs=1), "ben").is_live
    manager.stop_all()


def test_a_race_for_a_free_place_need_not_wait(tmp_path):
    manager = RunManager(FakeTrainer, Limits(waiting_each=1, runs_at_once=1))
    assert len(manager.starting.together([RunConfig(epochs=1)] * 4, "ann")) == 4
    with pytest.raises(ValueError, match="more than may wait"):
        manager.starting.together([RunConfig(epochs=1)] * 4, "ben")
    manager.stop_all()
