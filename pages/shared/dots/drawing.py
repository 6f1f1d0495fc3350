"""Dots that one draws: what the forger is to learn from."""

import streamlit as st

from gan.data import dots
from gan.runs import Run
from pages.shared.draw.plane import Pen
from pages.shared.settings import controls, hidden
from pages.shared.words import say

OF = "drawing_of"  # in session state while one draws: the run on screen when that began, None = there was none
SET = "dots_drawn"


def offer(run: Run | None) -> None:
    """A button that makes the plane a place to draw on, as long as this run is on screen."""
    if hidden.is_shown("draw"):
        st.button(
            say("drawing.draw", "Draw your own"), key="draw", width="stretch", icon=":material/draw:",
            on_click=_begin, args=[run], disabled=_is_locked(), help=say(hidden.LOCKED) if _is_locked() else None,
        )  # fmt: skip


def pen(run: Run | None) -> Pen | None:
    """What is drawn with, while one draws. Another run on screen ends that: it is to be seen."""
    if OF in st.session_state and st.session_state[OF] != _name(run):
        del st.session_state[OF]
    return Pen(st.session_state["drawing"], dots.MOST) if OF in st.session_state else None


def take(drawn: object, is_done: object) -> None:
    """Take in what the browser sent: dots as text, or that all are drawn. What cannot be is passed over."""
    if isinstance(drawn, str) and _is_drawing(drawn) and not _is_locked():
        st.session_state["drawing"] = drawn
        st.session_state["data"] = SET
        controls.forget_classes()
    if is_done:
        st.session_state.pop(OF, None)


def _is_locked() -> bool:
    return hidden.is_locked("data") or hidden.is_locked("drawing")


def _begin(run: Run | None) -> None:
    st.session_state[OF] = _name(run)


def _name(run: Run | None) -> str | None:
    return run and run.watch_id


def _is_drawing(text: str) -> bool:
    if not text:
        return True
    try:
        dots.points_of(text)
    except ValueError:
        return False
    return True
