"""One browser tab: which run it watches, and how it starts and stops one."""

import atexit
import os
import uuid
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from app_pages.shared import words
from gan.config import RunConfig
from gan.runs import Run, RunManager
from gan.runs.download import Downloads
from gan.runs.lease import GRACE_SECONDS
from gan.runs.warm import warm_up

# In session state, and mirrored to the address so that F5 and links find the run again: the run that is on screen,
# by the id that lets steer it, or by the other one, which only lets watch it.
RUN, WATCH = "run", "watch"
GRACE_SECONDS_ENV = "GAN_STUDIO_GRACE_SECONDS"  # how long a run goes on alone
ASKED = "asked_to_begin"
OWN_RUN = "own_run"  # the run that this tab started itself


@dataclass(frozen=True)
class Viewer:
    """This tab, as the run manager knows it."""

    name: str
    manager: RunManager

    def leave(self) -> None:
        self.manager.leave(self.name)


@st.cache_resource(show_spinner=False)
def manager() -> RunManager:
    """The one run manager of this server."""
    warm_up()
    manager = RunManager(grace_seconds=float(os.environ.get(GRACE_SECONDS_ENV, GRACE_SECONDS)))
    atexit.register(manager.stop_all)
    return manager


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """The downloads of this server; two tabs that ask for the same set share one."""
    return Downloads()


# Released when the tab closes, on F5 and when the connection drops; so leaving only starts a grace time.
@st.cache_resource(show_spinner=False, scope="session", on_release=Viewer.leave)
def viewer() -> Viewer:
    return Viewer(uuid.uuid4().hex, manager())


def current_run() -> Run | None:
    """The run on screen: the one that this tab shows already, or the one that the link names."""
    for named in (st.session_state, st.query_params):
        if run := manager().get(named.get(RUN)):
            _show(run, RUN)
            return run
        if run := manager().find_watched(named.get(WATCH)):
            _show(run, WATCH)
            return run
    return None


def only_watches() -> bool:
    """Whether the run on screen is somebody else's: what would change it for all is not offered then."""
    return WATCH in st.session_state


def show_lost_run(run: Run | None) -> None:
    """Say so if the link names a run, and there is none."""
    if run is None and (RUN in st.query_params or WATCH in st.query_params):
        st.info(words.LOST_RUN, icon=":material/history:")


def begin(config: RunConfig, parent: Run | None = None, epoch: int = 0) -> NoReturn:
    """Start a run and show it; with a `parent`, from where that run was after `epoch`.

    This tab's own run before it is stopped; one opened by a link goes on.
    """
    before = manager().get(st.session_state.get(OWN_RUN))
    if before:
        before.stop()
    run = manager().start(config, viewer().name, parent, epoch)
    st.session_state[OWN_RUN] = run.run_id
    _show(run, RUN)
    st.switch_page("app_pages/train.py")


def ask_to_begin(config: RunConfig, parent: Run | None = None, epoch: int = 0) -> None:
    """For a button's on_click: start this when the page runs next, with its settings on the page."""
    st.session_state[ASKED] = config, parent, epoch


def asked_to_begin() -> tuple[RunConfig, Run | None, int] | None:
    """What `ask_to_begin` was told, once."""
    return st.session_state.pop(ASKED, None)


def is_asked_to_begin() -> bool:
    return ASKED in st.session_state


def stop(run: Run) -> NoReturn:
    """Stop a run and show it: a step ends within half a second, so the next page shows it at rest."""
    run.stop()
    run.wait(timeout=0.4)
    st.rerun()


def _show(run: Run, link: str) -> None:
    """Be a viewer of the run, and keep its id in session state and in the address."""
    manager().follow(run, viewer().name)
    name, other = (run.run_id, WATCH) if link == RUN else (run.watch_id, RUN)
    st.session_state[link] = name
    st.session_state.pop(other, None)
    if st.query_params.get(link) != name:
        st.query_params[link] = name
    st.query_params.pop(other, None)
