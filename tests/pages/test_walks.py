"""The walks of a slider and of a checkpoint, as CONTRIBUTING has them: few rooms, one after another, none twice."""

import threading
import traceback
from itertools import groupby
from pathlib import Path

import pytest
import torch

from gan.learn import trainer
from gan.runs import RunManager
from gan.runs.kept.files import Folder
from gan.setup import presets
from pages.shared.server import held

HOUSE = Path(__file__).parents[2]
ROOMS = {"slider": 8, "checkpoint": 6}


def rooms() -> list[str]:
    """The files of ours that the present call came through, in order."""
    files = [Path(frame.filename) for frame in traceback.extract_stack()]
    ours = [file for file in files if file.is_relative_to(HOUSE) and not file.is_relative_to(HOUSE / "tests")]
    return [name for name, _ in groupby(str(file.relative_to(HOUSE)) for file in ours)]


@pytest.fixture
def manager(manager, monkeypatch):
    """With the engine itself."""
    manager.stop_all()
    manager = RunManager()
    monkeypatch.setattr(held, "RunManager", lambda **_: manager)
    yield manager
    manager.stop_all()


def test_a_slider_reaches_adam_in_few_rooms_and_never_comes_back_to_one(manager, train_page, monkeypatch):
    walked, adams, start, adam = [], [], threading.Thread.start, torch.optim.Adam

    def started(thread):
        if thread.name.startswith("run-"):
            walked.extend(rooms())
        start(thread)

    def made(weights, learning_rate, *rest, **named):
        if threading.current_thread().name.startswith("run-"):  # not the preview's
            if not adams:
                walked.extend(rooms())
            adams.append(learning_rate)
        return adam(weights, learning_rate, *rest, **named)

    monkeypatch.setattr(threading.Thread, "start", started)
    monkeypatch.setattr(torch.optim, "Adam", made)
    train_page.select_slider(key="learning_rate").set_value(5e-4).run()
    next(button for button in train_page.button if button.label == "Start training").click().run()
    (run,) = manager.runs()
    run.stop()
    assert run.wait(60) and adams[0] == 5e-4

    way = [name for name, _ in groupby(walked)]
    way = way[way.index("pages/train.py") :]  # the frame around every page is no room of this walk
    assert len(way) <= ROOMS["slider"] and len(set(way)) == len(way), way


def test_a_checkpoint_reaches_a_fork_in_few_rooms_and_never_comes_back_to_one(manager, monkeypatch):
    """From the file to the fork's networks: back the way that it was asked for, and on the way that it is put in."""
    asked, put_in, read, unpack = [], [], Folder.read, trainer.unpack

    def was_read(folder, name):
        asked.append(rooms())
        return read(folder, name)

    def was_unpacked(kit, content):
        put_in.append(rooms())
        return unpack(kit, content)

    parent = manager.starting.new(presets.get("pocket").but(pictures=64, epochs=2), "a viewer")
    assert parent.wait(60)
    monkeypatch.setattr(Folder, "read", was_read)
    monkeypatch.setattr(trainer, "unpack", was_unpacked)
    fork = manager.starting.fork(parent.config, parent, 1, "a viewer")
    assert fork.wait(60) and fork.snapshot().reading.epoch == 2

    way = [name for name, _ in groupby((*reversed(asked[0]), *put_in[0], "gan/learn/checkpoint.py"))]
    assert len(way) <= ROOMS["checkpoint"] and len(set(way)) == len(way), way
