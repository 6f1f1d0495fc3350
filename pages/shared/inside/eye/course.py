"""All epochs: the same picture before the detective of every kept epoch."""

import math

import streamlit as st

from gan import inside
from gan.messages import Message, msg
from gan.runs import Run
from gan.runs.state.history import spread
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import theme
from pages.shared.inside.eye import ladder
from pages.shared.inside.eye.picking import Picked
from pages.shared.words import plain, say

MOST = 40  # epochs, evenly spread, beside the one that is looked at
HEIGHT = 260
ABOUT = msg("eye.epochs_about", "One picture, judged by this run's detective as it was after each kept epoch.")
SOME = msg(
    "eye.epochs_some",
    "One picture, judged by this run's detective as it was after {shown} of its {kept} kept epochs, evenly spread.",
)
GONE = msg("eye.epochs_gone", "None of this run's epochs can be opened any more.")
ONE = msg("eye.one_epoch", "This run has kept a single epoch. Train longer, and a line grows here.")


def show(run: Run, epoch: int, picked: Picked) -> None:
    kept = run.moments.epochs
    epochs = sorted({*spread(kept, MOST), epoch})
    if len(epochs) < 2:
        st.info(say(ONE), icon=":material/show_chart:")
        return
    is_all = len(epochs) == len(kept)
    st.markdown(say(ABOUT if is_all else SOME.but(shown=len(epochs), kept=len(kept))))
    with st.spinner(say("eye.asking", "Asking {count} detectives ...", count=len(epochs))):
        known = ladder.detectives(run, epochs)  # one by one: large networks of forty epochs do not fit in memory
        points = [(each, inside.judge(moment, picked.subject).belief) for each, moment in known]
    if not points:
        st.info(say(GONE), icon=":material/history:")
        return
    told = _told(points)
    chart = charts.judged(points, theme(), epoch)
    lines.chart(lines.encode(chart, plain(told), HEIGHT), "eye_course")
    st.markdown(say(told))


def _told(points: list[tuple[int, float]]) -> Message:
    """Since when the detective has been of the opinion that it has now."""
    last, belief = points[-1]
    if not math.isfinite(belief):
        return msg("eye.course_away", "In the end this detective's numbers have run away.")
    since = last
    for epoch, other in reversed(points):
        if (other > 0.5) != (belief > 0.5):
            break
        since = epoch
    told = {"since": since, "last": last, "belief": belief}
    if belief > 0.5:
        return msg(
            "eye.course_real", "Taken for real since epoch {since}; after epoch {last}: {belief:.0%} real.", **told
        )
    return msg(
        "eye.course_fake", "Taken for a fake since epoch {since}; after epoch {last}: {belief:.0%} real.", **told
    )
