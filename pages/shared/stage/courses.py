"""The courses of a run: what is believed and what is lost, over the epochs."""

import streamlit as st

from gan.runs import Snapshot
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import theme
from pages.shared.stage.once import once
from pages.shared.words import plain, readings, say, states


def show(snapshot: Snapshot, epoch: int | None) -> None:
    """The charts; `epoch` is the one that the viewer has gone back to."""
    left, right = st.columns(2, gap="medium")
    scores, losses = _lines(snapshot, theme(), epoch)
    height = _height(snapshot)
    with left:
        st.markdown(
            say("charts.look_beliefs", "**What the detective believes.** Do they meet? At 0.5 it only guesses.")
        )
        lines.chart(scores, "scores", height)
    with right:
        st.markdown(say("charts.look_losses", "**Losses: how wrong each one is.** Watch for a line that runs away."))
        lines.chart(losses, "losses", height)


@once
def _lines(snapshot: Snapshot, theme: str, epoch: int | None) -> tuple[bytes, bytes]:
    """The charts of the beliefs and of the losses; `epoch` is the one that the viewer has gone back to."""
    points, epochs = snapshot.points, snapshot.config.epochs
    marks = [(change.epoch, plain(states.change(change))) for change in snapshot.changes]
    if epoch is not None:
        marks.append((epoch, plain("charts.here", "here")))
    height = _height(snapshot)
    beliefs = charts.beliefs(points, theme, epochs, marks)
    losses = charts.losses(points, theme, epochs, marks)
    return (
        lines.encode(beliefs, plain(states.chart_alt(readings.beliefs_alt(points), snapshot.changes)), height),
        lines.encode(losses, plain(states.chart_alt(readings.losses_alt(points), snapshot.changes)), height),
    )


def _height(snapshot: Snapshot) -> int:
    return lines.HEIGHT if snapshot.state.is_live else lines.SHORT
