"""Which run is looked into, and which of its kept epochs: chosen on the page, by a link, or what this tab trains.

A run is named by its `watch_id`: who is given such a link may look at it, not steer it.
"""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import streamlit as st

from gan import inside
from gan.messages import Message, message_of, msg
from gan.runs import Run
from gan.runs.live.run import watch_id
from gan.runs.server import exhibit
from gan.setup.config import RunConfig
from pages.shared.tab import chosen_runs, session
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

RUN, RUN_QUERY = "inside_run", "inside"  # the widget's key, mirrored to ?inside=
EPOCH_QUERY, PICKS_QUERY = "epoch", "picks"  # of the run that the address names
CHARACTER_REM, ARROW_REM = 0.4, 2.5  # of the box: a letter's width, and that of what is no letter
NOTHING = msg("inside.nothing", "There is no trained run yet. Train one for a few seconds, then come back here.")
TOO_EARLY = msg("inside.too_early", "From this run's first whole epoch on, you can look inside.")
EXHIBIT = msg("inside.exhibit", "An example that comes along")
DOTS = msg(
    "inside.dots",
    "This run draws dots in a plane, not pictures: the page Dots shows all of it at once. Choose another run here.",
)
UNJUDGED = msg(
    "inside.unjudged",
    "No detective of this run judges whole pictures by themselves, and this page asks one. Choose another run here.",
)
NO_SPACE = msg(
    "inside.no_space",
    "The pictures of this run are not made of a few random numbers, so there is no space to walk in. "
    "Choose another run here.",
)
LOST = msg("inside.lost", "The run in this link is not on this computer any more.")


def choose(suits: Callable[[str], bool], why: Message) -> tuple[Run, int] | None:
    """A box with the runs that this visitor knows, of families that the page `suits`, and a slider over the kept epochs
    of the chosen one; `why` is said of a run of another family.

    None where there is nothing to look into; then the page says why, and what to press.
    """
    box, slider = st.columns([2, 3], gap="medium", vertical_alignment="bottom")
    with box:
        run = _choose_run(lambda config: _has_pictures(config) and suits(config.family))
    if run is None:
        _offer_to_train(NOTHING)
        return None
    if not run.moments.epochs:
        _offer_to_train(TOO_EARLY)
        return None
    if not (_has_pictures(run.config) and suits(run.config.family)):
        st.info(say(why if _has_pictures(run.config) else DOTS), icon=":material/scatter_plot:")
        return None
    with slider:
        return run, _choose_epoch(run)


def open_moment(run: Run, epoch: int) -> "Moment | None":
    """The run as it was after this epoch; None where it cannot be seen any more, and then the page says why."""
    try:
        return inside.open_moment(*run.as_kept(epoch))
    except ValueError as error:  # thinned out since the slider was drawn, or damaged
        st.warning(say(message_of(error)), icon=":material/history:")
        return None


def _choose_run(suits: Callable[[RunConfig], bool]) -> Run | None:
    own = session.current_run(session.PICTURES)
    asked = st.session_state.get(RUN) or _public(st.query_params.get(RUN_QUERY))
    titles = chosen_runs.known(filter(None, [asked, own and own.moments.epochs and own.watch_id]), suits)
    if exhibit.exhibit():
        titles |= {watch_id(exhibit.RUN_ID): plain(EXHIBIT)}
    if asked and asked not in titles:
        st.info(say(LOST), icon=":material/history:")
    if not titles:
        return None
    st.session_state[RUN] = asked if asked in titles else _first(titles, own)
    chosen = st.selectbox(
        say("inside.run", "Look inside"), list(titles), format_func=titles.get, key=RUN, persist_state="session"
    )
    _link_to(chosen)
    _write_whole(titles[chosen])
    return _find(chosen)


def _link_to(name: str) -> None:
    """Have the address name this run, and no epoch or picks of the run that it named before."""
    if _public(st.query_params.get(RUN_QUERY)) not in (None, name):
        for of_the_other in (EPOCH_QUERY, PICKS_QUERY):
            st.query_params.pop(of_the_other, None)
    _write(RUN_QUERY, name)


def _write_whole(title: str) -> None:
    """The chosen run's name below its box, where that is too narrow for it."""
    characters = sum(2 if east_asian_width(each) in "WF" else 1 for each in title)
    narrow = f"@container (max-width: {characters * CHARACTER_REM + ARROW_REM:.1f}rem)"
    shown = f"<style>{narrow} {{div.stElementContainer:has(.whole_name) {{display: block}}}}</style>"
    st.html(f'<p class="whole_name">{escape(title)}</p>{shown}')


def _find(name: str) -> Run | None:
    return exhibit.exhibit() if name == watch_id(exhibit.RUN_ID) else session.manager().find_watched(name)


def _has_pictures(config: RunConfig) -> bool:
    return session.page_of(config) == session.PICTURES


def _first(titles: dict[str, str], own: Run | None) -> str:
    """The run that this tab has on screen, or else the newest; rather one that can be looked into already."""
    names = [own.watch_id, *titles] if own and own.watch_id in titles else list(titles)
    return next((name for name in names if (run := _find(name)) and run.moments.epochs), names[0])


def _choose_epoch(run: Run) -> int:
    kept, key = run.moments.epochs, f"inside_epoch_{run.watch_id}"
    wished = st.session_state.get(key, _number(st.query_params.get(EPOCH_QUERY)))
    chosen = kept[-1] if wished is None else min(kept, key=lambda epoch: abs(epoch - wished))
    if len(kept) > 1:
        st.session_state[key] = chosen
        chosen = st.select_slider(say("inside.epoch", "After epoch"), kept, key=key, persist_state="session")
    _write(EPOCH_QUERY, str(chosen))
    return chosen


def _offer_to_train(why) -> None:
    st.markdown(f"#### {say(why)}")
    if st.button(say("inside.train", "Train one"), type="primary"):
        st.switch_page("train.py")


def _public(name: str | None) -> str | None:
    """The `watch_id` of the run that a link names by that or by its own id."""
    run = session.manager().get(name)
    return run.watch_id if run else name


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None


def _write(name: str, value: str) -> None:
    if st.query_params.get(name) != value:
        st.query_params[name] = value
