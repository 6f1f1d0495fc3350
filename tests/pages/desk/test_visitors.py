"""What the desk lets visitors do, and see: it counts for who comes from elsewhere, at once, and is said to them."""

import pytest

from gan.desk import Rules
from gan.desk.rules import ALLOWED, REFUSED
from gan.messages import Refusal
from gan.rooms import Phase, Refused
from gan.setup import presets
from pages.shared.desk import happening
from pages.shared.server import held
from pages.shared.tab import session
from tests.fakes import FakeTrainer, wait_until
from tests.pages.desk.walk import press, side, texts


@pytest.fixture
def visitor(app, monkeypatch):
    """A visitor from another computer, where nothing is allowed."""
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    held.desk().rules = Rules(frozenset(ALLOWED))
    return app.run()


def test_all_that_can_be_forbidden_is_refused_in_words():
    assert ALLOWED.keys() == REFUSED.keys()


def test_a_visitor_starts_nothing_and_is_told(visitor, manager):
    press(visitor, "Start training")  # on Home
    visitor.switch_page("train.py").run()
    assert "only the teacher starts runs" in texts(visitor) or press(visitor, "Start training")
    assert not manager.runs() and "only the teacher starts runs" in texts(visitor)
    for page, key in (
        ("contests/race.py", "start_race"),
        ("contests/sweep.py", "start_sweep"),
        ("contests/versus.py", "start_versus"),
    ):
        visitor.switch_page(page).run()
        visitor.button(key=key).click().run()
        assert "only the teacher starts runs" in texts(visitor), page
    assert not manager.runs()


def test_what_was_on_screen_before_it_was_forbidden_does_nothing(app, manager, store, monkeypatch):
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    app.run()
    run = manager.starting.new(presets.get("quick"), "a tab", "192.0.2.7")
    run.stop()
    run.wait(10)
    app.switch_page("library.py").run()
    held.desk().rules = Rules(frozenset(ALLOWED))
    app.button(key=f"delete_{run.run_id}").click().run()
    assert store.run_ids() == [run.run_id] and "for the teacher alone" in texts(app)
    held.desk().rules = Rules(frozenset({"bring_in"}))
    app.run()
    assert "only the teacher brings in files" in texts(app) and not app.get("file_uploader")


def test_no_visitor_brings_pictures_in_but_anybody_draws(visitor):
    visitor.switch_page("pictures.py").run()
    assert "only the teacher brings in files" in texts(visitor) and not visitor.get("file_uploader")
    visitor.segmented_control(key="own_way").set_value("draw").run()
    assert "only the teacher brings in files" not in texts(visitor) and not visitor.exception


def test_no_visitor_opens_a_room(visitor):
    visitor.switch_page("game.py").run()
    assert "only the teacher opens rooms" in texts(visitor) and held.rooms().all() == []
    held.desk().rules = Rules()
    visitor.run()
    held.desk().rules = Rules(frozenset({"room"}))
    press(visitor, "Open a room")
    assert held.rooms().all() == [] and "only the teacher opens rooms" in texts(visitor)


def test_the_teacher_may_do_all(app, manager):
    held.desk().rules = Rules(frozenset(ALLOWED), ("learning_rate",))
    app.run()
    press(app, "Start training")
    assert len(manager.runs()) == 1


def test_the_desk_hides_controls_from_visitors_and_from_nobody_else(desk, monkeypatch):
    side(desk, "visitors")
    desk.multiselect(key="desk_hide").set_value(["latent_size", "stabilisers"]).run()
    assert "hide=latent_size,stabilisers" in desk.code[0].value
    desk.switch_page("train.py").run()
    assert [each for each in desk.select_slider if each.key == "latent_size"]
    press_lock(desk)
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    desk.switch_page("train.py").run()
    shown = [each.key for each in desk.select_slider]
    assert "latent_size" not in shown and "learning_rate" in shown and "hide" not in desk.query_params


def test_pages_and_views_are_hidden_too_for_visitors_alone(app, manager, monkeypatch):
    held.desk().rules = Rules(hidden=("page_race", "past", "doctor", "page_nowhere"))
    app.run()
    assert "Race" in pages_of(app)
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    app.run()
    assert "Race" not in pages_of(app) and "Sweep" in pages_of(app)
    app.switch_page("contests/race.py").run()
    assert "This page is put away" in texts(app) and not [each for each in app.button if each.key == "start_race"]
    app.switch_page("train.py").run()
    press(app, "Start training")
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: len(manager.runs()[0].snapshot().records) == 2)
    app.run()
    views = app.segmented_control(key="view").options
    assert "Past" not in views and "Scores" in views and "Doctor" not in str(app.get("html"))
    assert not app.exception


def pages_of(page) -> list[str]:
    return [each.proto.label for each in page.get("page_link")]


def test_a_link_hides_a_page(app):
    app.query_params["hide"] = "page_race,page_gone"
    app.run()
    assert "Race" not in pages_of(app) and not app.exception


