"""The end of a class: all stops, visitors' runs go, the teacher's stay."""

import pytest

from gan.desk import Ending, begin_anew, stop_everything, what_would_go
from gan.rooms import Phase, Rooms, Tables
from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.setup import presets
from tests.fakes import FakeEyes, FakeTrainer


@pytest.fixture
def manager(tmp_path):
    manager = RunManager(FakeTrainer, Limits(runs_at_once=2), open_store(tmp_path / "library"), FakeEyes)
    yield manager
    manager.stop_all()


@pytest.fixture
def rooms():
    return Rooms()


def begin(manager, owner=None):
    return manager.starting.new(presets.get("quick"), f"tab of {owner}", owner)


def test_stop_all_stops_what_trains_what_waits_and_every_room(manager, rooms):
    runs, opened = [begin(manager, f"{n}") for n in range(4)], rooms.open("run")
    stop_everything(manager, rooms)
    assert all(run.wait(10) for run in runs) and opened.phase is Phase.OVER and rooms.all() == []
    assert len(manager.store.run_ids()) == 4  # nothing is deleted


def test_the_next_class_finds_the_teachers_runs_alone(manager, rooms):
    own, others = begin(manager), [begin(manager, name) for name in ("192.0.2.7", "browser abc")]
    rooms.open("run")
    tables = Tables()
    table = tables.open()
    would = what_would_go(manager, rooms, tables)
    assert would == Ending(runs=3, rooms=1, tables=1, kept=2)
    assert begin_anew(manager, rooms, tables) == would and tables.of(table.table_id) is None
    assert manager.store.run_ids() == [own.run_id] and not own.is_live
    assert not any(run.is_live for run in others)
    assert what_would_go(manager, rooms, tables) == Ending(0, 0, 0, 0)


def test_where_nothing_is_kept_it_only_stops(rooms):
    manager = RunManager(FakeTrainer, Limits(), None, FakeEyes)
    run = begin(manager, "192.0.2.7")
    assert begin_anew(manager, rooms, Tables()) == Ending(1, 0, 0, 0) and not run.is_live
