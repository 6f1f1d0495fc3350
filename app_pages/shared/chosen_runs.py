"""Which runs are compared: chosen on the page, by a link, or by a tap elsewhere."""

from collections.abc import Iterable
from typing import NoReturn

import streamlit as st

from app_pages.shared import contest_words, session
from gan.runs import Run
from gan.runs.contest import MOST

CHOSEN = "compared"  # the widget's key: ids of runs, mirrored to ?runs=
QUERY = "runs"


def turn_to(run_ids: Iterable[str]) -> NoReturn:
    """Show these runs side by side."""
    put(run_ids)
    st.switch_page("app_pages/compare.py")


def put(run_ids: Iterable[str]) -> None:
    """For a button's on_click: choose these runs."""
    st.session_state[CHOSEN] = list(run_ids)


def choose() -> list[Run]:
    """A box with the runs that this visitor knows, and those that were chosen."""
    asked = st.session_state.get(CHOSEN)
    if asked is None:
        asked = [run_id for run_id in st.query_params.get(QUERY, "").split(",") if run_id]
    names = _known(asked)
    there = [run_id for run_id in dict.fromkeys(asked) if run_id in names][:MOST]
    st.session_state[CHOSEN] = there
    if len(there) < len(asked):
        st.info(contest_words.LOST_RUNS, icon=":material/history:")
    chosen = st.multiselect(
        contest_words.CHOOSE_RUNS, list(names), format_func=names.get, key=CHOSEN, max_selections=MOST,
        placeholder=contest_words.CHOOSE_TWO,
    )  # fmt: skip
    if chosen:
        st.query_params[QUERY] = ",".join(chosen)
    else:
        st.query_params.pop(QUERY, None)
    runs = [run for run in map(session.manager().get, chosen) if run]
    if len(runs) < 2:
        _say_how(list(names))
    return runs


def _say_how(there: list[str]) -> None:
    """What the page is for, and the one thing to press."""
    st.markdown(f"#### {contest_words.ABOUT_COMPARE}")
    if len(there) < 2:
        st.markdown(contest_words.NOTHING_TO_COMPARE)
        st.page_link("app_pages/race.py", label="Start a race", icon=":material/flag:")
        return
    st.markdown(contest_words.HOW_TO_COMPARE)
    st.button("Compare the two newest", key="newest", type="primary", on_click=put, args=(there[:2],))


def _known(asked: Iterable[str]) -> dict[str, str]:
    """The runs that have trained, the newest first, and those that a link names: ids, and what a person calls them."""
    manager = session.manager()
    try:
        kept = manager.store.runs() if manager.store else []
    except ValueError:  # the library page says why
        kept = []
    stored = [each for each in kept if each.config and each.epoch and session.sees(each)]
    names = {each.run_id: contest_words.run_name(each.config, each.name, each.created) for each in stored}
    others = [manager.get(run_id) for run_id in asked if run_id not in names]
    others += [] if manager.store else reversed(manager.runs())
    trained = [run for run in others if run and run.snapshot().points]
    return {run.run_id: contest_words.run_name(run.config) for run in trained} | names
