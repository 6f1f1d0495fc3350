"""Trials in processes of their own that are good, refuse, crash and hang."""

import ctypes
import json
import sys

import pytest
import torch

from gan.fast import trials
from gan.fast.trials import UNKNOWN, Trial, Trials
from gan.learn.device import recorded
from gan.learn.trainer import Trainer
from tests.fakes import wait_until
from tests.gan.learn.tiny import TINY

ABOUT = "a card, driver 580.1, torch 2: kind"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "recorded_steps.json"


def outcome(found, code, about=ABOUT):
    order = ["-c", code]
    assert found.outcome(about, order) is None  # nobody waits for it
    wait_until(lambda: found.outcome(about, order) is not None)
    return found.outcome(about, order)


@pytest.mark.parametrize(
    ("code", "said", "is_kept"),
    [
        ("print('a warning')", "", True),
        ("print('no'); print('they differ'); raise SystemExit(3)", "they differ", True),
        ("import os; os.kill(os.getpid(), 11)", "exit=-11 ", False),
        ("raise RuntimeError('CUDA error')", "exit=1 RuntimeError: CUDA error", False),
    ],
    ids=["good", "refuses", "crashes", "raises"],
)
def test_what_came_out_is_known_and_what_was_said_is_kept(code, said, is_kept, path):
    assert outcome(Trials(path), code) == said
    assert Trials(path)._known == ({ABOUT: said} if is_kept else {})


def test_one_that_hangs_is_ended_and_holds_up_nobody(path):
    found = Trials(path, seconds=0)
    order = ["-c", "import threading; threading.Event().wait()"]
    assert found.outcome(ABOUT, order) is None
    process = found._running.process
    assert found.outcome(ABOUT, order) == "timeout"
    assert process.wait(30) == -9 and Trials(path)._known == {}


def test_one_at_a_time(path):
    found = Trials(path)
    order = ["-c", "import sys; sys.stdin.read()"]
    assert found.outcome(ABOUT, order) is None
    first = found._running.process
    assert found.outcome("another", ["-c", ""]) is None and found._running.process is first
    wait_until(lambda: found.outcome("another", ["-c", ""]) == "")
    assert found.outcome(ABOUT, order) == ""


def test_where_no_process_can_be_had_nothing_is_recorded(path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(path / "nothing"))
    assert "No such file" in Trials(path).outcome(ABOUT, ["-c", ""])


def test_another_driver_is_another_trial_and_an_unknown_one_is_not_kept(path):
    found = Trials(path)
    found.note(ABOUT, "")
    found.note(f"a card, {UNKNOWN}, torch 2: kind", "")
    again = Trials(path)
    assert again._known == {ABOUT: ""}
    assert outcome(again, "print('no'); raise SystemExit(3)", ABOUT.replace("580.1", "581")) == "no"
    assert again.outcome(ABOUT, []) == ""


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "\x00"])
def test_a_broken_file_is_as_good_as_none(text, path):
    path.parent.mkdir()
    path.write_text(text)
    assert Trials(path)._known == {}
    Trials(path).note(ABOUT, "no")
    assert json.loads(path.read_text()) == {ABOUT: "no"}


def test_where_nothing_can_be_written_it_is_known_all_the_same(path):
    path.parent.write_text("a file where the folder should be")
    found = Trials(path)
    found.note(ABOUT, "")
    assert found.outcome(ABOUT, []) == ""


def test_a_failure_of_this_process_counts_for_the_next(path):
    trial = Trial(ABOUT, ["-c", ""], Trials(path))
    trial.failed("CUDA error")
    assert trial.outcome() == Trials(path).outcome(ABOUT, []) == "CUDA error"


def test_a_trial_is_for_a_card_its_driver_and_this_torch(monkeypatch, path):
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: "NVIDIA Model 1")
    monkeypatch.setattr(trials, "driver", lambda: "driver 580.95.05")
    monkeypatch.setattr(trials, "_here", [Trials(path)])
    trial = Trial.on(torch.device("cuda"), ["-m", "x", "KIND"])
    assert trial.about == f"NVIDIA Model 1, driver 580.95.05, torch {torch.__version__}: KIND"


class Nvml:
    def __init__(self, code=0):
        self.code = code

    def nvmlInit_v2(self):
        return 0

    def nvmlSystemGetDriverVersion(self, text, size):
        text.value = b"580.95.05"
        return self.code


@pytest.mark.parametrize(
    ("library", "said"), [(Nvml(), "driver 580.95.05"), (Nvml(code=1), UNKNOWN), (object(), UNKNOWN)]
)
def test_the_driver_says_its_version(library, said, monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    assert trials.driver() == said


def test_without_a_driver_nobody_says_it(monkeypatch):
    def none(name):
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", none)
    assert trials.driver() == UNKNOWN


@pytest.mark.skipif(torch.cuda.is_available(), reason="there steps are recorded")
def test_a_real_trial_without_a_card_ends_with_a_sentence(path, make_pictures):
    order = recorded.order(Trainer(TINY, make_pictures(24)).learner)
    found = Trials(path)
    wait_until(lambda: found.outcome(ABOUT, order) is not None, 120)
    assert found.outcome(ABOUT, order) == "exit=1 RuntimeError: unrecorded"
