"""The picture sets that are offered in this tab: those that everybody has, and of people's own the ones it knows."""

import streamlit as st

from gan import data
from gan.data import own
from pages.shared.tab import session

KNOWN = "own_sets"  # names, in session state


def remember(name: str) -> None:
    """Offer this set of somebody's own pictures too, from now on."""
    known = st.session_state.setdefault(KNOWN, [])
    if name not in known:
        known.append(name)


def offered(page: str | None = None, only_here: bool = False) -> list[str]:
    """The names of all sets, of one `page` alone or of those alone that are here. What a teacher had kept on this
    computer is for who sits there.
    """
    chosen = st.session_state.get("data")
    kept = own.saved() if session.is_teacher() else ()
    mine = [*st.session_state.get(KNOWN, ()), *kept, *([chosen] if own.is_own(chosen) else [])]
    names = [*data.names(), *dict.fromkeys(mine)]
    names = [name for name in names if page is None or session.page_of_set(name) == page]
    return [name for name in names if data.is_here(name) or not (only_here or _is_gone(name, chosen))]


def _is_gone(name: str, chosen: str | None) -> bool:
    """Whether a set of somebody's own has left the memory; the one that is chosen is offered all the same, since the
    page says how to bring it.
    """
    return own.is_own(name) and name != chosen
