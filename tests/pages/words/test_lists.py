"""Several values in one place of a sentence, as each language strings them together."""

import pytest

from gan.messages import msg
from pages.shared.words import speech

LANES = msg("test.lanes", "{lanes:and} lead: {numbers:list}.", lanes=("A", "B", "C"), numbers=(10.5, 9.0))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "A, B and C lead: 10.5, 9.0."),
        ("es", "A, B y C lead: 10,5, 9,0."),
        ("zh_Hans", "A、B和C lead: 10.5、9.0."),
    ],
)
def test_lists_follow_the_language(language, said):
    assert speech.bare(language).say(LANES) == said


@pytest.mark.parametrize("lanes", [("A",), ("A", "B")])
def test_one_or_two(lanes):
    told = msg("test.two", "{lanes:and}|{lanes:list}", lanes=lanes)
    assert str(told) == speech.bare("en").say(told) == f"{' and '.join(lanes)}|{', '.join(lanes)}"


def test_the_same_sentence_with_other_values():
    assert str(LANES.but(lanes=("D",), numbers=(1,))) == "D lead: 1."
    assert str(LANES) == "A, B and C lead: 10.5, 9.0."


def test_an_empty_list_is_nothing():
    assert str(LANES.but(lanes=("A",), numbers=())) == speech.bare("es").say(LANES.but(lanes=("A",), numbers=()))
