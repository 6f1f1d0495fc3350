"""What a viewer asks a run to show: one kind of picture, or one noise vector on its way."""

from dataclasses import replace

import streamlit as st

from gan import data, families
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
    if data.get(run.config.data).is_dots:
        _wish(run, Wish(plane=True, trace=view == states.STEP))
        return
    label = st.session_state.get(looks.DRAW_ME, looks.ALL)
    label = label if label in looks.kinds(run) else None
    vector = _vector(run, view) if families.judges(run.config.family) else None
    _wish(run, Wish(label, vector, trace=view == states.STEP, views=view == states.OWN))


def _wish(run: Run, wish: Wish) -> None:
    if wish != run.wished:
        run.wish(wish)


def look_along(run: Run) -> None:
    """For who only watches: what those who steer the run look at, and one noise vector's way where nobody asked."""
    if data.get(run.config.data).is_dots:
        _wish(run, replace(run.wished, plane=True))
    elif run.is_live and run.wished.seed is None:
        run.wish(replace(run.wished, seed=st.session_state[looks.VECTOR]))


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


def _vector(run: Run, view: str) -> int | None:
    """The noise vector whose way is shown: in large, or small while the run goes on."""
    if view != states.NETWORKS and not run.is_live:  # one at rest would have to bring its networks back for it
        return run.wished.seed
    return st.session_state[looks.VECTOR]
