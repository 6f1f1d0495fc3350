"""A script beside the engine, which has torch's own convolutions, as scripts have."""

import runpy

import numpy as np
import pytest
import torch

import gan.learn.build
from gan.export.script import as_script, pictures_of
from gan.export.script.assemble import sections
from gan.learn.trainer import Trainer
from gan.records import Change
from gan.setup.config import RunConfig


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """ran(config, changes, pictures): the names at the end of the script that was made and run."""
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)

    def run(config: RunConfig, changes, pictures) -> dict:
        trainer = Trainer(config, pictures)
        (tmp_path / "train.py").write_text(as_script(sections(config, changes, trainer)))
        np.savez(tmp_path / "pictures.npz", **pictures_of(trainer))
        return runpy.run_path(str(tmp_path / "train.py"))

    return run


@pytest.fixture
def assert_same(ran, make_pictures, monkeypatch):
    """assert_same(config, changes): script and engine end with the same networks, number for number."""

    monkeypatch.setattr(gan.learn.build, "quicken", lambda net, shape: None)

    def check(config: RunConfig, *changes: Change, pictures=None) -> None:
        pictures = pictures or make_pictures(24)
        script = ran(config, changes, pictures)
        trainer = Trainer(config, pictures, changes)
        trainer.observer.scores = lambda *_, **__: None  # they would take most of the time
        list(trainer.epochs())
        ours = dict(trainer.learner.nets)
        theirs = {name: script[name] for name in ours}
        assert bool(trainer.learner.average) == ("average" in script)
        if trainer.learner.average:
            ours["average"], theirs["average"] = trainer.learner.average.net, script["average"].net
        for name, net in ours.items():
            state, other = net.state_dict(), theirs[name].state_dict()
            assert state.keys() == other.keys(), name
            for key, tensor in state.items():
                assert torch.equal(tensor, other[key]), (name, key)

    return check
