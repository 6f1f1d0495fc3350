"""One browser tab: which run it watches, and how it starts and stops one."""

import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

import streamlit as st

from gan import data
from gan.desk import Rules
from gan.desk.rules import START
from gan.messages import Message, message_of
from gan.runs import Run, RunManager
from gan.runs.kept.store import StoredRun
from gan.runs.server import engines
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from gan.setup.kinds import complaints
from pages.shared.draw.theme import SETTINGS_SHUT
from pages.shared.server import door, elsewhere, held
from pages.shared.server.held import manager
from pages.shared.server.who import TEACHER, UNKNOWN
from pages.shared.tab import desk
from pages.shared.words import say

SCRIPTS = Path(__file__).parents[2]  # of all pages
PICTURES, DOTS = "train.py", "dots.py"  # the pages that show a run
REFUSED = "refused"  # why a run could not be started
WORD = "left_word"  # what another page has to say on the Train page
# In session state, and mirrored to the address so that F5 and links find the run again: the run that is on screen,
# by the id that lets steer it, or by the other one, which only lets watch it.
RUN, WATCH = "run", "watch"
ASKED = "asked"
OWN_RUN = "own_run"  # the run that this tab started itself
TABLE, ROOM = "table", "room"  # in the address too: the light-table and the room, for who opened them
EVERY_SECONDS = 0.8  # between two looks at a run that moves
CROWD = 10  # viewers on this server; with more, looks are rarer, so that training keeps its share of the processor
EVERY_SECONDS_IN_A_CROWD = 1.2
WATCHED = "watched_before"  # the run that this tab watched before it started its own
BESIDE = "beside"  # live runs that this tab watches beside that one, such as those of its race
COMPANY = "company"  # the run that this tab left going when it began its own, to compare both


@dataclass(frozen=True)
class Viewer:
    """This tab, as the run manager knows it."""

    name: str
    manager: RunManager

    def leave(self) -> None:
        self.manager.leave(self.name)


# Released when the tab closes, on F5 and when the connection drops; so leaving only starts a grace time.
@st.cache_resource(show_spinner=False, scope="session", on_release=Viewer.leave)
def viewer() -> Viewer:
    return Viewer(uuid.uuid4().hex, manager())


def every_seconds() -> float:
    """Seconds between two looks at a run that moves."""
    return EVERY_SECONDS if manager().viewers <= CROWD else EVERY_SECONDS_IN_A_CROWD


def script_of(address: str) -> str:
    """The script of the page with this address, in whichever folder of `pages/` it lies."""
    scripts = (path.relative_to(SCRIPTS) for path in SCRIPTS.rglob(f"{address}.py"))
    return str(next(path for path in scripts if path.parts[0] != "shared"))


def page_of(config: RunConfig) -> str:
    """The page that shows runs of this config."""
    return page_of_set(config.data)


def page_of_set(name: str) -> str:
    """The page that shows runs of this picture set."""
    return DOTS if data.get(name).is_dots else PICTURES


def current_run(page: str | None = None) -> Run | None:
    """The run on screen: the one that this tab shows already, or the one that the link names; on a `page`, only one
    that belongs there.
    """
    run = _on_screen()
    return run if run and page in (None, page_of(run.config)) else None


def _on_screen() -> Run | None:
    for named in (st.session_state, st.query_params):
        if run := manager().get(named.get(RUN)):
            _show(run, RUN)
            return run
        if run := manager().newest(manager().find_watched(named.get(WATCH))):
            _show(run, WATCH)
            return run
    return None


def only_watches() -> bool:
    """Whether the run on screen is somebody else's: what would change it for all is not offered then."""
    return WATCH in st.session_state


def watched_before() -> Run | None:
    """The run that this tab was given to watch, before it started one of its own."""
    return manager().newest(manager().find_watched(st.session_state.get(WATCHED)))


def has_moved_on(run: Run) -> bool:
    """Whether who started the run that this tab watches has started another since."""
    return only_watches() and manager().newest(run) is not run


