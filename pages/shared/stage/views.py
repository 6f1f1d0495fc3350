"""What stands below a run's pictures: charts, scores, networks, one step, its family's own view, or its past."""

import streamlit as st

from gan import families as model_families
from gan.messages import Message
from gan.runs import Run
from gan.setup.config import RunConfig
from pages.shared import families
from pages.shared.settings import hidden
from pages.shared.tab import looks, requests, session
from pages.shared.words import plain, say, states


def offered(config: RunConfig) -> dict[str, Message]:
    """The views of a run that are not hidden: where no detective judges, without the two networks; where its family has
    one, with it.
    """
    own, views = families.of(config.family), dict(states.VIEWS)
    if not model_families.judges(config.family):
        views = {view: title for view, title in views.items() if view not in (states.NETWORKS, states.STEP)}
    views = {view: title for view, title in views.items() if view == states.CHARTS or hidden.is_shown(view)}
    return views | ({states.OWN: own.VIEW} if own else {})


def chosen(config: RunConfig) -> str:
    """The view that is chosen, before its buttons are drawn."""
    view = st.session_state.get(looks.VIEW)
    return view if view in offered(config) else states.CHARTS


def choose(run: Run) -> None:
    """The views' buttons, and what one can ask the run to draw there."""
    views = offered(run.config)
    if st.session_state.get(looks.VIEW) not in views:
        st.session_state[looks.VIEW] = states.CHARTS
    view = st.segmented_control(
        plain("train.view", "Show below"),
        list(views),
        format_func=lambda each: say(views[each]),
        required=True,
        key=looks.VIEW,
        persist_state="session",
        label_visibility="collapsed",
    )
    if not session.only_watches():
        requests.show(run, view)
