"""What of a run this tab looks at: the view, the kind to draw, the vector to follow, the epoch gone back to.

Each is the value of a widget. It stays in session state while one is on other pages, and stands in the address where it
is not the usual one, so that F5 and links find it again.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import streamlit as st

from gan.messages import Message, msg
from gan.parts import nets
from gan.runs import Run
from gan.setup.kinds import Choice, Whole
from pages.shared.tab import link
from pages.shared.words import states

VIEW, DRAW_ME, VECTOR = "view", "draw_me", "follow_seed"  # the widgets' keys
SEEN = ("view", "past")  # of the address: what lies below a run, and nothing that the run is asked for
ALL = -1  # every kind: a box whose choice is None can be cleared, which means nothing here
LAST_VECTOR = 9999


class Look(NamedTuple):
    """One of them: what it is called in the address and by people, its widget's key, what it may be and usually is."""

    name: str
    label: Message
    key: str
    kind: Any
    usual: Any


def recall(run: Run | None) -> None:
    """Before the widgets: what this tab does not know yet is taken from the link, or is what it usually is."""
    for look in _looks(run):
        if look.key not in st.session_state:
            read = link.read(look.name, look.label, look.kind)
            st.session_state[look.key] = look.usual if read is None else read
    if run and st.session_state.get(DRAW_ME, ALL) not in (ALL, *kinds(run)):  # another run learns other kinds
        st.session_state[DRAW_ME] = ALL


def in_link(run: Run | None) -> dict[str, str]:
    """What the address says of them."""
    shown = {look.name: st.session_state.get(look.key) for look in _looks(run)}
    usual = {look.name: look.usual for look in _looks(run)}
    return {name: str(value) for name, value in shown.items() if value not in (None, usual[name])}


def to_watch(run: Run) -> dict[str, str]:
    """What a link for others says of them: what they see below the run, not what is asked of it."""
    return {name: value for name, value in in_link(run).items() if name in SEEN}


def kinds(run: Run) -> tuple[int, ...]:
    """The kinds that one can ask a run's forger for."""
    return run.config.learned_classes if nets.is_conditional(run.config.architecture) else ()


def past_key(run: Run) -> str:
    return f"past_{run.watch_id}"  # a key reaches the browser, and with the run's own id one could stop it


def _looks(run: Run | None) -> Iterator[Look]:
    yield Look("view", msg("link.view", "View"), VIEW, Choice(lambda: (*states.VIEWS, states.OWN)), states.CHARTS)
    if run:
        if kinds(run):
            yield Look("draw", msg("requests.draw_me", "Draw me"), DRAW_ME, Whole(0, kinds(run)[-1]), ALL)
        yield Look("vector", msg("link.vector", "Random vector"), VECTOR, Whole(0, LAST_VECTOR), 0)
        if st.session_state.get(VIEW) == states.PAST:
            yield Look("past", msg("link.past", "Epoch"), past_key(run), Whole(0, run.config.epochs), None)
