"""What is measured of a run of dots: who is winning, its courses, and how alike fakes and real dots are."""

import streamlit as st

from gan.runs import Snapshot
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import theme
from pages.shared.settings import hidden
from pages.shared.stage import doctor_bar, scoreboard, standing
from pages.shared.stage.once import once
from pages.shared.words import plain, readings, say, states

HEIGHT = 102


def show(snapshot: Snapshot) -> None:
    """The numbers of now, and their courses."""
    standing.show(snapshot)
    standing.progress(snapshot)
    if snapshot.remark and snapshot.state.is_live:
        st.caption(say(snapshot.remark))
    drawn = _lines(snapshot, theme())
    if hidden.is_shown("charts"):
        st.markdown(say("dots.beliefs", "**How real it finds them.** At 0.5 it only guesses."))
        lines.chart(drawn["beliefs"], "dots_beliefs")
    if hidden.is_shown("scores") and snapshot.scores:
        scoreboard.show(snapshot, HEIGHT, short=True)
    if hidden.is_shown("charts"):
        st.markdown(say("dots.losses", "**How wrong each one is** (loss)."))
        lines.chart(drawn["losses"], "dots_losses")
    if hidden.is_shown("doctor"):
        doctor_bar.show(snapshot)


@once
def _lines(snapshot: Snapshot, theme: str) -> dict[str, bytes]:
    points, epochs = snapshot.points, snapshot.epochs
    marks = [(change.epoch, plain(states.change(change))) for change in snapshot.changes]
    drawn = {"beliefs": (charts.beliefs, readings.beliefs_alt), "losses": (charts.losses, readings.losses_alt)}
    return {
        name: lines.encode(
            draw(points, theme, epochs, marks), plain(states.chart_alt(alt(points), snapshot.changes)), HEIGHT
        )
        for name, (draw, alt) in drawn.items()
    }
