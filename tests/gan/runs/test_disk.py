"""Disks that are full, read-only, slow, or lose what they were given: nothing that is kept is lost for it."""

import errno
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gan.messages import msg
from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept import access, database, moments, store
from gan.runs.kept.database import NAME
from gan.runs.kept.moments import MOST_SECONDS, Moments
from gan.runs.kept.opening import open_store
from gan.runs.state.faults import Fault
from gan.runs.state.limits import Limits
from gan.runs.state.snapshot import LIVE
from gan.setup import presets
from tests.fakes import FakeEyes, FakeTrainer, wait_until

CONFIG = presets.get("pocket").but(pictures=96, batch_size=16, epochs=5, device="cpu")


@pytest.fixture
def manager(tmp_path):
    FakeTrainer.made.clear()
    manager = RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(tmp_path), FakeEyes)
    yield manager
    for run in manager.runs():
        run.stop()
        assert run.wait(5)
    manager.store.close()


def stopped(manager, epochs: int = 4):
    run = manager.starting.new(CONFIG, "somebody")
    wait_until(lambda: run.snapshot().reading)
    run._trainer.go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    run.stop()
    assert run.wait(5)
    return run


def stuck(monkeypatch, *names: str) -> None:
    """Files of these names cannot be removed, as on a read-only disk, or where another program has them open."""
    unlink = Path.unlink

    def refuse(path, missing_ok=False):
        if path.name in names and path.exists():
            raise PermissionError(errno.EPERM, "Operation not permitted")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)


class TestWhatCannotBeRemoved:
    def test_is_told_and_the_run_trains_on(self, manager, monkeypatch):
        stuck(monkeypatch, "1.safetensors", "2.safetensors", "3.safetensors")
        manager.store._limits = Limits(past_mb=0)
        run = stopped(manager)
        assert run.snapshot().state is RunState.STOPPED, run.snapshot().fault
        assert "cannot be removed: Operation not permitted" in str(run.snapshot().unkept)
        assert {1, 2} < set(run.moments.epochs) and run.moments.read(2) == b"after 2"

    def test_does_not_thin_out_the_rest(self, tmp_path, monkeypatch):
        stuck(monkeypatch, "1.safetensors")
        kept = Moments(tmp_path, budget=300)
        for epoch in range(9):
            kept.add(epoch, b"x" * 100)
        assert kept.epochs == (0, 1, 4, 8)

    def test_does_not_keep_a_run_from_going_on(self, manager, monkeypatch):
        run = stopped(manager)
        stuck(monkeypatch, "last.safetensors", *(f"{epoch}.safetensors" for epoch in range(5)))
        again = manager.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)

    def test_half_written_ones_do_not_hide_the_others(self, tmp_path, monkeypatch):
        Moments(tmp_path).add(3, b"three")
        (tmp_path / "4.part").write_bytes(b"fo")
        stuck(monkeypatch, "4.part")
        assert Moments(tmp_path).epochs == (3,)


class TestWhatTheDiskLost:
    def test_an_empty_newest_moment_is_passed_over_and_that_is_said(self, manager, tmp_path):
        run = stopped(manager)
        (tmp_path / "runs" / run.run_id / "4.safetensors").write_bytes(b"")
        again = manager.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert again._trainer.start == b"after 3"
        assert "It goes on from epoch 3" in str(again.snapshot().unkept)
        again._trainer.go(2)
        assert again.wait(5) and again.snapshot().state is RunState.FINISHED
        assert [record.epoch for record in again.snapshot().records] == [1, 2, 3, 4, 5]
        assert [record.epoch for record in manager.store.load(run.run_id).records] == [1, 2, 3, 4, 5]
        assert again.moments.epochs == (0, 1, 2, 3, 4, 5) and again.moments.read(4) == b"after 4"

    def test_networks_that_are_damaged_are_passed_over(self, tmp_path):
        manager = RunManager(limits=Limits(runs_at_once=1), store=open_store(tmp_path))
        run = manager.starting.new(CONFIG.but(epochs=2), "ann")
        assert run.wait(60) and run.snapshot().state is RunState.FINISHED, run.snapshot().fault
        whole = run.snapshot()
        folder = tmp_path / "runs" / run.run_id
        (folder / "2.safetensors").write_bytes((folder / "2.safetensors").read_bytes()[:-100])
        again = manager.starting.resume(run.run_id, "ann")
        assert again.wait(60) and again.snapshot().state is RunState.FINISHED, again.snapshot().fault
        assert (again.snapshot().reading.samples == whole.reading.samples).all()
        assert [record.d_loss for record in again.snapshot().records] == [record.d_loss for record in whole.records]
        manager.stop_all()

    def test_where_none_is_whole_the_run_says_so_and_loses_nothing(self, manager, tmp_path):
        run = stopped(manager)
        for epoch in range(5):
            (tmp_path / "runs" / run.run_id / f"{epoch}.safetensors").write_bytes(b"")
        again = manager.starting.resume(run.run_id, "ann")
        assert again.wait(5) and again.snapshot().state is RunState.FAILED
        assert str(again.snapshot().fault.what) == "Epoch 4 of this run is not kept."
        assert len(manager.store.load(run.run_id).records) == 4 and len(again.moments.epochs) == 5

    @pytest.mark.parametrize("is_empty", [True, False], ids=["emptied", "gone"])
    def test_runs_that_no_database_knows_any_more_are_set_aside(self, manager, tmp_path, is_empty):
        """They were taken for left over, and removed."""
        run = stopped(manager)
        manager.stop_all()
        for file in tmp_path.glob(f"{NAME}*"):
            file.unlink()
        if is_empty:
            (tmp_path / NAME).write_bytes(b"")
        later = open_store(tmp_path)
        manager.store = later  # closed at the end
        assert "kept beside it, in damaged-1" in str(later.notice) and later.runs() == []
        assert (tmp_path / "damaged-1" / "runs" / run.run_id / "4.safetensors").read_bytes() == b"after 4"

    def test_moments_whose_records_a_power_cut_took_are_not_gone_on_from(self, manager):
        run = stopped(manager)
        manager.store.rewind(run.run_id, 2)
        manager.forget(run.run_id)
        again = manager.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert again._trainer.start == b"after 2"

    def test_a_moment_is_on_the_disk_before_it_has_its_name(self, tmp_path, monkeypatch):
        done, fsync, replace = [], os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", lambda number: (done.append(os.fstat(number).st_ino), fsync(number)))
        monkeypatch.setattr(os, "replace", lambda part, path: (done.append("named"), replace(part, path)))
        Moments(tmp_path).add(1, b"one")
        file, folder = (tmp_path / "1.safetensors").stat().st_ino, tmp_path.stat().st_ino
        assert done == [file, "named", folder]

    def test_epochs_that_are_short_do_not_wait_for_the_disk_each(self, tmp_path, monkeypatch):
        """A power cut then costs some seconds, and training a tenth of its time."""
        now, synced = 0.0, 0
        monkeypatch.setattr(moments, "monotonic", lambda: now)

        def fsync(_):
            nonlocal now, synced
            now, synced = now + 0.1, synced + 1

        monkeypatch.setattr(os, "fsync", fsync)
        kept = Moments(tmp_path)
        for epoch in range(100):
            now += 0.05
            kept.add(epoch, b"x")
        assert kept.epochs == tuple(range(100)) and 2 <= synced <= 8


