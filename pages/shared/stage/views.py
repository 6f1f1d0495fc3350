"""What stands below a run's pictures: charts, scores, networks, one step, or its past."""

import streamlit as st

from gan.runs import Run
from pages.shared.tab import looks, requests, session
from pages.shared.words import plain, say, states


def chosen() -> str:
    """The view that is chosen, before its buttons are drawn."""
    return st.session_state.get(looks.VIEW) or states.CHARTS


def choose(run: Run) -> None:
    """The views' buttons, and what one can ask the run to draw there."""
    view = st.segmented_control(
        plain("train.view", "Show below"),
        states.VIEWS,
        format_func=lambda each: say(states.VIEWS[each]),
        required=True,
        key=looks.VIEW,
        persist_state="session",
        label_visibility="collapsed",
    )
    if not session.only_watches():
        requests.show(run, view)
