"""The desk itself: one of its sides at a time."""

import streamlit as st

from gan.desk.desk import BLACK, FROZEN
from gan.messages import msg
from pages.shared.desk import happening, planned, prints, visitors
from pages.shared.server import held
from pages.shared.tab import desk
from pages.shared.words import plain, say

SIDE = "desk_side"  # the widget's key
EVERY_SECONDS = 2.0
STANDS = {  # what the class sees on the wall, where that is not the page as it goes on
    FROZEN: msg(
        "desk.frozen", "**The projector is frozen.** The class sees a still picture; the page goes on behind it."
    ),
    BLACK: msg("desk.black", "**The projector is black.** B or Esc there shows the page again."),
}
NOW = "now"
SIDES = {
    "plan": (msg("desk.plan", "Lesson plan"), planned.show),
    NOW: (msg("desk.now", "What goes on"), happening.show),
    "visitors": (msg("desk.pupils", "What pupils may do"), visitors.show),
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
    st.fragment(run_every=EVERY_SECONDS)(_wall)()
    SIDES[st.session_state[SIDE]][1]()


def _wall() -> None:
    for stands in STANDS.keys() & {*held.desk().walls.copy().values()}:
        st.info(say(STANDS[stands]), icon=":material/co_present:")
