"""The PIN: who guesses waits ever longer, whoever else guesses; the teacher does not wait with them."""

import pytest

from gan.desk.pin import DIGITS, FREE, LONGEST_PAUSE, VARIABLE, Pin, Wrong, read_or_make


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pin(clock):
    return Pin("2580", clock)


def guess(pin: Pin, times: int, who: str = "visitors") -> list[str]:
    """The ids of what each guess was answered with."""
    told = []
    for _ in range(times):
        with pytest.raises(Wrong) as wrong:
            pin.open("1234", who)
        told.append(wrong.value.message.id)
    return told


def test_the_pin_opens_and_a_token_shows_it(pin):
    token = pin.open(" 25 80 ", "visitors")
    assert pin.knows(token) and "2580" not in token
    for other in (None, "", "2580", 5, token[:-1], token.swapcase()):
        assert not pin.knows(other)
    assert not Pin("2580").knows(token)


def test_pauses_grow_and_even_the_right_pin_does_not_count_in_them(pin, clock):
    assert guess(pin, FREE) == ["pin.wrong"] * FREE
    pauses = []
    for _ in range(9):
        assert guess(pin, 1) == ["pin.wait"]
        with pytest.raises(Wrong) as wrong:
            pin.open("2580", "visitors")
        pauses.append(wrong.value.message.values["seconds"])
        clock.now += pauses[-1]
        guess(pin, 1)
    assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    clock.now += LONGEST_PAUSE
    assert pin.open("2580", "visitors")
    assert guess(pin, FREE) == ["pin.wrong"] * FREE  # from the beginning


def test_who_guesses_keeps_others_out_but_not_the_teacher(pin):
    guess(pin, FREE)
    with pytest.raises(Wrong):
        pin.open("2580", "visitors")
    assert pin.open("2580", "teacher")


def test_what_is_no_text_of_ours_is_only_wrong(pin):
    for given in ("", "２５８０", "\x00", "🦆" * 64, "\ud800"):
        with pytest.raises(Wrong):
            Pin("2580").open(given, "visitors")


def test_a_pin_that_is_set_counts_and_is_never_printed():
    pin, told = read_or_make({VARIABLE: " our pin "})
    assert pin == "our pin" and pin not in str(told)


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}, {VARIABLE: "123"}, {VARIABLE: "x" * 65}])
def test_otherwise_one_is_made_and_said(environment):
    pin, told = read_or_make(environment)
    assert len(pin) == DIGITS and pin.isdecimal() and str(told).endswith(f"PIN {pin}")
    assert read_or_make(environment)[0] != pin or read_or_make(environment)[0] != pin
