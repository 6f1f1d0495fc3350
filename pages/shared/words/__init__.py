"""Every word on screen: messages looked up in the visitor's language.

    st.button(say("train.start", "Start training"))

The id and the English sentence are literals, so that `tools/languages.py` finds them. The tables of words that hang on
something else, a setting or a state, stand in the modules beside this one and are messages too.
"""

from typing import Any

import streamlit as st

from gan.messages import Message, msg, verbatim
from pages.shared.words import speech
from pages.shared.words.catalogues import best, languages

LANGUAGE = "lang"  # in session state, where it was chosen, and in a link
LEVEL = "reading_level"  # the same of how much is said
VOICE = "voice"  # in session state: both, as they were heard when the page began to run
MENU, LEVEL_MENU = "language_menu", "level_menu"
LEVELS = {  # each says what the one before it says, and more
    "": msg("level.explorer", "Explorer 11+"),
    "tinkerer": msg("level.tinkerer", "Tinkerer"),
    "scientist": msg("level.scientist", "Scientist"),
}
DEEPEST = len(LEVELS) - 1  # with formulas

__all__ = [
    "DEEPEST", "LANGUAGE", "LEVEL", "LEVELS", "choose", "choose_level", "chosen", "depth", "html", "language",
    "languages", "level", "listen", "plain", "say", "voice",
]  # fmt: skip


def language() -> str:
    """The visitor's language: chosen in the menu, named by the link, or the browser's."""
    return voice()[0]


def level() -> str:
    """The visitor's reading level, one of LEVELS: chosen, or named by the link."""
    return voice()[1]


def depth() -> int:
    """The same as a number: 0 for the first of LEVELS."""
    return [*LEVELS].index(level())


def chosen() -> dict[str, str]:
    """What a link says of language and reading level: nothing, unless the visitor chose them."""
    return {name: st.session_state[name] for name in (LANGUAGE, LEVEL) if st.session_state.get(name)}


def listen() -> None:
    """Hear which language and reading level this run of the page is in, which its words ask for hundreds of times."""
    st.session_state[VOICE] = _heard()


def _heard() -> tuple[str, str]:
    said = st.session_state.get(LANGUAGE) or best(st.query_params.get(LANGUAGE) or _of_the_browser())
    level = st.session_state.get(LEVEL, st.query_params.get(LEVEL, ""))
    return said, level if level in LEVELS else ""


def _of_the_browser() -> str | None:
    """All that it would rather read, or, where nobody is asked by HTTP, its first."""
    return st.context.headers.get("Accept-Language") or st.context.locale


def choose() -> None:
    """All languages, each by its own name for itself. What is chosen, here or by a link, stays for this tab."""
    for name, now in ((LANGUAGE, language()), (LEVEL, level())):
        if name in st.query_params:
            st.session_state.setdefault(name, now)
        if chosen().get(name) != st.query_params.get(name):
            st.query_params.update(chosen())
    st.session_state[MENU] = language()
    st.selectbox(
        plain("language.label", "Language"), list(languages()), format_func=languages().get, key=MENU,
        on_change=_choose, label_visibility="collapsed",
    )  # fmt: skip


def _choose() -> None:
    st.session_state[LANGUAGE] = st.session_state[MENU]
    listen()
    for name, value in st.session_state.items():
        # The browser knows what is chosen in a list by its words: it is told anew, or would show the first.
        if _may_be_chosen(value):
            st.session_state[name] = value


def _may_be_chosen(value: object) -> bool:
    """Whether it may be what is chosen in a list, of one or of several; files that are brought may not be written."""
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_may_be_chosen, value))
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def choose_level() -> None:
    """The reading levels; what is chosen, here or by a link, stays for this tab."""
    st.session_state[LEVEL_MENU] = level()
    st.segmented_control(
        plain("level.label", "Reading level"), list(LEVELS), format_func=lambda each: plain(LEVELS[each]),
        key=LEVEL_MENU, required=True, label_visibility="collapsed",
        on_change=_choose_level,
    )  # fmt: skip


def _choose_level() -> None:
    st.session_state[LEVEL] = st.session_state[LEVEL_MENU]
    listen()


def voice() -> tuple[str, str]:
    """The visitor's language and reading level: a part of the key of whatever is kept for several visitors."""
    return st.session_state.get(VOICE) or _heard()


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
