"""Every word on screen: messages looked up in the visitor's language.

    st.button(say("train.start", "Start training"))

The id and the English sentence are literals, so that `tools/languages.py` finds them. The tables of words that hang on
something else, a setting or a state, stand in the modules beside this one and are messages too.
"""

from typing import Any

import streamlit as st

from gan.messages import Message, verbatim
from pages.shared.words import speech
from pages.shared.words.catalogues import FIRST, best, languages

LANGUAGE = "lang"  # in session state, where it was chosen, and in a link
LEVEL = "reading_level"
MENU = "language_menu"

__all__ = ["LANGUAGE", "choose", "chosen", "html", "language", "languages", "plain", "say", "voice"]


def language() -> str:
    """The visitor's language: chosen in the menu, named by the link, or the browser's."""
    if LANGUAGE in st.session_state:
        return st.session_state[LANGUAGE]
    return best(st.query_params.get(LANGUAGE) or st.context.locale or FIRST)


def chosen() -> dict[str, str]:
    """What a link says of the language: nothing, unless the visitor chose one."""
    found = st.session_state.get(LANGUAGE)
    return {LANGUAGE: found} if found else {}


def choose() -> None:
    """All languages, each by its own name for itself. What is chosen, here or by a link, stays for this tab."""
    if LANGUAGE in st.query_params:
        st.session_state.setdefault(LANGUAGE, language())
    if chosen().get(LANGUAGE) != st.query_params.get(LANGUAGE):
        st.query_params.update(chosen())
    st.session_state[MENU] = language()
    st.selectbox(
        plain("language.label", "Language"), list(languages()), format_func=languages().get, key=MENU,
        on_change=_choose, label_visibility="collapsed",
    )  # fmt: skip


def _choose() -> None:
    st.session_state[LANGUAGE] = st.session_state[MENU]
    for name, value in st.session_state.items():
        # The browser knows what is chosen in a list by its words: it is told anew, or would show the first.
        if isinstance(value, int | float | str | list | tuple) and not isinstance(value, bool):
            st.session_state[name] = value


def voice() -> tuple[str, str]:
    """The visitor's language and reading level: a part of the key of whatever is kept for several visitors."""
    return language(), st.session_state.get(LEVEL, "")


def say(what: Message | str, english: str = "", /, **values: Any) -> str:
    """A message for what Streamlit reads as Markdown: labels, captions, headings, notes."""
    return speech.markdown(*voice()).say(_message(what, english, values))


def plain(what: Message | str, english: str = "", /, **values: Any) -> str:
    """A message for what is shown letter by letter: entries of lists, alternative texts, names of files."""
    return speech.bare(*voice()).say(_message(what, english, values))


def html(what: Message | str, english: str = "", /, **values: Any) -> str:
    """A message as HTML, in a text or an attribute: all is escaped, **bold** alone becomes a tag."""
    return speech.html(*voice()).say(_message(what, english, values))


def _message(what: Message | str, english: str, values: dict[str, Any]) -> Message:
    """A message; a text alone is shown as it is: a name that somebody gave."""
    if isinstance(what, Message):
        return what
    return Message(what, english, values) if english else verbatim(what)
