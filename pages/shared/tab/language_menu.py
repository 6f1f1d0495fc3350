"""The menu of languages, in the frame of every page."""

import streamlit as st

from pages.shared.words import LANGUAGE, language, languages, plain

MENU = "language_menu"
SET_LANGUAGE = """export default function ({ data }) { document.documentElement.lang = data }"""

_page_language = st.components.v2.component("page_language", js=SET_LANGUAGE)


def show() -> None:
    """The languages by their own names. What is chosen here, or named by a link, stays for this tab."""
    if LANGUAGE not in st.session_state and LANGUAGE in st.query_params:
        st.session_state[LANGUAGE] = language()
    chosen = st.session_state.get(LANGUAGE)
    if chosen and st.query_params.get(LANGUAGE) != chosen:
        st.query_params[LANGUAGE] = chosen
    names = languages()
    if len(names) > 1:
        with st.container(key="language"):
            st.selectbox(
                plain("language.label", "Language"), list(names), index=list(names).index(language()),
                format_func=names.get, key=f"{MENU}_{language()}", on_change=_choose, args=(f"{MENU}_{language()}",),
                label_visibility="collapsed",
            )  # fmt: skip
    _page_language(data=language().replace("_", "-"), key="page_language")


def _choose(menu: str) -> None:
    st.session_state[LANGUAGE] = st.session_state[menu]
