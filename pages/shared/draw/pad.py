"""A pad to draw or paint on with mouse, finger, stylus or keyboard (a browser component): pixels in, pixels out."""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from gan.data.remembered import times_forgotten
from gan.messages import Message, msg
from pages.shared.draw.theme import ASSETS
from pages.shared.words import plain

MOST = 2**31

_pad = st.components.v2.component(
    "pad",
    html='<div class="pad"></div>',
    js=(ASSETS / "pad.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/pad.css
)


class Ink(NamedTuple):
    """A colour to draw with: one level, or three, 0..255; and its name."""

    colour: tuple[int, ...]
    name: Message


GREYS = (
    (0, msg("ink.black", "black")), (85, msg("ink.dark", "dark grey")), (170, msg("ink.light", "light grey")),
    (255, msg("ink.white", "white")),
)  # fmt: skip
COLOURS = (
    ((0, 0, 0), msg("ink.black", "black")), ((255, 255, 255), msg("ink.white", "white")),
    ((128, 128, 128), msg("ink.grey", "grey")), ((214, 39, 40), msg("ink.red", "red")),
    ((245, 166, 35), msg("ink.orange", "orange")), ((255, 221, 51), msg("ink.yellow", "yellow")),
    ((60, 160, 70), msg("ink.green", "green")), ((50, 120, 220), msg("ink.blue", "blue")),
    ((140, 80, 190), msg("ink.purple", "purple")), ((130, 85, 50), msg("ink.brown", "brown")),
)  # fmt: skip
PAPER = msg("ink.paper", "paper (rubs out)")


def inks_for(blank: tuple[int, ...]) -> list[Ink]:
    """The inks for pictures on this paper: what is seen on it best comes first, the paper itself last."""
    known = [Ink((level,), name) for level, name in GREYS] if len(blank) == 1 else [Ink(*each) for each in COLOURS]
    others = [ink for ink in known if ink.colour != blank]
    best = max(others, key=lambda ink: sum(abs(one - other) for one, other in zip(ink.colour, blank, strict=True)))
    return [best, *(ink for ink in others if ink is not best), Ink(blank, PAPER)]


class Drawn(NamedTuple):
    """What is on the pad: pixels in the form of its paper, and how many times they were sent, 0 = it is as it was."""

    pixels: np.ndarray
    number: int


def show(
    key: str,
    name: str,
    paper: np.ndarray,
    inks: Sequence[Ink],
    thickness: tuple[float, float, float],
    *,
    fine: bool = True,
    start: np.ndarray | None = None,
) -> Drawn:
    """Show a pad with `paper` on it, uint8 (h, w) or (h, w, 3); what is on it now, in the same form.

    `thickness` of a line: at least, usually and at most, in pixels of the paper. A `fine` pad draws smooth lines,
    another fills whole pixels; it begins with `start` where that is more than paper. Other paper is another pad. While
    one is on other pages, what was drawn last is kept under the key.
    """
    sheet, kept_key = sheet_of(paper), f"{key}_kept"
    before = st.session_state.get(kept_key)
    drawn = _read(getattr(st.session_state.get(key), "drawn", None), sheet, paper)
    if drawn is None:
        drawn = before[1] if before and before[0] == sheet else Drawn(paper if start is None else start, 0)
    st.session_state[kept_key] = sheet, drawn
    height, width, *colours = paper.shape
    data = {
        "id": sheet,
        "width": width,
        "height": height,
        "channels": (colours or [1])[0],
        "paper": _text(paper),
        # For a pad that the browser has to build anew.
        "kept": None if np.array_equal(drawn.pixels, paper) else _text(drawn.pixels),
        "fine": fine,
        "live": True,
        "inks": [{"colour": ink.colour, "name": plain(ink.name)} for ink in inks],
        "thick": thickness,
        "name": name,
        "hint": plain(
            "pad.hint",
            "Keyboard: the arrows move, the space bar lowers and lifts the pen, Ctrl+Z takes back, Delete clears.",
        ),
        "words": {
            "undo": plain("pad.undo", "Undo"),
            "clear": plain("pad.clear", "Clear"),
            "thickness": plain("pad.thickness", "Thickness"),
            "inks": plain("pad.inks", "Ink"),
            "down": plain("pad.down", "The pen is down."),
            "up": plain("pad.up", "The pen is up."),
        },
        "heard": drawn.number,
    }
    _pad(key=key, data=json.dumps(data).encode(), on_drawn_change=lambda: None)
    return drawn


def sheet_of(paper: np.ndarray) -> str:
    """By what the browser knows which paper it draws on. After a class's pictures were forgotten all paper is new."""
    return f"{paper.shape} {zlib.crc32(paper.tobytes())} {times_forgotten()}"


def _text(pixels: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels)).decode()


def _read(sent: object, sheet: str, paper: np.ndarray) -> Drawn | None:
    """What the browser sent of this paper; None for anything else: a visitor can send whatever they like."""
    if not isinstance(sent, dict) or sent.get("id") != sheet:
        return None
    number, text = sent.get("n"), sent.get("pixels")
    if not isinstance(number, int | float) or not 0 < number < MOST:  # nor where it is none
        return None
    try:
        content = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return None
    if len(content) != paper.nbytes:
        return None
    return Drawn(np.frombuffer(content, np.uint8).reshape(paper.shape), int(number))
