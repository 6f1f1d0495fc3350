"""The class draws on devices of its own; what it sends arrives on the light-table by itself."""

import streamlit as st

from gan.data import own
from gan.desk import rules
from gan.messages import message_of, msg, msgs
from gan.rooms import Phase, Room, Table
from pages.shared.own import desk
from pages.shared.room import view
from pages.shared.server import held
from pages.shared.tab import session
from pages.shared.words import plain, say

ASKED = "own_asked"  # what the class is to draw, with commas
MOST_ASKED = 6
EVERY_SECONDS = 0.8  # between two looks at the table


def of(table: Table | None) -> Room | None:
    """The room whose drawings are laid on this table."""
    return held.rooms().of(table.table_id) if table else None


def offer() -> None:
    """What is to be drawn, and the way in."""
    table = desk.current()
    room = of(table)
    if room is None and session.refuses(rules.ROOM):
        return
    st.text_input(
        say("own.asked", "What the class draws"), key=ASKED, persist_state="session", max_chars=150,
        placeholder=plain("own.asked.example", "cat, house"), on_change=_ask,
    )  # fmt: skip
    st.caption(say("own.asked.how", "Several kinds with commas. Left empty, everybody draws what they like."))
    if room is None:
        st.button(say("own.open_room", "Let the class draw"), type="primary", on_click=_open)
        return
    view.way_in(room, msg("own.draw_here", "[Draw on this device too]({link})"))
    st.button(say("own.close_room", "Let nobody in any more"), on_click=room.end)


def watch(table: Table) -> None:
    """Who is here; the page runs anew when something has come."""
    room = of(table)
    if room is None:
        return
    version = table.version

    @st.fragment(run_every=EVERY_SECONDS)
    def look() -> None:
        if table.version != version or room.phase is Phase.OVER:
            st.rerun()
        here = room.here
        st.markdown(say(msgs("own.here", "One device draws.", "{count} devices draw.", here)))

    look()


def _kinds() -> list[str]:
    named = [own.kind_name(each) for each in st.session_state.get(ASKED, "").split(",")]
    return list(dict.fromkeys(each for each in named if each))[:MOST_ASKED]


def _ask() -> None:
    table = desk.current()
    if table and (room := of(table)):
        room.ask_for(table, _kinds())


def _open() -> None:
    table = desk.opened()
    if table is None:
        return
    try:
        session.rules().check(rules.ROOM)
        held.rooms().open("", table.table_id).ask_for(table, _kinds())
    except ValueError as error:
        st.session_state[desk.LEFT_OUT] = [message_of(error)]
