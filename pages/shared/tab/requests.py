"""What a viewer asks a run to show: one kind of picture, or one noise vector on its way."""

import streamlit as st

from gan import data
from gan.messages import msg
from gan.records import Wish
from gan.runs import Run
from pages.shared.tab import looks
from pages.shared.words import plain, say, states

ALL_KINDS = msg("requests.all_kinds", "the same as the real ones")


def ask(run: Run, view: str) -> None:
    """Before the run is drawn, send it what the boxes say; one that is told nothing new is left alone. `view` says
    what is below.
    """
    label = st.session_state.get(looks.DRAW_ME, looks.ALL)
    vector = st.session_state.get(looks.VECTOR, 0) if view == states.NETWORKS else None
    wish = Wish(label if label in looks.kinds(run) else None, vector, story=view == states.STEP)
    if wish != run.wished:
        run.wish(wish)


def show(run: Run, view: str) -> None:
    """The boxes to ask with."""
    if kinds := looks.kinds(run):
        pictures = data.get(run.config.data)
        st.selectbox(
            say("requests.draw_me", "Draw me"), [looks.ALL, *kinds], key=looks.DRAW_ME, persist_state="session",
            format_func=lambda kind: plain(ALL_KINDS if kind == looks.ALL else pictures.one(kind)),
        )  # fmt: skip
    if view == states.NETWORKS:
        about = say("requests.follow_line", "Its way through both networks: what each layer makes of it.")
        st.number_input(
            say("requests.follow", "Follow random vector"), 0, looks.LAST_VECTOR, step=1, key=looks.VECTOR,
            persist_state="session", help=about,
        )  # fmt: skip
