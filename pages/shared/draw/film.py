"""A film of sheets of fakes: plays, stops, goes to any of its moments, each with its epoch (a browser component)."""

import base64
import json
from collections.abc import Sequence

import numpy as np
import streamlit as st

from gan import export
from pages.shared.draw import pictures
from pages.shared.draw.theme import ASSETS
from pages.shared.words import plain, voice

RECORDINGS = ASSETS / "recordings" / "films"

_film = st.components.v2.component(
    "film",
    html='<div class="film"><img alt=""><div><button type="button"></button><input type="range" min="0" step="1">'
    "<output></output></div><ol aria-hidden='true'></ol></div>",
    js=(ASSETS / "film.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/train.css
)


def encode(sheets: Sequence[bytes], epochs: Sequence[int | str], alt: str, told: Sequence[str] = ()) -> bytes:
    """PNG sheets and the epoch of each, for `show`, in the visitor's language; or what is `told` of each instead."""
    film = {
        "sheets": [base64.b64encode(sheet).decode() for sheet in sheets],
        "epochs": list(epochs),
        "told": list(told) or [plain("film.epoch", "epoch {epoch}", epoch=epoch) for epoch in epochs],
        "alt": alt,
        "play": plain("film.play", "Play"),
        "pause": plain("film.pause", "Stop the film"),
        "moment": plain("film.moment", "Moment of the film"),
    }
    return json.dumps(film).encode()


def show(encoded: bytes, key: str) -> None:
    """Show a film. It plays by itself once, unless the viewer wants less motion."""
    _film(key=key, data=encoded)


def recordings() -> list[str]:
    """The recorded runs that can be played."""
    return sorted(path.stem for path in RECORDINGS.glob("*.npz"))


def recorded(name: str) -> tuple[list[int], np.ndarray]:
    """Some epochs of a recorded run, and its fakes after each, uint8 (n, 32, h, w)."""
    with np.load(RECORDINGS / f"{name}.npz") as kept:
        return kept["epochs"].tolist(), kept["fakes"]


def play(recording: str) -> None:
    """Show a recorded run's fakes, epoch by epoch (`tools/make_recordings.py`)."""
    show(_recorded(recording, voice()), "recording_film")


@st.cache_resource(show_spinner=False, max_entries=32)
def _recorded(name: str, voice: tuple[str, str]) -> bytes:
    epochs, sheets = recorded(name)
    alt = plain("waiting.recording_alt", "{count} fakes of a recorded run.", count=pictures.SHOWN)
    return encode([export.grid_png(sheet[: pictures.SHOWN]) for sheet in sheets], epochs, alt)
