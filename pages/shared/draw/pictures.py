"""A sheet of small pictures, drawn crisp and changed in place (a small browser component)."""

import base64
import json
import math
from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from gan import export
from pages.shared.draw import colours
from pages.shared.draw.theme import ASSETS

SHOWN = 24  # pictures on a sheet
COLUMNS = 8

_sheet = st.components.v2.component(
    "pictures",
    html='<div class="sheet"><canvas role="img"></canvas></div>',
    js=(ASSETS / "pictures.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/pictures.css
)


def html(png: bytes, alt: str, kind: str = "") -> str:
    """A PNG picture as an HTML image that needs no request; `kind` is its class in assets/style/."""
    css = f' class="{kind}"' if kind else ""
    return f'<img{css} alt="{escape(alt)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def encode(
    images: np.ndarray,
    alt: str,
    theme: str,
    scores: Sequence[float] = (),
    *,
    count: int = SHOWN,
    columns: int = COLUMNS,
    bars: bool = True,
) -> bytes:
    """The first `count` of `images`, uint8 (n, h, w) or (n, h, w, 3), each underlined by its score 0..1, for `sheet`.

    Without scores the room for the bars is kept, so that two sheets line up, unless `bars` are off. Dots are one
    picture of the plane.
    """
    if export.is_dots(images):
        images, scores, columns, bars = export.plane(images)[None], (), 1, False
    shown = np.ascontiguousarray(images[:count])
    data = {
        "pixels": base64.b64encode(shown).decode(),
        "count": len(shown),
        "size": shown.shape[1],
        "channels": 3 if shown.ndim == 4 else 1,
        "columns": columns,
        "scores": [round(score, 3) if math.isfinite(score) else 0 for score in scores[:count]] or None,
        "bars": bars,
        "belief": colours.DETECTIVE[theme],
        "track": colours.TRACK[theme],
        "alt": alt,
    }
    return json.dumps(data).encode()


def bare(images: np.ndarray, alt: str, theme: str, key: str, columns: int, count: int | None = None) -> None:
    """Show `images`, or the first `count` of them, so many in a row, with no room for bars."""
    sheet(encode(images, alt, theme, count=count or len(images), columns=columns, bars=False), key)


def sheet(encoded: bytes, key: str) -> None:
    """Show a sheet of pictures; the text is alike for all viewers, so that Streamlit encodes nothing."""
    _sheet(key=key, data=encoded)
