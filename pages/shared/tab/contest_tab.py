"""The contests of one browser tab: their links, and that they go on while the tab looks elsewhere."""

from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan.desk.rules import START
from gan.messages import message_of
from gan.runs import Contest, Kind, Run, Snapshot
from pages.shared.server.held import contests
from pages.shared.tab import session
from pages.shared.words import say

OWN = "own_{kind}"  # the contest that this tab started itself
SEEN = "seen_{kind}"  # the one that it looks at, mirrored to ?race= and so on


def current(kind: Kind) -> Contest | None:
    """The contest that this tab looks at: its own, or the one that the link names."""
    seen = SEEN.format(kind=kind)
    contest_id = st.session_state.get(seen) or st.query_params.get(kind)
    contest = contests().get(contest_id) if contest_id else None
    if contest is None or contest.kind is not kind:
        st.session_state.pop(seen, None)
        return None
    st.session_state[seen] = contest_id
    return contest


def turn_to(contest: Contest) -> NoReturn:
    """Look at this contest, on its page; at the one that it belongs to, where that is known."""
    contest = contests().get(contest.more_of) or contest
    st.session_state[SEEN.format(kind=contest.kind)] = contest.contest_id
    st.switch_page(session.script_of(contest.kind))


def is_lost(kind: Kind) -> bool:
    """Whether the link names a contest that is not known here."""
    return kind in st.query_params and current(kind) is None


def show(contest: Contest) -> None:
    """Make the page's address a link to this contest."""
    if st.query_params.get(contest.kind) != contest.contest_id:
        st.query_params[contest.kind] = contest.contest_id


def keep_watching() -> None:
    """On every page: contests that go on are watched, and the address finds them again after F5."""
    live = []
    for kind in Kind:
        contest = current(kind)
        run_ids = [run_id for each in _with_more(contest) for run_id in each.run_ids]
        runs = [run for run in session.manager().runs() if run.run_id in run_ids]
        if any(run.is_live for run in runs):
            show(contest)
            live += [run for run in runs if run.is_live]
    session.watch_beside(live)


def _with_more(contest: Contest | None) -> list[Contest]:
    """A contest, and what belongs to it."""
    if contest is None:
        return []
    return [contest, *(contests().more_of(contest) if contest.kind is Kind.VERSUS else [])]


def begin(kind: Kind, start: Callable[..., Contest], *args: object, **options: object) -> NoReturn:
    """Start a contest and show it; this tab's own one before it is stopped."""
    try:
        session.rules().check(START)
        contest = start(*args, viewer=session.viewer().name, owner=session.visitor(), **options)
    except ValueError as error:
        st.session_state[session.REFUSED] = message_of(error)
        st.rerun()
    own = OWN.format(kind=kind)
    for before in _with_more(contests().get(st.session_state.get(own))):
        stop(contests().runs(before))
    st.session_state[own] = st.session_state[SEEN.format(kind=kind)] = contest.contest_id
    show(contest)
    st.switch_page(session.script_of(kind))


def begin_more(contest: Contest, seeds: Sequence[int]) -> NoReturn:
    """Train the recipes of a comparison again with other seeds, and stay with it."""
    names = tuple(dict.fromkeys(name for name, _ in contest.values))
    try:
        session.rules().check(START)
        contests().versus(
            names, contest.base.data, contest.seconds, viewer=session.viewer().name, owner=session.visitor(),
            seeds=seeds, more_of=contest.contest_id,
        )  # fmt: skip
    except ValueError as error:
        st.session_state[session.REFUSED] = message_of(error)
    st.rerun()


def show_trouble(snapshots: Iterable[Snapshot | None]) -> None:
    """Say so once if some of the runs are not kept on disk."""
    reasons = [each.unkept for each in snapshots if each and each.unkept]
    for reason in reasons[:1]:
        st.warning(say(reason), icon=":material/save:")


def steers(contest: Contest) -> bool:
    """Whether this visitor may change it for all: on the server's own computer everybody, elsewhere who started it."""
    return session.is_teacher() or contest.owner == session.visitor()


def link(contest: Contest) -> str:
    """How its runs are opened: by the id that lets steer them, or by the other one."""
    return session.RUN if steers(contest) else session.WATCH


def stop(runs: Sequence[Run | None]) -> None:
    """Ask all of these to stop."""
    for run in runs:
        if run:
            run.stop()


def offer_to_stop(place: DeltaGenerator, contest: Contest, runs: Sequence[Run | None]) -> None:
    """The button that stops all of a contest's runs, for those who steer it."""
    label, key = say("contest.stop_all", "Stop all"), f"stop_{contest.kind}"
    if steers(contest) and place.button(label, key=key, type="primary", width="stretch"):
        stop(runs)
        st.rerun()


def leave(kind: Kind) -> None:
    """For a button's on_click: back to where one chooses the next contest."""
    st.session_state.pop(SEEN.format(kind=kind), None)
    st.query_params.pop(kind, None)
