"""Every button that gives a file: the file is made when it is asked for, and why it could not be is said beside the
button.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from gan.messages import Message, message_of, msg
from pages.shared.words import say

Failed = dict[tuple[str, str], Message]  # the button and the file that was asked for last, if it failed -> why
FAILED = "file_failed"  # in session state
SAID = "file_failure_said"  # what of it this page says, if it has such a button
LOOKS_SECONDS = 3.0  # between two looks for a failure


def offer(label: str, make: Callable[[], str | bytes], name: str, mime: str, key: str, **looks: Any) -> None:
    """A button with this label and key that gives what `make` returns, as the file `name`."""
    failed, asked = _failed(), (key, name)
    st.session_state.setdefault(SAID, dict(failed))
    st.download_button(
        label, _told(make, asked, failed), name, mime, key=key, on_click="ignore", icon=":material/download:", **looks
    )
    if asked in failed:
        st.error(say(failed[asked]), icon=":material/error:")


def watch() -> None:
    """At the end of every page: if a button on it gives no file, or does so again, the page is drawn anew."""
    if SAID in st.session_state:
        _look(st.session_state.pop(SAID))


@st.fragment(run_every=LOOKS_SECONDS)
def _look(said: Failed) -> None:
    """The browser asks for a file without running the page: nothing else tells the page of it."""
    if _failed() != said:
        st.rerun()


def _failed() -> Failed:
    return st.session_state.setdefault(FAILED, {})


def _told(make: Callable[[], str | bytes], asked: tuple[str, str], failed: Failed) -> Callable[[], str | bytes]:
    """`make`, which writes down why it failed."""

    def made() -> str | bytes:
        failed.clear()
        try:
            return make()
        except Exception as error:
            failed[asked] = _why(error)
            raise

    return made


def _why(error: Exception) -> Message:
    if isinstance(error, ValueError):
        return message_of(error)
    kind = type(error).__name__
    return msg("take.failed", "This file could not be made, for a reason that nobody expected ({kind}).", kind=kind)
