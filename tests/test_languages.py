"""Every language is complete, and says what the code says: the same places, and nothing that is gone."""

import re

import pytest

from gan.data.catalog import SETS
from gan.messages import Message
from tools import languages

WANTED = languages.messages()


def test_there_are_three_languages():
    assert {"en", "es", "zh_Hans"} <= {path.stem for path in languages.files()}


@pytest.mark.parametrize("path", languages.files(), ids=lambda path: path.stem)
def test_a_language_is_complete(path):
    assert not languages.problems(path, WANTED)


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        ("", "not translated"),
        ("Hola, {nombre}.", "other places"),
        ("Hola.", "other places"),
    ],
)
def test_a_poor_translation_is_found(tmp_path, translation, problem):
    greeting = Message("test.greeting", "Hello, {name}.")
    catalogue = languages.template([greeting])
    catalogue.get(greeting.english, context=greeting.id).string = translation
    languages.save(tmp_path / "es.po", catalogue)
    (found,) = languages.problems(tmp_path / "es.po", {greeting.id: greeting})
    assert problem in found


def test_what_the_code_no_longer_says_and_what_it_says_otherwise_is_found(tmp_path):
    before = [Message("test.gone", "Gone."), Message("test.other", "Before.")]
    catalogue = languages.template(before)
    for each in before:
        catalogue.get(each.english, context=each.id).string = "Sí."
    languages.save(tmp_path / "es.po", catalogue)
    found = languages.problems(tmp_path / "es.po", {"test.other": Message("test.other", "After.")})
    assert len(found) == 2 and "not in the code any more" in found[0] and "another sentence" in found[1]


def test_bringing_a_file_up_to_date_keeps_what_is_still_said(tmp_path):
    kept, changed = Message("test.kept", "Kept."), Message("test.changed", "Before.")
    catalogue = languages.template([kept, changed])
    for each in (kept, changed):
        catalogue.get(each.english, context=each.id).string = "Sí."
    path = tmp_path / "es.po"
    languages.save(path, catalogue)
    languages.update(path, {"test.kept": kept, "test.changed": Message("test.changed", "After.")})
    after = {each.context: each.string for each in languages.load(path) if each.id}
    assert after == {"test.kept": "Sí.", "test.changed": ""}


APPS_WORDS = re.compile(r"\b(forgers?|detectives?|the app|pages?|recipes?|stars?|buttons?|tabs?)\b", re.IGNORECASE)
PICTURED = {"star", "a star"}  # what pictures show is called what it is, and by that alone


@pytest.mark.parametrize("path", sorted((languages.ROOT / "gan").rglob("*.py")), ids=lambda path: path.stem)
def test_the_engine_speaks_without_the_apps_words(path):
    found = [message.english for message in languages.in_code(path)]
    assert not [english for english in found if APPS_WORDS.search(english) and english not in PICTURED]


def test_words_of_the_app_that_the_engine_may_use_are_names_of_what_is_on_a_picture():
    named = {str(name) for each in SETS.values() for name in (*each.class_names, *each.one_of_each)}
    assert named >= PICTURED
