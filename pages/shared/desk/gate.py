"""The way in: the PIN is asked for."""

import streamlit as st

from gan.desk.pin import VARIABLE
from gan.messages import message_of
from pages.shared.tab import desk, session
from pages.shared.words import say

PIN = "desk_pin"  # the widget's key; it is emptied as soon as it is read
WHY = "desk_why"  # why it did not open


def ask() -> None:
    """Also on the server's own computer: there the class may stand around the keyboard."""
    st.title(say("desk.title", "The teacher's desk"), anchor=False)
    with st.container(key="desk_gate"), st.form("pin", clear_on_submit=True, border=False, width=420):
        st.text_input(say("desk.pin", "PIN"), type="password", key=PIN, autocomplete="off", max_chars=64)
        st.form_submit_button(say("desk.open", "Open"), type="primary", on_click=_open)
    if why := st.session_state.pop(WHY, None):
        st.warning(say(why), icon=":material/block:")
    told = say(
        "desk.where",
        "The PIN stands in the window in which the app was started, or in {variable}, where somebody has set that.",
        variable=VARIABLE,
    )
    st.caption(told)


def _open() -> None:
    try:
        desk.open_by(st.session_state[PIN], "visitors" if session.visitor() else "teacher")
    except ValueError as error:
        st.session_state[WHY] = message_of(error)
