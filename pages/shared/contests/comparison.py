"""Runs side by side: one number of all over the epochs, the settings in which they differ, and their fakes."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from gan.runs import Run, Snapshot
from pages.shared.contests import lane
from pages.shared.draw import charts, figures, pictures
from pages.shared.draw.theme import theme
from pages.shared.words import contest_words, words
from pages.shared.words.contest_words import LETTERS, SERIES

COLUMNS = {2: 10, 3: 6, 4: 4}  # of pictures
ROWS = 2
HEIGHT = 340  # pixels


def show(runs: Sequence[Run]) -> None:
    """All there is to compare of two to four runs."""
    snapshots = [run.snapshot() for run in runs]
    left, right = st.columns([7, 5], gap="medium")
    with left:
        name = st.segmented_control(
            "Number", SERIES, default="realism", key="series", format_func=lambda each: SERIES[each][0],
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        _figure(snapshots, name)
    with right:
        st.html(_table(snapshots))
        if any(snapshot.state.is_live for snapshot in snapshots):
            st.button("Look again", key="look_again", help=contest_words.STILL_GOING)
    for number, column in enumerate(st.columns(len(runs), gap="small")):
        with column, st.container(key=f"lane_{number}"):
            _fakes(snapshots, number)


def _figure(snapshots: Sequence[Snapshot], name: str) -> None:
    curves = [(letter, charts.curve(each, name)) for letter, each in zip(LETTERS, snapshots, strict=False)]
    if not any(curve for _, curve in curves):
        st.info(words.NO_REFEREE, icon=":material/info:")
        return
    forks = [(float(each.forked_at), contest_words.FORKED) for each in snapshots if each.forked_at is not None]
    figure = figures.overlay(curves, name, theme(), forks)
    alt = contest_words.race_alt(name, curves)
    st.plotly_chart(figure, height=HEIGHT, theme=None, key=f"overlay_{name}", config=figures.CONFIG, alt=alt)


def _table(snapshots: Sequence[Snapshot]) -> str:
    """The settings that differ, and what came out, a column a run."""
    heads = "".join(f"<th scope='col' class='lane-{n}'>{LETTERS[n]}</th>" for n in range(len(snapshots)))
    settings = "".join(map(_row, contest_words.differences(snapshots))) or _whole_row(contest_words.SAME, snapshots)
    results = "".join(map(_row, contest_words.results(snapshots)))
    return (
        f"<table class='compare'><thead><tr><th></th>{heads}</tr></thead>"
        f"<tbody>{settings}</tbody><tbody>{results}</tbody></table>"
    )


def _row(row: tuple[str, Sequence[str]]) -> str:
    name, values = row
    return f"<tr><th scope='row'>{escape(name)}</th>{''.join(f'<td>{escape(value)}</td>' for value in values)}</tr>"


def _whole_row(text: str, snapshots: Sequence[Snapshot]) -> str:
    return f"<tr><td colspan='{len(snapshots) + 1}'>{text}</td></tr>"


def _fakes(snapshots: Sequence[Snapshot], number: int) -> None:
    letter, told, snapshot = LETTERS[number], contest_words.own(snapshots, number), snapshots[number]
    st.html(lane.head(letter, told, contest_words.progress(snapshot)))
    if snapshot.reading:
        columns = COLUMNS[len(snapshots)]
        encoded = pictures.encode(
            snapshot.reading.samples, f"Fakes of {letter}, {told}", theme(),
            count=ROWS * columns, columns=columns, bars=False,
        )  # fmt: skip
        pictures.sheet(encoded, f"compare_{letter}")
