"""Disks that are full or can only be read: what is kept is shown, and deleting makes room."""

import os
import sqlite3
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gan.records import Reading
from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept import access, store
from gan.runs.kept.database import NAME
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.runs.state.snapshot import LIVE
from tests.fakes import FakeEyes, FakeTrainer, wait_until
from tests.gan.runs.kept.libraries import CONFIG, old_fault, stopped


class FullDisk:
    """Says that a database's disk is full until `files` are gone."""

    def __init__(self, monkeypatch, *files: Path) -> None:
        self.files, self.is_full = files, True
        changing = access.Access.changing

        def refuse(self_):
            if self.is_full and all(file.exists() for file in self.files):
                return FullDisk.changing(self_)
            return changing(self_)

        monkeypatch.setattr(access.Access, "changing", refuse)

    @staticmethod
    def changing(self_):
        with self_.reading():
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error


class TestAFullDisk:
    def test_takes_a_deletion_that_makes_room(self, manager, tmp_path, monkeypatch):
        first, second = stopped(manager), stopped(manager)
        FullDisk(monkeypatch, tmp_path / "runs" / first.run_id / "1.safetensors")
        manager.starting.delete(first.run_id)
        assert [run.run_id for run in manager.store.runs()] == [second.run_id]

    def test_makes_room_for_a_star_by_what_was_deleted_before(self, manager, tmp_path, monkeypatch):
        first, second = stopped(manager), stopped(manager)
        manager.starting.delete(first.run_id)
        FullDisk(monkeypatch, tmp_path / "runs" / first.run_id / "1.safetensors")
        manager.store.star(second.run_id)
        assert manager.store.runs()[0].is_starred and not (tmp_path / "runs" / first.run_id).exists()

    def test_that_nothing_helps_is_a_sentence(self, manager, tmp_path, monkeypatch):
        run = stopped(manager)
        disk = FullDisk(monkeypatch, tmp_path)
        for press in (manager.store.star, manager.store.restore, manager.starting.delete):
            with pytest.raises(ValueError, match="The disk is full"):
                press(run.run_id)
        assert manager.get(run.run_id) is run
        disk.is_full = False

    def test_lets_go_of_a_run_whose_end_it_did_not_take(self, manager, tmp_path, monkeypatch):
        """The library took it for one that goes on: it could neither be deleted nor go on."""
        first, second = (manager.starting.new(CONFIG, "somebody") for _ in range(2))
        for run in (first, second):
            wait_until(lambda run=run: run.snapshot().reading)
            run._trainer.go(2)
            wait_until(lambda run=run: len(run.snapshot().records) == 2)
        disk = FullDisk(monkeypatch, tmp_path / "runs" / first.run_id / "1.safetensors")
        for run in (first, second):
            run.stop()
            assert run.wait(5) and "The disk is full" in str(run.snapshot().unkept)
        assert [run.state for run in manager.store.runs()] == [RunState.STOPPED] * 2
        assert manager.store.load(second.run_id).state is RunState.STOPPED
        manager.starting.delete(first.run_id)
        disk.is_full = False
        again = manager.starting.resume(second.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert [run.state for run in manager.store.runs()] == [RunState.RUNNING]

    def test_after_a_restart_shows_what_is_kept_and_becomes_writable(self, manager, tmp_path, monkeypatch):
        run = stopped(manager)
        manager.store.close()
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        real = access.connect

        def connect(folder):
            if (tmp_path / "runs" / run.run_id / "1.safetensors").exists():
                raise error
            return real(folder)

        monkeypatch.setattr(access, "connect", connect)
        later = RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(tmp_path), FakeEyes)
        manager.store = later.store  # closed at the end
        assert "The disk is full" in str(later.store.notice)
        assert [each.run_id for each in later.store.runs()] == [run.run_id]
        assert (
            len(later.get(run.run_id).snapshot().records) == 4 and later.get(run.run_id).look_back(2)[0][0, 0, 0] == 102
        )
        begun = later.starting.new(CONFIG, "ann")
        wait_until(lambda: begun.snapshot().reading)
        assert "The disk is full" in str(begun.snapshot().unkept)
        begun.stop()
        assert begun.wait(5)
        later.starting.delete(run.run_id)
        assert later.store.runs() == [] and later.store.notice is None

    def test_does_not_hide_that_a_run_was_interrupted(self, tmp_path, monkeypatch):
        first = open_store(tmp_path)
        first.begin(Snapshot("run", CONFIG))
        first._access._alive.release()  # the server was killed
        FullDisk(monkeypatch, tmp_path)
        later = open_store(tmp_path)
        assert later.runs()[0].state is RunState.INTERRUPTED and "full" in str(later.notice)
        assert later.load("run").state is RunState.INTERRUPTED
        later.close()
        first._access.connection.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)  # what a failed test has left open may be