def show_lost_run(run: Run | None) -> None:
    """Say so if the link names a run, and there is none."""
    if run is None and (RUN in st.query_params or WATCH in st.query_params):
        told = say("link.lost_run", "The run in this link is not on this computer any more. Start a new one.")
        st.info(told, icon=":material/history:")


def begin(config: RunConfig, parent: Run | None = None, epoch: int = 0) -> NoReturn:
    """Start a run and show it; with a `parent`, from where that run was after `epoch`.

    This tab's own run before it is stopped; one opened by a link goes on.
    """
    starting = manager().starting
    _start(partial(starting.fork, config, parent, epoch) if parent else partial(starting.new, config), config)
    st.switch_page(page_of(config))


def start(config: RunConfig) -> Run:
    """The same for a caller who wants to know the run before its page is turned to."""
    return _start(partial(manager().starting.new, config), config)


def begin_beside(config: RunConfig, other: Run) -> Run:
    """Start a run, while the `other`, which this tab has on screen, goes on where there is a place for both."""
    stays = other if other.is_live and not ahead() else None
    return _start(partial(manager().starting.new, config), config, stays)


def ahead(instead_of: Run | None = None) -> int:
    """The place in the queue that a new run of this tab's would have, with a run stopped; 0 where it begins at once."""
    return manager().ahead(viewer().name, visitor(), instead_of)


def resume(run: Run) -> NoReturn:
    """Go on with a run that ended before its last epoch, and show it."""
    _start(partial(manager().starting.resume, run.run_id), run.config)
    st.switch_page(page_of(run.config))


def _start(start: Callable[[str, str | None], Run], config: RunConfig, stays: Run | None = None) -> Run:
    """Start a run and be its viewer; this tab's runs before it are stopped, but for the one that `stays`."""
    try:
        rules().check(START)
        run = start(viewer().name, visitor())
    except ValueError as error:
        st.session_state[REFUSED] = message_of(error)
        st.switch_page(page_of(config))
    own, shown = (manager().get(st.session_state.get(name)) for name in (OWN_RUN, RUN))
    if shown and shown is not run and not shown.is_live:
        manager().lead_on(shown, run)
    if own and own not in (run, stays):
        manager().lead_on(own, run)
    for before in (own, manager().get(st.session_state.get(COMPANY))):
        if before and before not in (run, stays):
            before.stop()
    st.session_state[OWN_RUN] = run.run_id
    st.session_state[COMPANY] = stays and stays.run_id
    st.session_state[SETTINGS_SHUT] = True
    _show(run, RUN)
    return run


def open_run(run: Run, link: str = RUN) -> NoReturn:
    """Show a run on its page, with its buttons or, as WATCH, without them."""
    _show(run, link)
    st.switch_page(page_of(run.config))


def seen(runs: list[StoredRun]) -> list[StoredRun]:
    """Those that this visitor's library lists: all of them on the server's own computer, elsewhere its own.

    Raises ValueError where the library cannot be read.
    """
    if is_teacher():
        return runs
    own = manager().store.runs_of(visitor())
    return [run for run in runs if run.run_id in own]


def show_notice() -> None:
    """Say so if the library could not be opened as it was left, or a limit of the server means nothing."""
    for complaint in Limits.read(os.environ)[1] + complaints(os.environ, engines.address, elsewhere.own):
        st.warning(say(complaint), icon=":material/rule:")
    store = manager().store
    if store and store.notice:
        st.warning(say(store.notice), icon=":material/inventory_2:")


def leave_word(sentence: Message) -> None:
    """Have a sentence said on the Train page, once."""
    st.session_state[WORD] = sentence


def show_word() -> None:
    """Say what another page left to be said here."""
    if WORD in st.session_state:
        st.toast(say(st.session_state.pop(WORD)), icon=":material/info:", duration="long")


def show_refusal() -> None:
    """Say why a run could not be started, once."""
    if REFUSED in st.session_state:
        st.warning(say(st.session_state.pop(REFUSED)), icon=":material/block:")


