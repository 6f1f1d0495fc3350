"""Whatever raises, wherever: a sentence and a way back, and never Streamlit's own error page."""

import pytest
import streamlit as st
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from gan.messages import Refusal
from pages.shared.contests import race_setup, sweep_setup
from pages.shared.contests.versus import setup
from pages.shared.desk import gate
from pages.shared.dots import lab
from pages.shared.draw import charts, home_drawing, lines
from pages.shared.inside import chosen
from pages.shared.kept import take_home
from pages.shared.lessons import cards, panel
from pages.shared.own import light
from pages.shared.room import view
from pages.shared.server import held
from pages.shared.settings import controls, share, widgets
from pages.shared.stage import doctor_bar, panels
from pages.shared.tab import chosen_runs, contest_tab, dialogs, guard, session
from tests import app_pages
from tests.fakes import wait_until
from tests.pages.test_train import button, labels, started

NOBODY_EXPECTED = "Something went wrong here that nobody expected (ZeroDivisionError)"


@pytest.fixture(autouse=True)
def guarded(monkeypatch):
    """AppTest runs scripts without `st.App`, which hands them the guard."""
    monkeypatch.setattr(LocalScriptRunner, "_on_script_error", property(lambda _: guard.show, lambda *_: None), False)


@pytest.fixture
def broken(monkeypatch):
    """broken(module, name) makes that function raise until it is called again."""

    def broken(module, name, error=ZeroDivisionError):
        whole = getattr(module, name)

        def fail(*_, **__):
            raise error

        monkeypatch.setattr(module, name, fail)
        return lambda: monkeypatch.setattr(module, name, whole)

    return broken


def assert_told(app, sentence=NOBODY_EXPECTED):
    assert not app.exception
    assert [
        error.value for error in app.error if sentence.replace("(", "\\(") in error.value or sentence in error.value
    ]
    assert "Start over" in labels(app)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (controls, "read_link"),
        (controls, "config"),
        (widgets, "show"),
        (share, "offer"),
        (take_home, "code"),
        (panels, "before_start"),
        (contest_tab, "keep_watching"),
        (session, "current_run"),
    ],
)
def test_a_page_that_raises_says_so_and_starts_over(train_page, broken, module, name):
    mend = broken(module, name)
    train_page.query_params["latent_size"] = "8"
    train_page.run()
    assert_told(train_page)
    mend()
    button(train_page, "Start over").click().run()
    assert not train_page.exception and not train_page.error
    assert "Start training" in labels(train_page)
    assert "latent_size" not in train_page.query_params or train_page.query_params["latent_size"] != ["8"]


def test_a_setting_stays_where_one_only_goes_on(train_page, broken):
    train_page.select_slider(key="latent_size").set_value(8).run()
    mend = broken(widgets, "_setting")
    train_page.run()
    assert_told(train_page)
    mend()
    train_page.run()
    assert not train_page.error and train_page.select_slider(key="latent_size").value == 8


