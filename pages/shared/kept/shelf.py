"""The library's lines: one a run, with all that can be done with it."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan import export
from gan.desk.rules import LIBRARY
from gan.messages import Message, message_of, msg, msgs
from gan.runs import Kind
from gan.runs.kept import parcel
from gan.runs.kept.store import Store, StoredRun
from pages.shared.draw import pictures
from pages.shared.kept import file_button
from pages.shared.kept.found import Listed, Row
from pages.shared.settings import controls
from pages.shared.tab import contest_tab, session
from pages.shared.words import library, plain, say

FAKES = 5  # of each run
OPEN_CONTEST = {
    Kind.RACE: msg("library.open_race", "Open the race *{name}*"),
    Kind.VERSUS: msg("library.open_versus", "Open the comparison *{name}*"),
    Kind.SWEEP: msg("library.open_sweep", "Open the sweep *{name}*"),
}
DELETED = "deleted_runs"  # whose deletion can be undone with one click, and what they are called together
TROUBLE = "library_trouble"  # why the newest click changed nothing


def show(row: Row, is_open: bool = False) -> None:
    """A run, or a race or sweep whose runs are to be seen when it `is_open` or is opened."""
    if row.contest is None:
        _show_run(row.runs[0])
        return
    contest, runs, title = row.contest, [each.run for each in row.runs], library.contest_called(row.contest)
    with st.container(border=True, key=f"contest_{contest.contest_id}"):
        fakes, text, star, show_it, more = st.columns(
            [3.3, 6.4, 0.6, 1.6, 0.9], gap="small", vertical_alignment="center"
        )
        fakes.html(_fakes(next((run for run in runs if run.samples is not None), runs[0])))
        text.markdown(f"**{say(title)}**  \n:gray[{say(library.contest_line(contest, runs))}]")
        _star(star, title, row.all_runs, contest.contest_id)
        opening = say(OPEN_CONTEST[contest.kind].but(name=title))
        if show_it.button(opening, key=f"open_{contest.contest_id}", width="stretch"):
            contest_tab.turn_to(contest)
        with _more(more, title):
            many = len(row.all_runs)
            label = say(msgs("library.delete_all", "Delete its run", "Delete all {count} runs", many))
            _offer_to_delete(label, title, row.all_runs, contest.contest_id)
        inside = say("library.its_runs", "Its runs ({count})", count=len(runs))
        key = f"runs_of_{contest.contest_id}_{is_open}"  # a search opens it, and its end closes it
        with st.expander(inside, is_open, key=key, on_change="rerun") as its_runs:
            if its_runs.open:
                for each in row.runs:
                    _show_run(each)


def _show_run(listed: Listed) -> None:
    """One run: its fakes, its name, how far it came, and what to do with it."""
    run, title = listed.run, library.called(listed.run)
    with st.container(border=True, key=f"run_{run.run_id}"):
        fakes, text, star, show_it, more = st.columns(
            [3.3, 6.4, 0.6, 1.3, 0.9], gap="small", vertical_alignment="center"
        )
        fakes.html(_fakes(run))
        text.markdown(f"**{say(title)}**  \n:gray[{say(library.line(run, listed.place))}]")
        _star(star, title, (run,), run.run_id)
        with show_it:
            _offer_to_open(run)
        with _more(more, title):
            _offer_a_name_and_a_file(run)
            _offer_to_delete(say("library.delete", "Delete"), title, (run,), run.run_id)


def _star(place: DeltaGenerator, title: Message, runs: Sequence[StoredRun], key: str) -> None:
    """A star for a run, or for all of a race or sweep."""
    is_starred = all(run.is_starred for run in runs)
    place.button(
        say(library.star(title, is_starred)), key=f"star_{key}",  # as "More", is not seen, but read out
        icon=":material/star:" if is_starred else ":material/star_outline:", type="tertiary",
        help=say("library.star", "A run with a star never has to make room for others."),
        on_click=_change, args=(Store.star, *(run.run_id for run in runs)), kwargs={"is_starred": not is_starred},
    )  # fmt: skip


def _more(place: DeltaGenerator, title: Message) -> DeltaGenerator:
    about = say("library.more_about", "More about {run}", run=title)
    return place.popover(about, icon=":material/more_horiz:", width="stretch")


def where() -> str | None:
    """Where the runs lie, for whose computer it is."""
    if not session.is_teacher():
        return None
    library = session.manager().store.library
    if library.database:
        return say("library.shared", "Shared by several servers: {address}", address=library.told)
    return say("library.where", "The folder: {folder}", folder=library.told)


def show_trouble() -> None:
    """Say why the newest click changed nothing, once."""
    if trouble := st.session_state.pop(TROUBLE, None):
        st.error(say(trouble), icon=":material/error:")


def _change(change: Callable[..., None], *values: object, **options: object) -> bool:
    """For a button's on_click: change runs in the store. A full disk is told; then nothing has changed."""
    return _tried(change, session.manager().store, *values, **options)


