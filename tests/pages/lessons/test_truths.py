"""What a lesson asks of its runs: conditions against snapshots whose numbers are known."""

from dataclasses import replace

import pytest

from gan import data
from gan.messages import Message
from gan.records import EpochRecord, Point, Reading, Scores, Wish
from gan.runs import RunState, Snapshot
from gan.setup import presets
from pages.shared.lessons import truths


def point(**numbers) -> Point:
    usual = {"d_loss": 1.2, "g_loss": 0.8, "d_real": 0.7, "d_fake": 0.3, "real_passed": 0.9, "fake_passed": 0.3}
    return Point(1.0, weight=100, **usual | numbers)


def record(epoch: int, **numbers) -> EpochRecord:
    return EpochRecord(epoch=epoch, step=epoch, seconds=1.0, steps_per_second=1.0, samples=None, **numbers)


@pytest.fixture
def runs() -> dict[int, Snapshot]:
    first = Snapshot(
        "one", presets.get("quick"), RunState.FINISHED, seconds=120.0, points=(point(), point(g_loss=4.0)),
        scores=((1.0, Scores(samples=9, realism=8.0)),), floor=Scores(samples=9, realism=0.5),
        records=tuple(record(number, g_gradient=length) for number, length in enumerate((0, 9, 2, 80, 3, 4), 1)),
    )  # fmt: skip
    return {1: first, 2: replace(first, run_id="two", scores=((1.0, Scores(samples=9, realism=2.0)),))}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("yes", True),
        ("else", False),
        ("0.7 <= accuracy < 0.9", True),  # (0.9 + 1 - 0.3) / 2
        ("accuracy < 0.7", False),
        ("d_real > d_fake", True),
        ("realism@2 < 0.5 * realism@1", True),
        ("realism > 3", False),  # that of the newest
        ("realism@1 > 10 * floor", True),
        ("realism@3 < 1", None),  # there is no third run
        ("copying < 1", None),  # and this was not measured
        ("watt_hours = 0.5", True),  # 15 W for two minutes
        ("jumps = 1", True),
        ("g_gradient = 4", True),  # the median of the last five epochs, among them a wild one
        ("d_gradient < 1", None),
        ("doctor = divergence", False),
        ("doctor = too_early", True),
        ("doctor@1 = doctor@2", True),
        ("healthy = doctor@2", False),
        ("accuracy@1 = accuracy@2", True),
        ("jumps = 0.5 * watt_hours", False),
        ("usually accuracy < 0.7", False),  # what came out when somebody tried it decides nothing
        ("usually yes", True),
    ],
)
def test_a_condition_is_decided_by_the_runs(runs, condition, holds):
    assert truths.truth(condition).holds(runs) is holds


def test_what_is_on_screen_is_held_against_what_was_asked_for(runs):
    sevens = data.load("digits", (7,)).images[:64]
    reading = Reading(epoch=1.0, step=9, seconds=1.0, steps_per_second=9.0, samples=sevens)
    asked = replace(runs[1], reading=reading, wish=Wish(label=7))
    assert truths.truth("asked > 0.9").holds({1: asked})
    assert not truths.truth("asked > 0.5").holds({1: replace(asked, wish=Wish(label=3))})
    assert truths.truth("asked > 0.5").holds(runs) is None  # nothing is on screen


def test_a_run_that_was_not_trained_tells_nothing():
    assert truths.truth("accuracy < 0.6").holds({}) is None


def test_every_measure_is_read_from_a_snapshot_that_has_nothing_yet():
    empty = Snapshot("one", presets.get("quick"))
    for name, measure in truths.MEASURES.items():
        value = measure(empty)
        assert value is None or isinstance(value, float | int | str | Message), name
