"""What a viewer asks a run to show: one kind of picture, or one noise vector on its way."""

import streamlit as st

from gan import data
from gan.messages import msg
from gan.parts import nets
from gan.records import Wish
from gan.runs import Run
from pages.shared.words import plain, say, states

ALL = -1  # a box whose choice is None can be cleared, which means nothing here
ALL_KINDS = msg("requests.all_kinds", "the same as the real ones")


def show(run: Run, view: str) -> None:
    """The boxes to ask with; a run that is told nothing new is left alone. `view` says what is below."""
    wish = Wish(_label(run), _seed() if view == states.NETWORKS else None, story=view == states.STEP)
    if wish != run.wished:
        run.wish(wish)


def _label(run: Run) -> int | None:
    """The class that is asked for, where the networks are told the class."""
    config = run.config
    if not nets.is_conditional(config.architecture):
        return None
    pictures = data.get(config.data)
    chosen = st.selectbox(
        say("requests.draw_me", "Draw me"), [ALL, *config.learned_classes], key="draw_me",
        format_func=lambda kind: plain(ALL_KINDS if kind == ALL else pictures.one(kind)),
    )  # fmt: skip
    return None if chosen == ALL else chosen


def _seed() -> int:
    seed = st.number_input(say("requests.follow", "Follow random vector"), 0, 9999, step=1, key="follow_seed")
    st.caption(say("requests.follow_line", "Its way through both networks: what each layer makes of it."))
    return seed
