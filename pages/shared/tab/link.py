"""The page's address: read with what it may hold, written as a link to what is on screen."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gan.messages import Message, message_of
from pages.shared.words import say

LEFT_OUT = "left_out"  # why values of the link were not taken
OPENED = "opened"
LESSON = ("lesson", "step", "said", "ran")  # which lesson is on, and how far it is


def open_tab() -> None:
    """The first thing in every script run."""
    st.session_state[OPENED] = OPENED in st.session_state


def write(wanted: Mapping[str, str]) -> None:
    """Make this the address. It stays as it was opened until something happens: only then does the browser know that
    a change of the address is no page to come back to (assets/page.js).
    """
    if st.session_state.get(OPENED) and st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def read(name: str, label: Message, kind: Any) -> Any:
    """What the link says of something, or None; what it cannot be is left out, and `show_left_out` says why."""
    if name not in st.query_params:
        return None
    try:
        return kind.read(label, st.query_params[name])
    except ValueError as error:
        leave_out(message_of(error))
        return None


def leave_out(*reasons: Message) -> None:
    """Remember why values of the link were not taken."""
    st.session_state[LEFT_OUT] = [*st.session_state.get(LEFT_OUT, ()), *reasons]


def show_left_out() -> None:
    """Say what was not taken from the link, until the page is loaded anew."""
    if reasons := st.session_state.get(LEFT_OUT):
        told = say("link.left_out", "This link asks for something that cannot be. All else in it was taken.")
        st.warning("\n\n".join([told, *map(say, reasons)]), icon=":material/link_off:")
