"""How far a tab is in its lesson: the step, what was answered, which runs were trained; all of it in the link.

A link such as ?lesson=first_look&step=3&said=2.0-3.1&ran=3.RUN finds it again, tomorrow too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import streamlit as st

from pages.shared.draw.theme import ASSETS
from pages.shared.tab import link

LESSON, STEP, SAID, RAN = link.LESSON
NOW = "lesson_progress"
ASKED = "lesson_bookmark_asked"
LEFT = "lesson_left"  # where this tab, or the browser some other day, has left a lesson
OVER = "lesson_over"  # the browser is to forget the lesson that was done
_bookmark = st.components.v2.component("bookmark", js=(ASSETS / "bookmark.js").read_text())
MOST = 99  # steps that a link may name


@dataclass(frozen=True)
class Progress:
    lesson: str
    step: int = 0
    said: dict[int, int] = field(default_factory=dict)  # step -> number of the answer
    ran: dict[int, str] = field(default_factory=dict)  # step -> id of the run

    def answered(self, number: int) -> Self:
        return replace(self, said=self.said | {self.step: number})

    def trained(self, run_id: str) -> Self:
        return replace(self, ran=self.ran | {self.step: run_id})

    def at(self, step: int) -> Self:
        return replace(self, step=step)

    def in_link(self) -> dict[str, str]:
        told = {LESSON: self.lesson, STEP: str(self.step)}
        pairs = {SAID: self.said, RAN: self.ran}
        return told | {
            name: "-".join(f"{at}.{what}" for at, what in each.items()) for name, each in pairs.items() if each
        }


def now() -> Progress | None:
    """Where this tab is: as it remembers, or as the link says; None where no lesson is on."""
    if NOW not in st.session_state:
        st.session_state[NOW] = _read(st.query_params)
    return st.session_state[NOW]


def keep(progress: Progress | None) -> None:
    """Go on from here, or without a lesson."""
    st.session_state[NOW] = progress


def left() -> Progress | None:
    """The lesson that was left before its end, to be gone on with; none is beside the pages meanwhile."""
    return st.session_state.get(LEFT)


def leave() -> None:
    st.session_state[LEFT] = now()
    st.session_state[ASKED] = True
    keep(None)


def finish() -> None:
    """The lesson is done: nobody is asked to go on with it."""
    st.session_state.pop(LEFT, None)
    st.session_state[ASKED] = st.session_state[OVER] = True
    keep(None)


def write_link() -> None:
    """Make the page's address find this again."""
    progress = now()
    told = progress.in_link() if progress else {}
    for name in link.LESSON:
        if st.query_params.get(name) != told.get(name):
            if name in told:
                st.query_params[name] = told[name]
            else:
                st.query_params.pop(name, None)


def keep_bookmark() -> None:
    """Let the visitor's own browser remember this: tomorrow the page of lessons finds it there."""
    _bookmark(key="bookmark", data={"link": now().in_link(), "asks": False})


def ask_bookmark() -> None:
    """Find what the browser remembers, once a tab; then the script runs anew. Have it forget a lesson that is done."""
    if st.session_state.pop(OVER, None):
        _bookmark(key="bookmark_over", data={"link": None, "asks": False, "forgets": True})
    elif now() is None and not st.session_state.get(ASKED):
        _bookmark(key="bookmark", data={"link": None, "asks": True}, on_found_change=_found)


def _found() -> None:
    st.session_state[ASKED] = True
    told = st.session_state["bookmark"].get("found")
    if isinstance(told, Mapping):
        st.session_state[LEFT] = _read({name: value for name, value in told.items() if isinstance(value, str)})


def _read(given: Mapping[str, str]) -> Progress | None:
    """Progress as a link says it; what cannot be read is as if it were not there."""
    if not given.get(LESSON):
        return None
    said = {at: int(what) for at, what in _pairs(given.get(SAID, "")).items() if _is_number(what)}
    step = int(given[STEP]) if _is_number(given.get(STEP, "")) else 0
    return Progress(given[LESSON], step, said, _pairs(given.get(RAN, "")))


def _pairs(text: str) -> dict[int, str]:
    parts = (part.partition(".") for part in text.split("-"))
    return {int(at): what for at, _, what in parts if _is_number(at) and what}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= MOST
