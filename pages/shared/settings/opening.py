"""What the pages of one run begin with: the settings, which run is on screen, and who steers it."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from gan.runs import Run
from gan.setup.config import RunConfig
from pages.shared.settings import controls, locks
from pages.shared.tab import looks, session


class Opened(NamedTuple):
    """A page of one run, as it begins: the run if there is one, whether it goes on, and what this visitor may do."""

    run: Run | None
    live: bool
    watches: bool
    steers: bool


def open_page(page: str) -> Opened:
    """Take what the link, another page or the widgets say of the settings, and find the run of this `page`.

    Where another page has asked for a run, that begins instead.
    """
    run = session.current_run(page)
    controls.read_link(run and run.config, page)
    looks.recall(run)
    controls.settle()
    if asked := session.take_what_was_asked(page):
        _do(*asked)
    live = run is not None and run.is_live
    watches = run is not None and session.only_watches()
    return Opened(run, live, watches, live and not watches)


def _do(asked: RunConfig, begin_it: Callable[[], None], is_new: bool) -> None:
    """What was asked for; a new run only where nothing is locked that it would change."""
    if is_new and (refused := locks.why_not(asked)):
        st.session_state[session.REFUSED] = refused
        return
    controls.take_over(asked)
    begin_it()
