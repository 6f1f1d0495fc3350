"""A room: who answered what, what a round comes to, and all that devices may try."""

import threading
from time import monotonic

import numpy as np
import pytest

from gan.messages import Refusal
from gan.rooms import Forging, Phase, Question, Refused, Room, Rooms, Round, Table, devices
from gan.rooms.devices import HERE_SECONDS, MOST_DEVICES
from gan.rooms.room import MOST_DRAWINGS, SIDE
from gan.rooms.rooms import IDLE_SECONDS, LETTERS, MOST, OVER_SECONDS

PICTURE = np.zeros((28, 28), np.uint8)
SECONDS = 10.0  # that a step of a thread may take
TRUTH = "RFFR"
ONE, TWO, THREE = "device01", "device02", "device03"


def a_round(epoch: int = 3) -> Round:
    """Two real and two fakes; the discriminator takes the second fake for real."""
    return Round(epoch, (PICTURE,) * 4, (False, True, True, False), (0.9, 0.2, 0.6, 0.5), (None,) * 4)


@pytest.fixture
def room() -> Room:
    room = Room("secret", "BCDF", "run")
    room.begin(a_round())
    return room


def test_a_round_comes_to_what_was_said(room):
    room.vote(ONE, 1, "RFFR")  # all right
    room.vote(TWO, 1, "RRF-")  # two of three
    room.look(THREE)  # is here, and says nothing
    assert room.answered == (1, 2) and room.here == 3
    room.reveal()
    (result,) = room.results
    assert (result.epoch, result.answered) == (3, 2)
    assert result.class_right == pytest.approx(6 / 7, abs=0.01) and result.machine_right == 0.75
    assert result.fooled == (0.0, 0.5, 0.0, 0.0)
    assert a_round().machine == "RFRR" and a_round().truth == TRUTH


def test_the_last_answer_counts_and_one_device_is_one_vote(room):
    for ballot in ("F---", "FR--", TRUTH, TRUTH):
        room.vote(ONE, 1, ballot)
    assert room.look(ONE).ballot == TRUTH  # a reload finds it again
    room.reveal()
    assert room.results[0].class_right == 1.0 and room.results[0].answered == 1


def test_nobody_answered(room):
    room.reveal()
    assert room.results[0].class_right is None and room.results[0].fooled == (None,) * 4


def test_after_the_reveal_and_for_another_round_nothing_counts(room):
    room.reveal()
    for number in (0, 1, 2):
        with pytest.raises(Refused) as refused:
            room.vote(ONE, number, TRUTH)
        assert refused.value.status == 409
    room.reveal()  # twice is once
    assert len(room.results) == 1
    room.begin(a_round(4))
    assert room.look(ONE) == (3, Phase.VOTE, 2, "", 1)  # the old ballot is not in the new round


@pytest.mark.parametrize("ballot", ["", "RFF", "RFFRR", "rffr", "RFF?", "RFF\u0660"])
def test_what_is_no_ballot_is_refused(room, ballot):
    with pytest.raises(Refused) as refused:
        room.vote(ONE, 1, ballot)
    assert refused.value.status == 400


@pytest.mark.parametrize("token", ["", "short", "x" * 41, "../../etc", "\u0661" * 12, None, 12345678])
def test_what_is_no_token_is_refused(room, token):
    with pytest.raises(Refused) as refused:
        room.look(token)
    assert refused.value.status == 400


def test_there_is_an_end_to_the_devices_of_a_room(room):
    for number in range(MOST_DEVICES):
        room.look(f"device{number:04}")
    room.look("device0000")
    with pytest.raises(Refused) as refused:
        room.look("onemore01")
    assert refused.value.status == 429


def full(clock=monotonic) -> Room:
    """A room in which all places are taken; the first device has voted."""
    room = Room("secret", "BCDF", "run", clock)
    room.begin(a_round())
    room.vote(ONE, 1, TRUTH)
    for number in range(1, MOST_DEVICES):
        room.look(f"forged{number:04}")
    return room


def test_who_is_sent_away_takes_no_place():
    room = full()
    for device in room.devices:
        room.send_away(device.number)
    assert room.look("latecome").device == MOST_DEVICES + 1  # no number is given twice


