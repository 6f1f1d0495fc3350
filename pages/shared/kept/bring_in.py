"""Files that are brought in: a run, which goes into the library, or settings, which go onto the Train page."""

import streamlit as st

from gan import export
from gan.desk.rules import BRING_IN
from gan.messages import Message, message_of
from gan.runs.kept import parcel
from pages.shared.settings import controls
from pages.shared.tab import session
from pages.shared.words import library, say

SETTINGS = ".json"
UPLOAD = "upload_number"  # a new upload field after each file
CAME = "brought_in"  # in session state: what came of the newest file, as the kind of note and its sentence


def offer() -> None:
    """A field that takes a file, and what came of the newest one."""
    if session.refuses(BRING_IN):
        return
    most = min(parcel.MOST_BYTES // 2**20, st.get_option("server.maxUploadSize"))
    told = say(
        "library.bring_in_what",
        "A run that was saved as a file, here or on another computer ({ending}), or its settings ({settings}).",
        ending=parcel.SUFFIX,
        settings=SETTINGS,
    )
    st.caption(f"{told} {say('library.most', 'It may have at most {most} MB.', most=most)}")
    number = st.session_state.setdefault(UPLOAD, 0)
    key = f"upload_{number}"
    file = st.file_uploader(say("library.file", "A file"), [parcel.SUFFIX, SETTINGS], key=key, max_upload_size=most)
    if file is not None:
        st.session_state[UPLOAD] += 1
        if file.name.lower().endswith(SETTINGS):
            _take_settings(file.name, file.getvalue())
        else:
            _take_run(file.getvalue())
        st.rerun()
    if CAME in st.session_state:
        is_taken, sentence = st.session_state[CAME]
        (st.success if is_taken else st.error)(say(sentence))


def _take_run(content: bytes) -> None:
    try:
        session.manager().unwrap(content, session.visitor())
        _say(True, library.BROUGHT_IN)
    except ValueError as error:
        _say(False, message_of(error))


def _take_settings(name: str, content: bytes) -> None:
    """Put the settings of a file on their page, and go there; a bad file is told, and changes nothing."""
    try:
        config, changes = export.parse_settings(name, content)
    except ValueError as error:
        _say(False, message_of(error))
        return
    st.session_state.pop(CAME, None)
    controls.take_over(config)
    session.leave_word(library.SETTINGS_CHANGED if changes else library.SETTINGS_IN)
    st.switch_page(session.page_of(config))


def _say(is_taken: bool, sentence: Message) -> None:
    st.session_state[CAME] = is_taken, sentence
