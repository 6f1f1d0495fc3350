"""Links that open beside the desk, in tabs of their own: the desk stays where it is."""

from urllib.parse import urlencode

import streamlit as st

from gan.messages import Message
from pages.shared.words import LANGUAGE, chosen, language, say


def link(label: Message, path: str, icon: str, **query: str) -> None:
    """To `path` of this app, in the visitor's language and reading level. That it opens in a tab of its own is shown by
    a sign, and read out.
    """
    query = {LANGUAGE: language()} | chosen() | query
    told = say("desk.own_tab", "{what} *(opens in a tab of its own)*", what=label)
    st.link_button(told, f"./{path}?{urlencode(query)}", icon=icon)
