"""What is locked for pupils is changed by nothing that begins a run: cures, ideas, exhibits, races, sweeps."""

import pytest

from gan import doctor
from gan.desk import Rules
from gan.doctor import Condition, Cure, Diagnosis, advice
from gan.messages import verbatim
from gan.setup import presets
from pages.shared.lessons import progress
from pages.shared.lessons.progress import Progress
from pages.shared.server import held
from pages.shared.settings import locks
from pages.shared.tab import contest_tab, desk, session
from tests.fakes import wait_until
from tests.pages.desk.walk import press
from tests.pages.test_train import started, texts

LOCKED = "Your teacher has locked this."
PASSED = "Your teacher has locked what this experiment begins with."
ILL = Diagnosis(
    Condition.MODE_COLLAPSE,
    verbatim("9 of 10 fakes are a 1."),
    advice.CAUSE_MODE_COLLAPSE,
    (Cure(advice.MINIBATCH_STD, {"stabilisers": {"minibatch_std": 1}}), Cure(advice.G_SMALLER, {"epochs": 5})),
)


def lock(*names: str) -> None:
    held.desk().rules = Rules(locked=names)


@pytest.fixture
def pupil(app, monkeypatch):
    """Of another computer, on the Train page."""
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    app.run()
    return app.switch_page("train.py").run()


@pytest.fixture
def ended(pupil, manager):
    """The pupil's page after a run that went well."""
    run, trainer = started(pupil, manager)
    trainer.go(run.config.epochs)
    run.wait(5)
    return pupil.run()


def ideas(page) -> dict[str, bool]:
    """What is offered after a run, and whether it can be pressed."""
    return {each.label: not each.disabled for each in page.button if (each.key or "").startswith("try_")}


