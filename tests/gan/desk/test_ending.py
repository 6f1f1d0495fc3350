"""The end of a class: all stops, visitors' runs go, the teacher's stay."""

import gc
import weakref
from time import monotonic

import pytest

from gan.data import own as own_set
from gan.desk import Ending, begin_anew, ending, stop_everything, what_would_go
from gan.inside.latent import neighbours
from gan.learn import past
from gan.rooms import Phase, Rooms, Tables
from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.setup import presets
from tests.brought import FOUND, a_set
from tests.fakes import FakeEyes, FakeTrainer


@pytest.fixture
def manager(tmp_path):
    manager = RunManager(FakeTrainer, Limits(runs_at_once=2), open_store(tmp_path / "library"), FakeEyes)
    yield manager
    manager.stop_all()


@pytest.fixture
def rooms():
    return Rooms()


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path / "data"))
    own_set.let_go()  # what tests before this one brought
    yield
    own_set.let_go()


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
    table.add([FOUND])
    own_set.keep(made := a_set())
    would = what_would_go(manager, rooms, tables)
    assert would == Ending(runs=3, rooms=1, tables=1, sets=1, kept=2)
    assert begin_anew(manager, rooms, tables) == would and tables.of(table.table_id) is None
    assert manager.store.run_ids() == [own.run_id] and not own.is_live
    assert not any(run.is_live for run in others)
    assert what_would_go(manager, rooms, tables) == Ending(0, 0, 0, 0, 0) and not own_set.is_here(made.name)


def test_an_empty_light_table_is_no_loss(manager, rooms):
    tables = Tables()
    empty, emptied = tables.open(), tables.open()
    assert what_would_go(manager, rooms, tables).tables == 0
    emptied.add([FOUND])
    emptied.remove([1])  # and can be put back
    assert what_would_go(manager, rooms, tables).tables == begin_anew(manager, rooms, tables).tables == 1
    assert tables.of(empty.table_id) is None


def test_nothing_remembers_the_classs_pictures_once_they_are_let_go(manager, rooms):
    made = a_set()
    config = presets.few(own_set.keep(made))
    pictures = past.learned(config)
    neighbours.by_pixels(pictures)
    watched = [weakref.ref(each) for each in (made, made.images, pictures, pictures.images)]
    begin_anew(manager, rooms, Tables())
    del made, pictures
    gc.collect()
    assert not any(each() is not None for each in watched)


def test_a_run_that_begins_meanwhile_goes_too(manager, rooms):
    first, second, made = begin(manager, "192.0.2.7"), [], a_set()
    whole = first.wait

    def wait(timeout=None):
        if not second:
            second.append(begin(manager, "192.0.2.8"))
            own_set.keep(made)
        return whole(timeout)

    first.wait = wait
    assert begin_anew(manager, rooms, Tables()) == Ending(runs=2, rooms=0, tables=0, sets=0, kept=2)
    assert manager.store.run_ids() == [] and not second[0].is_live and not own_set.is_here(made.name)


def test_a_run_that_does_not_stop_keeps_no_other_and_no_picture(manager, rooms, monkeypatch):
    monkeypatch.setattr(ending, "WAIT_SECONDS", 0.3)
    stuck, others = begin(manager, "192.0.2.7"), [begin(manager, name) for name in ("192.0.2.8", "192.0.2.9")]
    with monkeypatch.context() as patched:
        patched.setattr(stuck, "stop", lambda: None)
        tables, made, began = Tables(), a_set(), monotonic()
        table = tables.open()
        own_set.keep(made)
        with pytest.raises(ValueError, match="This run goes on"):
            begin_anew(manager, rooms, tables)
    assert monotonic() - began < 5 and not any(run.is_live for run in others)
    assert manager.store.run_ids() == [stuck.run_id]
    assert tables.of(table.table_id) is None and not own_set.is_here(made.name)


def test_a_set_that_the_teacher_saved_stays(manager, rooms):
    made = a_set()
    own_set.save(own_set.keep(made))
    assert what_would_go(manager, rooms, Tables()).sets == 0
    begin_anew(manager, rooms, Tables())
    assert own_set.find(made.name).name == made.name


def test_where_nothing_is_kept_it_only_stops(rooms):
    manager = RunManager(FakeTrainer, Limits(), None, FakeEyes)
    run = begin(manager, "192.0.2.7")
    assert begin_anew(manager, rooms, Tables()) == Ending(1, 0, 0, 0, 0) and not run.is_live
