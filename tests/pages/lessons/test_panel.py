"""A lesson beside the page: say, train, see; left and found again."""

import pytest
from streamlit.testing.v1 import AppTest

from gan.records import Scores
from gan.rooms import Phase
from gan.runs import RunState
from gan.setup import presets
from pages.shared.server import held
from pages.shared.tab import desk, session
from tests import app_pages
from tests.fakes import FakeTrainer, wait_until


@pytest.fixture
def lesson(app):
    """A tab in the first step of the first lesson."""
    app.run()
    app.switch_page("lessons.py").run()
    app.button(key="open_first_look").click().run()
    return app.switch_page("train.py").run()  # AppTest stays where the test has sent it


def texts(app) -> str:
    return "\n".join(element.value for element in [*app.subheader, *app.markdown, *app.caption])


def turn(app, steps: int = 1):
    for _ in range(steps):
        app.button(key="lesson_next").click().run()
    return app


def test_a_lesson_stands_beside_the_page_and_is_left_again(lesson):
    assert not lesson.exception
    assert "Two players" in texts(lesson) and "Real pictures" in texts(lesson)
    assert lesson.query_params["lesson"] == "first_look"
    lesson.button(key="leave_lesson").click().run()
    assert "Two players" not in texts(lesson) and "lesson" not in lesson.query_params


def test_an_answer_tells_the_truth_at_once_where_nothing_has_to_run(lesson):
    turn(lesson)
    assert "weights" not in texts(lesson)
    lesson.radio[0].set_value(0).run()
    assert "You said: crooked digits" in texts(lesson) and "**It came otherwise:** only noise" in texts(lesson)
    assert "weights" in texts(lesson)
    assert lesson.query_params["said"] == "1.0"


def test_what_is_said_of_a_run_is_decided_by_the_run(lesson, manager):
    turn(lesson, 2)
    assert lesson.button(key="lesson_train").disabled  # first say, then see
    lesson.radio[0].set_value(1).run()
    assert "You said: like digits" in texts(lesson)
    lesson.button(key="lesson_train").click().run()
    (run,) = manager.runs()
    assert run.config.epochs == 8 and "**It trains.**" in texts(lesson)
    assert f"2.{run.run_id}" in lesson.query_params["ran"]
    wait_until(lambda: FakeTrainer.made)
    FakeTrainer.made[-1].go(8)
    run.wait(timeout=10)
    assert run.snapshot().state is RunState.FINISHED
    lesson.run()
    assert "It did 80 steps" in texts(lesson) and "ended too early" in texts(lesson)  # the fake one has no scores
    assert not [button for button in lesson.button if button.key == "lesson_train"]
    turn(lesson)
    lesson.radio[0].set_value(1).run()
    assert "**You were right:** in 6 to 9 of 10 pictures" in texts(lesson)
    assert "It was right 81% of the time" in texts(lesson)


def test_a_run_that_was_stopped_can_be_trained_once_more(lesson, manager):
    turn(lesson, 2)
    lesson.radio[0].set_value(1).run()
    lesson.button(key="lesson_train").click().run()
    manager.runs()[0].stop()
    manager.runs()[0].wait(timeout=10)
    lesson.run()
    assert lesson.button(key="lesson_train").label == "Train it once more"


def end(run):
    """Let the fake trainer end the run."""
    wait_until(lambda: FakeTrainer.made)
    FakeTrainer.made[-1].go(run.config.epochs)
    assert run.wait(timeout=10)


def test_an_experiment_runs_once_exactly_one_thing_is_changed(app, manager):
    for name, value in {"lesson": "change_one_thing", "step": "1", "said": "1.1"}.items():
        app.query_params[name] = value
    app.switch_page("train.py").run()
    app.button(key="lesson_train").click().run()
    (first,) = manager.runs()
    end(first)
    app.run()
    turn(app)
    assert "Change one thing" in texts(app)
    app.radio[0].set_value(2).run()
    assert app.button(key="lesson_train").disabled
    app.select_slider(key="latent_size").set_value(2).run()
    assert "**Latent size 32 → 2**" in texts(app) and not app.button(key="lesson_train").disabled
    app.select_slider(key="learning_rate").set_value(1e-2).run()
    assert "You have changed 2 things" in texts(app) and app.button(key="lesson_train").disabled
    app.select_slider(key="learning_rate").set_value(2e-3).run()
    app.button(key="lesson_train").click().run()
    (second,) = (run for run in manager.runs() if run is not first)
    assert second.config == first.config.but(latent_size=2)
    end(second)
    app.run()
    assert "You changed: **Latent size 32 → 2**" in texts(app)


