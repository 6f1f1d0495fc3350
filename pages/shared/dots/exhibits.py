"""Exhibits: what can go well and wrong between the two, each begun by one press, with what to look for."""

import streamlit as st

from gan.runs import Run
from gan.setup import presets
from pages.shared.settings import hidden, locks
from pages.shared.tab import session
from pages.shared.words import recipes, say


def offer(run: Run) -> None:
    """A button that shows all of them, beside a run; it closes when another one begins."""
    if hidden.is_shown("exhibits"):
        label = say("exhibits.all", "Exhibits")
        with st.popover(label, key=f"exhibits_{run.watch_id}", width="stretch", icon=":material/museum:"):
            cards()


def cards() -> None:
    """Each exhibit as a button, and the sentence that says what to look for."""
    if not hidden.is_shown("exhibits"):
        return
    for name, config in presets.PRESETS.items():
        if session.page_of(config) == session.DOTS:
            icon = ":material/healing:" if name in presets.EXHIBITS.values() else ":material/play_arrow:"
            with st.container(key=f"exhibit_{name}"):
                refused = locks.why_not(config)
                st.button(
                    say(recipes.title(name)), key=f"begin_{name}", width="stretch", icon=icon, on_click=_begin,
                    args=(name,), disabled=refused is not None,
                )  # fmt: skip
                st.caption(say(refused or recipes.line(name)))


def _begin(name: str) -> None:
    session.ask_to_begin(presets.get(name))
