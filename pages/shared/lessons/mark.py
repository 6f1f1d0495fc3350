"""A ring around the part of the page that a step speaks of, and the part brought into view."""

import streamlit as st

from pages.shared.draw.theme import ASSETS
from pages.shared.lessons.lesson import MARKS

_mark = st.components.v2.component("mark", js=(ASSETS / "mark.js").read_text())


def show(name: str) -> None:
    """Ring the part `name` of MARKS."""
    _mark(key=f"mark_{name}", data={"part": f".st-key-{MARKS[name]}"})
