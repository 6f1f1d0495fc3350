"""Each visitor's own language: from the browser, the link or the menu, and kept for the tab."""

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from pages.shared import words
from pages.shared.tab import session
from pages.shared.words import LANGUAGE, MENU


def page() -> None:
    import streamlit as st

    from pages.shared import words

    words.listen()
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


def test_a_run_of_a_page_asks_a_few_times_who_is_there_and_what_they_speak(train_page, monkeypatch):
    """Each answer is looked up in the address and in what the browser sent: hundreds of them slow a click down."""
    asked = {"voice": 0, "visitor": 0}

    def counted(name, answer):
        def ask():
            asked[name] += get_script_run_ctx(suppress_warning=True) is not None  # the test's own tab asks too
            return answer()

        return ask

    monkeypatch.setattr(words, "_heard", counted("voice", words._heard))
    monkeypatch.setattr(session, "visitor", counted("visitor", session.visitor))
    train_page.run()
    assert not train_page.exception
    assert asked["voice"] == 1 and asked["visitor"] <= 4, asked
