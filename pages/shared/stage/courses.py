"""The courses of a run: what is believed and what is lost, over the epochs."""

import streamlit as st

from gan.messages import msg
from gan.runs import Snapshot
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import theme
from pages.shared.stage.once import once
from pages.shared.words import plain, readings, say, states

BELIEFS, ACCURACY = "beliefs", "accuracy"
COURSES = {  # of the detective: name, what to look for
    BELIEFS: (msg("course.beliefs", "Beliefs"), msg("course.beliefs.look", "Do they meet? At 0.5 it only guesses.")),
    ACCURACY: (
        msg("course.accuracy", "Right answers"),
        msg("course.accuracy.look", "How often, and how sure? 50% is guessing."),
    ),
}  # fmt: skip


def show(snapshot: Snapshot, epoch: int | None) -> None:
    """The charts; `epoch` is the one that the viewer has gone back to."""
    drawn = _lines(snapshot, theme(), epoch)
    with st.container(key="course_of_the_detective"):
        with st.container(key="look_detective"):
            which = _choose()
        lines.chart(drawn[which], "scores" if which == BELIEFS else "accuracy")
    with st.container(key="course_of_losses"):
        with st.container(key="look_losses"):
            st.markdown(say("charts.losses", "**Losses: how wrong each one is.**"))
            st.markdown(say("charts.losses.look", "Watch for a line that runs away."))
        lines.chart(drawn["losses"], "losses")


def _choose() -> str:
    """Which of the detective's two courses is shown; the choice stays."""
    which = st.segmented_control(
        plain("course.choose", "Course of the detective"), COURSES, default=BELIEFS, required=True, key="course",
        format_func=lambda each: plain(COURSES[each][0]), label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    st.markdown(say(COURSES[which][1]))
    return which


@once
def _lines(snapshot: Snapshot, theme: str, epoch: int | None) -> dict[str, bytes]:
    """The charts; `epoch` is the one that the viewer has gone back to."""
    points, epochs = snapshot.points, snapshot.config.epochs
    marks = [(change.epoch, plain(states.change(change))) for change in snapshot.changes]
    if epoch is not None:
        marks.append((epoch, plain("charts.here", "here")))
    drawn = {
        BELIEFS: (charts.beliefs, readings.beliefs_alt),
        ACCURACY: (charts.accuracy, readings.accuracy_alt),
        "losses": (charts.losses, readings.losses_alt),
    }
    return {
        name: lines.encode(
            draw(points, theme, epochs, marks),
            plain(states.chart_alt(alt(points), snapshot.changes)),
        )
        for name, (draw, alt) in drawn.items()
    }
