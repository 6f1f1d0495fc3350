"""What is hidden: controls that people are not to be led astray by. A link hides them for those who open it
(`?hide=beta1,beta2,stabilisers`), the teacher's desk for all visitors of the server.
"""

from collections.abc import Sequence
from dataclasses import fields

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from gan.messages import Message, msg
from gan.setup.config import RunConfig
from pages.shared.tab import link, session
from pages.shared.words import say, settings, states

HIDE = "hide"  # in the address, and in session state
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


def by_link() -> tuple[str, ...]:
    """What the link hides that this tab was opened by."""
    if HIDE not in st.session_state:
        asked = [name for name in st.query_params.get(HIDE, "").split(",") if name]
        known = everything()
        st.session_state[HIDE] = tuple(name for name in asked if name in known)
        for name in asked:
            if name not in known:
                link.leave_out(
                    msg("hide.unknown", "There is no control called {name!r} that could be hidden.", name=name)
                )
    return st.session_state[HIDE]


def everything() -> dict[str, Message]:
    """All that can be hidden, and what it is called."""
    pages = {
        name: msg("hide.page", "The page {title}", title=title)
        for name, title in st.session_state.get(PAGES, {}).items()
    }
    return PARTS | pages | {item.name: settings.label(item.name) for item in fields(RunConfig)}


def know(pages: Sequence[StreamlitPage]) -> None:
    """These pages can be hidden, but for the first one that opens."""
    st.session_state[PAGES] = {_name(page): page.title for page in pages if page.url_path}


def is_page_shown(page: StreamlitPage) -> bool:
    return is_shown(_name(page))


def tell() -> None:
    """What stands in the place of a page that is hidden."""
    st.info(say("hide.no_page", "This page is put away for now. Choose another one."), icon=":material/block:")


def _name(page: StreamlitPage) -> str:
    return f"page_{page.url_path}"


def is_shown(name: str) -> bool:
    return name not in by_link() and name not in session.rules().hidden


def in_link(names: Sequence[str] | None = None) -> dict[str, str]:
    """What the address says of it: of these, or of what the link hides that this tab was opened by."""
    names = by_link() if names is None else names
    return {HIDE: ",".join(names)} if names else {}
