"""What a viewer asks a run to show: one kind of picture, or one noise vector on its way."""

import streamlit as st

from app_pages.shared import words
from gan import data, nets
from gan.data.catalog import with_article
from gan.records import Wish
from gan.runs import Run


def show(run: Run, follow: bool) -> None:
    """The boxes to ask with; a run that is told nothing new is left alone."""
    wish = Wish(_label(run), _seed() if follow else None)
    if wish != run.wished:
        run.wish(wish)


def _label(run: Run) -> int | None:
    """The class that is asked for, where the networks are told the class."""
    config = run.config
    if not nets.is_conditional(config.architecture):
        return None
    names = data.get(config.data).class_names
    kinds = config.classes or range(len(names))
    return st.selectbox(
        "Draw me", [None, *kinds], key="draw_me",
        format_func=lambda kind: words.ALL_KINDS if kind is None else with_article(names[kind]),
    )  # fmt: skip


def _seed() -> int:
    seed = st.number_input("Follow random vector", 0, 9999, step=1, key="follow_seed")
    st.caption(words.FOLLOW)
    return seed
