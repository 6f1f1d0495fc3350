"""The projector view of any page, turned on by a button in the frame, by a link, and off again by a key.

What it hides and enlarges stands in assets/style/projector.css; the keys, one thing at a time, freezing and blanking
happen in the browser (assets/projector.js): the page behind goes on as it does.
"""

import streamlit as st

from gan.desk.desk import BLACK, FROZEN
from gan.messages import msg
from pages.shared.draw.theme import ASSETS
from pages.shared.server import held
from pages.shared.tab import session
from pages.shared.words import plain

PROJECTOR, ON = "projector", "on"  # in the address
IS_ON = "projector_on"  # in session state
WORDS = {
    "turn": msg("projector.turn", "Projector view"),
    "bar": msg("projector.bar", "The projector view"),
    "back": msg("projector.back", "Back to what came before (Page up)"),
    "next": msg("projector.next", "Next thing alone (Page down)"),
    "freeze": msg("projector.freeze", "Freeze (F)"),
    "blank": msg("projector.blank", "Black screen (B)"),
    "leave": msg("projector.leave", "Leave the projector view (Esc)"),
    "again": msg("projector.again", "Show the page again"),
    "whole": msg("projector.whole", "all"),
    "back_word": msg("projector.word.back", "Back"),
    "next_word": msg("projector.word.next", "Next"),
    "freeze_word": msg("projector.word.freeze", "Freeze"),
    "blank_word": msg("projector.word.blank", "Black"),
    "leave_word": msg("projector.word.leave", "Leave"),
    "frozen": msg("projector.frozen", "Frozen: the page goes on behind this picture."),
    "thing": msg("projector.thing", "{number} of {count}", number="#", count="@"),
}
_projector = st.components.v2.component(
    "projector",
    html=(ASSETS / "projector.html").read_text(),
    js=(ASSETS / "projector.js").read_text(),
    isolate_styles=False,  # the style is in assets/style/projector.css
)


def offer() -> None:
    """On every page: the button, and the view where this tab or its link has turned it on."""
    is_on = st.session_state.setdefault(IS_ON, st.query_params.get(PROJECTOR) == ON)
    if is_on != (PROJECTOR in st.query_params):
        if is_on:
            st.query_params[PROJECTOR] = ON
        else:
            st.query_params.pop(PROJECTOR)
    words = {name: plain(told) for name, told in WORDS.items()}
    data = {"on": is_on, "words": words}
    _projector(key="projector", data=data, on_turn_change=_turn, on_stands_change=_stands)


def _turn() -> None:
    st.session_state[IS_ON] = bool(st.session_state["projector"].get("turn"))


def _stands() -> None:
    """The picture was frozen, blanked, or goes on again: the teacher's desk says so."""
    stands = st.session_state["projector"].get("stands")
    if session.is_teacher():
        _wall().put(stands if stands in (FROZEN, BLACK) else None)


class Wall:
    """What the desk knows of this tab's picture."""

    def put(self, stands: str | None) -> None:
        self.walls = held.desk().walls
        self.leave()
        if stands:
            self.walls[f"{id(self)}"] = stands

    def leave(self) -> None:
        self.walls.pop(f"{id(self)}", None)


@st.cache_resource(show_spinner=False, scope="session", on_release=Wall.leave)
def _wall() -> Wall:
    return Wall()
