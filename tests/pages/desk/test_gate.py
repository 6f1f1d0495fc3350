"""The way in to the desk, and out again."""

import pytest

from gan.desk import Pin, Rules
from pages.shared.server import held
from pages.shared.tab import session
from tests.pages.desk.walk import PIN, come_in, press, texts


def test_nothing_of_the_desk_is_there_without_the_pin(gate):
    assert not gate.exception and "Before the class" not in texts(gate)
    assert not gate.get("button_group") and "Lock the desk" not in [button.label for button in gate.button]


def test_the_pin_opens_it_and_lock_shuts_it(gate):
    come_in(gate)
    assert not gate.exception and "Start the clock" in [button.label for button in gate.button]
    assert PIN not in str(gate.query_params) and "desk_pin" not in gate.session_state
    gate.switch_page("train.py").run()
    gate.switch_page("desk.py").run()
    assert "Before the class" in texts(gate)
    press(gate, "Lock the desk")
    assert "Before the class" not in texts(gate) and gate.text_input(key="desk_pin").value == ""


def test_a_wrong_pin_is_said_and_a_pause_after_three(gate, monkeypatch):
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    for _ in range(3):
        come_in(gate, "0000")
        assert "This is not the PIN." in texts(gate) and "Before the class" not in texts(gate)
    come_in(gate)
    assert "Too many wrong tries" in texts(gate) and "Before the class" not in texts(gate)
    monkeypatch.setattr(session, "visitor", lambda: None)  # the teacher does not wait for who guessed
    come_in(gate)
    assert "Before the class" in texts(gate)


def test_nobody_gets_in_by_session_state_of_another_server(gate):
    come_in(gate)
    held.desk().pin = Pin(PIN)
    gate.run()
    assert "Before the class" not in texts(gate)


@pytest.mark.parametrize("name", ["desk", "pin", "desk_pin", "desk_token", "key"])
def test_nobody_gets_in_by_a_link(gate, name):
    gate.query_params[name] = PIN
    gate.run()
    assert "Before the class" not in texts(gate) and not gate.exception


def test_who_is_in_is_the_teacher_wherever_they_sit(gate, monkeypatch, store):
    monkeypatch.setattr(session, "visitor", lambda: "192.0.2.7")
    held.desk().rules = Rules(frozenset({"library"}))
    gate.switch_page("library.py").run()
    assert "for the teacher alone" in texts(gate)
    gate.switch_page("desk.py").run()
    come_in(gate)
    gate.switch_page("library.py").run()
    assert "for the teacher alone" not in texts(gate)
