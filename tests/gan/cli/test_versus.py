"""`python -m gan versus`: one table, one run after the other for each seed, and a sentence for whatever is wrong."""

import json
from functools import partial

import pytest

from gan.__main__ import main
from gan.cli import versus
from gan.records import Measures, Scores
from gan.runs import RunManager
from gan.runs.state.comparison import Comparison, Course
from tests.fakes import FakeEyes, FakeTrainer


class Quick(FakeTrainer):
    """Needs nobody who releases it."""

    def __init__(self, *arguments, **named) -> None:
        super().__init__(*arguments, **named)
        self.go(100)


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setattr(versus, "RunManager", partial(RunManager, Quick, eyes=FakeEyes))


def test_it_prints_a_line_a_run_and_the_table(capsys):
    assert main(["versus", "quick", "vae", "--seconds", "3", "--seeds", "2"]) == 0
    out = capsys.readouterr().out
    lines = [line for line in out.splitlines() if line]
    assert [line.split(":")[0] for line in lines[:4]] == [
        "quick, seed 1",
        "vae, seed 1",
        "quick, seed 2",
        "vae, seed 2",
    ]
    assert lines[4].split()[:2] == ["recipe", "realism"]
    assert lines[5].split() == [
        "quick",
        "4.0",
        "0.5",
        "0.50",
        "0.56",
        "10.0",
        "0.60",
        "0.004",
        "8.0%",
        "-",
        "4.0,",
        "5.0",
    ]
    assert "0.100" in lines[6], "what comes back of real pictures"


def test_what_nobody_can_measure_is_a_dash():
    """As of pictures of one's own, which no referee reads."""
    scores = {"scores": Scores(samples=64, copying=0.9), "real": Scores(samples=64)}
    measures = Measures(**scores, sharpness=0.5, real_sharpness=0.56, draw_seconds=0.004, jump=0.08)
    courses = tuple(Course("quick", seed, "gan", measures=measures) for seed in (1, 2))
    (row,) = versus.rows(Comparison("own", 3.0, courses))
    assert row == ["quick", "-", "-", "0.50", "0.56", "-", "-", "0.004", "8.0%", "-", "-"]
    assert versus.told(courses[0]).endswith("not measured")


def test_as_json_it_is_a_list_of_runs(capsys):
    assert main(["versus", "vae", "diffusion", "--seconds", "3", "--json", "--data", "fashion"]) == 0
    vae, diffusion = json.loads(capsys.readouterr().out)
    assert vae["recipe"] == "vae" and vae["seconds"] == 3 and vae["measures"]["error"] == 0.1
    assert diffusion["measures"]["error"] is None and diffusion["samples"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["vae"], "needs 2 to 4 different presets"),
        (["vae", "vea"], "preset cannot be 'vea'"),
        (["vae", "quick", "--seconds", "0"], "--seconds cannot be"),
        (["vae", "quick", "--data", "cats"], "data cannot be 'cats'"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(arguments, said, capsys):
    assert main(["versus", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_run_that_fails_says_why(monkeypatch, capsys):
    class Broken(Quick):
        def checkpoint(self):
            raise MemoryError

    monkeypatch.setattr(versus, "RunManager", partial(RunManager, Broken, eyes=FakeEyes))
    assert main(["versus", "quick", "vae", "--seconds", "3"]) == 2
    assert "memory" in capsys.readouterr().err
