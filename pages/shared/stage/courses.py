"""The courses of a run: what is believed and what is lost, over the epochs."""

import math

import streamlit as st

from gan import families as model_families
from gan.messages import msg
from gan.runs import Snapshot
from pages.shared import families
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


FORMULA = r"$\min_G \max_D \; \mathbb{E}[\log D(x)] + \mathbb{E}[\log(1 - D(G(z)))]$."
PLAIN_LOSSES = ("minimax", "non_saturating")  # in which the detective's loss is the game's value, but for its sign


def show(snapshot: Snapshot, epoch: int | None) -> None:
    """The charts; `epoch` is the one that the viewer has gone back to."""
    if not model_families.judges(snapshot.config.family):
        _of_a_family(snapshot, epoch)
        return
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


def _of_a_family(snapshot: Snapshot, epoch: int | None) -> None:
    """How real the fakes are, and what the family makes small, each over the epochs."""
    drawn = _own_lines(snapshot, theme(), epoch)
    with st.container(key="course_of_the_detective"):
        with st.container(key="look_detective"):
            st.markdown(say("courses.realism", "**Realism: how far from real pictures.**"))
            st.markdown(say("courses.realism.look", "Lower is better. Dashed: what real ones get."))
        lines.chart(drawn["realism"], "realism")
    with st.container(key="course_of_losses"):
        _own(snapshot, drawn["own"])


def own(snapshot: Snapshot, epoch: int | None) -> None:
    """What the family makes small beside what a GAN does."""
    _own(snapshot, _own_lines(snapshot, theme(), epoch)["own"])


def _own(snapshot: Snapshot, drawn: bytes) -> None:
    with st.container(key="look_losses"):
        st.markdown(say("courses.own", "**What it makes small.**"))
        st.markdown(say(families.of(snapshot.config.family).LOOK))
    lines.chart(drawn, "losses")


@once
def _own_lines(snapshot: Snapshot, theme: str, epoch: int | None) -> dict[str, bytes]:
    marks, epochs = _marks(snapshot, epoch), snapshot.epochs
    names = model_families.own_losses(snapshot.config.family)
    own = charts.own_losses(snapshot.points, names, theme, epochs, marks)
    realism = charts.score("realism", snapshot.scores, snapshot.floor, theme, epochs)
    told = readings.own_alt(snapshot.points, names)
    measured = readings.NOT_MEASURED
    if snapshot.scores:
        measured = readings.score_alt("realism", snapshot.scores, snapshot.floor)
    return {
        "own": lines.encode(own, plain(states.chart_alt(told, snapshot.changes))),
        "realism": lines.encode(realism, plain(measured)),
    }


def formula(snapshot: Snapshot, epoch: int | None) -> None:
    """The value of the game with the run's own numbers in it (Goodfellow et al. 2014, eq. 1), where the detective's
    loss is that value and nothing more.
    """
    config = snapshot.config
    until = math.inf if epoch is None else epoch
    losses = [point.d_loss for point in snapshot.points if point.epoch <= until and math.isfinite(point.d_loss)]
    if config.loss not in PLAIN_LOSSES or config.stabilisers or config.label_smoothing or not losses:
        return
    told = say(
        "charts.value",
        "Now it is **{value:.2f}**: the detective pulls it up towards 0, the forger pulls it down. At {guessing:.2f} "
        "the detective only guesses.",
        value=-losses[-1],
        guessing=-math.log(4),
    )
    st.markdown(f"{say('charts.game', '**The whole game in one formula:**')} {FORMULA} {told}")


def _marks(snapshot: Snapshot, epoch: int | None) -> list[tuple[float, str]]:
    """Where something was changed, and where one has gone back to."""
    marks = [(change.epoch, plain(states.change(change))) for change in snapshot.changes]
    return marks if epoch is None else [*marks, (epoch, plain("charts.here", "here"))]


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
    points, epochs = snapshot.points, snapshot.epochs
    marks = _marks(snapshot, epoch)
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
