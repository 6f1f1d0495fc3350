"""A run of dots is steered as one turns: what it can take is given to it at once."""

import streamlit as st

from gan.runs import Run
from gan.setup.config import RunConfig, kind_of
from pages.shared.settings import hidden
from pages.shared.words import plain, say, settings

LEARNERS, WHO = "learners", "who_learns"  # the setting, and its buttons on the stage
TURNED = "turned"  # in session state: the run, and the settings as they were when something was given to it last


def at_once(run: Run, now: RunConfig) -> None:
    """Give the run what this tab has changed since the last time, if only that and if it can go on with it.

    What stands on the page otherwise is not given: it may be older than what somebody else has set. A script that is
    stopped before it comes here, by a press that follows at once, loses nothing.
    """
    known, before = st.session_state.get(TURNED, (None, now))
    st.session_state[TURNED] = run.run_id, now
    turned = now.changes_from(before) if known == run.run_id else {}
    if not turned:
        return
    try:
        run.change(**turned)
    except ValueError:  # a new run is needed, or this one has just ended: Start is there
        return


def who_learns() -> None:
    """Both networks, or one alone, at a press: the same as the setting."""
    if not hidden.is_shown(LEARNERS):
        return
    st.session_state[WHO] = st.session_state[LEARNERS]
    st.segmented_control(
        say(settings.label(LEARNERS)), kind_of(LEARNERS).names(), key=WHO, required=True, on_change=_let_learn,
        format_func=lambda each: plain(settings.value(each)), disabled=hidden.is_locked(LEARNERS),
    )  # fmt: skip


def _let_learn() -> None:
    st.session_state[LEARNERS] = st.session_state[WHO]
