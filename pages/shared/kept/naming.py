"""What the run on screen is called, and a tap to call it something else."""

import streamlit as st

from gan.messages import Message, message_of, verbatim
from gan.runs import Run
from pages.shared.tab import session
from pages.shared.words import plain, recipes, say

TROUBLE = "name_trouble"  # why the newest name was not taken


def show(run: Run) -> None:
    """The run's name; who steers it can change it, here and so in the library."""
    given = _given(run)
    label = say("name.shown", "**{name}**", name=_name(run, given))
    if not run.is_kept or session.only_watches():
        st.markdown(label)
        return
    key = f"run_name_{run.watch_id}"
    with st.popover(label, type="tertiary", key="naming", wrap=True, width="stretch"):
        st.session_state[key] = given
        st.text_input(
            say("library.name", "Name"), key=key, max_chars=80, placeholder=plain(_name(run, "")),
            on_change=_rename, args=(run, key),
        )  # fmt: skip
    if trouble := st.session_state.pop(TROUBLE, None):
        st.error(say(trouble), icon=":material/error:")


def called(run: Run) -> Message:
    """What somebody called it, or what it is."""
    return _name(run, _given(run))


def _name(run: Run, given: str) -> Message:
    return verbatim(given) if given else recipes.run_title(run.config)


def _given(run: Run) -> str:
    try:
        return session.manager().store.name(run.run_id) if run.is_kept else ""
    except ValueError as error:
        st.session_state[TROUBLE] = message_of(error)
        return ""


def _rename(run: Run, key: str) -> None:
    try:
        session.manager().store.rename(run.run_id, st.session_state[key])
    except ValueError as error:
        st.session_state[TROUBLE] = message_of(error)
