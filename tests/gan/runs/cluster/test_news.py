"""What is told of a run that trains elsewhere: all of it at first, and then only what is new."""

from dataclasses import replace

import numpy as np
import pytest

from gan.records import EpochRecord
from gan.runs.cluster.news import Known, Steered, news_of
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig

STEERED = Steered()


def record(epoch: int) -> EpochRecord:
    return EpochRecord(epoch=epoch, step=10 * epoch, seconds=1.0, steps_per_second=5.0, samples=None)


def at(epoch: int) -> Snapshot:
    frames = {number: np.full((2, 2), number, np.uint8) for number in range(max(0, epoch - 3), epoch + 1)}
    return Snapshot("a", RunConfig(), records=tuple(map(record, range(1, epoch + 1))), frames=frames)


@pytest.mark.parametrize("teller", ["host", "another"])
def test_who_is_told_only_what_is_new_has_all_of_it(teller):
    first = news_of(at(4), STEERED, ("host", 1), Known())
    here = first.whole(Snapshot("a", RunConfig()))
    assert here.records == at(4).records and here.frames.keys() == at(4).frames.keys()
    known = Known(first.version, frozenset(first.frames), len(here.records))
    told = news_of(at(6), STEERED, (teller, 2), known)
    assert len(told.snapshot.records) == (2 if teller == "host" else 6) and sorted(told.snapshot.frames) == [5, 6]
    there = told.whole(here)
    assert there.records == at(6).records and list(there.frames) == [3, 4, 5, 6]
    assert all((there.frames[number] == number).all() for number in there.frames)


def test_a_run_that_lost_epochs_on_its_way_to_another_host_loses_them_here_too():
    here = news_of(at(6), STEERED, ("host", 1), Known()).whole(Snapshot("a", RunConfig()))
    known = Known(("host", 1), frozenset(here.frames), 6)
    again = replace(at(4), resumed_at=4)
    assert news_of(again, STEERED, ("another", 1), known).whole(here).records == at(4).records
