"""A sheet of small pictures that can be tapped (a small browser component), and pictures that cannot."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from html import escape

import numpy as np
import streamlit as st

from gan import export
from gan.messages import Message
from pages.shared.draw.theme import ASSETS
from pages.shared.words import html as told
from pages.shared.words import plain

_picks = st.components.v2.component(
    "picks",
    html='<div class="picks" role="group"></div>',
    js=(ASSETS / "picks.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/latent.css
)


def show(
    images: np.ndarray,
    key: str,
    alt: str,
    names: Sequence[str],
    on_tap: Callable[[int], None],
    *,
    pressed: Iterable[int] = (),
    marks: Mapping[int, str] | None = None,
    columns: Sequence[int] = (16, 8),
    pixels: int = 56,
) -> None:
    """Pictures uint8 (n, h, w) or (n, h, w, 3), each a button; `on_tap` is called with the place of one.

    Each is about `pixels` wide at most, in as many `columns` as leave room for two by two of its own, or for one where
    that is enough; else in the last number of them.
    """
    shown = np.ascontiguousarray(images)
    data = {
        "pixels": base64.b64encode(shown).decode(),
        "count": len(shown),
        "size": shown.shape[1] if len(shown) else 1,
        "channels": 3 if shown.ndim == 4 else 1,
        "columns": list(columns),
        "most": scale(shown, pixels) if len(shown) else 1,
        "names": list(names),
        "pressed": sorted(pressed),
        "marks": dict(marks or {}),
        "alt": alt,
    }
    _picks(key=key, data=json.dumps(data).encode(), on_tapped_change=partial(_tapped, key, on_tap, len(shown)))


def _tapped(key: str, on_tap: Callable[[int], None], count: int) -> None:
    place = st.session_state.get(key, {}).get("tapped")
    if isinstance(place, int) and 0 <= place < count:  # any browser may say anything
        on_tap(place)


def scale(images: np.ndarray, pixels: int) -> int:
    """The multiple at which a picture of these is about so many pixels wide."""
    return max(1, round(pixels / images.shape[1]))


def html(images: np.ndarray, alt: str, pixels: int, kind: str = "fake", columns: int = 64) -> str:
    """Pictures, each about `pixels` wide, as one crisp image; its `kind` "fake" or "real" frames it."""
    sheet = export.grid(images, columns=columns, scale=scale(images, pixels), gap=2 if len(images) > 1 else 0)
    source = base64.b64encode(export.png(sheet)).decode()
    return (
        f'<img class="crisp {kind}" alt="{escape(alt)}" width="{sheet.shape[1]}" src="data:image/png;base64,{source}">'
    )


def figure(image: np.ndarray, caption: Message, pixels: int) -> str:
    """One fake with what it is below it, for a row of `.sum`."""
    return f"<figure>{html(image[None], plain(caption), pixels)}<figcaption>{told(caption)}</figcaption></figure>"