def test_a_cure_that_would_change_what_is_locked_is_told_and_not_begun(pupil, manager, monkeypatch):
    monkeypatch.setattr(doctor, "diagnose", lambda *_, **__: ILL)
    run, trainer = started(pupil, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    pupil.run()
    lock("stabilisers")  # after the page was shown
    pupil.button(key="cure_0").click().run()
    assert manager.runs() == [run] and run.is_live and LOCKED in [each.value for each in pupil.warning]
    keys = {each.key for each in pupil.button}
    assert {"cure_0", "beside_0"} < keys and "cure_1" not in keys and LOCKED in [each.value for each in pupil.caption]
    pupil.button(key="cure_0").click().run()  # the other one comes first now
    assert manager.runs()[-1].config == run.config.but(epochs=5)


def test_an_idea_that_would_change_what_is_locked_says_so(ended, manager):
    assert set(ideas(ended).values()) == {True}
    lock("learning_rate")
    ended.run()
    can = ideas(ended)
    assert not can["Race two learning rates"] and can["Latent size 2"] and LOCKED in texts(ended)
    lock("latent_size")
    press(ended, "Latent size 2")  # it was there to be pressed
    assert len(manager.runs()) == 1 and ended.session_state["latent_size"] == presets.get("quick").latent_size
    lock("preset")
    ended.run()
    can = ideas(ended)
    assert not can["Break it"] and can["Race two learning rates"] and can["Latent size 2"]


def test_the_teacher_may_all_the_same(ended, monkeypatch):
    lock("learning_rate", "latent_size", "preset")
    monkeypatch.setattr(desk, "is_in", lambda: True)
    ended.run()
    assert set(ideas(ended).values()) == {True} and LOCKED not in texts(ended)


def test_what_is_locked_is_not_raced_and_stays_as_the_train_page_has_it(pupil, manager):
    pupil.selectbox(key="loss").set_value("hinge").run()
    lock("loss", "learning_rate", "epochs", "data", "preset")
    pupil.run()
    pupil.switch_page("contests/race.py").run()
    assert not {"Loss", "Learning rate"} & set(pupil.selectbox(key="race_setting").options)
    assert pupil.select_slider(key="race_epochs").disabled and LOCKED in texts(pupil)
    assert len(pupil.selectbox(key="race_preset").options) == 2  # the Train page's settings, and its recipe
    pupil.selectbox(key="race_preset").set_value("quick").run()
    press(pupil, "Start the race")
    base = presets.get("quick").but(loss="hinge")
    assert [run.config for run in manager.runs()] == [base.but(latent_size=size) for size in (1, 8, 64)]


def test_what_is_locked_after_a_race_was_chosen_is_not_raced(pupil, manager):
    pupil.switch_page("contests/race.py").run()
    lock("learning_rate")
    pupil.button(key="start_race").click().run()
    assert {run.config.learning_rate for run in manager.runs()} <= {2e-3} and not pupil.exception
    configs = [presets.get("quick").but(learning_rate=rate) for rate in (2e-4, 2e-3)]
    with pytest.raises(ValueError, match=LOCKED):
        locks.heeded(contest_tab.contests().race, *configs)(configs[0], "learning_rate", (2e-4, 2e-3), "realism")


def test_a_sweep_over_what_is_locked_is_shown_shut(pupil, manager):
    lock("learning_rate")
    pupil.switch_page("contests/sweep.py").run()
    boxes = {each.key: each.disabled for each in pupil.selectbox if each.key.startswith("sweep_l")}
    assert {key for key, shut in boxes.items() if shut} == {f"sweep_learning_rate_{number}" for number in range(4)}
    assert pupil.button(key="start_sweep").disabled and LOCKED in texts(pupil)


@pytest.mark.parametrize("page", ["race", "sweep", "versus"])
def test_nothing_is_left_to_be_varied(pupil, page):
    lock(*presets.get("quick").to_dict(), "preset")
    pupil.switch_page(f"contests/{page}.py").run()
    assert not pupil.exception and LOCKED in texts(pupil)
    assert pupil.button(key=f"start_{page}").disabled


def test_home_and_a_kept_run_leave_what_is_locked_as_it_is(pupil, manager):
    pupil.select_slider(key="learning_rate").set_value(5e-4).run()
    lock("learning_rate")
    pupil.switch_page("home.py").run()
    press(pupil, "Start training")
    assert [run.config.learning_rate for run in manager.runs()] == [5e-4]


def test_an_exhibit_of_dots_that_would_change_what_is_locked_says_so(pupil):
    lock("data")
    pupil.switch_page("dots.py").run()
    exhibits = {each.key: each.disabled for each in pupil.button if (each.key or "").startswith("begin_")}
    page = locks.FIRST[session.DOTS]
    assert not exhibits[f"begin_{page}"] and any(exhibits.values())
    assert pupil.button(key="draw").disabled


def beside(page, lesson: str, step: int, said: int | None = None):
    """The Train page beside a step of a lesson."""
    page.session_state[progress.NOW] = Progress(lesson, step, {} if said is None else {step: said})
    return page.run()


def test_a_lesson_s_runs_are_the_lesson_s_and_what_is_locked_stays_on_the_page(pupil, manager):
    beside(pupil, "first_look", 2, 1)
    lock("epochs", "preset")  # the lesson makes the run shorter
    pupil.button(key="lesson_train").click().run()
    assert [run.config.epochs for run in manager.runs()] == [8] and not pupil.exception
    assert pupil.session_state["epochs"] == presets.get("quick").epochs and pupil.session_state["preset"] == "quick"


def test_a_patient_begins_ill_and_leaves_the_locked_recipe_on_the_page(pupil, manager):
    lock("epochs", "preset")
    pupil.switch_page("lessons.py").run()
    pupil.button(key="open_clinic_b").click().run()
    pupil.switch_page("train.py").run()
    (run,) = manager.runs()
    assert presets.nearest_in_any_world(run.config) != "quick" and pupil.session_state["preset"] == "quick"
    assert pupil.session_state["epochs"] == presets.get("quick").epochs and not pupil.exception


def test_an_experiment_leaves_what_is_locked_as_it_is(pupil, manager):
    pupil.select_slider(key="learning_rate").set_value(5e-4).run()
    lock("learning_rate")
    beside(pupil, "change_one_thing", 1, 1)
    pupil.button(key="lesson_next").click().run()
    pupil.switch_page("train.py").run()
    assert pupil.session_state["learning_rate"] == 5e-4
    assert pupil.button(key="lesson_train").disabled and PASSED in texts(pupil) and "Take all" not in texts(pupil)


def test_the_teacher_s_lesson_trains_all_the_same(pupil, manager, monkeypatch):
    lock("epochs", "preset")
    monkeypatch.setattr(desk, "is_in", lambda: True)
    beside(pupil, "first_look", 2, 1)
    pupil.button(key="lesson_train").click().run()
    assert len(manager.runs()) == 1