def test_the_numbers_of_a_run_are_its_own_though_an_earlier_one_was_passed(app, manager, monkeypatch):
    realism = property(lambda trainer: Scores(samples=9, realism=1000 * trainer.config.learning_rate))
    monkeypatch.setattr(FakeTrainer, "scores", realism)
    for name, value in {"lesson": "learning_rate", "step": "3", "said": "2.2-3.1"}.items():
        app.query_params[name] = value
    app.switch_page("train.py").run()
    app.button(key="lesson_train").click().run()
    end(manager.runs()[-1])
    assert "The forger's loss is 1 where the good rate had …, and the doctor says" in texts(app.run())
    app.button(key="lesson_back").click().run()
    app.button(key="lesson_train").click().run()
    end(manager.runs()[-1])
    assert "Realism is 0, where the good rate had …." in texts(app.run())
    assert "ended too early" not in texts(app) and "**A run to compare it with was not trained.**" in texts(app)


def test_the_class_answers_on_its_devices(app):
    app.run()
    app.switch_page("game.py").run()
    next(button for button in app.button if button.label == "Open a room").click().run()
    app.switch_page("lessons.py").run()
    app.button(key="open_first_look").click().run()
    app.switch_page("train.py").run()
    turn(app)
    app.button(key="ask_class").click().run()
    (room,) = held.rooms().all()
    assert room.question.text.startswith("The forger has not learned") and room.question.options[1] == "only noise"
    assert app.button(key="take_answer").disabled
    for device, answer in (("device01", "A"), ("device02", "B"), ("device03", "B")):
        room.vote(device, 1, answer)
    app.run()
    assert "- only noise: **2**" in texts(app)
    app.button(key="take_answer").click().run()
    assert "**You were right:** only noise" in texts(app) and app.query_params["said"] == "1.1"
    assert room.look("device01")[1] is Phase.LOBBY


@pytest.mark.parametrize(
    ("visitor", "is_in", "finds"),
    [(None, False, True), ("192.0.2.7", True, True), ("192.0.2.7", False, False), ("192.0.2.8", True, False)],
)
def test_another_tab_asks_the_class_if_it_is_the_same_teachers(app, monkeypatch, visitor, is_in, finds):
    who = [(visitor and "192.0.2.7", True)]
    monkeypatch.setattr(session, "visitor", lambda: who[0][0])
    monkeypatch.setattr(desk, "is_in", lambda: who[0][1])
    app.run()
    app.switch_page("game.py").run()
    next(button for button in app.button if button.label == "Open a room").click().run()
    (room,) = held.rooms().all()
    who[0] = visitor, is_in
    other = AppTest.from_file(app_pages.PAGES / "frame.py", default_timeout=60).run()
    other.switch_page("game.py").run()
    assert (f"Room {room.code}" in [button.label for button in other.button]) == finds
    other.switch_page("lessons.py").run()
    other.button(key="open_first_look").click().run()
    other.switch_page("train.py").run()
    turn(other)
    assert ("ask_class" in [button.key for button in other.button]) == finds and not other.exception
    if finds:
        other.button(key="ask_class").click().run()
        assert room.phase is Phase.ASK
        other.switch_page("game.py").run()
        other.button(key=f"own_room_{room.code}").click().run()
        assert other.query_params["room"] == room.room_id and not other.exception


