"""The runs that are kept: find, name, star, open, take away, delete."""

import streamlit as st

from gan.desk.rules import LIBRARY
from gan.messages import message_of
from pages.shared.kept import bring_in, found, shelf
from pages.shared.tab import session
from pages.shared.words import library, plain, say

PAGE = 6  # rows to begin with, and more at a time
store = session.manager().store

session.show_notice()
if session.refuses(LIBRARY):
    st.stop()
if store is None:
    st.info(say(library.OFF))
    st.stop()
search, room, bring = st.columns([2.6, 5.5, 2], gap="medium", vertical_alignment="center")
shelf.show_trouble()
sought = search.text_input(
    say("library.search", "Search"),
    key="search",
    type="search",
    live=True,  # as one types
    label_visibility="collapsed",
    placeholder=plain("library.search_what", "Search names and settings"),
)
with bring.popover(say("library.bring_in", "Bring in"), width="stretch", icon=":material/upload_file:"):
    bring_in.offer()
try:
    runs = found.runs()
    rows = found.rows(runs, sought)
    gone = found.deleted()
    room.markdown(say(library.room(len(runs), store.used_bytes, store.limit_bytes)), help=shelf.where())
except ValueError as error:
    st.error(say(message_of(error)), icon=":material/error:")
    st.stop()

shelf.undo(gone)
if not rows:
    st.info(say(library.NOTHING if sought else library.EMPTY), icon=":material/inventory_2:")
    if not sought and st.button(say("library.train_one", "Train one"), type="primary"):
        st.switch_page("train.py")
shown = st.session_state.setdefault("shown_runs", PAGE)
for row in rows[:shown]:
    shelf.show(row, is_open=bool(sought))
if len(rows) > shown:
    more = say("library.more", "Show more ({count})", count=len(rows) - shown)
    if st.button(more, key="more_runs"):
        st.session_state["shown_runs"] += PAGE
        st.rerun()
