"""Each visitor's own language: from the browser, the link or the menu, and kept for the tab."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.shared.words import LANGUAGE, MENU


def page() -> None:
    import streamlit as st

    from pages.shared import words

    words.choose()
    st.markdown(words.say("train.start", "Start training"))


@pytest.fixture
def tab(folder):
    folder("es", {"train.start": ("Start training", "Entrenar")})
    folder("en", {})
    return AppTest.from_function(page)


def test_without_a_wish_the_first_language_is_spoken(tab):
    assert tab.run().markdown[0].value == "Start training" and not tab.exception
    assert LANGUAGE not in tab.query_params


def test_a_link_names_a_language_and_the_tab_keeps_it(tab):
    tab.query_params[LANGUAGE] = "es"
    assert tab.run().markdown[0].value == "Entrenar"
    del tab.query_params[LANGUAGE]  # as another page does
    assert tab.run().markdown[0].value == "Entrenar" and tab.query_params[LANGUAGE] == "es"


def test_a_link_with_an_unknown_language_is_no_error(tab):
    tab.query_params[LANGUAGE] = "../klingon"
    assert tab.run().markdown[0].value == "Start training" and not tab.exception


def test_the_menu_wins_over_the_link_and_stays_in_the_address(tab):
    tab.query_params[LANGUAGE] = "en"
    tab.run()
    assert tab.selectbox(key=MENU).options == ["English", "Español"]
    tab.selectbox(key=MENU).set_value("es").run()
    assert tab.markdown[0].value == "Entrenar" and tab.query_params[LANGUAGE] == "es"
    tab.selectbox(key=MENU).set_value("en").run()
    assert tab.markdown[0].value == "Start training"


def test_two_tabs_speak_two_languages(tab, folder):
    other = AppTest.from_function(page)
    tab.query_params[LANGUAGE] = "es"
    assert [each.run().markdown[0].value for each in (tab, other, tab)] == ["Entrenar", "Start training", "Entrenar"]


def test_the_browser_s_language_is_asked(tab, monkeypatch):
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: "es-MX"))
    assert tab.run().markdown[0].value == "Entrenar"
