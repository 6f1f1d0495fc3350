"""The walk of a slider, as CONTRIBUTING describes it: few rooms, one after another, none twice."""

import threading
import traceback
from itertools import groupby
from pathlib import Path

import pytest
import torch

from gan.runs import RunManager
from pages.shared.server import held

HOUSE = Path(__file__).parents[2]
ROOMS = 8


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
    assert len(way) <= ROOMS and len(set(way)) == len(way), way
