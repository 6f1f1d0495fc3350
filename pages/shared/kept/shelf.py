"""The library's lines: one a run, with all that can be done with it."""

import streamlit as st

from gan import export
from gan.runs.kept import parcel
from gan.runs.kept.store import Store, StoredRun
from gan.setup import presets
from pages.shared.draw import pictures
from pages.shared.settings import controls
from pages.shared.tab import session
from pages.shared.words import words

FAKES = 5  # of each run
UPLOAD = "upload_number"  # a new upload field after each file
DELETED = "deleted_run"  # whose deletion can be undone with one click
BROUGHT_IN = "brought_in"  # what came of the newest upload


def show(run: StoredRun) -> None:
    """One run: its fakes, its name, how far it came, and what to do with it."""
    with st.container(border=True, key=f"run_{run.run_id}"):
        fakes, text, star, show_it, more = st.columns(
            [3.3, 6.4, 0.6, 1.3, 0.9], gap="small", vertical_alignment="center"
        )
        fakes.html(_fakes(run))
        text.markdown(f"**{_escaped(title(run))}**  \n:gray[{words.stored_line(run)}]")
        star.button(
            ":material/star:" if run.is_starred else ":material/star_outline:", key=f"star_{run.run_id}",
            type="tertiary", help=words.STAR, on_click=_store().star, args=(run.run_id, not run.is_starred),
        )  # fmt: skip
        with show_it:
            _offer_to_open(run)
        with more.popover("", icon=":material/more_horiz:", width="stretch"):
            _more(run)


def title(run: StoredRun) -> str:
    """The name that somebody gave it, or what it is."""
    return run.name or (words.run_title(run.config) if run.config else words.UNKNOWN_SETTINGS)


def room(count: int, store: Store) -> str:
    """How much of the disk is used, and what happens when it is full."""
    used, limit = words.megabytes(store.used_bytes), words.megabytes(store.limit_bytes)
    return words.LIBRARY_ROOM.format(count=count, used=used, limit=limit)


def undo(gone: list[StoredRun]) -> None:
    """What was just deleted, and all else that can still be brought back."""
    just = next((run for run in gone if run.run_id == st.session_state.get(DELETED)), None)
    if just:
        text, button = st.columns([8, 1.3], vertical_alignment="center")
        text.info(f"Deleted: {_escaped(title(just))}", icon=":material/delete:")
        button.button("Undo", key="undo", type="primary", width="stretch", on_click=_bring_back, args=(just.run_id,))
    if len(gone) > bool(just):
        with st.popover(f"Deleted runs ({len(gone)})", icon=":material/delete:"):
            st.caption(words.DELETED_UNTIL)
            for run in gone:
                label = f"Bring back: {title(run)}"
                st.button(label, key=f"back_{run.run_id}", width="stretch", on_click=_bring_back, args=(run.run_id,))


def bring_in() -> None:
    """A field that takes a run from a file."""
    st.caption(words.BRING_IN)
    number = st.session_state.setdefault(UPLOAD, 0)
    key = f"upload_{number}"
    st.file_uploader("A run's file", type=[parcel.SUFFIX], key=key, on_change=_take_in, args=(key,))
    if BROUGHT_IN in st.session_state:
        is_taken, sentence = st.session_state[BROUGHT_IN]
        (st.success if is_taken else st.error)(sentence)


def _take_in(key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return
    try:
        session.manager().unwrap(file.getvalue(), session.owner())
        st.session_state[BROUGHT_IN] = True, words.BROUGHT_IN
    except (ValueError, RuntimeError) as error:  # RuntimeError: its pictures are not on this computer
        st.session_state[BROUGHT_IN] = False, words.plain(str(error))
    st.session_state[UPLOAD] += 1


def _offer_to_open(run: StoredRun) -> None:
    found = None
    if st.button("Open", key=f"open_{run.run_id}", width="stretch", disabled=run.config is None):
        found = session.manager().get(run.run_id)
        if found is None:
            st.toast(words.CANNOT_OPEN, icon=":material/block:")
    if found:
        controls.put(presets.closest(found.config), found.config)
        session.open_run(found)


def _more(run: StoredRun) -> None:
    run_id, is_live = run.run_id, run.state.is_live
    st.text_input(
        "Name", run.name, key=f"name_{run_id}", placeholder=title(run), max_chars=80,
        on_change=lambda: _store().rename(run_id, st.session_state[f"name_{run_id}"]),
    )  # fmt: skip
    st.download_button(
        "Save as a file", lambda: session.manager().wrap(session.manager().get(run_id)), f"{run_id}{parcel.SUFFIX}",
        "application/zip", key=f"save_{run_id}", on_click="ignore", icon=":material/download:", width="stretch",
        disabled=is_live or run.config is None, help=words.SAVE_RUN,
    )  # fmt: skip
    st.button(
        "Delete", key=f"delete_{run_id}", icon=":material/delete:", width="stretch", disabled=is_live,
        on_click=_delete, args=(run_id,), help=words.STOP_FIRST if is_live else words.DELETED_UNTIL,
    )  # fmt: skip


def _delete(run_id: str) -> None:
    _store().delete(run_id)
    session.manager().forget(run_id)
    st.session_state[DELETED] = run_id


def _bring_back(run_id: str) -> None:
    _store().restore(run_id)
    st.session_state.pop(DELETED, None)


def _store() -> Store:
    return session.manager().store


def _fakes(run: StoredRun) -> str:
    if run.samples is None:
        return '<div class="no-fakes"></div>'
    png = export.grid_png(run.samples[:FAKES], columns=FAKES)
    return pictures.html(png, f"{FAKES} fakes of {title(run)}", "fakes")


def _escaped(text: str) -> str:
    """A name as it is, even if it looks like Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~$:" else letter for letter in text)
