"""The whole eye of a run at one epoch: two sheets to pick from, and one view at a time beside them."""

import streamlit as st

from gan.runs import Run
from pages.shared.draw import lines
from pages.shared.inside import chosen
from pages.shared.inside.eye import course, drawn, features, improve, paint, picking, why, words
from pages.shared.words import plain, say

VIEW, QUERY = "eye_view", "eye"


def show(run: Run, epoch: int) -> None:
    lines.load()
    moment = chosen.open_moment(run, epoch)
    if moment is None:
        return

    @st.fragment
    def look() -> None:
        view = _choose()
        if view == words.DRAW:
            drawn.show(run, moment)
            return
        with st.container(key="eye"):
            side, stage = st.columns([1, 2.35], gap="medium")
        with side:
            picked = picking.choose(moment, paint.paintings())
        with stage:
            _view(view, run, epoch, moment, picked)

    look()


def _view(view: str, run: Run, epoch: int, moment, picked: picking.Picked) -> None:
    if view == words.PAINT:
        paint.show(moment, picked)
    elif view == words.NEXT:
        improve.show(moment, picked)
    elif view == words.LAYERS:
        features.show(moment, picked)
    elif view == words.EPOCHS:
        course.show(run, epoch, picked)
    else:
        why.show(moment, picked)


def _choose() -> str:
    """The views' buttons; the choice stands in the link."""
    if st.session_state.get(VIEW) not in words.VIEWS:
        asked = st.query_params.get(QUERY)
        st.session_state[VIEW] = asked if asked in words.VIEWS else words.WHY
    view = st.segmented_control(
        plain("eye.view", "What to look at"), words.VIEWS, format_func=lambda each: say(words.VIEWS[each]), key=VIEW,
        required=True, persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if st.query_params.get(QUERY) != view:
        st.query_params[QUERY] = view
    return view
