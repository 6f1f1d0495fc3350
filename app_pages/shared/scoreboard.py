"""The scores of a run's fakes: four small charts, each with the line that real pictures reach."""

import streamlit as st

from app_pages.shared import charts, lines, words
from app_pages.shared.frame import theme
from gan.runs import Snapshot

HEIGHT, SHORT = 142, 96


def show(snapshot: Snapshot) -> None:
    """Draw each score over the epochs, or say why there is none."""
    scores, floor = snapshot.scores, snapshot.floor
    if not scores:
        st.info(words.NO_SCORES_YET, icon=":material/hourglass_empty:")
        return
    newest = scores[-1][1]
    height = HEIGHT if snapshot.state.is_live else SHORT
    known = [name for name in words.SCORE_LINES if getattr(newest, name) is not None]
    if len(known) < len(words.SCORE_LINES):
        st.caption(words.NO_REFEREE)
    for name, column in zip(known, st.columns(len(words.SCORE_LINES), gap="small"), strict=False):
        title, line = words.SCORE_LINES[name]
        with column:
            st.html(f'<p class="score"><b>{title}</b> {line}</p>')
            spec = charts.score(name, scores, floor, theme(), snapshot.config.epochs)
            lines.chart(spec, f"score_{name}", words.score_alt(name, scores, floor), height=height)
    st.caption(words.SCORED_ON.format(samples=newest.samples))
