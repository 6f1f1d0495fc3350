"""Which runs are compared: chosen on the page, by a link, or by a tap elsewhere.

They are named by their `watch_id`: who is given such a link may look at the runs, not steer them.
"""

from collections.abc import Callable, Iterable
from typing import NoReturn

import streamlit as st

from gan.messages import Message
from gan.runs import Run
from gan.runs.live.run import watch_id
from gan.runs.server.contest import MOST
from gan.setup.config import RunConfig
from pages.shared.tab import session
from pages.shared.words import comparisons, plain, say

CHOSEN = "compared"  # the widget's key, mirrored to ?runs=
QUERY = "runs"


def turn_to(runs: Iterable[Run]) -> NoReturn:
    """Show these runs side by side."""
    put(run.watch_id for run in runs)
    st.switch_page(session.script_of("compare"))


def put(names: Iterable[str]) -> None:
    """For a button's on_click: choose these runs."""
    st.session_state[CHOSEN] = list(names)


def choose() -> list[Run]:
    """A box with the runs that this visitor knows, and those that were chosen."""
    asked = st.session_state.get(CHOSEN)
    if asked is None:
        asked = list(map(_public, filter(None, st.query_params.get(QUERY, "").split(","))))
    titles = known(asked)
    there = [name for name in dict.fromkeys(asked) if name in titles][:MOST]
    put(there)
    if len(there) < len(asked):
        st.info(say(comparisons.LOST_RUNS), icon=":material/history:")
    chosen = st.multiselect(
        say("compare.choose", "Runs to compare"), list(titles), format_func=titles.get, key=CHOSEN,
        max_selections=MOST, placeholder=plain("compare.choose_two", "Choose two to four"),
    )  # fmt: skip
    if chosen:
        st.query_params[QUERY] = ",".join(chosen)
    else:
        st.query_params.pop(QUERY, None)
    runs = [run for run in map(session.manager().find_watched, chosen) if run]
    if len(runs) < 2:
        _say_how(list(titles))
    return runs


def _public(name: str) -> str:
    """The `watch_id` of the run that a link names by that or by its own id."""
    run = session.manager().get(name)
    return run.watch_id if run else name


def _say_how(there: list[str]) -> None:
    """What the page is for, and the one thing to press."""
    st.markdown(f"#### {say(comparisons.ABOUT)}")
    if len(there) < 2:
        st.markdown(say(comparisons.NOTHING))
        race = session.script_of("race")
        st.page_link(race, label=say("compare.start_a_race", "Start a race"), icon=":material/flag:")
        return
    st.markdown(say(comparisons.HOW))
    newest = say("compare.two_newest", "Compare the two newest")
    st.button(newest, key="newest", type="primary", on_click=put, args=(there[:2],))


def known(asked: Iterable[str], fits: Callable[[RunConfig], bool] = lambda config: True) -> dict[str, str]:
    """The runs that have trained and whose config fits, the newest first, and those that a link names, whatever they
    are; and what a person calls them.
    """
    manager, asked = session.manager(), [*asked]
    try:
        kept = session.seen(manager.store.runs()) if manager.store else []
    except ValueError:  # the library page says why
        kept = []
    stored = {watch_id(each.run_id): each for each in kept if each.config and each.epoch}
    own = {
        name: (each.config, comparisons.run_name(each.config, each.name, each.created))
        for name, each in stored.items()
        if name in asked or fits(each.config)
    }
    there = [] if manager.store else reversed(manager.runs())
    own |= {run.watch_id: _titled(run) for run in there if run.snapshot().points and fits(run.config)}
    named = [run for name in reversed(asked) if name not in own and (run := manager.find_watched(name))]
    return comparisons.told_apart({run.watch_id: _titled(run) for run in named} | own)


def _titled(run: Run) -> tuple[RunConfig, Message]:
    return run.config, comparisons.run_name(run.config)