class TestAKill:
    def test_costs_no_epoch_that_was_shown(self, manager, monkeypatch):
        """When a snapshot shows an epoch, its record and its moment are kept."""
        run = manager.starting.new(CONFIG, "ann")
        wait_until(lambda: run.snapshot().reading)
        found = []

        def add(self, epoch, content):
            found.append((epoch, len(run.snapshot().records), len(manager.store.load(run.run_id).records)))

        monkeypatch.setattr(Moments, "add", add)
        run._trainer.go(2)
        wait_until(lambda: len(run.snapshot().records) == 2)
        assert found == [(1, 0, 1), (2, 1, 2)]

    def test_on_a_slow_disk_costs_some_seconds_at_most(self, tmp_path, monkeypatch):
        now, epoch_seconds = 0.0, 0.1
        monkeypatch.setattr(moments, "monotonic", lambda: now)
        kept = Moments(tmp_path, budget=300)
        write, newest = kept._write, 0.0

        def slowly(*what):
            nonlocal now
            now += 2.0
            return write(*what)

        kept._write = slowly
        for epoch in range(1000):
            now += epoch_seconds
            if kept.wants(epoch):
                kept.add(epoch, b"x" * 100)
                newest = now
            assert now - newest <= MOST_SECONDS + 2 * epoch_seconds


def old_fault(folder: Path, version: int) -> None:
    """A library of that version with a failed run."""
    folder.mkdir(exist_ok=True)
    fault = json.dumps({"what": "The {disk} is full.", "try_": "Free **some** space.", "is_divergence": False})
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        for step in database.MIGRATIONS[:version]:
            connection.executescript(step)
        connection.execute(f"PRAGMA user_version = {version}")
        row = store.rows.to_row(Snapshot("old", CONFIG, RunState.FAILED)) | {"fault": fault}
        row |= {"run_id": "old", "created": "2026-01-01T00:00:00+00:00"}
        known = [column[1] for column in connection.execute("PRAGMA table_info(runs)")]
        row = {name: value for name, value in row.items() if name in known}
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO runs ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


@pytest.mark.parametrize("version", [1, 2])
def test_faults_of_older_versions_are_read_letter_by_letter(tmp_path, version):
    old_fault(tmp_path, version)
    found = open_store(tmp_path)
    fault = found.load("old").fault
    assert (str(fault.what), str(fault.try_)) == ("The {disk} is full.", "Free **some** space.")
    assert fault.what.id == "" and not fault.is_divergence
    found.close()
    assert (tmp_path / f"library-version-{version}.sqlite").exists()


def test_a_fault_is_kept_as_a_message(tmp_path):
    found = open_store(tmp_path)
    fault = Fault(msg("a.what", "{mb} MB are missing.", mb=3), msg("a.try", "Free them."), True)
    found.begin(Snapshot("run", CONFIG, RunState.FAILED, fault=fault))
    assert found.load("run").fault == fault
    found.close()


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


def test_a_server_that_tidies_up_leaves_what_another_begins_meanwhile(tmp_path, monkeypatch):
    one, other = open_store(tmp_path), open_store(tmp_path)
    free = store.Store._make_free

    def begin_meanwhile(self, but=""):
        if self is one:
            other.begin(Snapshot("new", CONFIG))
            other.moments("new").add(0, b"x")
        return free(self, but)

    monkeypatch.setattr(store.Store, "_make_free", begin_meanwhile)
    one.purge()
    assert other.moments("new").epochs == (0,)
    one.close()
    other.close()


def test_an_owner_whose_runs_go_on_is_told_before_anything_is_dropped(tmp_path):
    found = open_store(tmp_path, Limits(library_mb=4))
    for name, state in (("old", RunState.FINISHED), ("live", RunState.RUNNING)):
        found.begin(Snapshot(name, CONFIG, state))
        found.save(Snapshot(name, CONFIG, state), 3_000_000)
    found.star("old")
    with pytest.raises(store.LibraryFull):
        found.begin(Snapshot("new", CONFIG))
    assert len(found.runs()) == 2 and RunState.RUNNING in LIVE
    found.close()
