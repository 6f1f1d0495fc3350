"""What all viewers of a run see alike is worked out once a moment."""

import gc
import json
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gan.records import SAMPLES, Point
from gan.runs import Snapshot
from gan.runs.server import registry
from gan.runs.state.snapshot import RunState
from gan.setup import presets
from pages.shared.stage import courses, doctor_bar, once, standing
from pages.shared.tab import session
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import texts

ROOT = Path(__file__).parents[2]
POINTS = (Point(1.0, 1.2, 0.7, 0.8, 0.3),)


class Counted:
    """Counts the calls of a function that goes on doing what it did."""

    def __init__(self, monkeypatch, module, name: str) -> None:
        self.calls, self._does = 0, getattr(module, name)
        monkeypatch.setattr(module, name, self)

    def __call__(self, *args, **kwargs):
        self.calls += 1
        return self._does(*args, **kwargs)


@pytest.fixture
def snapshot() -> Snapshot:
    return Snapshot("a run", presets.get("quick"), RunState.RUNNING, points=POINTS)


@pytest.fixture
def asked():
    """`asked(snapshot, ...)` is worked out once; `asked.calls` are the times that it was."""
    calls = []

    @once.once
    def asked(snapshot: Snapshot, theme: str) -> str:
        calls.append(snapshot)
        return f"{snapshot.state} {theme}"

    asked.calls = calls
    return asked


def test_a_moment_is_worked_out_once(asked, snapshot):
    assert asked(snapshot, "dark") == asked(snapshot, "dark") == "running dark"
    assert asked(snapshot.seen_as(RunState.RUNNING), "dark") == "running dark"
    assert len(asked.calls) == 1


def test_a_run_at_rest_is_worked_out_once(asked, run):
    run.control.pause()
    wait_until(lambda: run.snapshot().state is RunState.PAUSED)
    assert run.snapshot() is not run.snapshot()
    assert asked(run.snapshot(), "dark") == asked(run.snapshot(), "dark") == "paused dark"
    assert len(asked.calls) == 1


@pytest.mark.parametrize("change", [{"state": RunState.PAUSED}, {"points": ()}, {"seconds": 2.5}])
def test_another_moment_is_worked_out_anew(asked, snapshot, change):
    asked(snapshot, "dark")
    later = replace(snapshot, **change)
    assert asked(later, "dark") == f"{later.state} dark"
    assert len(asked.calls) == 2


def test_themes_differ(asked, snapshot):
    assert asked(snapshot, "dark") != asked(snapshot, "light")
    light, dark = (json.loads(courses._lines(snapshot, theme, None)["beliefs"]) for theme in ("light", "dark"))
    assert light["x"] == dark["x"] == [1.0] and light["series"][0]["colour"] != dark["series"][0]["colour"]


def test_what_is_kept_is_bounded(asked, snapshot):
    moments = [replace(snapshot, place=place) for place in range(once.KEPT + 1)]
    for moment in moments:
        asked(moment, "dark")
    asked(moments[-1], "dark")
    assert len(asked.calls) == len(moments)
    asked(moments[0], "dark")  # it had to go
    assert len(asked.calls) == len(moments) + 1


@pytest.mark.parametrize("voice", [("es", ""), ("en", "simple")])
def test_languages_and_reading_levels_differ(asked, snapshot, monkeypatch, voice):
    asked(snapshot, "dark")
    monkeypatch.setattr(once, "voice", lambda: voice)
    asked(snapshot, "dark")
    asked(snapshot, "dark")
    assert len(asked.calls) == 2


def test_who_asks_at_the_same_time_waits_for_the_one_who_works_it_out(snapshot):
    together, others_wait, calls = threading.Barrier(4), threading.Event(), []

    @once.once
    def slow(snapshot: Snapshot, theme: str) -> list:
        calls.append(theme)
        others_wait.wait(10)
        return [theme]

    def ask() -> list:
        together.wait(10)
        return slow(snapshot, "dark")

    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(ask) for _ in range(3)]
        together.wait(10)
        wait_until(lambda: calls)
        others_wait.set()
        first, *others = (answer.result(10) for answer in answers)
    assert calls == ["dark"] and first == ["dark"] and all(other is first for other in others)


def test_a_failure_is_told_and_not_kept(snapshot):
    calls = []

    @once.once
    def fails_first(snapshot: Snapshot) -> str:
        calls.append(snapshot)
        if len(calls) == 1:
            raise ValueError("not now")
        return "now"

    with pytest.raises(ValueError, match="not now"):
        fails_first(snapshot)
    assert fails_first(snapshot) == fails_first(snapshot) == "now" and len(calls) == 2


@pytest.fixture
def run(manager):
    """Somebody's run, with an epoch behind it."""
    run = manager.starting.new(presets.get("quick"), "teacher")
    FakeTrainer.made[-1].go()
    wait_until(lambda: len(run.snapshot().records) == 1)
    return run


@pytest.fixture
def pages(run):
    """Two tabs that have the run's link."""
    pages = []
    for _ in range(2):
        page = AppTest.from_file(ROOT / "pages/frame.py", default_timeout=60).run()
        page.switch_page("train.py").query_params[session.WATCH] = run.watch_id
        pages.append(page)
    return pages


def test_looking_at_many_kept_runs_does_not_keep_their_films(manager, store, monkeypatch):
    monkeypatch.setattr(registry, "KEPT_BYTES", 1)  # of films: the newest run alone
    films = []
    for number in range(4):
        film = {0: np.zeros((SAMPLES, 28, 28), np.uint8)}
        kept = Snapshot(f"run {number}", presets.get("quick"), RunState.FINISHED, points=POINTS, frames=film)
        store.take(kept, {})
        found = manager.get(kept.run_id).snapshot()
        films.append(weakref.ref(found.frames[0]))
        courses._lines(found, "dark", None)
        doctor_bar._found(found)
        standing._situation(found, None)
        del found
    gc.collect()
    assert [film() is None for film in films] == [True, True, True, False]


def test_two_pages_of_one_run_share_the_work(pages, run, monkeypatch):
    charts = Counted(monkeypatch, courses.charts, "beliefs")
    opinions = Counted(monkeypatch, doctor_bar, "examine")
    for page in pages:
        assert "2 of 60" in texts(page.run())
    assert (charts.calls, opinions.calls) == (1, 1)

    FakeTrainer.made[-1].go()
    wait_until(lambda: len(run.snapshot().records) == 2)
    for page in pages:
        assert "3 of 60" in texts(page.run())
    assert (charts.calls, opinions.calls) == (2, 2)


def test_with_many_viewers_pages_look_more_rarely(manager, run):
    for number in range(session.CROWD - 1):
        manager.watch(f"pupil {number}", run)
    assert session.every_seconds() == session.EVERY_SECONDS
    manager.watch("one more", run)
    assert session.every_seconds() == session.EVERY_SECONDS_IN_A_CROWD
    run.stop()
    assert run.wait(5)
    assert session.every_seconds() == session.EVERY_SECONDS  # nobody looks at what does not move