@pytest.mark.parametrize(
    ("module", "name"), [(lines, "chart"), (charts, "beliefs"), (doctor_bar, "show"), (panels, "_stage")]
)
def test_a_live_part_that_raises_says_so_and_the_run_goes_on(train_page, manager, broken, module, name):
    run, trainer = started(train_page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    mend = broken(module, name)
    train_page.run()
    assert_told(train_page)
    assert run.is_live and "Stop" in labels(train_page)
    mend()
    train_page.run()
    assert not train_page.error and not train_page.exception


def test_what_a_component_cannot_carry_is_told(train_page, manager, monkeypatch):
    run, trainer = started(train_page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    endless = {}
    endless["itself"] = endless
    monkeypatch.setattr(lines, "encode", lambda *_: endless)
    train_page.run()
    assert_told(train_page, "Something went wrong")


@pytest.mark.parametrize("error", [ZeroDivisionError(), TypeError("a bad callback")])
def test_a_callback_that_raises_leaves_its_page_whole(train_page, broken, error):
    train_page.select_slider(key="latent_size").set_value(8).run()
    broken(dialogs, "_show", error)
    train_page.run()
    button(train_page, "Share").click().run()
    assert_told(train_page, type(error).__name__)
    assert {"Start training", "Share"} <= set(labels(train_page))
    assert train_page.select_slider(key="latent_size").value == 8
    train_page.run()
    assert not train_page.error, "it is said once"


def test_what_is_refused_in_a_callback_is_said_in_its_own_words(train_page, broken):
    broken(dialogs, "_show", Refusal("test.stale", "Run {name} is gone.", name="a*b"))
    train_page.run()
    button(train_page, "Share").click().run()
    assert_told(train_page, "Run a\\*b is gone.")


def test_a_change_of_a_setting_that_raises_leaves_its_page_whole(train_page, broken):
    broken(controls, "forget_classes")
    train_page.run()
    train_page.selectbox(key="data").set_value("fashion").run()
    assert_told(train_page)
    assert "Start training" in labels(train_page)


SEAMS = {  # what each page calls, for the test to break
    "compare": (chosen_runs, "choose"),
    "desk": (gate, "ask"),
    "detective": (chosen, "choose"),
    "dots": (lab, "before_start"),
    "game": (view, "offer"),
    "home": (home_drawing, "show"),
    "latent": (chosen, "choose"),
    "lessons": (panel, "offer"),
    "library": (session, "show_notice"),
    "pictures": (light, "show"),
    "race": (race_setup, "choose"),
    "story": (cards, "show"),
    "sweep": (sweep_setup, "choose"),
    "train": (panels, "before_start"),
    "versus": (setup, "choose"),
}


@pytest.mark.parametrize("page", app_pages.NAMES)
def test_every_page_is_guarded(app, broken, page):
    app.run()
    broken(*SEAMS[page])
    app.switch_page(app_pages.SCRIPTS[page]).run()
    assert_told(app)


def test_stopping_and_running_anew_are_no_errors(app, monkeypatch):
    app.run()
    monkeypatch.setattr(contest_tab, "keep_watching", st.stop)
    app.run()
    assert not app.error and not app.exception
    rerun = iter([st.rerun])
    monkeypatch.setattr(contest_tab, "keep_watching", lambda: next(rerun, lambda: None)())
    app.run()
    assert not app.error and not app.exception and "Start training" in labels(app)


def test_starting_over_keeps_how_one_reads_and_ones_own_run(train_page, manager, broken):
    run, _ = started(train_page, manager)
    train_page.session_state["reading_level"] = "simple"
    mend = broken(panels, "live")
    train_page.run()
    assert not train_page.exception and train_page.error
    mend()
    next(each for each in train_page.button if each.key.startswith("start_over")).click().run()
    assert (
        train_page.session_state["reading_level"] == "simple"
        and train_page.session_state[session.OWN_RUN] == run.run_id
    )
    assert run.is_live


def test_starting_over_keeps_the_light_table_and_the_room(train_page, broken):
    ids = {"table": held.tables().open().table_id, "room": held.rooms().open("run").room_id}
    for name, each in ids.items():
        train_page.session_state[name] = train_page.query_params[name] = each
    mend = broken(panels, "before_start")
    train_page.run()
    mend()
    button(train_page, "Start over").click().run()
    assert {name: train_page.session_state[name] for name in ids} == ids and not train_page.error


def test_a_tick_while_it_is_said_is_not_lost(train_page, manager, monkeypatch):
    """Streamlit would end in its own error page: the tick ends what is said."""
    started(train_page, manager)
    fails, asks = iter([True]), iter([True])
    whole, say = panels._stage, guard.say

    def stage(*args):
        if next(fails, False):
            raise ZeroDivisionError
        whole(*args)

    def asked(*args, **values):
        if next(asks, False):
            st.rerun()
        return say(*args, **values)

    monkeypatch.setattr(panels, "_stage", stage)
    monkeypatch.setattr(guard, "say", asked)
    train_page.run()
    assert not train_page.exception and not train_page.error and "Stop" in labels(train_page)
