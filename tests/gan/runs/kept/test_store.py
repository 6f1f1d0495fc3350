"""Runs on disk: what is written comes back, whatever happens to the server, the disk or the file."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from gan.messages import msg
from gan.records import Change, Point, Wish
from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept.library import DATABASE_ENV, FILES_ENV
from gan.runs.kept.opening import open_store
from gan.runs.kept.store import LibraryFull
from gan.runs.state.faults import Fault
from gan.runs.state.limits import Limits
from gan.setup import presets
from gan.setup.config import RunConfig
from tests.fakes import FakeEyes, FakeTrainer, wait_until

CONFIG = presets.get("pocket").but(pictures=96, batch_size=16, epochs=4, device="cpu")


@pytest.fixture
def store(library):
    store = open_store(library)
    assert store.notice is None
    yield store
    store.close()


@pytest.fixture
def manager(store):
    """Fake runs that are kept."""
    manager = RunManager(FakeTrainer, Limits(runs_at_once=8), store, FakeEyes)
    yield manager
    for run in manager.runs():
        run.stop()
        assert run.wait(5)


def trained(manager, config=CONFIG, epochs=4):
    """A fake run that has gone so many epochs."""
    count = len(FakeTrainer.made)
    run = manager.starting.new(config, f"viewer {count}")
    wait_until(lambda: len(FakeTrainer.made) > count)
    FakeTrainer.made[-1].go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    if epochs < config.epochs:
        run.stop()
    assert run.wait(5)
    return run


def same(one: Snapshot, two: Snapshot) -> None:
    """Two snapshots are equal, pictures included."""
    plain = {"reading": None, "frames": {}, "kept": (), "points": (), "records": (), "wish": Wish(), "changes": ()}
    assert replace(one, **plain) == replace(two, **plain)
    assert list(one.changes) == list(two.changes) and one.kept == two.kept
    assert repr(one.points) == repr(two.points) and repr(one.records) == repr(two.records)
    assert one.frames.keys() == two.frames.keys()
    assert all((one.frames[number] == two.frames[number]).all() for number in one.frames)
    assert (one.reading.samples == two.reading.samples).all()
    assert one.reading.sample_scores == two.reading.sample_scores
    assert one.reading.numbers() == two.reading.numbers()


class TestRoundTrip:
    def test_a_run_comes_back_as_it_was(self, store):
        manager = RunManager(limits=Limits(runs_at_once=1), store=store)
        run = manager.starting.new(CONFIG.but(seed=3), "ann")
        assert run.wait(60) and run.snapshot().state is RunState.FINISHED, run.snapshot().fault
        assert run.snapshot().scores and run.snapshot().floor
        same(store.load(run.run_id), run.snapshot())

    def test_every_part_of_a_snapshot_is_kept(self, store):
        odd = Snapshot(
            "odd",
            RunConfig(learning_rate=1e-3),
            RunState.FAILED,
            points=(Point(0.5, 1.0, 2.0, 0.75, 0.25, weight=7), Point(1.5, 1e20, 2.0, 0.75, 0.25)),
            fault=Fault(msg("a.b", "The disk is full."), msg("a.c", "Free {mb} MB.", mb=3), True),
            begun_with=RunConfig(),
            changes=(Change(3, 0.25, {"learning_rate": 1e-3}),),
            seconds=12.5,
            threads=3,
            parent="another",
            forked_at=2,
        )
        store.begin(odd)
        assert store.save(odd, 0) is None
        found = store.load("odd")
        assert repr(found.points) == repr(odd.points)
        assert replace(found, points=()) == replace(odd, points=())

    def test_a_film_that_was_thinned_loses_the_same_frames_on_disk(self, store):
        run = Snapshot("film", CONFIG)
        store.begin(run)
        for numbers in ((0, 1, 2, 3), (0, 2, 4)):
            frames = {number: np.full((2, 4, 4), number, np.uint8) for number in numbers}
            assert store.save(replace(run, frames=frames), 0) is None
        assert list(store.load("film").frames) == [0, 2, 4]
        assert (store.load("film").frames[4] == 4).all()

    def test_the_store_finds_what_another_one_wrote(self, library):
        first = open_store(library)
        first.begin(Snapshot("kept", CONFIG))
        first.close()
        second = open_store(library)
        assert [run.run_id for run in second.runs()] == ["kept"] and second.notice is None
        second.close()


class TestManager:
    def test_an_ended_run_is_found_again_by_another_server(self, manager, store):
        run = trained(manager)
        later = RunManager(FakeTrainer, Limits(runs_at_once=1), store, FakeEyes)
        again = later.get(run.run_id)
        assert again is not run and again.snapshot().state is RunState.FINISHED and not again.is_live
        assert (again.look_back(2)[0] == 102).all()
        again.wish(Wish(label=3))
        assert (again.snapshot().reading.samples == 203).all()
        assert again.wait(0) and later.get("unknown") is None

    def test_forks_know_their_parents_later(self, manager, store):
        parent = trained(manager)
        fork = manager.starting.fork(CONFIG.but(epochs=6), parent, 2, "ben")
        fork.stop()
        assert fork.wait(5)
        later = RunManager(FakeTrainer, Limits(runs_at_once=1), store, FakeEyes)
        assert later.parent(later.get(fork.run_id)).run_id == parent.run_id
        assert later.get(fork.run_id).snapshot().forked_at == 2

    def test_a_stopped_run_goes_on_where_it_was_kept(self, manager):
        run = trained(manager, epochs=2)
        again = manager.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert again.run_id == run.run_id and FakeTrainer.made[-1].start == b"after 2"
        FakeTrainer.made[-1].go(2)
        assert again.wait(5) and again.snapshot().state is RunState.FINISHED
        assert [record.epoch for record in again.snapshot().records] == [1, 2, 3, 4]
        assert [record.epoch for record in manager.store.load(run.run_id).records] == [1, 2, 3, 4]

    def test_changes_after_the_checkpoint_are_made_again(self, manager):
        run = manager.starting.new(CONFIG, "ann")
        wait_until(lambda: run.snapshot().reading)
        trainer = FakeTrainer.made[-1]
        for rate in (1e-3, 1e-4):
            run.change(learning_rate=rate)
            wait_until(lambda rate=rate: trainer.config.learning_rate == rate)
            trainer.go()
            wait_until(lambda: trainer.epoch and trainer.epoch == len(run.snapshot().records))
        run.stop()
        assert run.wait(5)
        run.moments.rewind(1)
        again = manager.starting.resume(run.run_id, "ann")
        assert again.snapshot().config.learning_rate == 1e-3
        assert [change.settings for change in again.snapshot().changes] == [{"learning_rate": 1e-3}]
        wait_until(lambda: FakeTrainer.made[-1] is not trainer)
        assert [change.settings for change in FakeTrainer.made[-1].to_repeat] == [{"learning_rate": 1e-4}]
        assert FakeTrainer.made[-1].config.learning_rate == 1e-3

    def test_a_run_without_checkpoints_cannot_go_on(self, manager):
        run = trained(manager)
        run.moments.rewind(-1)
        with pytest.raises(ValueError, match="its networks are not kept"):
            manager.starting.resume(run.run_id, "ann")

    def test_what_is_forgotten_in_memory_is_read_from_the_store(self, manager):
        first = trained(manager)
        for _ in range(25):
            trained(manager)
        assert len(manager.runs()) <= 21
        assert manager.get(first.run_id) is not first and manager.get(first.run_id).snapshot().records


class TestLibrary:
    def test_lists_the_newest_first_and_searches_names_and_settings(self, manager, store):
        first, second = trained(manager), trained(manager, CONFIG.but(data="fashion", learning_rate=3e-4))
        store.rename(first.run_id, "  The   good\none ")
        assert [run.run_id for run in store.runs()] == [second.run_id, first.run_id]
        assert [run.name for run in store.runs("good")] == ["The good one"]
        assert [run.run_id for run in store.runs("FASHION 0.0003")] == [second.run_id]
        assert store.runs("good fashion") == []
        assert store.runs()[1].samples.shape == (64, 28, 28) and store.runs()[1].epoch == 4

    def test_a_deleted_run_can_be_brought_back_until_the_server_ends(self, manager, store):
        run = trained(manager)
        store.delete(run.run_id)
        assert store.runs() == [] and [each.run_id for each in store.runs(deleted=True)] == [run.run_id]
        assert store.load(run.run_id) is None
        store.restore(run.run_id)
        assert store.load(run.run_id).records
        store.delete(run.run_id)
        store.purge()
        assert store.runs(deleted=True) == [] and store._files.names() == []

    def test_a_contest_goes_with_the_last_of_its_runs(self, manager, store):
        one, other = trained(manager), trained(manager)
        store.keep_contest("race", json.dumps({"run_ids": [one.run_id, other.run_id]}))
        store.delete(one.run_id)
        store.purge()
        assert store.contest("race")
        store.delete(other.run_id)
        store.purge()
        assert store.contest("race") is None

    def test_a_name_has_an_end(self, manager, store):
        run = trained(manager)
        store.rename(run.run_id, "x" * 1000)
        assert len(store.runs()[0].name) == 80

    def test_the_oldest_without_a_star_make_room(self, store):
        for name in ("oldest", "starred", "newer"):
            snapshot = Snapshot(name, CONFIG, RunState.FINISHED)
            store.begin(snapshot)
            store.save(snapshot, 600_000)
        store.star("starred")
        store._limits = Limits(library_mb=1.3)
        store.begin(Snapshot("new", CONFIG))
        assert [run.run_id for run in store.runs()] == ["new", "newer", "starred"]

    def test_one_owner_fills_only_a_share(self, store):
        store._limits = Limits(library_mb=8)
        for name, owner in (("a", "hog"), ("b", "ann"), ("c", "hog"), ("d", "hog")):
            snapshot = Snapshot(name, CONFIG, RunState.FINISHED)
            store.begin(snapshot, owner)
            store.save(snapshot, 1_500_000)
        assert [run.run_id for run in store.runs()] == ["d", "c", "b"]

    def test_a_library_full_of_stars_says_so_and_the_run_trains_all_the_same(self, manager, store):
        run = trained(manager)
        store.star(run.run_id)
        store.save(run.snapshot(), 2_000_000)
        store._limits = Limits(library_mb=1)
        with pytest.raises(LibraryFull, match="Delete some"):
            store.begin(Snapshot("another", CONFIG))
        unkept = trained(manager)
        assert "full of starred runs" in str(unkept.snapshot().unkept)
        assert unkept.snapshot().state is RunState.FINISHED and len(store.runs()) == 1

    def test_settings_of_a_newer_version_do_not_hide_the_run(self, store):
        store.begin(Snapshot("future", CONFIG))
        with store._access.changing() as database:
            database.execute("UPDATE runs SET config = '{\"hyperdrive\": 1}'")
        (run,) = store.runs()
        assert run.config is None and run.run_id == "future"
        assert RunManager(FakeTrainer, store=store).get("future") is None


TRAIN = """
import sys
from gan.setup import presets
from gan.runs import RunManager
from gan.runs.state.limits import Limits
from gan.runs.kept import moments
from gan.runs.kept.opening import open_store

