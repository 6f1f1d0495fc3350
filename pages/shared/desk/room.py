"""The desk itself: one of its sides at a time."""

import streamlit as st

from gan.messages import msg
from pages.shared.desk import happening, planned, prints, visitors
from pages.shared.tab import desk
from pages.shared.words import plain, say

SIDE = "desk_side"  # the widget's key
NOW = "now"
SIDES = {
    "plan": (msg("desk.plan", "Lesson plan"), planned.show),
    NOW: (msg("desk.now", "What goes on"), happening.show),
    "visitors": (msg("desk.visitors", "Visitors"), visitors.show),
    "print": (msg("desk.print", "Print"), prints.show),
}


def show() -> None:
    with st.container(key="desk_bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(say("desk.title", "The teacher's desk"), anchor=False)
        st.segmented_control(
            plain("desk.side", "Side of the desk"), list(SIDES), format_func=lambda side: plain(SIDES[side][0]),
            default=next(iter(SIDES)), required=True, key=SIDE, label_visibility="collapsed",
        )  # fmt: skip
        st.button(say("desk.lock", "Lock the desk"), key="desk_lock", icon=":material/lock:", on_click=desk.lock)
    SIDES[st.session_state[SIDE]][1]()
