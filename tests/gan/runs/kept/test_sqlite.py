"""The SQLite file of a library that is full, locked, damaged, newer, or cannot be there at all."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept.database import NAME, VERSION
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from tests.fakes import FakeEyes, FakeTrainer, wait_until
from tests.gan.runs.kept.libraries import CONFIG as LONGER

CONFIG = LONGER.but(epochs=4)


@pytest.fixture
def store(manager):
    return manager.store


def test_a_full_disk_stops_the_keeping_but_not_the_training(store):
    manager = RunManager(FakeTrainer, Limits(runs_at_once=1), store, FakeEyes)
    run = manager.starting.new(CONFIG, "ann")
    trainer = FakeTrainer.made
    wait_until(lambda: run.snapshot().reading)
    pages = store._access.connection.execute("PRAGMA page_count").fetchone()[0]
    store._access.connection.execute(f"PRAGMA max_page_count = {pages}")
    filler = {n: np.random.default_rng(n).integers(0, 255, (64, 28, 28), np.uint8) for n in range(4)}
    run._snapshot = replace(run.snapshot(), frames=filler)
    assert "full" in str(store.save(run.snapshot(), 0))
    store._access.connection.execute("PRAGMA max_page_count = 1000000")
    trainer[-1].go(4)
    assert run.wait(5) and run.snapshot().state is RunState.FINISHED and run.snapshot().unkept is None
    assert len(store.load(run.run_id).records) == 4, "what could not be written was written later"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_disk_that_takes_no_checkpoint_is_told(manager, store):
    run = manager.starting.new(CONFIG, "ann")
    wait_until(lambda: run.snapshot().kept)
    (store.folder / "runs" / run.run_id / "2.part").symlink_to("/dev/full")
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    wait_until(lambda: run.snapshot().unkept)
    assert "No space left on device" in str(run.snapshot().unkept) and run.snapshot().kept == (0, 1)
    FakeTrainer.made[-1].go(2)
    assert run.wait(5)
    assert run.snapshot().unkept is None and run.snapshot().kept == (0, 1, 3, 4)


def test_a_locked_database_is_written_later(manager, store, monkeypatch):
    store._access.connection.execute("PRAGMA busy_timeout = 10")
    run = manager.starting.new(CONFIG, "ann")
    wait_until(lambda: run.snapshot().reading)
    with closing(sqlite3.connect(store.folder / NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        FakeTrainer.made[-1].go(2)
        wait_until(lambda: run.snapshot().unkept)
        assert "database is locked" in str(run.snapshot().unkept)
        other.execute("ROLLBACK")
    FakeTrainer.made[-1].go(2)
    assert run.wait(5) and run.snapshot().unkept is None
    assert len(store.load(run.run_id).records) == 4


def test_a_database_locked_at_the_start_is_told_and_runs_are_kept_elsewhere(tmp_path):
    open_store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        store = open_store(tmp_path)
    assert "locked" in str(store.notice) and store.folder != tmp_path
    store.begin(Snapshot("passing", CONFIG))
    assert len(store.runs()) == 1
    folder = store.folder
    store.close()
    assert not folder.exists()


@pytest.mark.parametrize("damage", ["no database", "broken inside"])
def test_a_damaged_database_is_set_aside(tmp_path, damage):
    store = open_store(tmp_path)
    for number in range(30):
        store.begin(Snapshot(f"run {number}", CONFIG))
    store.close()
    path = tmp_path / NAME
    content = bytearray(path.read_bytes())
    if damage == "no database":
        content[:100] = b"x" * 100
    else:
        content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    (tmp_path / "runs" / "run 3").mkdir(parents=True)
    store = open_store(tmp_path)
    assert "was damaged" in str(store.notice) and store.runs() == [] and store.folder == tmp_path
    assert (tmp_path / "damaged-1" / NAME).read_bytes() == content
    assert (tmp_path / "damaged-1" / "runs" / "run 3").is_dir()
    store.close()


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "library").write_text("a file stands in the way")
    store = open_store(tmp_path / "library")
    assert "cannot be used" in str(store.notice) and store.folder != tmp_path / "library"
    store.close()


def test_a_database_of_a_newer_version_is_left_as_it_is(tmp_path):
    open_store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / NAME)) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = (tmp_path / NAME).read_bytes()
    store = open_store(tmp_path)
    assert "newer version" in str(store.notice)
    store.close()
    assert (tmp_path / NAME).read_bytes() == before
