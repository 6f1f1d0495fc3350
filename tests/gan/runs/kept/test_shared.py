"""One library, several servers: they see each other's runs, and none loses anything while the database is away."""

import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace

import psycopg
import pytest

from gan.messages import Refusal
from gan.runs import Contests, RunManager, RunState, Snapshot
from gan.runs.kept import shared
from gan.runs.kept.access import FileAccess
from gan.runs.kept.database import TooNew
from gan.runs.kept.library import DATABASE_ENV, FILES_ENV, Library
from gan.runs.kept.opening import open_store
from gan.runs.kept.store import Elsewhere, Store
from gan.runs.server.contest import Contest, Kind
from gan.runs.state.limits import Limits
from tests.fakes import FakeEyes, FakeTrainer, wait_until
from tests.gan.runs.kept.libraries import CONFIG, stopped


@pytest.fixture
def servers(shared_library):
    """Two of them."""
    stores = [open_store(shared_library), open_store(shared_library)]
    yield stores
    for store in stores:
        store.close()


def manager_of(store) -> RunManager:
    return RunManager(FakeTrainer, Limits(runs_at_once=8), store, FakeEyes)


def cut_off(store) -> None:
    """Its connection is lost, and it finds no other until `found_again`."""

    def away():
        raise psycopg.OperationalError("no route to host")

    store._access._new_session = away
    store._access.connection.close()


def found_again(store) -> None:
    del store._access._new_session
    store._access._rests_until = 0.0


