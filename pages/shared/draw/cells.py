"""A table of runs with a picture in each cell, changed in place (a small browser component)."""

import base64
from dataclasses import asdict, dataclass

import streamlit as st

from pages.shared.draw.theme import ASSETS

_cells = st.components.v2.component(
    "cells",
    html='<table class="cells"></table>',
    js=(ASSETS / "cells.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/contests.css
)


@dataclass(frozen=True)
class Cell:
    """One cell; without an `id` it cannot be opened."""

    id: str | None = None
    picture: bytes | None = None  # PNG
    number: str = ""
    note: str = ""
    background: str = "transparent"
    ink: str = "inherit"
    best: bool = False
    alt: str = ""


def table(
    corner: str, columns: list[str], rows: list[str], cells: list[Cell], key: str, alt: str, opens: str = ""
) -> str | None:
    """Draw the cells, row by row; returns the id of the one that was clicked just now.

    `opens` says what a click does, to who points at a cell.
    """
    plain = [asdict(cell) | {"picture": cell.picture and base64.b64encode(cell.picture).decode()} for cell in cells]
    data = {"corner": corner, "columns": columns, "rows": rows, "cells": plain, "alt": alt, "opens": opens}
    return _cells(key=key, data=data, on_opened_change=lambda: None).opened
