"""The Race page: before, during and after a race, with a lane that fails, after F5, and from other pages."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gan import families
from gan.data import own
from gan.messages import Refusal
from gan.records import Scores
from gan.runs import Kind, RunState
from gan.runs.server.contest import race_configs
from gan.runs.server.contest_rules import RULES
from gan.runs.state.faults import Fault
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.contests import race_setup
from pages.shared.tab import contest_tab, own_sets, session
from pages.shared.words import races, values
from tests.brought import a_set
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts


@pytest.fixture(autouse=True)
def scored(monkeypatch):
    """Each fake run is scored by its learning rate: 0.002 is best."""

    def scores(trainer):
        distance = max(trainer.config.learning_rate / 2e-3, 2e-3 / trainer.config.learning_rate)
        return Scores(samples=9, realism=10.0 * distance, variety=5.0)

    monkeypatch.setattr(FakeTrainer, "scores", property(scores))


@pytest.fixture
def race_page(app):
    app.run()
    return app.switch_page("contests/race.py").run()


def begun(page):
    """Press Start; the race and its trainers, in the order of its lanes."""
    button(page, "Start the race").click().run()
    race = contest_tab.contests().get(page.query_params["race"])
    runs = contest_tab.contests().runs(race)
    wait_until(lambda: all(run.snapshot().reading for run in runs))
    page.run()
    made = {trainer.config: trainer for trainer in FakeTrainer.made}
    return race, runs, [made[run.config] for run in runs]


def to_the_end(page, runs, trainers):
    for trainer in trainers:
        trainer.go(race_setup.DEFAULT_EPOCHS)
    assert all(run.wait(5) for run in runs)
    page.run()


def test_before_the_start_it_says_what_a_race_is(race_page):
    assert not race_page.exception
    text = texts(race_page)
    assert str(races.ABOUT) in text and str(races.ABOUT_START) in text
    assert str(races.RULES["realism"].sentence) in text and str(races.RULES["realism"].fairness) in text
    assert [item.label for item in race_page.button] == ["Start the race"]


def test_start_trains_the_lanes_together_with_one_thing_changed(race_page, manager):
    race, runs, _ = begun(race_page)
    base = presets.get("quick").but(epochs=race_setup.DEFAULT_EPOCHS)
    assert [run.config for run in runs] == [base.but(learning_rate=rate) for rate in (2e-4, 2e-3, 2e-2)]
    assert race.rule == "realism" and race.guess is None
    text = texts(race_page)
    assert "Nobody leads yet." in text and str(races.RULES["realism"].sentence) in text
    assert {"Stop all"} <= set(labels(race_page)) and not race_page.exception


def test_who_leads_is_told_and_at_the_end_who_has_won_and_why(race_page):
    race_page.segmented_control(key="race_guess").set_value("A").run()
    _, runs, trainers = begun(race_page)
    for trainer in trainers:
        trainer.go()
    wait_until(lambda: all(run.snapshot().records for run in runs))
    race_page.run()
    assert "<b>B</b> leads at the moment: realism 10.0." in texts(race_page)
    to_the_end(race_page, runs, trainers)
    text = texts(race_page)
    assert "<b>B wins</b> with learning rate 0.002: realism 10.0. A 100.0, C 100.0. You had guessed A." in text
    assert "New race" in labels(race_page) and "Stop all" not in labels(race_page)
    assert not race_page.exception


def read_out(page) -> list[str]:
    """What a screen reader says by itself."""
    return [each.proto.body for each in page.get("html") if 'role="status"' in each.proto.body]


def test_who_leads_is_read_out_without_the_numbers_that_move(race_page):
    _, runs, trainers = begun(race_page)
    told = set()
    for epoch in (1, 2):
        for trainer in trainers:
            trainer.go()
        wait_until(lambda epoch=epoch: all(len(run.snapshot().records) == epoch for run in runs))
        (each,) = read_out(race_page.run())
        told.add(each)
        assert "left." in texts(race_page)
    assert len(told) == 1 and "Ahead now: B." in told.pop()


def test_a_lane_that_fails_is_told_and_the_others_go_on(race_page):
    _, runs, trainers = begun(race_page)
    trainers[1].fail(FloatingPointError("a loss was no longer a finite number by step 20"))
    assert runs[1].wait(5)
    race_page.run()
    assert "step 20" in race_page.error[0].value and "out: something went wrong" in texts(race_page)
    to_the_end(race_page, runs, [trainers[0], trainers[2]])
    assert "<b>A and C share the first place</b>: realism 100.0." in texts(race_page)


def test_stop_all_ends_the_race_without_a_winner(race_page):
    _, runs, _ = begun(race_page)
    button(race_page, "Stop all").click().run()
    assert all(run.wait(5) for run in runs)
    race_page.run()
    assert "<b>Nobody wins.</b>" in texts(race_page)
    button(race_page, "New race").click().run()
    assert "Start the race" in labels(race_page) and "race" not in race_page.query_params


def test_a_full_disk_is_told_once(race_page):
    _, runs, _ = begun(race_page)
    for run in runs:
        run._set(unkept="This run is not kept at the moment. The disk is full.")
    race_page.run()
    assert [warning.value for warning in race_page.warning] == [runs[0].snapshot().unkept]


def test_a_changed_lane_is_out(race_page):
    _, runs, trainers = begun(race_page)
    runs[1].change(learning_rate=5e-3)
    wait_until(lambda: trainers[1].changes)
    trainers[1].go()
    wait_until(lambda: runs[1].snapshot().changes)
    to_the_end(race_page, runs, trainers)
    assert "out: its settings were changed" in texts(race_page)
    assert "<b>A and C share the first place</b>" in texts(race_page)


def test_the_race_goes_on_while_the_tab_looks_at_a_lane_and_is_found_again(race_page, manager):
    race, runs, _ = begun(race_page)
    race_page.button(key="open_B").click().run()
    race_page.switch_page("train.py").run()
    assert race_page.query_params["run"] == runs[1].run_id
    assert race_page.select_slider(key="learning_rate").value == 2e-3
    assert race_page.query_params["race"] == race.contest_id
    assert all(run.lease.is_watched for run in runs)
    race_page.switch_page("contests/race.py").run()
    assert "Stop all" in labels(race_page) and all(run.lease.is_watched for run in runs)


def test_a_pupil_elsewhere_can_look_at_a_race_but_not_change_it(race_page, app, monkeypatch):
    race, runs, _ = begun(race_page)
    monkeypatch.setattr(session, "visitor", lambda: "192.168.7.21")
    pupil = AppTest.from_file(app._script_path, default_timeout=60).run()
    pupil.query_params["race"] = race.contest_id
    pupil.switch_page("contests/race.py").run()
    assert "Share" in labels(pupil) and "Stop all" not in labels(pupil) and not pupil.exception
    pupil.button(key="open_B").click().run()
    pupil.switch_page("train.py").run()
    assert pupil.query_params["watch"] == runs[1].watch_id and "run" not in pupil.query_params
    assert "Stop" not in labels(pupil) and "You are watching." in texts(pupil)


def test_who_started_a_race_elsewhere_may_stop_it(app, monkeypatch):
    monkeypatch.setattr(session, "visitor", lambda: "192.168.7.21")
    app.run()
    page = app.switch_page("contests/race.py").run()
    _, runs, _ = begun(page)
    assert all(run.is_live for run in runs) and "Stop all" in labels(page)
    monkeypatch.setattr(session, "visitor", lambda: "192.168.7.22")
    assert "Stop all" not in labels(page.run())
    monkeypatch.setattr(session, "visitor", lambda: None)
    assert "Stop all" in labels(page.run())


def test_a_race_is_shared_by_its_link(race_page):
    race, *_ = begun(race_page)
    button(race_page, "Share").click().run()
    assert race_page.code[0].value.endswith(f"?race={race.contest_id}")
    assert "From another computer they cannot stop or change it." in texts(race_page)


def test_the_settings_of_the_train_page_can_be_raced(app):
    app.run()
    train = app.switch_page("train.py").run()
    train.select_slider(key="batch_size").set_value(32).run()
    train.selectbox(key="data").set_value("fashion").run()
    page = train.switch_page("contests/race.py").run()
    page.selectbox(key="race_preset").set_value(race_setup.MINE).run()
    assert page.selectbox(key="race_data").disabled and page.selectbox(key="race_data").value == "fashion"
    _, runs, _ = begun(page)
    expected = presets.get("quick").but(batch_size=32, data="fashion", epochs=race_setup.DEFAULT_EPOCHS)
    assert [run.config for run in runs] == [expected.but(learning_rate=rate) for rate in (2e-4, 2e-3, 2e-2)]


def test_a_recipe_as_it_is_needs_no_second_name(race_page):
    assert str(races.MINE) not in race_page.selectbox(key="race_preset").options


def test_f5_finds_the_race_again(race_page, app):
    race, _, _ = begun(race_page)
    fresh = AppTest.from_file(app._script_path, default_timeout=60).run()
    fresh.query_params["race"] = race.contest_id
    fresh.switch_page("contests/race.py").run()
    assert "Stop all" in labels(fresh) and not fresh.exception


def test_a_race_that_is_not_known_is_told(race_page):
    race_page.query_params["race"] = "deadbeef"
    race_page.run()
    assert race_page.info[0].value == str(races.LOST) and "Start the race" in labels(race_page)


def test_the_next_race_ends_the_one_before(race_page, manager):
    _, first, _ = begun(race_page)
    contest_tab.stop(first)
    assert all(run.wait(5) for run in first)
    race_page.run()
    button(race_page, "New race").click().run()
    begun(race_page)
    assert sum(run.is_live for run in manager.runs()) == 3


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("0.002", "0.002", "-"), "learning_rate cannot have the same value twice here."),
        (("fast", "0.002", "-"), "Learning rate cannot be 'fast': it must be a number from 1e-07 to 1."),
    ],
)
def test_bad_values_are_told_and_nothing_starts(app, values, said):
    app.run()
    for letter, value in zip("ABC", values, strict=True):
        app.session_state[f"race_learning_rate_{letter}"] = value
    app.switch_page("contests/race.py").run()
    assert said in app.warning[0].value and button(app, "Start the race").disabled


@pytest.mark.parametrize("setting", race_setup.raced(presets.get("quick")))
def test_every_setting_can_be_raced_as_it_is_offered(race_page, setting):
    race_page.selectbox(key="race_setting").set_value(setting).run()
    assert not race_page.exception and not race_page.warning, race_page.warning
    assert not button(race_page, "Start the race").disabled
    base = presets.get("quick")
    offered = race_setup.offered(base, setting)
    for value in offered:
        assert str(values.told(setting, value))
        other = next(each for each in offered if each != value)
        try:
            race_configs(base, setting, [value, other])
        except ValueError as error:
            assert str(error).endswith(".")


def test_a_referee_is_needed_for_its_rules(race_page, monkeypatch):
    monkeypatch.setattr(race_setup.data, "is_here", lambda name: True)
    page = race_page.run()
    page.selectbox(key="race_data").set_value("digits").run()
    of_pictures = [name for name, rule in RULES.items() if not rule.of_dots]
    assert page.selectbox(key="race_rule").options == [str(races.RULES[name].title) for name in of_pictures]


@pytest.mark.parametrize("recipe", ["vae", "diffusion", "outlines", "quick"])
def test_a_locked_recipe_with_pictures_that_nobody_can_judge_is_told(app, recipe):
    name = own.keep(a_set())
    app.query_params.update({"preset": recipe, "lock": "preset"})
    app.session_state[own_sets.KNOWN] = [name]
    app.run()
    app.switch_page("train.py").run()
    page = app.switch_page("contests/race.py").run()
    page.selectbox(key="race_data").set_value(name).run()
    assert not page.exception
    assert (str(race_setup.NO_RULE) in texts(page)) == (not families.judges(presets.get(recipe).family))


def test_where_nobody_reached_the_mark_it_says_so(race_page, monkeypatch):
    race_page.selectbox(key="race_rule").set_value("speed").run()
    monkeypatch.setattr(FakeTrainer, "scores", property(lambda _: Scores(samples=9, realism=500.0, variety=5.0)))
    to_the_end(race_page, *begun(race_page)[1:])
    assert str(races.NEVER_THERE) in texts(race_page) and str(races.TO_THE_END) not in texts(race_page)


def test_every_rule_has_its_words():
    assert set(races.RULES) == set(RULES)
    assert "20" in str(races.rule("speed", 20.0))
    assert "told which kind" in str(races.fairness("variety", presets.get("quick")))
    assert "told which kind" not in str(races.fairness("variety", RunConfig()))


def test_a_tab_has_a_race_and_a_sweep_of_its_own(race_page):
    race, _, _ = begun(race_page)
    assert race.kind is Kind.RACE
    race_page.query_params["sweep"] = race.contest_id  # a race is no sweep
    race_page.run()
    assert not race_page.exception


def test_a_waiting_race_shows_its_place(race_page, manager):
    manager.engine._places._at_once = 1
    manager.starting.new(presets.get("pocket"), "somebody", owner="somebody")
    button(race_page, "Start the race").click().run()
    wait_until(lambda: any(run.snapshot().state is RunState.QUEUED for run in manager.runs()))
    race_page.run()
    assert "number 1 in the queue" in race_page.info[0].value


def test_a_lane_that_cannot_be_is_told_and_nothing_starts(race_page, manager):
    race_page.selectbox(key="race_preset").set_value("by_heart").run()  # it learns from 50 pictures
    race_page.selectbox(key="race_setting").set_value("batch_size").run()
    (warning,) = race_page.warning
    assert "at most 50" in warning.value and not race_page.exception and not race_page.error
    assert button(race_page, "Start the race").disabled and not manager.runs()


def test_what_shows_only_with_the_pictures_at_hand_is_told_too(race_page, monkeypatch):
    monkeypatch.setattr(race_setup.panels, "cached_preview", refuses)
    race_page.run()
    assert [warning.value for warning in race_page.warning] == ["These networks need colour."]
    assert button(race_page, "Start the race").disabled and not race_page.exception and not race_page.error


def refuses(config):
    raise Refusal("test.colour", "These networks need colour.")


def test_a_fault_from_elsewhere_is_read_letter_by_letter(race_page):
    _, runs, _ = begun(race_page)
    contest_tab.stop(runs)
    assert all(run.wait(5) for run in runs)
    runs[0]._set(state=RunState.FAILED, fault=Fault("![x](http://203.0.113.9/x)", "Nothing."))
    race_page.run()
    assert "203.0.113.9" in race_page.error[0].value and "![" not in race_page.error[0].value


def test_numbers_are_shown_and_typed_as_the_language_writes_them(app, monkeypatch):
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: "es"))
    app.run()
    app.session_state["race_learning_rate_C"] = "0,005"
    page = app.switch_page("contests/race.py").run()
    assert "0,0002" in page.selectbox(key="race_learning_rate_A").options and not page.exception
    page.button(key="start_race").click().run()
    runs = contest_tab.contests().runs(contest_tab.contests().get(page.query_params["race"]))
    assert [run.config.learning_rate for run in runs] == [2e-4, 2e-3, 5e-3]
    assert "<strong>0,005</strong>" in texts(page) and not page.exception