class TestTwoServers:
    def test_see_each_others_runs_and_which_go_on(self, servers):
        here, there = servers
        run = stopped(manager_of(here))
        here.begin(Snapshot("live", CONFIG))
        assert [(each.run_id, each.state) for each in there.runs()] == [
            ("live", RunState.STARTING),
            (run.run_id, RunState.STOPPED),
        ]
        assert len(there.load(run.run_id).records) == 4
        for press in (there.claim, there.delete):
            with pytest.raises(ValueError, match="This run goes on"):
                press("live")

    def test_go_on_with_what_was_stopped_elsewhere_and_only_one_does(self, servers):
        here, there = map(manager_of, servers)
        run = stopped(here)
        again = there.starting.resume(run.run_id, "ben")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        assert again._trainer.start == b"after 4"
        with pytest.raises(ValueError, match="goes on already"):
            here.store.claim(run.run_id)
        again.stop()
        assert again.wait(5)

    def test_know_where_each_others_rooms_are(self, servers):
        here, there = (store.access for store in servers)
        assert here.claim_room("BCDF", "http://here:1") and not there.claim_room("BCDF", "http://there:1")
        assert there.room_at("BCDF") == "http://here:1" and here.room_at("BCDF") is None
        assert there.room_at("GHJK") is None and there.claim_room("GHJK", "http://there:1")
        there.leave_room("BCDF")  # not its own
        here.leave_room("BCDF")
        assert there.room_at("BCDF") is None and here.room_at("GHJK") == "http://there:1"
        servers[1].close()
        assert here.room_at("GHJK") is None

    def test_tell_a_database_again_that_has_lost_their_rooms(self, servers):
        here, there = servers
        here.access.claim_room("BCDF", "http://here:1")
        with here.access.changing() as database:
            database.execute("DELETE FROM rooms")
        cut_off(here)
        found_again(here)
        here.runs()
        assert there.access.room_at("BCDF") == "http://here:1"

    def test_delete_for_each_other(self, servers):
        here, there = servers
        run = stopped(manager_of(here))
        there.delete(run.run_id)
        assert here.load(run.run_id) is None
        here.restore(run.run_id)
        assert there.load(run.run_id) and there.moments(run.run_id).epochs
        there.delete(run.run_id)
        here.purge()
        assert there.runs(deleted=True) == [] and there._files.names() == []

    def test_keep_to_one_limit_and_an_owner_to_one_share(self, servers):
        for number, (name, owner) in enumerate((("a", "hog"), ("b", "ann"), ("c", "hog"), ("d", "hog"))):
            store = servers[number % 2]
            store._limits = Limits(library_mb=8)
            snapshot = Snapshot(name, CONFIG, RunState.FINISHED)
            store.begin(snapshot, owner)
            store.save(snapshot, 1_500_000)
        assert [run.run_id for run in servers[0].runs()] == ["d", "c", "b"]
        servers[0]._limits = Limits(library_mb=2)
        servers[0].begin(Snapshot("new", CONFIG))
        assert [run.run_id for run in servers[1].runs()] == ["new", "d"]

    def test_know_whose_a_run_is_while_its_server_lives_and_name_nobody(self, servers):
        here, there = servers
        here.begin(Snapshot("run", CONFIG, RunState.FINISHED), "192.168.1.7")
        assert here.runs_of("192.168.1.7") == there.runs_of("192.168.1.7") == {"run"}
        assert there.runs_of("192.168.1.8") == set() and there.owner("run") is None
        with there._access.reading() as database:
            (row,) = database.execute("SELECT * FROM owners").fetchall()
        assert not any("192" in str(value) for value in row)
        here.close()
        assert there.runs_of("192.168.1.7") == set()

    def test_find_what_a_dead_one_left_only_after_a_while(self, servers, monkeypatch):
        here, there = servers
        here.begin(Snapshot("run", CONFIG), "ann")
        cut_off(here)
        now = 1000.0
        monkeypatch.setattr(shared, "MISSING_SECONDS", 15.0)
        monkeypatch.setattr(shared, "monotonic", lambda: now)
        wait_until(lambda: there.runs() and here._access.server in there._access._missing)
        now += 14.0
        assert there.runs()[0].state is RunState.STARTING and there.runs_of("ann")
        found_again(here)
        assert here.runs() and there.runs()  # it has its lock again
        cut_off(here)
        wait_until(lambda: there.runs() and here._access.server in there._access._missing)
        now += 14.0
        assert there.runs()[0].state is RunState.STARTING
        now += 2.0
        assert [there.runs()[0].state, there.runs()[0].state][1] is RunState.INTERRUPTED
        assert there.runs_of("ann") == set()

    def test_find_what_a_dead_one_left_though_nobody_lists_runs(self, servers, shared_library):
        here, there = servers
        here.begin(Snapshot("run", CONFIG))
        cut_off(here)
        beside = Store(shared_library, beside=True)
        beside._access._look_at_connection()
        assert beside._access._missing == {}, "it leaves that to others"
        beside.close()

        def is_found() -> bool:
            there._access._look_at_connection()
            return there.load("run").state is RunState.INTERRUPTED

        wait_until(is_found)

    def test_do_not_take_two_looks_with_a_pause_between_for_an_absence(self, servers, monkeypatch):
        access, now, dead = servers[0]._access, 1e9, []
        monkeypatch.setattr(shared, "MISSING_SECONDS", 15.0)
        monkeypatch.setattr(shared, "monotonic", lambda: now)
        monkeypatch.setattr(access, "others", "SELECT 'other' WHERE ? <> ''")  # its lock is away at each look
        monkeypatch.setattr(access, "_mark_interrupted", dead.append)
        for pause in (0.0, 3600.0, 8.0):
            now += pause
            access.find_interrupted()
        assert dead == []
        now += 8.0
        access.find_interrupted()
        assert dead == ["other"]

    def test_of_which_one_took_over_the_others_run_do_not_train_it_both(self, servers):
        here, there = servers
        manager = manager_of(here)
        run = manager.starting.new(CONFIG, "ann")
        wait_until(lambda: run.snapshot().reading)
        cut_off(here)
        wait_until(lambda: there.runs()[0].state is RunState.INTERRUPTED)
        there.claim(run.run_id)
        found_again(here)
        run._trainer.go(1)
        assert run.wait(5) and run.snapshot().state is RunState.FAILED
        assert "goes on elsewhere" in str(run.snapshot().fault.what)
        assert there.load(run.run_id).state is RunState.STARTING
        with pytest.raises(Elsewhere):
            here.save(run.snapshot(), 0)

    def test_that_were_cut_off_for_a_while_go_on(self, servers):
        here, there = servers
        run = manager_of(here).starting.new(CONFIG, "ann")
        wait_until(lambda: run.snapshot().reading)
        cut_off(here)
        wait_until(lambda: there.runs()[0].state is RunState.INTERRUPTED)
        found_again(here)
        run._trainer.go(5)
        assert run.wait(5) and run.snapshot().state is RunState.FINISHED
        assert len(there.load(run.run_id).records) == 5

    def test_that_both_claim_a_run_do_not_both_have_it(self, servers):
        for number in range(10):
            run_id, barrier, won = f"run {number}", threading.Barrier(2), []
            servers[0].begin(Snapshot(run_id, CONFIG, RunState.STOPPED))

            def claim(store, run_id=run_id, barrier=barrier, won=won):
                barrier.wait()
                with suppress(Refusal):
                    store.claim(run_id)
                    won.append(store)

            threads = [threading.Thread(target=claim, args=(store,)) for store in servers]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(won) == 1

    def test_open_a_new_library_at_the_same_time(self, shared_library):
        found = []
        threads = [threading.Thread(target=lambda: found.append(open_store(shared_library))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [store.notice for store in found] == [None] * 4
        for store in found:
            store.close()


class TestADatabaseThatIsAway:
    def test_costs_a_running_run_nothing(self, servers, postgres, monkeypatch):
        monkeypatch.setattr(shared, "MISSING_SECONDS", 15.0)
        monkeypatch.setattr(shared, "REST_SECONDS", 0.0)
        here, there = servers
        run = manager_of(here).starting.new(CONFIG, "ann", "ann")
        wait_until(lambda: run.snapshot().reading)
        postgres.stop()
        run._trainer.go(2)
        wait_until(lambda: run.snapshot().unkept)
        assert "The library cannot be reached" in str(run.snapshot().unkept)
        for read in (there.runs, there.contests, lambda: there.load(run.run_id), lambda: there.star("x")):
            with pytest.raises(Refusal, match="cannot be reached"):
                read()
        watcher = manager_of(there)
        assert watcher.find_watched(run.watch_id) is None and watcher.get(run.run_id) is None
        contest = Contest("compared", Kind.VERSUS, CONFIG, (), (), (run.run_id,))
        assert Contests(watcher).more_of(contest) == [] and Contests(watcher).get("compared") is None
        postgres.start()
        assert there.runs()[0].state.is_live, "its server had no time yet to come back"
        run._trainer.go(1)
        wait_until(lambda: len(run.snapshot().records) == 3 and not run.snapshot().unkept)
        assert len(there.load(run.run_id).records) == 3, "what could not be written was written later"
        assert there.runs_of("ann") == {run.run_id}
        run.stop()
        assert run.wait(5)

    def test_at_the_start_is_told_and_waited_for(self, shared_library, postgres, monkeypatch):
        monkeypatch.setattr(shared, "REST_SECONDS", 0.0)
        postgres.stop()
        store = open_store(shared_library)
        assert "cannot be reached" in str(store.notice)
        postgres.start()
        store.begin(Snapshot("run", CONFIG, RunState.FINISHED))
        assert [run.run_id for run in store.runs()] == ["run"] and store.notice is None
        store.close()

    def test_does_not_hold_up_who_trains(self, servers, monkeypatch):
        """A network that swallows everything makes each try to connect last."""
        here, _ = servers
        snapshot = Snapshot("run", CONFIG)
        here.begin(snapshot)
        tries, goes_on = threading.Semaphore(0), threading.Event()

        def wait_for_it(*_, **__):
            tries.release()
            goes_on.wait()
            raise psycopg.OperationalError("timed out")

        monkeypatch.setattr(psycopg, "connect", wait_for_it)
        monkeypatch.setattr(shared, "AGAIN_SECONDS", 0.0)
        here._access._rests_until = float("inf")  # it was tried already
        here._access.connection.close()
        threading.Thread(target=here._access._stay_connected, daemon=True).start()
        assert tries.acquire(timeout=10), "nobody tries in the background"
        assert "cannot be reached" in str(here.save(snapshot, 0))
        goes_on.set()

    def test_that_has_no_time_for_a_change_costs_that_one_alone(self, shared_library, monkeypatch):
        monkeypatch.setitem(shared.SETTINGS, "lock_timeout", "200ms")
        store = open_store(shared_library)
        store.begin(snapshot := Snapshot("run", CONFIG))
        with psycopg.connect(shared_library.database) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, 0)", (shared.WRITER,))
            assert "lock timeout" in str(store.save(snapshot, 0))
        assert store.save(snapshot, 0) is None and store.runs()[0].state is RunState.STARTING
        store.close()

    def test_is_connected_to_anew_where_a_change_could_not_be_ended(self, servers, monkeypatch):
        here, _ = servers
        here.begin(snapshot := Snapshot("run", CONFIG))
        here._access.connection.execute("BEGIN")
        assert here.save(snapshot, 0) is None
        execute = shared.Session.execute

        def refuse(self, statement, values=()):
            if statement in ("COMMIT", "ROLLBACK"):
                raise psycopg.OperationalError("interrupted")
            return execute(self, statement, values)

        with monkeypatch.context() as patch:
            patch.setattr(shared.Session, "execute", refuse)
            assert here.save(snapshot, 0) and here._access.connection.is_closed
        assert here.save(snapshot, 0) is None

    def test_is_looked_at_again_whatever_a_look_met(self, servers, monkeypatch):
        here, _ = servers
        looks = threading.Semaphore(0)

        def fail():
            looks.release()
            raise RuntimeError("a look that failed")

        monkeypatch.setattr(shared, "LOOK_SECONDS", 0.01)
        monkeypatch.setattr(here._access, "reading", fail)
        threading.Thread(target=here._access._stay_connected, daemon=True).start()
        assert looks.acquire(timeout=10) and looks.acquire(timeout=10)

    def test_that_is_newer_is_left_as_it_is(self, servers, shared_library):
        with servers[0]._access.changing() as database:
            database.execute("UPDATE library SET version = ?", (shared.VERSION + 1,))
        with pytest.raises(TooNew):
            open_store(shared_library)
        cut_off(servers[0])
        found_again(servers[0])
        with pytest.raises(Refusal, match="newer"):
            servers[0].runs()
        with servers[1]._access.changing() as database:
            database.execute("UPDATE library SET version = ?", (shared.VERSION,))


def test_an_object_store_that_is_away_stops_the_keeping_but_not_the_training(servers, object_store):
    manager = manager_of(servers[0])
    run = manager.starting.new(CONFIG, "ann")
    wait_until(lambda: run.snapshot().kept)
    object_store.stop()
    run._trainer.go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    wait_until(lambda: run.snapshot().unkept)
    assert "The past is not kept" in str(run.snapshot().unkept)
    assert "127.0.0.1" not in str(run.snapshot().unkept)
    with pytest.raises(ValueError, match="cannot be read"):
        servers[1].load(run.run_id)
    object_store.start()
    run._trainer.go(3)
    assert run.wait(5) and run.snapshot().state is RunState.FINISHED
    assert run.snapshot().unkept is None and servers[1].load(run.run_id).kept == (0, 3, 4, 5)


def test_of_a_run_whose_files_cannot_be_kept_nothing_is_taken_in(servers, object_store):
    object_store.stop()
    with pytest.raises(Refusal, match="The past is not kept"):
        servers[0].take(Snapshot("run", CONFIG, RunState.FINISHED), {0: b"zero"}, "Ours", "ann")
    object_store.start()
    assert servers[1].runs() == [] and servers[1]._files.names() == [] and servers[1].runs_of("ann") == set()
    assert servers[0].runs_of("ann") == set()
    servers[0].take(Snapshot("run", CONFIG, RunState.FINISHED), {0: b"zero"}, "Ours", "ann")
    assert servers[1].moments("run").read(0) == b"zero" and servers[1].runs_of("ann") == {"run"}


def test_a_full_disk_takes_a_deletion_that_makes_room(servers, monkeypatch):
    run = stopped(manager_of(servers[0]))
    execute = shared.Session.execute

    def refuse(self, statement, values=()):
        if statement.startswith("UPDATE") and servers[0].moments(run.run_id).epochs:
            raise psycopg.errors.DiskFull("could not extend file")
        return execute(self, statement, values)

    monkeypatch.setattr(shared.Session, "execute", refuse)
    servers[0].delete(run.run_id)
    assert servers[1].runs() == []


def test_both_databases_have_the_same_columns(servers, tmp_path):
    alone = FileAccess(tmp_path / "alone")
    with alone.reading() as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        tables = [name for (name,) in found]
        here = {name: [row["name"] for row in database.execute(f"PRAGMA table_info({name})")] for name in tables}
    alone.close()
    with servers[0]._access.reading() as database:
        there = {
            name: [column.name for column in database.execute(f"SELECT * FROM {name}").description] for name in tables
        }
    assert here == there and len(here) == 4


class TestTheAddress:
    def test_is_read_from_the_environment(self, tmp_path):
        where = "postgresql://somebody:secret@host:5432/studio"
        library = Library.read({DATABASE_ENV: where, FILES_ENV: "s3://bucket/runs"})
        assert (library.database, library.files) == (where, "s3://bucket/runs")
        assert Library.read({DATABASE_ENV: str(tmp_path)}) == Library(tmp_path)
        assert library.told == "postgresql://host:5432/studio"
        asked = replace(library, database="postgresql:///studio?host=%2Frun&user=somebody&password=secret")
        assert asked.told == "postgresql:///studio?host=%2Frun"
        assert library.name == replace(library, database=where.replace("somebody:secret@", "")).name
        assert library.name != Library(library.folder).name

    @pytest.mark.parametrize(
        "library", [{"database": "postgresql://host:x:y/?nonsense=1"}, {"files": "s3://"}, {"files": "nowhere://b"}]
    )
    def test_that_is_none_stops_the_server(self, tmp_path, library):
        with pytest.raises((Refusal, psycopg.Error)):
            open_store(Library(tmp_path, **library))

    @pytest.mark.parametrize(
        ("package", "module", "library"),
        [
            ("psycopg", "shared", {"database": "postgresql://host/studio"}),
            ("obstore", "bucket", {"files": "s3://bucket"}),
        ],
    )
    def test_needs_packages_that_are_named(self, tmp_path, monkeypatch, package, module, library):
        monkeypatch.setitem(sys.modules, package, None)
        monkeypatch.delitem(sys.modules, f"gan.runs.kept.{module}", raising=False)
        monkeypatch.delattr(f"gan.runs.kept.{module}", raising=False)
        with pytest.raises(Refusal, match=rf"{package}.*requirements-cluster\.txt"):
            open_store(Library(tmp_path, **library))

    def test_is_all_that_imports_them(self, tmp_path):
        code = (
            "import sys; from gan.runs.kept.opening import open_store; open_store(); "
            "sys.exit(not {'psycopg', 'obstore'}.isdisjoint(sys.modules))"
        )
        subprocess.run([sys.executable, "-c", code], check=True, env={DATABASE_ENV: str(tmp_path)})