def test_who_is_away_and_has_sent_nothing_makes_room():
    now = [0.0]
    room = full(lambda: now[0])
    now[0] += HERE_SECONDS + 5
    room.look("forged0007")
    assert room.look("latecome").device == MOST_DEVICES + 1
    assert [each.number for each in room.devices] == [1, 8, MOST_DEVICES + 1] and room.look(ONE).ballot == TRUTH


def test_of_those_that_were_sent_away_the_newest_are_remembered(monkeypatch):
    monkeypatch.setattr(devices, "MOST_SENT_AWAY", 2)
    room = Room("secret", "BCDF", "run")
    for token in (ONE, TWO, THREE):
        room.send_away(room.look(token).device)
    assert room.look(ONE).device == 4
    for token in (TWO, THREE):
        with pytest.raises(Refused):
            room.look(token)


def test_who_is_sent_away_counts_no_more_and_is_refused_until_the_room_ends(room):
    for token, ballot in ((ONE, TRUTH), (TWO, "FRRF"), (THREE, TRUTH)):
        room.vote(token, 1, ballot)
    assert [each.number for each in room.devices if each.is_here and each.has_answered] == [1, 2, 3]
    room.send_away(2)
    for ask in (lambda: room.look(TWO), lambda: room.vote(TWO, 1, TRUTH)):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.status == 403
    assert [each.number for each in room.devices] == [1, 3] and room.here == 2 and room.answered == (2, 2)
    assert room.look("latecome").device == 4  # no number is given twice
    room.reveal()
    assert room.results[0].class_right == 1.0
    room.end()
    assert room.look(TWO).phase is Phase.OVER


def test_who_asks_a_room_that_was_closed_hears_that_it_is_over(room):
    room.look(ONE)
    room.close()
    room.end()
    assert room.look(ONE).phase is Phase.OVER


def test_a_phone_that_sleeps_is_away_and_its_answers_stay():
    now = [0.0]
    room = Room("secret", "BCDF", "run", clock=lambda: now[0])
    room.begin(a_round())
    room.vote(ONE, 1, TRUTH)
    now[0] += HERE_SECONDS + 1
    room.look(TWO)
    assert room.here == 1 and room.answered == (1, 1)