def test_a_patient_is_looked_at_before_it_is_asked_what_is_wrong(app, manager):
    app.run()
    app.switch_page("lessons.py").run()
    app.button(key="open_clinic_b").click().run()
    app.switch_page("train.py").run()
    (run,) = manager.runs()  # one press began it
    assert run.config == presets.get("weak_discriminator").but(epochs=2)
    assert "What does this run suffer from?" in texts(app) and "The doctor says" not in texts(app)
    end(run)
    app.run()
    assert "The doctor says" not in texts(app)
    app.radio[0].set_value(1).run()
    assert "You said: the forger is far too strong" in texts(app) and "The doctor says: **" in texts(app)
    turn(app)
    app.button(key="lesson_back").click().run()
    assert manager.runs() == [run]  # coming by again begins no other


def test_a_reading_level_adds_and_takes_nothing_away(lesson):
    simple = texts(lesson)
    assert "generator" not in simple
    lesson.session_state["reading_level"] = "tinkerer"
    lesson.run()
    more = texts(lesson)
    assert "generator" in more and "$G(z)$" not in more
    lesson.session_state["reading_level"] = "scientist"
    lesson.run()
    assert "$G(z)$" in texts(lesson) and lesson.query_params["reading_level"] == "scientist"
    for sentence in simple.splitlines():
        assert sentence in texts(lesson)


def test_the_list_says_where_one_is_and_goes_on_there(lesson):
    turn(lesson)
    lesson.switch_page("lessons.py").run()
    assert "goes on at 2 of 5" in texts(lesson) and "Before it has learned" not in texts(lesson)
    lesson.button(key="open_first_look").click().run()
    assert "Before it has learned" in texts(lesson)


def test_a_lesson_that_was_left_is_beside_no_page_and_can_be_gone_on_with(lesson):
    turn(lesson)
    lesson.button(key="leave_lesson").click().run()
    lesson.switch_page("lessons.py").run()
    assert "goes on at 2 of 5" in texts(lesson)
    lesson.switch_page("game.py").run()
    assert "Before it has learned" not in texts(lesson)
    lesson.switch_page("lessons.py").run()
    lesson.button(key="open_first_look").click().run()
    assert "Before it has learned" in texts(lesson.switch_page("train.py").run())


def test_a_lesson_that_is_done_asks_nobody_to_go_on(lesson):
    turn(lesson, 4)
    lesson.button(key="lesson_done").click().run()
    lesson.switch_page("lessons.py").run()
    assert "goes on at" not in texts(lesson) and "lesson" not in lesson.query_params
    assert "What you saw" not in texts(lesson.switch_page("game.py").run())


def test_a_lesson_begins_with_a_forger_that_has_not_learned_anything(app, manager):
    page = app.switch_page("train.py").run()
    next(button for button in page.button if button.label == "Start training").click().run()
    (run,) = manager.runs()
    end(run)
    app.switch_page("lessons.py").run()
    app.button(key="open_first_look").click().run()
    page = app.switch_page("train.py").run()
    assert (
        "Untrained, the forger turns random numbers into this."
        in "\n".join([texts(page), *(element.proto.body for element in page.get("html"))])
        and "run" not in page.query_params
    )


def test_a_link_finds_the_step_and_the_answers_again(app):
    for name, value in {"lesson": "first_look", "step": "1", "said": "1.1"}.items():
        app.query_params[name] = value
    app.run()
    assert "Before it has learned" in texts(app) and "**You were right:** only noise" in texts(app)


@pytest.mark.parametrize(
    "link",
    [
        {"lesson": "gone"}, {"lesson": "first_look", "step": "999", "said": "x.y-1.-.1-1.77", "ran": "2.nobody"},
        {"lesson": "first_look", "step": "-1"}, {"lesson": "first_look", "step": "1", "said": "1.98"},
        {"lesson": "../../secret", "step": "1"}, {"lesson": "first_look", "step": "\u0663"},
    ],
)  # fmt: skip
def test_a_link_that_means_nothing_harms_nothing(app, link):
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception and not app.error


def test_the_train_page_offers_its_tour_until_there_is_a_run_or_a_lesson(app):
    page = app.switch_page("train.py").run()
    page.button(key="tour").click().run()
    assert "Real and fake" in texts(page) and page.query_params["lesson"] == "tour"
    assert "tour" not in [button.key for button in page.button]