moments.WRITING_SHARE = 1e9
manager = RunManager(limits=Limits(runs_at_once=1), store=open_store())
config = presets.get("pocket").but(pictures=96, batch_size=16, epochs=int(sys.argv[1]), device="cpu")
run = manager.starting.new(config, "me")
while run.is_live:
    print(len(run.snapshot().records), flush=True)
    run.wait(0.001)
"""


def interrupted(store):
    """The newest run, once it is known that its server was killed."""
    wait_until(lambda: store.runs()[0].state is RunState.INTERRUPTED)
    return store.runs()[0]


class TestFaults:
    def killed_after(self, library, epochs: int) -> int:
        """Kill a process that trains, after so many epochs; returns how many it had said were done."""
        where = {DATABASE_ENV: library.database or str(library.folder), FILES_ENV: library.files}
        process = subprocess.Popen(
            [sys.executable, "-c", TRAIN, "100000"], stdout=subprocess.PIPE, text=True, env=os.environ | where
        )
        for line in process.stdout:
            if int(line) >= epochs:
                break
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.wait()
        return max(map(int, [line, *rest[:-1]]))

    def test_a_killed_server_loses_at_most_the_running_epoch(self, library):
        # Epochs of a few milliseconds: the kill falls into training, into a checkpoint or into the database.
        for turn in range(2):
            done = self.killed_after(library, 10 + 17 * turn)
            store = open_store(library)
            assert store.notice is None
            run = interrupted(store)
            snapshot = store.load(run.run_id)
            assert len(snapshot.records) >= done and snapshot.kept[-1] >= done - 1  # some are thinned out
            assert [record.epoch for record in snapshot.records] == list(range(1, len(snapshot.records) + 1))
            assert not list((library.folder / "runs" / run.run_id).glob("*.part"))
            store.close()

    def test_what_was_interrupted_goes_on_to_the_same_pictures(self, library):
        done = self.killed_after(library, 5)
        store = open_store(library)
        manager = RunManager(limits=Limits(runs_at_once=2), store=store)
        run_id = interrupted(store).run_id
        config = manager.get(run_id).config.but(epochs=done + 10)
        snapshot = store.load(run_id)
        store.save(replace(snapshot, config=config, begun_with=config), 0)
        manager.forget(run_id)
        again = manager.starting.resume(run_id, "ann")
        never_stopped = manager.starting.new(config, "ben")
        assert again.wait(60) and never_stopped.wait(60)
        assert again.snapshot().state is RunState.FINISHED, again.snapshot().fault
        assert (again.snapshot().reading.samples == never_stopped.snapshot().reading.samples).all()
        losses = [[record.d_loss for record in run.snapshot().records] for run in (again, never_stopped)]
        # The sums of an epoch are put together at each reading, so their last digits follow the clock.
        assert losses[0] == pytest.approx(losses[1], rel=1e-6) and len(losses[0]) == done + 10
        manager.stop_all()

    def test_a_run_of_a_server_that_lives_is_left_alone(self, library):
        store = open_store(library)
        store.begin(Snapshot("alive", CONFIG))
        other = open_store(library)
        assert other.runs()[0].state is RunState.STARTING
        store.close()
        wait_until(lambda: other.runs()[0].state is RunState.INTERRUPTED)
        other.close()

    def test_two_servers_write_side_by_side(self, library):
        stores = [open_store(library), open_store(library)]

        def write(store, name):
            for number in range(20):
                snapshot = Snapshot(f"{name} {number}", CONFIG)
                store.begin(snapshot)
                assert store.save(snapshot, 0) is None

        threads = [threading.Thread(target=write, args=(store, n)) for n, store in enumerate(stores)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(stores[0].runs()) == 40
        for store in stores:
            store.close()

    def test_a_clock_that_was_set_back_does_not_turn_the_list_around(self, store, monkeypatch):
        import gan.runs.kept.store as module

        class Clock:
            times = iter(["2030-01-01T00:00:00+00:00", "1999-01-01T00:00:00+00:00"])

            @classmethod
            def now(cls, _):
                from datetime import datetime

                return datetime.fromisoformat(next(cls.times))

            fromisoformat = staticmethod(module.datetime.fromisoformat)

        monkeypatch.setattr(module, "datetime", Clock)
        store.begin(Snapshot("first", CONFIG))
        store.begin(Snapshot("second", CONFIG))
        assert [run.run_id for run in store.runs()] == ["second", "first"]

    def test_a_damaged_checkpoint_is_a_sentence(self, manager, store):
        manager = RunManager(limits=Limits(runs_at_once=1), store=store)
        run = manager.starting.new(CONFIG, "ann")
        assert run.wait(60)
        store._files.of(run.run_id).write("2.safetensors", b"\x00" * 50)
        with pytest.raises(ValueError, match="damaged"):
            run.look_back(2)
        assert run.look_back(1)[0].shape == (64, 28, 28)
