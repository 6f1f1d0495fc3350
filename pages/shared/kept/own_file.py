"""A set of somebody's own pictures that is not here: the offer to bring the file that it was taken home as."""

import streamlit as st

from gan.data import own
from gan.data.catalog import DataSet
from gan.desk.rules import BRING_IN
from gan.messages import Message, message_of, msg
from pages.shared.tab import own_sets, session
from pages.shared.words import say

FILE = "own_file"  # a number in session state: a new field after each file
CAME = "own_file_came"  # why the newest file is not this set
MOST_MB = 200  # of one upload


def offer(item: DataSet) -> None:
    """What is missing, and a field that takes it; the page runs anew once it is here."""
    st.subheader(say(item.title))
    st.markdown(
        say(
            "own.missing",
            "These pictures are somebody's own, and they are not on this computer. "
            "Who has them as a file can bring them.",
        )
    )
    if session.refuses(BRING_IN):
        return
    number = st.session_state.setdefault(FILE, 0)
    file = st.file_uploader(say("own.file", "The set's file (ZIP)"), key=f"own_file_{number}", max_upload_size=MOST_MB)
    if file is not None:
        st.session_state[FILE] += 1
        st.session_state[CAME] = _take(item, file.name, file.getvalue())
        st.rerun()
    if told := st.session_state.get(CAME):
        st.error(say(told), icon=":material/error:")


def _take(item: DataSet, name: str, content: bytes) -> Message | None:
    """Keep the set in a file, if it is this one; why it is not."""
    found = own.read(own.in_file(name, content))
    try:
        made = own.made_of(found.found, is_coloured=item.shape[0] == 3)
    except ValueError as error:
        return found.complaints[0] if found.complaints else message_of(error)
    if made.name != item.name:
        return msg("own.another", "{file} holds other pictures than these: {title}.", file=name, title=made.facts.title)
    own_sets.remember(own.keep(made))
    return None
