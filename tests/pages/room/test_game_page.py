"""The room on the teacher's screen: opened, played, revealed, ended."""

import numpy as np
import pytest

from gan.rooms import Phase, Room
from gan.rooms.room import SIDE
from gan.rooms.rooms import MOST
from gan.runs.server.exhibit import RUN_ID, exhibit
from pages.shared.room import rounds, solo, view
from pages.shared.server import held
from tests.fakes import FakeTrainer, wait_until


@pytest.fixture
def page(app):
    app.run()
    return app.switch_page("game.py").run()


def press(app, label: str):
    return next(button for button in app.button if button.label == label).click().run()


def texts(app) -> str:
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([*(element.value for element in [*app.title, *app.markdown, *app.warning, *app.info]), *html])


def the_room():
    (room,) = held.rooms()._rooms.values()
    return room


def test_a_class_plays_against_the_example_before_anything_was_trained(page):
    assert not page.exception and "Class against machine" in texts(page) and "an example" in texts(page)
    press(page, "Open a room")
    room = the_room()
    assert (
        room.run_id == RUN_ID and room.code in texts(page) and f"/room/{room.code}" in texts(page) + page.code[0].value
    )
    assert page.query_params["room"] == room.room_id
    press(page, "Round 1")
    assert not page.exception and texts(page).count("<li") == 8 and "real \N{MIDDLE DOT}" not in texts(page)
    for number, device in enumerate(("device000001", "device000002")):
        room.vote(device, 1, room.rounds[0].truth if number else "F" * 8)
    page.run()
    assert "2 of 2 have answered everything" in texts(page)
    press(page, "Reveal")
    result = room.results[0]
    assert 'class="fake"' in texts(page) and 'class="real"' in texts(page)
    assert f"{result.class_right:.0%}" in texts(page) and f"{result.machine_right:.0%}" in texts(page)
    press(page, "Teach the detective")
    assert not page.exception and "has learned from the class" in texts(page) and texts(page).count("% real") == 8
    assert "Teach the detective" not in [button.label for button in page.button]  # once a round
    press(page, "Round 2")
    assert "has learned from the class" not in texts(page)
    assert len(room.rounds) == 2 and room.phase is Phase.VOTE
    press(page, "Yes, end it")
    page.run()
    assert room.phase is Phase.OVER and "Class against machine" in texts(page) and "room" not in page.query_params


def twice(monkeypatch, module, name: str) -> None:
    """What is called as a button is pressed is called again: somebody has pressed it twice."""
    once = getattr(module, name)

    def pressed(*args):
        once(*args)
        once(*args)

    monkeypatch.setattr(module, name, pressed)


def test_what_is_pressed_twice_is_done_once(page, monkeypatch):
    twice(monkeypatch, view, "_open")
    press(page, "Open a room")
    room = the_room()
    assert page.query_params["room"] == room.room_id
    twice(monkeypatch, rounds, "play")
    press(page, "Round 1")
    assert len(room.rounds) == 1 and room.phase is Phase.VOTE
    room.vote("device000001", 1, room.rounds[0].truth)
    page.run()
    press(page, "Reveal")
    assert room.results[0].answered == 1
    press(page, "Round 2")
    assert len(room.rounds) == 2 and len(room.results) == 1
    room.reveal()
    page.run()
    press(page, "Fool the detective")
    assert room.version == 5 and room.phase is Phase.FORGE


def test_who_plays_alone_loses_no_answer_to_a_second_press(page, monkeypatch):
    press(page, "Play alone")
    game = page.session_state[solo.GAME]
    press(page, "Reveal")
    once = solo._next

    def pressed(*args):
        once(*args)
        game.vote(solo.PLAYER, 2, "F" * 8)
        once(*args)

    monkeypatch.setattr(solo, "_next", pressed)
    page.run()
    press(page, "Round 2")
    assert len(game.rounds) == 2 and game.look(solo.PLAYER).ballot == "F" * 8


