"""The detectives of several kept epochs, and how strict each is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from gan import inside
from gan.data.remembered import forgettable
from gan.inside import Subject
from gan.runs import Run
from gan.runs.state.history import spread

if TYPE_CHECKING:
    from gan.inside.moment import Moment

RUNGS = 6
MEASURED = 16  # fakes of the newest epoch, by which a detective's strictness is measured


class Rung(NamedTuple):
    """One detective, and how many of the forger's newest fakes it takes for real: a strict one takes few."""

    epoch: int
    moment: "Moment"
    taken: int


def detectives(run: Run, epochs: Sequence[int]) -> Iterator[tuple[int, "Moment"]]:
    """Those of these epochs that can be opened, one after the other: some may have been thinned out by now."""
    for epoch in epochs:
        try:
            yield epoch, inside.open_moment(*run.as_kept(epoch))
        except ValueError:
            continue


def rungs(run: Run) -> list[Rung]:
    """Ever stricter detectives of a run."""
    known = list(detectives(run, spread(run.moments.epochs, RUNGS)))
    moments = [moment for _, moment in known]
    taken = _measured(moments, tuple(moment.name for moment in moments))
    found = [Rung(*each, passed) for each, passed in zip(known, taken, strict=True)]
    return sorted(found, key=lambda rung: (-rung.taken, rung.epoch))


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def _measured(_moments: list["Moment"], names: tuple[str, ...]) -> list[int]:
    """How many fakes of the last one each takes for real: numbers alone, for what is remembered holds no networks."""
    if not _moments:
        return []
    fakes = inside.fakes(_moments[-1], MEASURED)
    subjects = [Subject(picture, False, label) for picture, label in zip(fakes.pictures, fakes.labels, strict=True)]
    return [sum(inside.judge(moment, subject).belief > 0.5 for subject in subjects) for moment in _moments]
