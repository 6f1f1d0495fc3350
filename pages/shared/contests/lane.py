"""One of several runs side by side: its letter, its value, and how it does."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan.messages import Message
from gan.runs import Contest, Run
from pages.shared.tab import contest_tab, session
from pages.shared.words import html, say


def head(letter: str, told: Message, far: Message | None = None, how: Message | None = None) -> str:
    """The two lines above its pictures, as HTML; assets/style/contests.css gives each lane its colour."""
    second = f'<p class="how">{html(how)}</p>' if how else ""
    first = f"<b>{letter}</b> <strong>{html(told)}</strong> <span>{html(far) if far else ''}</span>"
    return f'<p class="lane">{first}</p>{second}'


def openable(shown: str, letter: str, run: Run | None, contest: Contest) -> None:
    """The `head` of a lane, and beside it what opens its run, where that is kept."""
    text, button = st.columns([5, 1], gap="small", vertical_alignment="center")
    text.html(shown)
    if run:
        button.button(
            "", key=f"open_{letter}", icon=":material/open_in_full:", type="tertiary",
            help=say("race.open_lane", "Open {lane}", lane=letter),
            on_click=session.ask_to_show, args=(run, contest_tab.link(contest)),
        )  # fmt: skip


def places(count: int) -> list[DeltaGenerator]:
    """A place for each lane; as many lie in a row as there is room for."""
    with st.container(key="lanes"):
        return st.columns(count, gap="small")
