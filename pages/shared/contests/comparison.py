"""Runs side by side: one number of all over the epochs, the settings in which they differ, and their fakes."""

from collections.abc import Sequence

import streamlit as st

from gan import data
from gan.messages import Message, msg
from gan.runs import Run, Snapshot
from pages.shared.contests import lane
from pages.shared.draw import charts, figures, pictures
from pages.shared.draw.theme import theme
from pages.shared.words import comparisons, html, plain, races, readings, say, values
from pages.shared.words.races import LETTERS

COLUMNS = {2: 10, 3: 6, 4: 4}  # of pictures
ROWS = 2
HEIGHT = 320  # pixels
EVERY_SECONDS = 3.0  # between two looks at runs that go on
NOT_SO_FAR = msg("compare.not_so_far", "None of these runs came as far as this number.")


def show(runs: Sequence[Run]) -> None:
    """All there is to compare of two to four runs, again and again while one goes on."""
    is_live = any(run.is_live for run in runs)
    st.fragment(_show, run_every=EVERY_SECONDS if is_live else None)(runs, is_live)


def _show(runs: Sequence[Run], was_live: bool) -> None:
    if was_live and not any(run.is_live for run in runs):
        st.rerun()  # without a clock
    snapshots = [run.snapshot() for run in runs]
    with st.container(key="curves_and_table"):
        left, right = st.columns([7, 5], gap="medium")
    with left:
        offered, first = _series(snapshots)
        name = st.segmented_control(
            say("compare.number", "Number"), offered, default=first, key="series",
            format_func=lambda each: say(races.series(each).title),
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        _figure(snapshots, name)
    with right:
        st.html(_table(snapshots))
        if any(snapshot.state.is_live for snapshot in snapshots):
            still_going = say("compare.still_going", "A run that goes on is shown as it was a moment ago.")
            st.button(say("compare.look_again", "Look again"), key="look_again", help=still_going)
    for lane_number, column in enumerate(lane.places(len(runs))):
        with column, st.container(key=f"lane_{lane_number}"):
            _fakes(snapshots, lane_number)


def _series(snapshots: Sequence[Snapshot]) -> tuple[list[str], str]:
    """The numbers that can be compared, and the one to begin with."""
    are_dots = {data.get(each.config.data).is_dots for each in snapshots}
    pictures = [data.get(each.config.data) for each in snapshots]
    offered = races.offered(pictures, [each.config.family for each in snapshots])
    return offered, "js" if are_dots == {True} else "realism"


def _figure(snapshots: Sequence[Snapshot], name: str) -> None:
    curves = [(letter, charts.curve(each, name)) for letter, each in zip(LETTERS, snapshots, strict=False)]
    if not any(curve for _, curve in curves):
        are_read = any(data.get(each.config.data).referee for each in snapshots)
        st.info(say(NOT_SO_FAR if are_read else readings.NO_REFEREE), icon=":material/info:")
        return
    forks = [(float(each.forked_at), comparisons.FORK) for each in snapshots if each.forked_at is not None]
    figure = figures.overlay(curves, name, theme(), forks, html, values.signs())
    alt = plain(races.chart_alt(name, curves))
    st.plotly_chart(figure, height=HEIGHT, theme=None, key=f"overlay_{name}", config=figures.config(plain), alt=alt)


def _table(snapshots: Sequence[Snapshot]) -> str:
    """The settings that differ, and what came out, a column a run."""
    heads = "".join(f"<th scope='col' class='lane-{n}'>{LETTERS[n]}</th>" for n in range(len(snapshots)))
    settings = "".join(map(_row, comparisons.differences(snapshots))) or _whole_row(comparisons.SAME, snapshots)
    results = "".join(map(_row, comparisons.results(snapshots)))
    return (
        f"<table class='compare'><thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{settings}</tbody><tbody>{results}</tbody></table>"
    )


def _row(row: comparisons.Row) -> str:
    name, cells = row
    return f"<tr><th scope='row'>{html(name)}</th>{''.join(f'<td>{html(cell)}</td>' for cell in cells)}</tr>"


def _whole_row(text: Message, snapshots: Sequence[Snapshot]) -> str:
    return f"<tr><td colspan='{len(snapshots) + 1}'>{html(text)}</td></tr>"


def _fakes(snapshots: Sequence[Snapshot], lane_number: int) -> None:
    letter, told, snapshot = LETTERS[lane_number], comparisons.own(snapshots, lane_number), snapshots[lane_number]
    st.html(lane.head(letter, told, races.progress(snapshot)))
    if snapshot.reading:
        columns = COLUMNS[len(snapshots)]
        alt = plain("compare.fakes", "Fakes of {lane}, {what}", lane=letter, what=told)
        pictures.bare(snapshot.reading.samples, alt, theme(), f"compare_{letter}", columns, ROWS * columns)
