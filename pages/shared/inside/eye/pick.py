"""A sheet of small pictures, one of which is picked by a tap or with the arrow keys (a small browser component)."""

import base64
import json
import math
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from pages.shared.draw.theme import ASSETS

COLUMNS = 6

_pick = st.components.v2.component(
    "pick",
    html='<div class="pick" role="group"></div>',
    js=(ASSETS / "pick.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/inside.css
)


def sheet(
    key: str,
    name: str,
    images: np.ndarray,
    alts: Sequence[str],
    scores: Sequence[float],
    picked: int | None,
    on_pick: Callable[[int], None],
) -> None:
    """Show uint8 (n, h, w) or (n, h, w, 3), each underlined by its score 0..1; `on_pick` is told which was tapped."""
    height, width, *colours = images.shape[1:]
    data = {
        "pixels": base64.b64encode(np.ascontiguousarray(images)).decode(),
        "width": width,
        "height": height,
        "channels": (colours or [1])[0],
        "columns": COLUMNS,
        "alts": list(alts),
        "scores": [round(score, 3) if math.isfinite(score) else 0 for score in scores],
        "picked": picked,
        "name": name,
    }

    def tapped() -> None:
        number = st.session_state.get(key, {}).get("picked")  # any browser may say anything
        if isinstance(number, int) and 0 <= number < len(images):
            on_pick(number)

    _pick(key=key, data=json.dumps(data).encode(), on_picked_change=tapped)
