"""Lines that move in place (a small browser component around uPlot)."""

import json

import streamlit as st

from pages.shared.draw.theme import ASSETS
from pages.shared.words import language, plain

HEIGHT = 172  # pixels, where the style of the page has no other
SHORT = 122
UPLOT = ASSETS / "uplot"
NOT_A_PATH = "/* Streamlit takes a text of one line for a file's name. */\n"
SHARE = "\nglobalThis.uPlot = uPlot; dispatchEvent(new Event('uplot')); export default () => {};\n"

# A component's code travels with each of its updates; uPlot is ten times as long as the rest.
_library = st.components.v2.component(
    "uplot",
    html="<span></span>",
    css=NOT_A_PATH + (UPLOT / "uPlot.min.css").read_text(),
    js=(UPLOT / "uPlot.iife.min.js").read_text() + SHARE,
    isolate_styles=False,
)
_lines = st.components.v2.component(
    "lines",
    html='<div class="lines"></div>',
    js=(ASSETS / "lines.js").read_text(),
    isolate_styles=False,
)


def load() -> None:
    """Bring uPlot to the browser; once a page, outside of what is redrawn."""
    with st.container(key="library"):
        _library(key="uplot")


def encode(spec: dict, alt: str, height: int = HEIGHT) -> bytes:
    """One chart of `charts`, for `chart`, in the visitor's language; `alt` says in a sentence what it shows now."""
    known = {"height": height, "alt": alt, "language": language().replace("_", "-")}
    return json.dumps(spec | known, default=plain, allow_nan=False).encode()


def chart(encoded: bytes, key: str) -> None:
    """Draw a chart; the style of the page knows it by `line_`."""
    _lines(key=f"line_{key}", data=encoded)
