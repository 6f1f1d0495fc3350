"""The Compare page: runs chosen by a link, by hand and from elsewhere; their numbers, settings and fakes."""

import json
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gan import data
from gan.messages import verbatim
from gan.records import Scores
from gan.runs import RunState, Snapshot, ThreadRun
from gan.setup import presets
from pages.shared.contests import comparison
from pages.shared.draw import figures
from pages.shared.tab import session
from pages.shared.words import comparisons, plain, races, readings
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_past import trained
from tests.pages.test_train import button, labels, texts


@pytest.fixture(autouse=True)
def scored(monkeypatch):
    monkeypatch.setattr(FakeTrainer, "scores", Scores(samples=9, realism=12.5, variety=5.0, precision=0.5))


@pytest.fixture
def runs(manager):
    """Two runs that have ended, which differ in one setting."""
    started = []
    for rate in (2e-4, 2e-3):
        run = manager.starting.new(presets.get("pocket").but(learning_rate=rate, epochs=2), f"viewer {rate}")
        wait_until(lambda run=run: run.snapshot().reading)
        FakeTrainer.made[-1].go(2)
        assert run.wait(5)
        started.append(run)
    return started


def compared(app, *runs):
    app.run()
    app.switch_page("contests/compare.py")
    app.query_params["runs"] = link(*runs)
    return app.run()


def link(*runs) -> str:
    return ",".join(run.watch_id for run in runs)


def test_without_runs_it_says_what_to_do(app):
    app.run()
    page = app.switch_page("contests/compare.py").run()
    assert str(comparisons.ABOUT) in texts(page) and not page.exception


def test_a_link_puts_runs_side_by_side(app, runs):
    page = compared(app, *runs)
    assert not page.exception
    table = texts(page)
    assert "<th scope='row'>Learning rate</th><td>0.0002</td><td>0.002</td>" in table
    assert "<th scope='row'>Realism</th><td>12.5</td><td>12.5</td>" in table
    assert "Batch size" not in table, "only what differs"
    chart = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert [line["name"] for line in chart["data"] if line["mode"] != "text"] == ["A", "B"]
    assert page.query_params["runs"] == link(*runs)


def test_a_link_with_the_runs_own_ids_works_and_becomes_one_that_only_shows(app, runs):
    app.run()
    app.switch_page("contests/compare.py")
    app.query_params["runs"] = ",".join(run.run_id for run in runs)
    assert app.run().query_params["runs"] == link(*runs)


def test_any_number_can_be_laid_over_each_other(app, runs):
    page = compared(app, *runs)
    for name in races.SERIES:
        page.segmented_control(key="series").set_value(name).run()
        assert len(page.get("plotly_chart")) == 1 and not page.exception, name


def test_runs_are_chosen_by_their_names(app, runs):
    app.run()
    page = app.switch_page("contests/compare.py").run()
    box = page.multiselect(key="compared")
    assert box.options == ["Pocket, learning rate 0.002", "Pocket"]
    box.set_value([run.watch_id for run in runs]).run()
    assert page.query_params["runs"] == link(*runs)


def test_kept_runs_are_known_by_name_and_date(app, store, runs):
    store.rename(runs[0].run_id, "Slow one")
    app.run()
    newest, oldest = app.switch_page("contests/compare.py").run().multiselect(key="compared").options
    assert oldest.startswith("Slow one · ") and newest.startswith("Pocket, learning rate 0.002 · ")


@pytest.fixture
def of_seeds(manager):
    """Three runs that have ended, which differ in their seeds alone."""
    started = manager.starting.together([presets.get("pocket").but(epochs=2, seed=seed) for seed in (1, 2, 3)], "seeds")
    wait_until(lambda: all(run.snapshot().reading for run in started))
    for trainer in FakeTrainer.made:
        trainer.go(2)
    assert all(run.wait(5) for run in started)
    return started


@pytest.fixture(params=["in memory", "in the library"])
def kept(request):
    """With the server's library, or without one."""
    if request.param == "in the library":
        request.getfixturevalue("store")


def test_runs_that_would_be_called_the_same_stay_apart(app, kept, of_seeds):
    page = compared(app, *of_seeds)
    for _ in range(2):
        box = page.multiselect(key="compared")
        assert box.value == [run.watch_id for run in of_seeds] and len({*box.options}) == 3
        assert page.query_params["runs"] == link(*of_seeds) and not page.info
        page.segmented_control(key="series").set_value("variety").run()


def test_of_runs_that_would_be_called_the_same_one_reads_what_differs(app, of_seeds):
    page = compared(app, *of_seeds)
    assert page.multiselect(key="compared").options == [f"Pocket, seed {seed}" for seed in (3, 2, 1)]