def test_many_threads_vote_at_once(room):
    def vote(number: int) -> None:
        for _ in range(50):
            room.vote(f"device{number:02}", 1, TRUTH)

    threads = [threading.Thread(target=vote, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert room.answered == (8, 8)


def test_rooms_are_apart_and_found_by_code_or_secret():
    rooms = Rooms()
    first, second = rooms.open("run"), rooms.open("run")
    assert first.code != second.code and len(first.code) == 4 and set(first.code) <= set(LETTERS)
    assert rooms.find(first.code.lower()) is first and rooms.of(second.room_id) is second
    assert rooms.find("nope") is rooms.of(None) is rooms.of(first.code) is None
    first.begin(a_round())
    first.vote(ONE, 1, TRUTH)
    assert second.phase is Phase.LOBBY and second.here == 0


def test_rooms_go_with_the_lesson():
    now = [0.0]
    rooms = Rooms(clock=lambda: now[0])
    ended, idle = rooms.open("run"), rooms.open("run")
    ended.begin(a_round())
    ended.vote(ONE, 1, TRUTH)
    ended.end()
    assert ended.here == 0 and ended.answered == (0, 0)  # no vote is left
    now[0] += 61
    assert rooms.find(ended.code) is None and rooms.find(idle.code) is idle
    now[0] += IDLE_SECONDS
    assert rooms.find(idle.code) is None


def test_there_is_an_end_to_the_rooms():
    rooms = Rooms()
    opened = [rooms.open("run") for _ in range(MOST)]
    assert len({room.code for room in opened}) == MOST
    with pytest.raises(Refusal, match="End one first"):
        rooms.open("run")


def test_a_question_is_answered_once_a_device_and_the_last_answer_counts(room):
    room.ask(Question("Why?", ("so", "or so", "who knows")))
    assert room.look(ONE)[1:3] == (Phase.ASK, 1)
    room.vote(ONE, 1, "A")
    room.vote(ONE, 1, "C")
    room.vote(TWO, 1, "B")
    assert room.answers == (0, 1, 1) and room.look(ONE).ballot == "C"
    for nonsense, number, status in (("D", 1, 400), ("AB", 1, 400), ("R", 1, 400), ("", 1, 400), ("A", 2, 409)):
        with pytest.raises(Refused) as refused:
            room.vote(ONE, number, nonsense)
        assert refused.value.status == status
    room.ask(Question("And now?", ("yes", "no")))
    assert room.answers == (0, 0)
    with pytest.raises(Refused):
        room.vote(ONE, 1, "A")  # a late answer to the question before
    room.stop_asking()
    with pytest.raises(Refused):
        room.vote(ONE, 2, "A")
    room.begin(a_round())
    assert room.look(ONE)[1:] == (Phase.VOTE, 2, "", 1)


def test_nobody_waits_while_a_new_room_is_told_to_a_slow_library():
    class Slow:
        asked, answers, left = threading.Event(), threading.Event(), []

        def claim(self, code: str) -> bool:
            self.asked.set()
            self.answers.wait(SECONDS)
            return True

        def leave(self, code: str) -> None:
            self.left.append(code)

    directory, now = Slow(), [0.0]
    directory.answers.set()
    rooms = Rooms(lambda: now[0], directory)
    first = rooms.open("run")
    directory.asked.clear(), directory.answers.clear()
    opening = threading.Thread(target=rooms.open, args=("run",))
    opening.start()
    assert directory.asked.wait(SECONDS)
    assert rooms.find(first.code) is first and rooms.all() == [first]
    assert opening.is_alive()
    directory.answers.set()
    opening.join()
    assert len(rooms.all()) == 2 and directory.left == []
    first.end()
    now[0] += OVER_SECONDS + 1
    assert rooms.find(first.code) is None and directory.left == [first.code]


def test_a_round_that_has_begun_does_not_begin_again(room):
    room.vote(ONE, 1, TRUTH)
    room.begin(a_round(), 1)
    assert len(room.rounds) == 1 and room.look(ONE).ballot == TRUTH
    room.reveal()
    room.begin(a_round(), 2)
    assert len(room.rounds) == 2 and room.phase is Phase.VOTE


def test_a_question_that_is_asked_already_keeps_its_answers(room):
    question = Question("Why?", ("so", "or so"))
    room.ask(question)
    room.vote(ONE, 1, "B")
    room.ask(Question("Why?", ("so", "or so")))
    assert room.answers == (0, 1) and room.questions == 1


def test_a_room_that_is_over_stays_over(room):
    room.end()
    room.begin(a_round())
    assert room.phase is Phase.OVER


def test_there_is_one_room_for_who_knows_its_id():
    rooms = Rooms()
    room = rooms.open("", "table")
    assert rooms.open("", "table") is room and rooms.open("run") is not room
    room.end()
    assert rooms.open("", "table") is not room


def test_a_room_is_found_again_by_who_opened_it_and_nobody_elses_is():
    rooms = Rooms()
    nobodys, first, second = rooms.open("run"), rooms.open("run", owner="teacher"), rooms.open("run", owner="teacher")
    assert rooms.of_owner("teacher") == [first, second] and rooms.of_owner("") == [] and not nobodys.owner
    first.end()
    assert rooms.of_owner("teacher") == [second]


def test_a_room_may_end_while_it_judges():
    room = Room("secret", "BCDF", "run")

    class Ending(Forging):
        def __bool__(self) -> bool:  # just after it was looked whether there is any
            room.end()
            return True

        def judge(self, run) -> bool:
            return False

    room.ask_to_fool(Ending())
    room.judge(None)
    assert room.phase is Phase.OVER


def test_devices_may_draw_anew_where_all_that_they_drew_was_taken_away():
    room, table = Room("secret", "BCDF", "run"), Table("table")
    line = (255 * np.eye(SIDE)).astype(np.uint8).tobytes()
    room.ask_for(table)
    for number in range(MOST_DRAWINGS):
        room.draw("device01", f"drawing{number}", "", line)
    with pytest.raises(Refused, match="429"):
        room.draw("device01", "drawing99", "", line)
    room.ask_for(table, ["dog"])
    with pytest.raises(Refused, match="429"):
        room.draw("device01", "drawing99", "dog", line)
    table.remove(range(1, MOST_DRAWINGS + 1))
    room.ask_for(table, ["dog"])
    room.draw("device01", "drawing99", "dog", line)
    assert table.count == 1
