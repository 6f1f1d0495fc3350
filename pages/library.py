"""The runs that are kept: find, name, star, open, take away, delete."""

import streamlit as st

from pages.shared.kept import shelf
from pages.shared.tab import session
from pages.shared.words import words

PAGE = 6  # runs to begin with, and more at a time
store = session.manager().store

session.show_notice()
if store is None:
    st.info(words.LIBRARY_OFF)
    st.stop()
search, room, bring = st.columns([3, 5, 2], gap="medium", vertical_alignment="center")
sought = search.text_input(
    "Search", key="search", placeholder="Search names and settings", label_visibility="collapsed"
)
with bring.popover("Bring in a run", width="stretch", icon=":material/upload_file:"):
    shelf.bring_in()
try:
    runs = [run for run in store.runs(sought) if session.sees(run)]
    gone = [run for run in store.runs(deleted=True) if session.sees(run)]
    room.markdown(shelf.room(len(runs), store), help=words.LIBRARY_WHERE.format(folder=store.folder))
except ValueError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()

shelf.undo(gone)
if not runs:
    st.info(words.LIBRARY_NOTHING if sought else words.LIBRARY_EMPTY, icon=":material/inventory_2:")
    if not sought and st.button("Train one", type="primary"):
        st.switch_page("train.py")
shown = st.session_state.setdefault("shown_runs", PAGE)
for run in runs[:shown]:
    shelf.show(run)
if len(runs) > shown and st.button(f"Show more ({len(runs) - shown})", key="more_runs"):
    st.session_state["shown_runs"] += PAGE
    st.rerun()