def test_runs_that_differ_in_nothing_are_numbered_from_the_oldest_on():
    config = presets.get("pocket")
    named = {"newest": "Twin", "older": "Twin", "other": "Twin (2)", "oldest": "Twin"}
    told = comparisons.told_apart({run: (config, verbatim(name)) for run, name in named.items()})
    assert told == {"newest": "Twin (4)", "older": "Twin (3)", "other": "Twin (2)", "oldest": "Twin"}


def test_visitors_choose_among_their_own_runs_but_a_link_shows_any(app, store, runs, monkeypatch):
    monkeypatch.setattr(session, "visitor", lambda: "10.0.0.7")
    app.run()
    assert not app.switch_page("contests/compare.py").run().multiselect(key="compared").options
    fresh = AppTest.from_file(app._script_path, default_timeout=60)
    assert compared(fresh, *runs).get("plotly_chart")


def test_runs_that_are_gone_are_told(app, runs):
    gone = ThreadRun(Snapshot("deadbeef", presets.get("pocket")))
    page = compared(app, runs[0], gone)
    assert page.info[0].value == str(comparisons.LOST_RUNS)
    assert str(comparisons.ABOUT) in texts(page) and not page.exception


def test_a_fork_that_was_brought_without_its_parent_begins_where_it_did():
    """Its file does not name the run that it came of."""
    plain = Snapshot("a", presets.get("quick"))
    brought = replace(plain, run_id="b", forked_at=5)
    (title, told) = comparisons.differences([plain, brought])[-1]
    assert str(title) == "Begins" and [str(each) for each in told] == ["untrained", "as another run at epoch 5"]


def test_a_fork_and_its_parent_are_one_tap_away(train_page, manager):
    parent = trained(train_page, manager)
    assert "Both futures" not in labels(train_page)
    train_page.select_slider(key="learning_rate").set_value(5e-3).run()
    button(train_page, "Fork from here").click().run()
    fork = manager.runs()[-1]
    wait_until(lambda: fork.snapshot().reading)
    FakeTrainer.made[-1].go()
    wait_until(lambda: fork.snapshot().records)
    train_page.run()
    button(train_page, "Both futures").click().run()
    train_page.switch_page("contests/compare.py").run()
    assert not train_page.exception
    assert train_page.multiselect(key="compared").value == [parent.watch_id, fork.watch_id]
    assert "as A at epoch 3" in texts(train_page) and "Look again" in labels(train_page)


def test_runs_without_a_referee_say_so(app, runs, monkeypatch):
    name = runs[0].config.data
    monkeypatch.setitem(data.SETS, name, replace(data.get(name), referee=None))
    for run in runs:
        run._set(scores=())
    page = compared(app, *runs)
    assert page.info[0].value == plain(readings.NO_REFEREE) and "Realism" not in texts(page)


def test_runs_that_ended_before_their_first_score_are_not_said_to_have_no_referee(app, runs):
    for run in runs:
        run._set(state=RunState.FAILED, scores=())
    page = compared(app, *runs)
    assert page.info[0].value == plain(comparison.NOT_SO_FAR) and "referee" not in page.info[0].value


def test_a_failed_run_can_be_compared(app, runs):
    runs[1]._set(state=RunState.FAILED)
    page = compared(app, *runs)
    assert "Something went wrong" in texts(page) and not page.exception


class TestOverlay:
    CURVES = (("A", [(1.0, 50.0), (2.0, 5.0)]), ("B", []), ("C", [(1.0, 70.0)]))

    def test_each_line_has_its_letter_at_its_end(self):
        figure = figures.overlay(self.CURVES, "realism", "light", [(1.5, "fork")])
        lines = [trace for trace in figure.data if trace.mode != "text"]
        ends = [trace for trace in figure.data if trace.mode == "text"]
        assert [(line.name, list(line.y)) for line in lines] == [("A", [50, 5]), ("C", [70])]
        assert [(end.x[0], end.y[0]) for end in ends] == [(2, 5), (1, 70)]
        assert len({(line.line.color, line.line.dash) for line in lines}) == 2
        assert figure.layout.yaxis.type == "log" and figure.layout.annotations[0].text == "fork"

    def test_probabilities_keep_their_axis(self):
        assert figures.overlay(self.CURVES, "d_fake", "dark").layout.yaxis.range[0] == 0


def test_the_two_newest_are_one_tap_away(app, runs):
    app.run()
    page = app.switch_page("contests/compare.py").run()
    button(page, "Compare the two newest").click().run()
    assert page.query_params["runs"] == link(runs[1], runs[0]) and page.get("plotly_chart")


def test_a_chart_is_told_in_the_language(app, runs, monkeypatch):
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: "es"))
    page = compared(app, *runs)
    chart = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert chart["layout"]["separators"] == ",." and chart["layout"]["xaxis"]["title"]["text"] == "época"
    assert "<b>A</b>" in chart["data"][0]["hovertemplate"] and "%{y:.4g}" in chart["data"][0]["hovertemplate"]
    assert "<td>12,5</td>" in texts(page) and not page.exception
