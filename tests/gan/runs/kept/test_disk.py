"""Disks that are slow, keep what should go, or lose what they were given: nothing that is kept is lost for it."""

import errno
import os
from pathlib import Path

import pytest

from gan.messages import msg
from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept import moments, store
from gan.runs.kept.database import NAME
from gan.runs.kept.files import Folder
from gan.runs.kept.moments import MOST_SECONDS, Moments
from gan.runs.kept.opening import open_store
from gan.runs.state.faults import Fault
from gan.runs.state.limits import Limits
from tests.fakes import wait_until
from tests.gan.runs.kept.libraries import CONFIG, old_fault, stopped


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
        kept = Moments(Folder(tmp_path), budget=300)
        for epoch in range(9):
            kept.add(epoch, b"x" * 100)
        assert kept.epochs == (0, 1, 4, 8)

    def test_does_not_keep_a_run_from_going_on(self, manager, monkeypatch):
        run = stopped(manager)
        stuck(monkeypatch, "last.safetensors", *(f"{epoch}.safetensors" for epoch in range(5)))
        again = manager.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)

    def test_half_written_ones_hide_no_others_and_hold_up_none(self, tmp_path, monkeypatch):
        Moments(Folder(tmp_path)).add(3, b"three")
        (tmp_path / "4.part").write_bytes(b"fo")
        stuck(monkeypatch, "4.part")
        moments = Moments(Folder(tmp_path))
        assert moments.epochs == (3,)
        moments.add(5, b"five")
        assert Moments(Folder(tmp_path)).epochs == (3, 5) and moments.fault is None


class TestWhatTheDiskLost:
    def test_an_empty_newest_moment_is_passed_over_and_that_is_said(self, either):
        run = stopped(either)
        either.store._files.of(run.run_id).write("4.safetensors", b"")
        again = either.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert again._trainer.start == b"after 3"
        assert "It goes on from epoch 3" in str(again.snapshot().unkept)
        again._trainer.go(2)
        assert again.wait(5) and again.snapshot().state is RunState.FINISHED
        assert [record.epoch for record in again.snapshot().records] == [1, 2, 3, 4, 5]
        assert [record.epoch for record in either.store.load(run.run_id).records] == [1, 2, 3, 4, 5]
        assert again.moments.epochs == (0, 1, 2, 3, 4, 5) and again.moments.read(4) == b"after 4"

    def test_networks_that_are_damaged_are_passed_over(self, library):
        manager = RunManager(limits=Limits(runs_at_once=1), store=open_store(library))
        run = manager.starting.new(CONFIG.but(epochs=2), "ann")
        assert run.wait(60) and run.snapshot().state is RunState.FINISHED, run.snapshot().fault
        whole = run.snapshot()
        place = library.places().of(run.run_id)
        place.write("2.safetensors", place.read("2.safetensors")[:-100])
        again = manager.starting.resume(run.run_id, "ann")
        assert again.wait(60) and again.snapshot().state is RunState.FINISHED, again.snapshot().fault
        assert (again.snapshot().reading.samples == whole.reading.samples).all()
        assert [record.d_loss for record in again.snapshot().records] == [record.d_loss for record in whole.records]
        manager.stop_all()

    def test_where_none_is_whole_the_run_says_so_and_loses_nothing(self, either):
        run = stopped(either)
        for epoch in range(5):
            either.store._files.of(run.run_id).write(f"{epoch}.safetensors", b"")
        again = either.starting.resume(run.run_id, "ann")
        assert again.wait(5) and again.snapshot().state is RunState.FAILED
        assert str(again.snapshot().fault.what) == "Epoch 4 of this run is not kept."
        assert len(either.store.load(run.run_id).records) == 4 and len(again.moments.epochs) == 5

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

    def test_moments_whose_records_a_power_cut_took_are_not_gone_on_from(self, either):
        run = stopped(either)
        either.store.rewind(run.run_id, 2)
        either.forget(run.run_id)
        again = either.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert again._trainer.start == b"after 2"

    def test_a_moment_is_on_the_disk_before_it_has_its_name(self, tmp_path, monkeypatch):
        done, fsync, replace = [], os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", lambda number: (done.append(os.fstat(number).st_ino), fsync(number)))
        monkeypatch.setattr(os, "replace", lambda part, path: (done.append("named"), replace(part, path)))
        Moments(Folder(tmp_path)).add(1, b"one")
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
        kept = Moments(Folder(tmp_path))
        for epoch in range(100):
            now += 0.05
            kept.add(epoch, b"x")
        assert kept.epochs == tuple(range(100)) and 2 <= synced <= 8


class TestAKill:
    def test_costs_no_epoch_that_was_shown(self, either, monkeypatch):
        """When a snapshot shows an epoch, its record and its moment are kept."""
        run = either.starting.new(CONFIG, "ann")
        wait_until(lambda: run.snapshot().reading)
        found = []

        def add(self, epoch, content):
            found.append((epoch, len(run.snapshot().records), len(either.store.load(run.run_id).records)))

        monkeypatch.setattr(Moments, "add", add)
        run._trainer.go(2)
        wait_until(lambda: len(run.snapshot().records) == 2)
        assert found == [(1, 0, 1), (2, 1, 2)]

    def test_on_a_slow_disk_costs_some_seconds_at_most(self, tmp_path, monkeypatch):
        now, epoch_seconds = 0.0, 0.1
        monkeypatch.setattr(moments, "monotonic", lambda: now)
        kept = Moments(Folder(tmp_path), budget=300)
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


@pytest.mark.parametrize("version", [1, 2])
def test_faults_of_older_versions_are_read_letter_by_letter(tmp_path, version):
    old_fault(tmp_path, version)
    found = open_store(tmp_path)
    fault = found.load("old").fault
    assert (str(fault.what), str(fault.try_)) == ("The {disk} is full.", "Free **some** space.")
    assert fault.what.id == "" and not fault.is_divergence
    found.close()
    assert (tmp_path / f"library-version-{version}.sqlite").exists()


def test_a_fault_is_kept_as_a_message(library):
    found = open_store(library)
    fault = Fault(msg("a.what", "{mb} MB are missing.", mb=3), msg("a.try", "Free them."), True)
    found.begin(Snapshot("run", CONFIG, RunState.FAILED, fault=fault))
    assert found.load("run").fault == fault
    found.close()


def test_a_server_that_tidies_up_leaves_what_another_begins_meanwhile(library, monkeypatch):
    one, other = open_store(library), open_store(library)
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