def is_teacher() -> bool:
    """Whether the visitor is the one whose server this is, or is in at the teacher's desk."""
    return visitor() is None or desk.is_in()


def teacher() -> str:
    """The teacher's name, by which what one of their tabs has opened is found again in another; "" for a pupil, whose
    address may be a whole class's. Away from the server's own computer a tab is the teacher's once it was given the
    PIN, which no link holds.
    """
    return (visitor() or TEACHER) if is_teacher() else ""


def rules() -> Rules:
    """What this visitor may do, and which controls there are for them: for the teacher all."""
    ours = held.desk().rules
    return Rules() if ours != Rules() and is_teacher() else ours


def refuses(what: str) -> bool:
    """Whether this visitor may not do this; then it is said why."""
    try:
        rules().check(what)
    except ValueError as error:
        st.info(say(message_of(error)), icon=":material/block:")
        return True
    return False


def visitor() -> str | None:
    """The visitor's computer or browser, by which places are shared out fairly; None for the teacher."""
    name = st.context.headers.get(door.HEADER.decode(), UNKNOWN)
    return None if name == TEACHER else name


def ask(config: RunConfig, begin: Callable[[], None], is_new: bool = True) -> None:
    """For a button's on_click: do this when the page runs next, with these settings on the page; `is_new` where it
    begins a run that has not been there yet.
    """
    st.session_state[ASKED] = config, begin, is_new


def ask_to_begin(config: RunConfig, parent: Run | None = None, epoch: int = 0) -> None:
    """For a button's on_click: start this when the page runs next, with its settings on the page."""
    ask(config, partial(begin, config, parent, epoch))


def ask_to_resume(run: Run) -> None:
    """For a button's on_click: go on with this run when the page runs next, with its settings on the page."""
    ask(run.config, partial(resume, run), is_new=False)


def take_what_was_asked(page: str) -> tuple[RunConfig, Callable[[], None], bool] | None:
    """What a button asked to start or to show, how, and whether it is new: once, then it is no longer asked. It is
    done on the page that it belongs to.
    """
    if ASKED in st.session_state and (there := page_of(st.session_state[ASKED][0])) != page:
        st.switch_page(there)
    return st.session_state.pop(ASKED, None)


def is_something_asked() -> bool:
    return ASKED in st.session_state


def ask_to_show(run: Run, link: str = RUN) -> None:
    """For a button's on_click: turn to this run when the Train page runs next, with its settings on the page."""
    ask(run.config, partial(open_run, run, link), is_new=False)


def watch_beside(runs: Sequence[Run]) -> None:
    """Watch these runs too, whichever page this tab looks at, until told others."""
    company = manager().get(st.session_state.get(COMPANY))
    runs = [*runs, *([company] if company and company.is_live else [])]
    if runs or st.session_state.get(BESIDE):
        st.session_state[BESIDE] = runs
        shown = manager().get(st.session_state.get(RUN)) or manager().find_watched(st.session_state.get(WATCH))
        manager().watch(viewer().name, *dict.fromkeys([*([shown] if shown else []), *runs]))


def stop(run: Run) -> NoReturn:
    """Stop a run and show it: a step ends within half a second, so the next page shows it at rest."""
    run.stop()
    run.wait(timeout=0.4)
    st.rerun()


def look_away() -> None:
    """Have no run on screen that has ended: what comes next begins with none."""
    run = _on_screen()
    if run and not run.is_live:
        for name in (RUN, WATCH):
            st.session_state.pop(name, None)
            st.query_params.pop(name, None)


def _show(run: Run, link: str) -> None:
    """Be a viewer of the run, and keep its id in session state and in the address."""
    manager().watch(viewer().name, *dict.fromkeys([run, *st.session_state.get(BESIDE, ())]))
    name, other = (run.run_id, WATCH) if link == RUN else (run.watch_id, RUN)
    st.session_state[link] = name
    before = st.session_state.pop(other, None)
    if before and other == WATCH:
        st.session_state[WATCHED] = before
    if st.query_params.get(link) != name:
        st.query_params[link] = name
    st.query_params.pop(other, None)