def test_a_locked_setting_is_seen_and_not_changed_and_says_why(app, manager, monkeypatch):
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    app.query_params.update(learning_rate="1e-3", lock="learning_rate,nothing")
    app.run()
    app.switch_page("train.py").run()
    assert not app.exception and "no setting called 'nothing' that could be locked" in texts(app)
    rate = app.select_slider(key="learning_rate")
    assert rate.disabled and rate.value == 1e-3 and "Your teacher has locked this." in texts(app)
    assert not app.select_slider(key="latent_size").disabled
    app.selectbox(key="preset").set_value("dcgan").run()  # a recipe leaves it as it is
    assert app.session_state["learning_rate"] == 1e-3 and app.query_params["lock"] == "learning_rate"
    press(app, "Back to the recipe")
    assert app.session_state["learning_rate"] == 1e-3 and not [
        each for each in app.button if each.key == "reset_learning_rate"
    ]


@pytest.mark.parametrize("name", ["stabilisers", "options", "architecture", "preset", "data", "seed", "classes"])
def test_every_kind_of_setting_can_be_locked(app, monkeypatch, name):
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    held.desk().rules = Rules(locked=(name,))
    app.run()
    app.switch_page("train.py").run()
    widgets = [*app.selectbox, *app.toggle, *app.number_input, *app.multiselect, *app.select_slider]
    of = {"stabilisers": "use_", "options": "option_"}.get(name, name)
    assert not app.exception and {each.disabled for each in widgets if each.key.startswith(of)} == {True}
    assert "Your teacher has locked this." in texts(app)


def test_the_desk_locks_settings(desk):
    side(desk, "visitors")
    desk.multiselect(key="desk_lock_settings").set_value(["learning_rate"]).run()
    assert held.desk().rules.locked == ("learning_rate",) and "?lock=learning_rate" in desk.code[0].value


def test_one_device_of_a_room_is_sent_away(desk):
    room = held.rooms().open("a run")
    for number in range(2):
        room.look(f"device{number:04}")
    side(desk, "now")
    press(desk, "Send device 2 away (is here)")
    assert [each.number for each in room.devices] == [1] and "Send device 2" not in str(desk.button)
    with pytest.raises(Refused):
        room.look("device0001")
    desk.toggle(key=f"desk_closed_{room.code}").set_value(True).run()
    with pytest.raises(Refused) as refused:
        room.look("device0001again")
    assert refused.value.status == 423 and room.look("device0000").device == 1


@pytest.mark.parametrize(
    ("stands", "told"), [("frozen", "The projector is frozen."), ("black", "The projector is black.")]
)
def test_the_desk_says_what_stands_on_the_wall(desk, stands, told):
    assert told not in texts(desk)
    held.desk().walls["a tab"] = stands
    desk.run()
    assert told in texts(desk)


def press_lock(page):
    page.switch_page("desk.py").run()
    return press(page, "Lock the desk")


def test_the_desk_says_what_visitors_may_do(desk):
    side(desk, "visitors")
    assert all(desk.toggle(key=f"desk_may_{what}").value for what in ALLOWED)
    desk.toggle(key="desk_may_start").set_value(False).run()
    assert held.desk().rules.forbidden == {"start"}
    desk.toggle(key="desk_may_start").set_value(True).run()
    assert not desk.exception and held.desk().rules.forbidden == frozenset()


def test_each_run_and_room_can_be_stopped(desk, manager):
    runs = [manager.starting.new(presets.get("quick"), f"tab {n}", "192.0.2.7") for n in range(2)]
    rooms = [held.rooms().open("a run") for _ in range(2)]
    side(desk, "now")
    assert "2 runs, 2 rooms" in texts(desk)
    desk.button(key=f"desk_stop_{runs[0].watch_id}").click().run()
    assert runs[0].wait(10) and runs[1].is_live
    assert "The room ends for all its devices" in texts(desk) and rooms[0].phase is not Phase.OVER
    desk.button(key=f"desk_end_{rooms[0].code}_do").click().run()
    assert rooms[0].phase is Phase.OVER and held.rooms().all() == rooms[1:]
    desk.button(key="desk_stop_all_do").click().run()
    assert runs[1].wait(10) and held.rooms().all() == []
    assert runs[1].run_id not in str(desk)


def test_the_next_class_is_asked_for_twice(desk, manager, store):
    run = manager.starting.new(presets.get("quick"), "a tab", "192.0.2.7")
    wait_until(lambda: run.snapshot().reading)
    side(desk, "now")
    press(desk, "Ready for the next class")
    assert "1 run stops." in texts(desk) and "1 run of a visitor is deleted" in texts(desk) and run.is_live
    desk.button(key="desk_reset_leave").click().run()
    assert run.is_live
    press(desk, "Ready for the next class")
    desk.button(key="desk_reset_do").click().run()
    assert not run.is_live and store.run_ids() == [] and "ready for the next class" in texts(desk)
    assert not desk.exception


def test_the_clock_goes_back_whatever_fails(desk, monkeypatch):
    def fail(*_):
        raise Refusal("runs.stop_first", "This run goes on: stop it before you delete it.")

    monkeypatch.setattr(happening, "begin_anew", fail)
    held.desk().clock.start("a plan")
    side(desk, "now")
    press(desk, "Ready for the next class")
    desk.button(key="desk_reset_do").click().run()
    assert "This run goes on" in texts(desk) and not desk.exception
    assert not held.desk().clock.time().plan
