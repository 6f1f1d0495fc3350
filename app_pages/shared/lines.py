"""Lines that move in place (a small browser component around uPlot)."""

import streamlit as st

from app_pages.shared.frame import ASSETS

HEIGHT = 182
UPLOT = ASSETS / "uplot"
NOT_A_PATH = "/* Streamlit takes a text of one line for a file's name. */\n"

_lines = st.components.v2.component(
    "lines",
    html='<div class="lines" role="img"></div>',
    css=NOT_A_PATH + (UPLOT / "uPlot.min.css").read_text(),
    js=(UPLOT / "uPlot.iife.min.js").read_text() + (ASSETS / "lines.js").read_text(),
    isolate_styles=False,
)


def chart(spec: dict, key: str, alt: str) -> None:
    """Draw one chart of `charts`; `alt` says in a sentence what it shows now."""
    _lines(key=key, data=spec | {"height": HEIGHT, "alt": alt}, height=HEIGHT)
