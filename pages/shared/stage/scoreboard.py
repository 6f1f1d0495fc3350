"""The scores of a run's fakes: four small charts, each with the line that real pictures reach."""

import streamlit as st

from gan.runs import Snapshot
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import theme
from pages.shared.stage.once import once
from pages.shared.words import words

HEIGHT, SHORT = 142, 96


def show(snapshot: Snapshot) -> None:
    """Draw each score over the epochs, or say why there is none."""
    if not snapshot.scores:
        st.info(words.NO_SCORES_YET, icon=":material/hourglass_empty:")
        return
    drawn = _charts(snapshot, theme())
    if len(drawn) < len(words.SCORE_LINES):
        st.caption(words.NO_REFEREE)
    for (name, chart), column in zip(drawn.items(), st.columns(len(words.SCORE_LINES), gap="small"), strict=False):
        title, line = words.SCORE_LINES[name]
        with column:
            st.html(f'<p class="score"><b>{title}</b> {line}</p>')
            lines.chart(chart, f"score_{name}", _height(snapshot))
    st.caption(words.SCORED_ON.format(samples=snapshot.scores[-1][1].samples))


@once
def _charts(snapshot: Snapshot, theme: str) -> dict[str, bytes]:
    """The chart of each score that these pictures have."""
    scores, floor = snapshot.scores, snapshot.floor
    drawn = {}
    for name in words.SCORE_LINES:
        if getattr(scores[-1][1], name) is not None:
            spec = charts.score(name, scores, floor, theme, snapshot.config.epochs)
            drawn[name] = lines.encode(spec, words.score_alt(name, scores, floor), _height(snapshot))
    return drawn


def _height(snapshot: Snapshot) -> int:
    return HEIGHT if snapshot.state.is_live else SHORT
