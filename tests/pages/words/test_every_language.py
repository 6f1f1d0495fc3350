"""A visit in each language there is: nothing fails for its words, and no sentence is the English one."""

import pytest
import streamlit as st

from pages.shared import words
from tests import app_pages
from tests.fakes import FakeTrainer, wait_until
from tests.pages.words.screen import said
from tools import languages

OTHERS = sorted(path.stem for path in languages.files() if path.stem != "en")
SHORTEST = 16  # letters of an English sentence that no other language could have by chance


@pytest.fixture(params=OTHERS)
def english(request, monkeypatch) -> set[str]:
    """The English of what the browser's language says otherwise, but for what has values in it."""
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: request.param))
    catalogue = languages.load(languages.FOLDER / f"{request.param}.po")
    plain = [message for message in catalogue if isinstance(message.id, str) and "{" not in message.id]
    return {message.id for message in plain if len(message.id) >= SHORTEST and message.string != message.id}


def test_no_sentence_is_english_on_any_page_before_a_run_during_it_and_after(app, english, store, manager):
    def look() -> None:
        assert not app.exception, app.exception[0].message
        assert not [text for text in said(app) if text.strip() in english]

    app.run()
    for name in app_pages.NAMES:
        app.switch_page(app_pages.SCRIPTS[name]).run()
        look()
    app.switch_page("train.py").run()
    app.button(key="start").click().run()
    (run,) = manager.runs()
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    app.run()
    look()
    app.button(key="stop").click().run()
    assert run.wait(5)
    app.run()
    look()
    for name in ("home", "library", "game"):
        app.switch_page(app_pages.SCRIPTS[name]).run()
        look()


@pytest.mark.parametrize("name", app_pages.NAMES)
def test_the_language_can_be_changed_on_every_page(app, name):
    app.run()
    app.switch_page(app_pages.SCRIPTS[name]).run()
    app.selectbox(key=words.MENU).select("es").run()
    assert not app.exception, app.exception[0].message
    assert app.session_state[words.LANGUAGE] == "es" and "Idioma" in [box.label for box in app.selectbox]
