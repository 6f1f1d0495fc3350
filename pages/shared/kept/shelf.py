"""The library's lines: one a run, with all that can be done with it."""

from collections.abc import Callable

import streamlit as st

from gan import export
from gan.messages import message_of, msg
from gan.runs import Kind
from gan.runs.kept import parcel
from gan.runs.kept.store import Store, StoredRun
from gan.setup import presets
from pages.shared.draw import pictures
from pages.shared.kept import take_home
from pages.shared.kept.found import Listed, Row
from pages.shared.settings import controls
from pages.shared.tab import contest_tab, session
from pages.shared.words import library, plain, say

FAKES = 5  # of each run
OPEN_CONTEST = {
    Kind.RACE: msg("library.open_race", "Open the race"),
    Kind.SWEEP: msg("library.open_sweep", "Open the sweep"),
}
DELETED = "deleted_run"  # whose deletion can be undone with one click
TROUBLE = "library_trouble"  # why the newest click changed nothing


def show(row: Row, is_open: bool = False) -> None:
    """A run, or a race or sweep whose runs are to be seen when it `is_open` or is opened."""
    if row.contest is None:
        _show_run(row.runs[0])
        return
    contest, runs = row.contest, [each.run for each in row.runs]
    with st.container(border=True, key=f"contest_{contest.contest_id}"):
        fakes, text, show_it = st.columns([3.3, 7.0, 2.2], gap="small", vertical_alignment="center")
        fakes.html(_fakes(next((run for run in runs if run.samples is not None), runs[0])))
        title, line = library.contest_called(contest), library.contest_line(contest, runs)
        text.markdown(f"**{say(title)}**  \n:gray[{say(line)}]")
        opening = say(OPEN_CONTEST[contest.kind])
        if show_it.button(opening, key=f"open_{contest.contest_id}", width="stretch"):
            contest_tab.turn_to(contest)
        inside = say("library.its_runs", "Its runs ({count})", count=len(runs))
        key = f"runs_of_{contest.contest_id}_{is_open}"  # a search opens it, and its end closes it
        with st.expander(inside, is_open, key=key, on_change="rerun") as its_runs:
            if its_runs.open:
                for each in row.runs:
                    _show_run(each)


def _show_run(listed: Listed) -> None:
    """One run: its fakes, its name, how far it came, and what to do with it."""
    run = listed.run
    with st.container(border=True, key=f"run_{run.run_id}"):
        fakes, text, star, show_it, more = st.columns(
            [3.3, 6.4, 0.6, 1.3, 0.9], gap="small", vertical_alignment="center"
        )
        fakes.html(_fakes(run))
        line = library.line(run, listed.place)
        text.markdown(f"**{say(library.called(run))}**  \n:gray[{say(line)}]")
        star.button(
            say(library.star(run)), key=f"star_{run.run_id}",  # as "More", is not seen, but read out
            icon=":material/star:" if run.is_starred else ":material/star_outline:", type="tertiary",
            help=say("library.star", "A run with a star never has to make room for others."),
            on_click=_change, args=(Store.star, run.run_id, not run.is_starred),
        )  # fmt: skip
        with show_it:
            _offer_to_open(run)
        about = say("library.more_about", "More about {run}", run=library.called(run))
        with more.popover(about, icon=":material/more_horiz:", width="stretch"):
            _more(run)


def where() -> str | None:
    """In which folder the runs lie, for whose computer it is."""
    if not session.is_teacher():
        return None
    return say("library.where", "The folder: {folder}", folder=str(session.manager().store.folder))


def show_trouble() -> None:
    """Say why the newest click changed nothing, once, or gave no file."""
    take_home.show_failure()
    if trouble := st.session_state.pop(TROUBLE, None):
        st.error(say(trouble), icon=":material/error:")


def _change(change: Callable[..., None], run_id: str, *values: object) -> bool:
    """For a button's on_click: change a run in the store. A full disk is told; then nothing has changed."""
    return _tried(change, session.manager().store, run_id, *values)


def _tried(change: Callable[..., None], *values: object) -> bool:
    try:
        change(*values)
    except ValueError as error:
        st.session_state[TROUBLE] = message_of(error)
        return False
    return True


def undo(gone: list[StoredRun]) -> None:
    """What was just deleted, and all else that can still be brought back."""
    just = next((run for run in gone if run.run_id == st.session_state.get(DELETED)), None)
    if just:
        text, button = st.columns([8, 1.3], vertical_alignment="center")
        text.info(say("library.deleted", "Deleted: {run}", run=library.called(just)), icon=":material/delete:")
        undo = say("library.undo", "Undo")
        button.button(undo, key="undo", type="primary", width="stretch", on_click=_bring_back, args=(just.run_id,))
    if len(gone) > bool(just):
        with st.popover(
            say("library.deleted_runs", "Deleted runs ({count})", count=len(gone)), icon=":material/delete:"
        ):
            st.caption(say(library.DELETED_UNTIL))
            for run in gone:
                label = say("library.bring_back", "Bring back: {run}", run=library.called(run))
                st.button(label, key=f"back_{run.run_id}", width="stretch", on_click=_bring_back, args=(run.run_id,))


def _offer_to_open(run: StoredRun) -> None:
    found = None
    if st.button(say("library.open", "Open"), key=f"open_{run.run_id}", width="stretch", disabled=run.config is None):
        found = session.manager().get(run.run_id)
        if found is None:
            st.toast(
                say("library.cannot_open", "This run cannot be opened now. It may be training on another server."),
                icon=":material/block:",
            )
    if found:
        controls.put(presets.nearest_in_any_world(found.config), found.config)
        session.open_run(found)


def _more(run: StoredRun) -> None:
    run_id, is_live = run.run_id, run.state.is_live
    file = f"{library.file_name(library.called(run))}{parcel.SUFFIX}"
    st.text_input(
        say("library.name", "Name"), run.name, key=f"name_{run_id}", placeholder=plain(library.called(run)),
        max_chars=80, on_change=lambda: _change(Store.rename, run_id, st.session_state[f"name_{run_id}"]),
    )  # fmt: skip
    st.download_button(
        say("library.save", "Save as a file"), take_home.told_if_it_fails(lambda: _wrapped(run_id)),
        file, "application/zip", key=f"save_{run_id}", on_click="ignore",
        icon=":material/download:", width="stretch", disabled=is_live or run.config is None, help=say(library.SAVE),
    )  # fmt: skip
    st.button(
        say("library.delete", "Delete"), key=f"delete_{run_id}", icon=":material/delete:", width="stretch",
        disabled=is_live, on_click=_delete, args=(run_id,),
        help=say(library.STOP_FIRST if is_live else library.DELETED_UNTIL),
    )  # fmt: skip


def _wrapped(run_id: str) -> bytes:
    return session.manager().wrap(session.manager().get(run_id))


def _delete(run_id: str) -> None:
    if _tried(session.manager().starting.delete, run_id):
        st.session_state[DELETED] = run_id


def _bring_back(run_id: str) -> None:
    if _change(Store.restore, run_id):
        st.session_state.pop(DELETED, None)


def _fakes(run: StoredRun) -> str:
    if run.samples is None:
        return '<div class="no-fakes"></div>'
    png = export.grid_png(run.samples[:FAKES], columns=FAKES)
    alt = plain("library.fakes", "{count} fakes of {run}", count=FAKES, run=library.called(run))
    return pictures.html(png, alt, "fakes")
