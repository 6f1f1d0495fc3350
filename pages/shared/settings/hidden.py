"""What is hidden, or locked: controls that people are not to be led astray by. A link does it for those who open it
(`?hide=beta1,beta2,stabilisers&lock=learning_rate`), the teacher's desk for all visitors of the server.
"""

from collections.abc import Sequence
from dataclasses import fields

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from gan.messages import Message, msg
from gan.setup.config import RunConfig
from pages.shared.tab import link, session
from pages.shared.words import say, settings, states

HIDE, LOCK = "hide", "lock"  # in the address, and in session state
LOCKED = msg("hide.locked", "Your teacher has locked this.")
# Beside settings: parts of pages, and what they are called where one chooses what to hide.
PARTS = {
    "preset": settings.label("preset"),
    "exhibits": msg("hide.exhibits", "Exhibits"),
    "draw": msg("hide.draw", "Draw your own"),
    "slow": msg("hide.slow", "Slow motion"),
    "layers": msg("hide.layers", "Layers"),
    "doctor": msg("hide.doctor", "Doctor"),
    "scores": msg("hide.scores", "Scores"),
    "charts": msg("hide.charts", "Charts"),
    "past": msg("hide.past", "Past"),
    states.NETWORKS: states.VIEWS[states.NETWORKS],
    states.STEP: states.VIEWS[states.STEP],
}
PAGES = "pages_to_hide"  # in session state: "page_" and a page's address -> what it is called
FRONT = "page_"  # the page that opens first, which is never hidden


def by_link(how: str = HIDE) -> tuple[str, ...]:
    """What the link hides, or locks, that this tab was opened by."""
    if how not in st.session_state:
        asked = [name for name in st.query_params.get(how, "").split(",") if name]
        known = everything() if how == HIDE else lockable()
        st.session_state[how] = tuple(name for name in asked if name in known)
        for name in asked:
            if name not in known:
                link.leave_out(
                    msg("hide.unknown", "There is no control called {name!r} that could be hidden.", name=name)
                    if how == HIDE
                    else msg("hide.cannot_lock", "There is no setting called {name!r} that could be locked.", name=name)
                )
    return st.session_state[how]


def everything() -> dict[str, Message]:
    """All that can be hidden, and what it is called."""
    pages = {
        name: msg("hide.page", "The page {title}", title=title)
        for name, title in st.session_state.get(PAGES, {}).items()
        if name != FRONT
    }
    return PARTS | pages | _settings()


def lockable() -> dict[str, Message]:
    """All that can be locked: what has a value."""
    return {"preset": PARTS["preset"]} | _settings()


def _settings() -> dict[str, Message]:
    return {item.name: settings.label(item.name) for item in fields(RunConfig)}


def know(pages: Sequence[StreamlitPage]) -> None:
    """These are the pages that there are; all but the first one that opens can be hidden."""
    st.session_state[PAGES] = {_name(page): page.title for page in pages}


def title_of(address: str) -> str:
    """What the page at this address is called, for the visitor."""
    return st.session_state[PAGES][f"page_{address}"]


def is_page_shown(page: StreamlitPage) -> bool:
    return is_shown(_name(page))


def tell() -> None:
    """What stands in the place of a page that is hidden."""
    st.info(say("hide.no_page", "This page is put away for now. Choose another one."), icon=":material/block:")


def _name(page: StreamlitPage) -> str:
    return f"page_{page.url_path}"


def is_shown(name: str) -> bool:
    return name not in by_link() and name not in session.rules().hidden


def locked() -> tuple[str, ...]:
    """The settings that this visitor sees and does not change."""
    return by_link(LOCK) + session.rules().locked


def is_locked(name: str) -> bool:
    return name in locked()


def in_link(hide: Sequence[str] | None = None, lock: Sequence[str] | None = None) -> dict[str, str]:
    """What the address says of it: of these, or of what the link does that this tab was opened by."""
    asked = {HIDE: by_link() if hide is None else hide, LOCK: by_link(LOCK) if lock is None else lock}
    return {how: ",".join(names) for how, names in asked.items() if names}