def _tried(change: Callable[..., None], *values: object, **options: object) -> bool:
    try:
        session.rules().check(LIBRARY)
        change(*values, **options)
    except ValueError as error:
        st.session_state[TROUBLE] = message_of(error)
        return False
    return True


def undo(gone: Sequence[Row]) -> None:
    """What was just deleted, and all else that can still be brought back."""
    there = {run.run_id for row in gone for run in row.all_runs}
    just, title = st.session_state.get(DELETED, ((), None))
    just = [run_id for run_id in just if run_id in there]
    if just:
        text, button = st.columns([8, 1.3], vertical_alignment="center")
        text.info(say("library.deleted", "Deleted: {run}", run=title), icon=":material/delete:")
        undo = say("library.undo", "Undo")
        button.button(undo, key="undo", type="primary", width="stretch", on_click=_bring_back, args=just)
    if len(there) > len(just):
        label = say("library.deleted_runs", "Deleted runs ({count})", count=len(there))
        with st.popover(label, icon=":material/delete:"):
            st.caption(say(library.DELETED_UNTIL))
            for row in gone:
                _offer_to_bring_back(row)


def _offer_to_bring_back(row: Row) -> None:
    run_ids = [run.run_id for run in row.all_runs]
    is_whole = row.contest and len(run_ids) > 1
    title = library.contest_called(row.contest) if is_whole else library.called(row.runs[0].run)
    label = say("library.bring_back", "Bring back: {run}", run=title)
    key = f"back_{row.contest.contest_id if is_whole else run_ids[0]}"
    st.button(label, key=key, width="stretch", on_click=_bring_back, args=run_ids)


def _offer_to_open(run: StoredRun) -> None:
    found = None
    label = say("library.open", "Open *{name}*", name=library.called(run))  # which one is not seen, but read out
    if st.button(label, key=f"open_{run.run_id}", width="stretch", disabled=run.config is None):
        found = session.manager().get(run.run_id)
        if found is None:
            st.toast(
                say("library.cannot_open", "This run cannot be opened now. It may be training on another server."),
                icon=":material/block:",
            )
    if found:
        controls.take_over(found.config)
        session.open_run(found)


def _offer_a_name_and_a_file(run: StoredRun) -> None:
    run_id, is_live = run.run_id, run.state.is_live
    file = f"{library.file_name(library.called(run))}{parcel.SUFFIX}"
    st.text_input(
        say("library.name", "Name"), run.name, key=f"name_{run_id}", placeholder=plain(library.called(run)),
        max_chars=80, on_change=lambda: _change(Store.rename, run_id, st.session_state[f"name_{run_id}"]),
    )  # fmt: skip
    file_button.offer(
        say("library.save", "Save as a file"), lambda: _wrapped(run_id), file, "application/zip", f"save_{run_id}",
        width="stretch", disabled=is_live or run.config is None, help=say(library.SAVE),
    )  # fmt: skip


def _offer_to_delete(label: str, title: Message, runs: Sequence[StoredRun], key: str) -> None:
    """A button that deletes a run, or all of a race or sweep."""
    are_live = any(run.state.is_live for run in runs)
    st.button(
        label, key=f"delete_{key}", icon=":material/delete:", width="stretch", disabled=are_live,
        on_click=_delete, args=(title, *(run.run_id for run in runs)),
        help=say(library.STOP_FIRST if are_live else library.DELETED_UNTIL),
    )  # fmt: skip


def _wrapped(run_id: str) -> bytes:
    return session.manager().wrap(session.manager().get(run_id))


def _delete(title: Message, *run_ids: str) -> None:
    if _tried(session.manager().starting.delete, *run_ids):
        st.session_state[DELETED] = run_ids, title


def _bring_back(*run_ids: str) -> None:
    if _change(Store.restore, *run_ids):
        st.session_state.pop(DELETED, None)


def _fakes(run: StoredRun) -> str:
    if run.samples is None:
        return '<div class="no-fakes"></div>'
    samples = run.samples if export.is_dots(run.samples) else run.samples[:FAKES]
    png = export.grid_png(samples, columns=FAKES, scale=1 if export.is_dots(run.samples) else 2)
    alt = plain("library.fakes", "{count} fakes of {run}", count=FAKES, run=library.called(run))
    return pictures.html(png, alt, "fakes")
