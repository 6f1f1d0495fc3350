"""The detectives of several kept epochs, and how strict each is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from gan import inside
from gan.inside import Subject
from gan.runs import Run

if TYPE_CHECKING:
    from gan.inside.moment import Moment

RUNGS = 6
MEASURED = 16  # fakes of the newest epoch, by which a detective's strictness is measured


class Rung(NamedTuple):
    """One detective, and how many of the forger's newest fakes it takes for real: a strict one takes few."""

    epoch: int
    moment: "Moment"
    taken: int


def spread(epochs: Sequence[int], most: int) -> tuple[int, ...]:
    """At most so many of the epochs, evenly spread, the first and the last among them."""
    if len(epochs) <= most:
        return tuple(epochs)
    return tuple(epochs[round(place * (len(epochs) - 1) / (most - 1))] for place in range(most))


def detectives(run: Run, epochs: Sequence[int]) -> list[tuple[int, "Moment"]]:
    """Those of these epochs that can be opened: some may have been thinned out by now."""
    found = []
    for epoch in epochs:
        try:
            found.append((epoch, inside.open_moment(run.snapshot().as_of(epoch)[0].config, run.moments.read(epoch))))
        except ValueError:
            continue
    return found


def rungs(run: Run) -> list[Rung]:
    """Ever stricter detectives of a run."""
    known = detectives(run, spread(run.moments.epochs, RUNGS))
    return _measured(
        [moment for _, moment in known], tuple(moment.name for _, moment in known), tuple(e for e, _ in known)
    )


@st.cache_resource(show_spinner=False, max_entries=16)
def _measured(_moments: list["Moment"], names: tuple[str, ...], epochs: tuple[int, ...]) -> list[Rung]:
    if not _moments:
        return []
    fakes = inside.fakes(_moments[-1], MEASURED)
    subjects = [Subject(picture, False, label) for picture, label in zip(fakes.pictures, fakes.labels, strict=True)]
    taken = [sum(inside.judge(moment, subject).belief > 0.5 for subject in subjects) for moment in _moments]
    found = [Rung(*each) for each in zip(epochs, _moments, taken, strict=True)]
    return sorted(found, key=lambda rung: (-rung.taken, rung.epoch))
