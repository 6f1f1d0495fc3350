"""The scores of a run's fakes: four small charts, each with the line that real pictures reach."""

import streamlit as st

from gan.runs import Snapshot
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import theme
from pages.shared.stage.once import once
from pages.shared.words import html, plain, readings, say

HEIGHT, SHORT = 142, 96


def show(snapshot: Snapshot) -> None:
    """Draw each score over the epochs, or say why there is none."""
    if not snapshot.scores:
        st.info(
            say("score.none_yet", "The first scores come after the first epoch."), icon=":material/hourglass_empty:"
        )
        return
    drawn = _charts(snapshot, theme())
    if len(drawn) < len(readings.SCORES):
        st.caption(say(readings.NO_REFEREE))
    for (name, chart), column in zip(drawn.items(), st.columns(len(readings.SCORES), gap="small"), strict=False):
        title, line = readings.SCORES[name]
        with column:
            told = html("score.title", "**{title}** {line}", title=title, line=line)
            st.html(f'<p class="score">{told}</p>')
            lines.chart(chart, f"score_{name}", _height(snapshot))
    told = say(
        "score.scored_on",
        "{samples:,} new fakes, judged by a referee that has learned to read real pictures. "
        "Dashed: what real ones get.",
        samples=snapshot.scores[-1][1].samples,
    )
    st.caption(told)


@once
def _charts(snapshot: Snapshot, theme: str) -> dict[str, bytes]:
    """The chart of each score that these pictures have."""
    scores, floor = snapshot.scores, snapshot.floor
    drawn = {}
    for name in readings.SCORES:
        if getattr(scores[-1][1], name) is not None:
            spec = charts.score(name, scores, floor, theme, snapshot.config.epochs)
            drawn[name] = lines.encode(spec, plain(readings.score_alt(name, scores, floor)), _height(snapshot))
    return drawn


def _height(snapshot: Snapshot) -> int:
    return HEIGHT if snapshot.state.is_live else SHORT
