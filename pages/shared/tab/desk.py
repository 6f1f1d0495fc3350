"""Whether this tab is in at the teacher's desk. No link says so; a tab that is loaded anew is asked again."""

import streamlit as st

from pages.shared.server import held

IN = "desk_token"  # in session state: what the right PIN was answered with


def is_in() -> bool:
    return held.desk().pin.knows(st.session_state.get(IN))


def open_by(pin: str, who: str) -> None:
    """Raises Wrong, with a sentence, where this is not the PIN."""
    st.session_state[IN] = held.desk().pin.open(pin, who)


def lock() -> None:
    """For a button's on_click: this tab is out again."""
    st.session_state.pop(IN, None)