def test_a_full_disk_at_the_start_is_told_until_something_can_be_written(small_disk):
    """With 36 KB left the database opens for writing, and then cannot delete for good what was taken off the list."""
    first, chance = open_store(small_disk), np.random.default_rng(0)
    for name in ("deleted", "kept"):
        film = {number: chance.integers(0, 256, (64, 28, 28), np.uint8) for number in range(4)}
        first.take(Snapshot(name, CONFIG, RunState.FINISHED, frames=film), {})
    first.delete("deleted")
    first.close()
    filler = small_disk / "filler"
    filler.write_bytes(bytes(os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize - 36 * 1024))

    later = open_store(small_disk)
    assert later.access.can_write and "The disk is full" in str(later.notice)
    with pytest.raises(ValueError, match="The disk is full"):
        later.begin(Snapshot("new", CONFIG, reading=seen(chance)))
    assert "The disk is full" in str(later.notice)
    filler.unlink()
    later.begin(Snapshot("new", CONFIG, reading=seen(chance)))
    assert later.notice is None and {run.run_id for run in later.runs()} == {"new", "kept"}
    later.close()


def seen(chance) -> Reading:
    """Pictures that hardly become smaller: 200 KB."""
    samples = chance.integers(0, 256, (64, 32, 32, 3), np.uint8)
    return Reading(epoch=1, step=9, seconds=1.0, steps_per_second=9.0, samples=samples)


def test_an_older_library_that_cannot_be_written_is_read(tmp_path, monkeypatch):
    old_fault(tmp_path, 2)
    before = (tmp_path / NAME).read_bytes()

    def connect(folder):
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(access, "connect", connect)
    found = open_store(tmp_path)
    assert found.folder == tmp_path and str(found.load("old").fault.what) == "The {disk} is full."
    found.close()
    assert (tmp_path / NAME).read_bytes() == before


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "killed"])
def test_a_library_on_a_read_only_disk_is_read(tmp_path, monkeypatch, is_closed):
    first = open_store(tmp_path)
    first.begin(Snapshot("run", CONFIG, RunState.FINISHED))
    if is_closed:
        first.close()

    def connect(folder):
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(access, "connect", connect)
    later = open_store(tmp_path)
    assert "can only be read" in str(later.notice) and later.folder == tmp_path
    assert [run.run_id for run in later.runs()] == ["run"] and later.load("run").state is RunState.FINISHED
    for press in (later.star, later.delete, later.restore):
        with pytest.raises(ValueError, match="readonly"):
            press("run")
    assert "readonly" in str(later.save(Snapshot("run", CONFIG), 0))
    later.close()
    if not is_closed:
        first.close()


def test_an_owner_whose_runs_go_on_is_told_before_anything_is_dropped(library):
    found = open_store(library, Limits(library_mb=4))
    for name, state in (("old", RunState.FINISHED), ("live", RunState.RUNNING)):
        found.begin(Snapshot(name, CONFIG, state))
        found.save(Snapshot(name, CONFIG, state), 3_000_000)
    found.star("old")
    with pytest.raises(store.LibraryFull):
        found.begin(Snapshot("new", CONFIG))
    assert len(found.runs()) == 2 and RunState.RUNNING in LIVE
    found.close()