def test_a_closed_room_shows_no_way_in(page):
    press(page, "Open a room")
    link = f"/room/{the_room().code}"
    assert link in page.code[0].value
    page.toggle(key="room_closed").set_value(True).run()
    assert the_room().is_closed and the_room().code in texts(page)
    assert not page.code and link not in texts(page) and "This room is closed" in texts(page)
    assert "Scan the code" not in texts(page)
    page.toggle(key="room_closed").set_value(False).run()
    assert link in page.code[0].value


def test_a_class_plays_against_the_run_on_screen_and_its_newest_epoch(page, manager, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "pages.shared.room.rounds.draw_round", lambda run, number: drawn.append((run, number)) or the_last()
    )
    page.switch_page("train.py").run()
    press(page, "Start training")
    (run,) = manager.runs()
    wait_until(lambda: FakeTrainer.made)
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: run.moments.epochs)
    page.switch_page("game.py").run()
    assert "an example" not in texts(page)
    press(page, "Open a room")
    assert the_room().run_id == run.run_id
    press(page, "Round 1")
    assert drawn == [(run, 1)] and run.is_live


def the_last():
    from gan.rooms import draw_round
    from gan.runs.server.exhibit import exhibit

    return draw_round(exhibit(), 9)


def test_f5_finds_the_room_again_and_a_link_of_none_harms_nothing(page, app):
    press(page, "Open a room")
    room = the_room()
    del page.session_state["room"]
    page.query_params["room"] = room.room_id
    page.run()
    assert room.code in texts(page)
    page.query_params["room"] = "nobody"
    page.session_state["room"] = "nobody"
    page.run()
    assert not page.exception and "Open a room" in [button.label for button in page.button]


def test_too_many_rooms_are_refused_in_words(page):
    for _ in range(MOST):
        held.rooms().open(RUN_ID)
    press(page, "Open a room")
    assert "End one first" in texts(page)


def test_one_plays_alone_on_the_same_screen(page):
    press(page, "Play alone")
    assert not page.exception and not held.rooms().all()  # nobody else can come in
    assert "Tap the fakes" in texts(page) and texts(page).count("<li") == 0
    game = page.session_state[solo.GAME]
    truth = game.rounds[0].truth
    for place, letter in enumerate(truth):
        if letter == "F":
            game.vote(solo.PLAYER, 1, game.look(solo.PLAYER)[3][:place] + "F" + game.look(solo.PLAYER)[3][place + 1 :])
    press(page, "Reveal")
    assert game.results[0].class_right == 1.0 and "100% right" in texts(page)
    assert texts(page).count("seen through") == 8 and "fooled you" not in texts(page)
    press(page, "Round 2")
    assert "Tap the fakes" in texts(page) and len(game.rounds) == 2
    press(page, "Stop playing")
    assert "Class against machine" in texts(page)


def test_a_class_draws_to_fool_the_detective_and_the_best_stand_on_the_screen(page):
    press(page, "Open a room")
    room = the_room()
    press(page, "Fool the detective")
    assert not page.exception and "No drawing has come yet." in texts(page)
    for number in range(2):
        levels = np.zeros((SIDE, SIDE), np.uint8)
        levels[10:40, 20 : 24 + 8 * number] = 255
        room.draw(f"device00000{number}", f"drawing{number}x", "", levels.tobytes())
    page.run()
    epoch = exhibit().moments.epochs[-1]
    assert "2 drawings. " in texts(page) and texts(page).count(f"real, epoch {epoch}") == 2 and not page.exception
    press(page, "Round 1")
    assert room.phase is Phase.VOTE and "No drawing" not in texts(page)


def test_a_room_that_ends_while_drawings_are_judged_is_left_without_an_error(page, monkeypatch):
    press(page, "Open a room")
    room = the_room()
    press(page, "Fool the detective")
    judge = Room.judge
    monkeypatch.setattr(Room, "judge", lambda *args: (room.end(), judge(*args)))
    page.run()
    assert not page.exception and not page.error and room.phase is Phase.OVER
    page.run()
    assert "Class against machine" in texts(page)
