"""The scores of a run's fakes: one as a large chart, and all as numbers to be tapped beside what real pictures get."""

import streamlit as st

from gan import data
from gan.data import own
from gan.runs import Snapshot
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import theme
from pages.shared.stage.once import once
from pages.shared.words import html, plain, readings, say

KEY = "score"  # in session state: which one is large
FIRST = "realism"


def show(snapshot: Snapshot, height: int = lines.HEIGHT, short: bool = False) -> None:
    """Draw the chosen score over the epochs and tell all of them, or say why there is none; `short` where there is
    little room.
    """
    if not snapshot.scores:
        st.info(
            say("score.none_yet", "The first scores come after the first epoch."), icon=":material/hourglass_empty:"
        )
        return
    drawn = _charts(snapshot, theme(), height)
    large = st.session_state.get(KEY, FIRST)
    large = large if large in drawn else next(iter(drawn))
    st.html(_headline(snapshot, large))
    with st.container(key="scoreboard"):
        lines.chart(drawn[large], f"score_{large}")
        _numbers(snapshot, list(drawn), large, short)
    if short:
        return
    samples = snapshot.scores[-1][1].samples
    if data.get(snapshot.config.data).is_dots:
        told = say(
            "score.scored_on_dots", "{samples:,} new fakes beside real dots. Dashed: what other real dots get.",
            samples=samples,
        )  # fmt: skip
    else:
        if len(drawn) < len(readings.SCORES):
            st.caption(say(readings.NO_REFEREE))
        told = say(
            "score.scored_on",
            "{samples:,} new fakes, judged by a referee that has learned to read real pictures. "
            "Dashed: what real ones get.",
            samples=samples,
        )
    st.caption(told)


def copying(snapshot: Snapshot) -> None:
    """Of people's own pictures: whether the forger copies them."""
    known = [scores.copying for _, scores in snapshot.scores if scores.copying is not None]
    if known and own.is_own(snapshot.config.data):
        st.markdown(say(readings.copying_in_words(known[-1], snapshot.floor)))


def _numbers(snapshot: Snapshot, names: list[str], large: str, short: bool) -> None:
    """Buttons, each a score's number and what real pictures get; a tap makes its chart the large one."""
    newest = snapshot.scores[-1][1]
    with st.container(key="score_numbers"):
        for name in names:
            label = readings.score_number(name, newest, snapshot.floor, short)
            st.button(
                say(label), key=f"show_{name}", width="stretch",
                type="primary" if name == large else "secondary", on_click=_choose, args=(name,),
            )  # fmt: skip


def _choose(name: str) -> None:
    st.session_state[KEY] = name


@once
def _headline(snapshot: Snapshot, name: str) -> str:
    """What the large score says, as HTML."""
    told = readings.score_told(name, snapshot.scores[-1][1], snapshot.floor)
    return f'<p class="score">{html(told)}</p>'


@once
def _charts(snapshot: Snapshot, theme: str, height: int) -> dict[str, bytes]:
    """The chart of each score that these pictures have."""
    scores, floor = snapshot.scores, snapshot.floor
    drawn = {}
    for name in readings.ALL_SCORES:
        if getattr(scores[-1][1], name, None) is not None:
            spec = charts.score(name, scores, floor, theme, snapshot.epochs)
            drawn[name] = lines.encode(spec, plain(readings.score_alt(name, scores, floor)), height)
    return drawn
