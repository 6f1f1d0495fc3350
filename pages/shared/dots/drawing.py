"""Dots that one draws: what the forger is to learn from."""

import streamlit as st

from gan.data import dots
from pages.shared.draw.plane import Pen
from pages.shared.settings import controls, hidden
from pages.shared.words import say

OPEN = "drawing_open"  # in session state: whether one draws now
SET = "dots_drawn"


def offer() -> None:
    """A button that makes the plane a place to draw on."""
    if hidden.is_shown("draw"):
        st.button(
            say("drawing.draw", "Draw your own"), key="draw", width="stretch", icon=":material/draw:", on_click=_begin,
            disabled=_is_locked(), help=say(hidden.LOCKED) if _is_locked() else None,
        )  # fmt: skip


def pen() -> Pen | None:
    """What is drawn with, while one draws."""
    return Pen(st.session_state["drawing"], dots.MOST) if st.session_state.get(OPEN) else None


def take(drawn: object, is_done: object) -> None:
    """Take in what the browser sent: dots as text, or that all are drawn. What cannot be is passed over."""
    if isinstance(drawn, str) and _is_drawing(drawn) and not _is_locked():
        st.session_state["drawing"] = drawn
        st.session_state["data"] = SET
        controls.forget_classes()
    if is_done:
        st.session_state[OPEN] = False


def _is_locked() -> bool:
    return hidden.is_locked("data") or hidden.is_locked("drawing")


def _begin() -> None:
    st.session_state[OPEN] = True


def _is_drawing(text: str) -> bool:
    if not text:
        return True
    try:
        dots.points_of(text)
    except ValueError:
        return False
    return True
