"""Dialogs that stay open while the page behind them is drawn anew: a run has ended, or the theme has changed."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def offer(key: str, label: str, title: str, body: Callable[..., None], *values: object, **looks: Any) -> None:
    """A button with this key and label, and the dialog that it opens: `body` with these values, until it is closed.

    `looks` are those of the button.
    """
    st.button(label, key=key, on_click=_show, args=(key, True), **looks)
    if st.session_state.get(_shown(key)):
        st.dialog(title, width="large", on_dismiss=lambda: _show(key, False))(body)(*values)


def ask_once(key: str, label: str, told: str, do: str, on_click: Callable[..., object], *values: object) -> None:
    """A button that says first what would go, and does it only by the second one that it opens; in live parts too."""
    with st.popover(label, key=key, icon=":material/stop:"):
        st.markdown(told)
        st.button(do, key=f"{key}_do", type="primary", on_click=on_click, args=values)


def close(key: str) -> None:
    """For a callback of what stands in the dialog."""
    _show(key, False)


def _show(key: str, shown: bool) -> None:
    st.session_state[_shown(key)] = shown


def _shown(key: str) -> str:
    return f"{key}_shown"
