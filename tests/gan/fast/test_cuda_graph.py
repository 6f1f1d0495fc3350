"""Each call of CUDA's fails in turn: the run goes on from its last checkpoint, one by one, and ends as without it."""

import gc
import logging
import weakref

import pytest
import torch

from gan.cli.course import Course
from gan.fast import cuda_graph
from gan.fast.recorder import Recorder
from gan.learn.checkpoint import epoch_of
from gan.learn.trainer import Trainer
from gan.records import Change, Word
from gan.runs import RunManager, RunState
from gan.setup.config import RunConfig
from tests.gan.fast.fake_cuda import CALLS, FakeCuda

TINY = RunConfig(architecture="pocket", latent_size=6, batch_size=8, epochs=5, ema=0.9, drop_last=False, device="cpu")
CUDA = torch.device("cuda")


@pytest.fixture(autouse=True)
def nothing_has_failed(monkeypatch):
    monkeypatch.setattr(cuda_graph, "_failures", [])


def finished(pictures, card=None):
    """A run that has ended, its trainers' steps on such a card, or without one."""
    made = []

    def make(config, start=None, changes=(), budget=None):
        trainer = Trainer(config, pictures, changes, start, budget)
        trainer.recorder = Recorder(card()) if card else None
        made.append(trainer)
        return trainer

    run = RunManager(make).starting.new(TINY, "ann")
    assert run.wait(60) and run.snapshot().state is RunState.FINISHED, run.snapshot().fault
    return run, made


def card():
    return cuda_graph.Card(CUDA)


def test_a_command_goes_on_from_the_last_epoch_too(make_pictures, monkeypatch):
    FakeCuda(monkeypatch, ("replay", 20))
    made = []

    def make(config, start=None, changes=()):
        trainer = Trainer(config, make_pictures(60), start=start)
        trainer.recorder = Recorder(card())
        made.append((trainer, start))
        return trainer

    course = Course(make, TINY)
    records = [*course.epochs(lambda: Word.GO)]
    alone = Trainer(TINY, make_pictures(60))
    assert [record.epoch for record in records] == [1, 2, 3, 4, 5] and len(made) == 2 and made[1][1]
    assert (records[-1].samples == [*alone.epochs()][-1].samples).all()
    assert course.trainer is made[1][0] and not course.trainer.recorder.recordings


def test_a_command_goes_on_with_the_settings_of_then_and_the_changes_to_come(make_pictures, monkeypatch):
    FakeCuda(monkeypatch, ("replay", 20))
    begun, made = TINY.but(epochs=2), []
    changes = Change(9, 1.1, {"epochs": 5}), Change(33, 4.1, {"label_smoothing": 0.1})

    def make(config, start=None, changes=()):
        trainer = Trainer(config, make_pictures(60), changes, start)
        trainer.recorder = Recorder(card())
        made.append(start and epoch_of(start))
        return trainer

    course = Course(make, begun, changes)
    records = [*course.epochs(lambda: Word.GO)]
    alone = Trainer(begun, make_pictures(60), changes)
    assert [record.epoch for record in records] == [1, 2, 3, 4, 5] and len(made) == 2 and made[1] > 2
    assert (records[-1].samples == [*alone.epochs()][-1].samples).all()
    assert course.changes == tuple(alone.changes) and course.trainer.config == alone.config


def test_nothing_fails(make_pictures, monkeypatch):
    cuda = FakeCuda(monkeypatch)
    run, (trainer,) = finished(make_pictures(60), card)
    assert len(trainer.recorder.recordings) == 2 == len(cuda.pools) and len({*map(id, cuda.pools)}) == 1
    assert run.moments.read_last() == finished(make_pictures(60))[0].moments.read_last()
    trainer.change(label_smoothing=0.1)
    assert not trainer.recorder.recordings and trainer.recorder._card._pool is None


@pytest.mark.parametrize("fails", CALLS, ids=lambda fails: "-".join(map(str, fails)))
def test_whatever_fails_a_run_goes_on_from_its_last_checkpoint(fails, make_pictures, monkeypatch, caplog):
    cuda = FakeCuda(monkeypatch, fails)
    with caplog.at_level(logging.ERROR, "gan.fast"):
        run, made = finished(make_pictures(60), card)
    assert run.moments.read_last() == finished(make_pictures(60))[0].moments.read_last()
    assert [record.epoch for record in run.snapshot().records] == [1, 2, 3, 4, 5]
    assert len(made) == 2 and not made[1].recorder.recordings
    name, _ = fails
    assert str(cuda_graph.fault()) == f"CUDA error: {name} failed"
    (logged,) = caplog.records
    assert str(logged.exc_info[1]).startswith(f"CUDA error: {name} failed")
    assert cuda.counts[name] >= fails[1]


def test_the_first_error_is_the_one_that_is_told(make_pictures, monkeypatch, caplog):
    cuda = FakeCuda(monkeypatch, ("kernel", 5))
    call = cuda.call

    def both(name):
        call(name)
        if name == "capture_end":
            raise RuntimeError("CUDA error: operation failed due to a previous error during capture")

    cuda.call = both
    finished(make_pictures(60), card)
    assert str(cuda_graph.fault()) == "CUDA error: kernel failed"


def test_what_failed_is_never_freed_and_other_runs_record_nothing_more(make_pictures, monkeypatch):
    cuda = FakeCuda(monkeypatch, ("replay", 12))
    graphs, make = [], cuda.CUDAGraph

    def watched():
        graph = make()
        graphs.append(weakref.ref(graph))
        return graph

    monkeypatch.setattr("torch.cuda.CUDAGraph", watched)
    other = Trainer(TINY, make_pictures(60))
    other.recorder = Recorder(card())
    epochs = other.epochs()
    next(epochs)
    assert other.recorder.recordings
    finished(make_pictures(60), card)
    gc.collect()
    assert sum(graph() is not None for graph in graphs) > len(other.recorder.recordings)
    before = cuda.counts["replay"]
    *_, last = epochs
    assert cuda.counts["replay"] == before and last.epoch == TINY.epochs
    alone = Trainer(TINY, make_pictures(60))
    assert (last.samples == [*alone.epochs()][-1].samples).all()
