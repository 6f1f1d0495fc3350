"""The guard: no exception of ours or of a library ends on Streamlit's own error page.

Streamlit writes the traceback to the server's console and calls `show`, whether a page, a fragment or a callback
failed. `st.rerun` and `st.stop` are no errors and do not come here.
"""

import streamlit as st

from gan.messages import Message, Told, msg
from pages.shared.server import gaps
from pages.shared.tab import desk, session
from pages.shared.words import LANGUAGE, LEVEL, say

NOTED = "guard_noted"  # what went wrong in a callback, for the page that runs next
KEPT = (LANGUAGE, LEVEL, session.OWN_RUN, session.TABLE, session.ROOM, desk.IN)  # when one starts over


def show(error: Exception) -> bool:
    """Say what went wrong, and offer a way back. True: it has been said."""
    if gaps.is_in_a_callback():
        st.session_state[NOTED] = _told(error)
        gaps.run_page_anew()
    else:
        gaps.undisturbed(lambda: _say(_told(error)))
    return True


def show_noted() -> None:
    """In the frame of every page: what went wrong in the callback before it, once."""
    with st.container():  # it has its place whether there is something to say or not: the page below stays where it is
        if noted := st.session_state.pop(NOTED, None):
            _say(noted)


def _told(error: Exception) -> Message:
    if isinstance(error, Told):
        return error.message
    return msg(
        "guard.unexpected",
        "Something went wrong here that nobody expected ({kind}). Runs go on. Start over, or choose another page.",
        kind=type(error).__name__,
    )


def _say(message: Message) -> None:
    key = f"start_over_{gaps.fragment()}"  # several parts of a page may have failed
    with st.container():  # of its own: among others' the button would stay on screen when it moves up or down
        st.error(say(message), icon=":material/error:")
        st.button(say("guard.over", "Start over"), key=key, icon=":material/restart_alt:", on_click=_start_over)


def _start_over() -> None:
    """The page as it is without a link and without anything that was set on it."""
    kept = {name: st.session_state[name] for name in KEPT if name in st.session_state}
    st.session_state.clear()
    st.session_state.update(kept)
    st.query_params.clear()
    if gaps.fragment():
        st.rerun()  # all of the page, not this part alone
