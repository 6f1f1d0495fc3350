"""Orders to a cluster that do not arrive are given again."""

import threading
from collections.abc import Mapping
from dataclasses import replace

import pytest

from gan.runs import RunState
from gan.runs.cluster import engine, foreman, remote
from gan.runs.cluster.foreman import SILENT_SECONDS, Foreman
from gan.runs.cluster.host import Work
from gan.runs.cluster.news import News, Steered
from gan.runs.cluster.remote import TRIES, RemoteRun
from gan.runs.cluster.wire import PATIENCE_SECONDS, Away
from gan.runs.kept.opening import open_store
from gan.runs.server.registry import Registry
from gan.runs.state.limits import Limits
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig
from tests.fakes import Clock, FakeEyes, FakeTrainer, wait_until

SNAPSHOT = Snapshot("a1b2c3d4a1b2c3d4", RunConfig())


class Hosts:
    """Nodes with room for one, which note what they are to do."""

    def __init__(self, known: Mapping[str, Work] | None = None, failures: int = 0) -> None:
        self.launched, self.abandoned, self._known, self._failures = [], [], known or {}, failures
        self.is_away, self.ended = False, set()

    def room(self) -> int:
        return 1

    def known(self) -> Mapping[str, Work]:
        return self._known

    def launch(self, work: Work) -> None:
        self._failures -= 1
        if self._failures >= 0:
            raise Away
        self.launched.append(work)

    def lost(self) -> set:
        ended, self.ended = self.ended, set()
        return ended

    def abandon(self, party: str, run_id: str) -> None:
        if self.is_away:
            raise Away
        self.abandoned.append((party, run_id))


class Cluster:
    """Does not answer the first time that it is asked to begin; then the run is done at once."""

    asked = 0

    def begin(self, work: Work) -> None:
        self.asked += 1
        if self.asked == 1:
            raise Away

    def follows(self, run: RemoteRun) -> None:
        pass

    def place(self, run_id: str) -> int | None:
        return 0 if self.asked > 1 else None

    def order(self, *order) -> Steered:
        return Steered()

    def news(self, *asked) -> News:
        return News(("host", 1), replace(SNAPSHOT, state=RunState.FINISHED), (), Steered())


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path, Limits())
    store.begin(SNAPSHOT, "ann")
    return store


@pytest.fixture
def work(store) -> Work:
    return Work("party", "ann", (SNAPSHOT.run_id,), store.library, FakeTrainer, FakeEyes)


def test_the_foreman_does_not_let_a_run_wait_for_good_that_was_not_told_to_begin(work):
    hosts = Hosts()
    foreman = Foreman(Limits(), hosts)
    foreman.join("ann", {"party": work.run_ids}, "server")
    assert foreman.call("server", work.run_ids, ()) == {SNAPSHOT.run_id: None} and not hosts.launched
    foreman.begin(work)
    assert foreman.call("server", work.run_ids, ()) == {SNAPSHOT.run_id: 0} and hosts.launched == [work]


def test_a_host_that_could_not_be_launched_is_launched_later(work):
    hosts = Hosts(failures=1)
    foreman = Foreman(Limits(), hosts)
    with pytest.raises(Away):
        foreman.begin(work)
    wait_until(lambda: hosts.launched == [work])


@pytest.fixture
def clock():
    return Clock()


def foreman_of_one(clock) -> tuple[Foreman, Hosts]:
    """One place, taken by a run that somebody watches."""
    hosts = Hosts()
    foreman = Foreman(Limits(runs_at_once=1, grace_seconds=0), hosts, clock)
    foreman.join("ben", {"other": ("b",)}, "server")
    return foreman, hosts


def test_who_leaves_before_the_first_roll_call_has_left_the_run(work, clock):
    foreman, _ = foreman_of_one(clock)
    foreman.join("ann", {"party": work.run_ids}, "server")
    foreman.begin(work)
    assert foreman.call("server", ["b", *work.run_ids], ["b"])[SNAPSHOT.run_id] == 1
    clock.now += 1
    foreman.look()
    assert foreman.call("server", ["b", *work.run_ids], ["b"])[SNAPSHOT.run_id] is None


@pytest.fixture
def seldom(monkeypatch):
    """A foreman looks only when the test has it look."""
    monkeypatch.setattr(foreman, "LOOK_SECONDS", 3600)


def test_a_host_hears_at_each_look_that_nobody_watches_until_somebody_does(work, clock, seldom):
    foreman = Foreman(Limits(grace_seconds=0), hosts := Hosts({"party": work}), clock)
    foreman.call("server", work.run_ids, ())
    for _ in range(3):  # a host that is just made anew does not hear of it
        clock.now += 1
        foreman.look()
    assert hosts.abandoned == 3 * [("party", SNAPSHOT.run_id)]
    foreman.call("server", work.run_ids, work.run_ids)
    foreman.look()
    assert len(hosts.abandoned) == 3
    foreman.call("server", work.run_ids, ())
    clock.now += 1
    foreman.look()
    assert len(hosts.abandoned) == 4


def test_all_hosts_that_are_lost_give_their_places_back_though_none_can_be_launched(work, clock, seldom):
    there = {name: replace(work, party=name, run_ids=(name,)) for name in ("a", "b")}
    foreman = Foreman(Limits(runs_at_once=2), hosts := Hosts(there, failures=1), clock)
    new = [work, replace(work, party="next", run_ids=("n",))]
    for each in new:
        foreman.join("ann", {each.party: each.run_ids}, "server")
        foreman.begin(each)
    hosts.ended = {"a", "b"}
    foreman.look()
    assert hosts.launched == new[1:]  # the first could not be
    foreman.look()
    assert hosts.launched == new[::-1]
    assert foreman.call("server", "ab", ()) == {"a": None, "b": None}


def test_a_host_that_cannot_be_told_holds_up_no_other(work, clock, seldom):
    there = {name: replace(work, party=name, run_ids=(name,)) for name in ("a", "b")}
    foreman = Foreman(Limits(runs_at_once=2, grace_seconds=0), hosts := Hosts(there), clock)
    foreman.join("ann", {"party": work.run_ids}, "server")
    foreman.begin(work)
    foreman.call("server", "a", ())
    clock.now += 1
    hosts.is_away, hosts.ended = True, {"b"}
    foreman.look()
    assert hosts.launched == [work] and not hosts.abandoned
    hosts.is_away = False
    foreman.look()
    assert hosts.abandoned == [("a", "a")]


def test_who_leaves_while_the_foreman_is_gone_has_left_the_run(work, clock, seldom):
    foreman = Foreman(Limits(grace_seconds=0), hosts := Hosts({"party": work}), clock)
    foreman.call("server", work.run_ids, ())
    clock.now += 1
    foreman.look()
    assert hosts.abandoned == [("party", SNAPSHOT.run_id)]


def test_an_app_server_that_joined_and_never_called_holds_no_place(work, clock):
    foreman, hosts = foreman_of_one(clock)
    foreman.join("ann", {"party": work.run_ids}, "next")
    foreman.begin(work)
    assert not hosts.launched
    clock.now += SILENT_SECONDS / 2
    foreman.call("next", work.run_ids, work.run_ids)
    clock.now += SILENT_SECONDS / 2 + 1
    foreman.look()
    clock.now += 1
    foreman.look()
    assert hosts.launched == [work]


def test_a_place_is_free_again_whose_run_is_not_told_to_begin(work, clock):
    foreman, hosts = foreman_of_one(clock)
    foreman.join("ann", {"party": work.run_ids}, "server")
    foreman.begin(work)
    assert not hosts.launched
    clock.now += SILENT_SECONDS + 1
    both = ["b", *work.run_ids]
    foreman.call("server", both, both)
    foreman.look()
    assert hosts.launched == [work] and foreman.call("server", both, both)["b"] is None
    foreman.begin(replace(work, party="other", run_ids=("b",)))
    assert foreman.call("server", both, both)["b"] == 1


def test_a_run_begins_although_the_first_order_did_not_arrive(store, work):
    cluster = Cluster()
    run = RemoteRun(SNAPSHOT, cluster, store, work, eyes=FakeEyes)
    run.lease.join("ann")
    run.start()
    assert run.wait(10) and run.snapshot().state is RunState.FINISHED and cluster.asked == 2


class SlowToBegin:
    """A wire to a cluster whose first answer takes as long as the imports of a process."""

    SECONDS, has_answered = 20, False

    def __init__(self, address: str) -> None:
        pass

    def see_to(self, *actor) -> None:
        pass

    def ask(self, *question, patience: float = PATIENCE_SECONDS):
        if not self.has_answered and patience < self.SECONDS:
            raise Away
        self.has_answered = True

    def close(self) -> None:
        pass


def test_the_first_answer_of_a_cluster_is_waited_for(store, monkeypatch):
    monkeypatch.setattr(engine, "Wire", SlowToBegin)
    cluster = engine.ClusterEngine("ray", store, Limits())
    assert [claim.run_id for claim in cluster.join("ann", ["a run"])] == ["a run"]
    assert cluster.close((), 5)


class Found:
    """A wire to a cluster where a run trains that two tabs look for at once."""

    def __init__(self, address: str) -> None:
        self.both = threading.Barrier(2)

    def see_to(self, *actor) -> None:
        pass

    def ask(self, name: str, kind: type, method: str, *values, patience: float = PATIENCE_SECONDS):
        if method == "work_of":
            self.both.wait(10)
            return self.work
        return dict.fromkeys(values[1], 1)  # its place in the queue

    def close(self) -> None:
        pass


def test_of_a_run_that_two_tabs_find_at_once_one_is_known_and_followed(store, work, monkeypatch):
    Found.work = work
    monkeypatch.setattr(engine, "Wire", Found)
    cluster = engine.ClusterEngine("ray", store, Limits())
    registry, found = Registry(cluster, store), []
    tabs = [threading.Thread(target=lambda: found.append(registry.get(SNAPSHOT.run_id))) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    followers = [thread for thread in threading.enumerate() if thread.name == f"run-{SNAPSHOT.run_id}"]
    assert cluster.close((), 5)
    assert found[0] is found[1] is registry.get(SNAPSHOT.run_id) and len(followers) == 1


class Full(Cluster):
    """Everybody waits, and who leaves is not heard the first time."""

    left = 0

    def place(self, run_id: str) -> int | None:
        return 1

    def leave(self, party: str, run_id: str) -> bool:
        self.left += 1
        if self.left == 1:
            raise Away
        return True


def test_a_run_that_waits_stops_although_the_first_order_did_not_arrive(store, work):
    cluster = Full()
    run = RemoteRun(SNAPSHOT, cluster, store, work, eyes=FakeEyes)
    run.lease.join("ann")
    run.stop()
    assert run.is_live
    run.start()
    assert run.wait(10) and run.snapshot().state is store.load(SNAPSHOT.run_id).state is RunState.STOPPED
    assert cluster.left == 2


class Unlucky(Cluster):
    """Its hosts end before they are heard."""

    def place(self, run_id: str) -> int | None:
        return None

    def leave(self, party: str, run_id: str) -> bool:
        return True


def test_a_run_that_ended_unheard_is_not_stopped(store, work):
    run = RemoteRun(SNAPSHOT, Unlucky(), store, work, eyes=FakeEyes)
    store.save(replace(SNAPSHOT, state=RunState.FINISHED, seconds=9.0), 0)
    run.stop()
    for seen in (run.snapshot(), store.load(SNAPSHOT.run_id)):
        assert (seen.state, seen.seconds) == (RunState.FINISHED, 9.0)


def test_a_run_that_was_stopped_does_not_begin_again_while_the_library_is_away(store, work, monkeypatch):
    cluster, load, looks = Unlucky(), store.load, iter(range(4 * TRIES))

    def fail(run_id: str) -> Snapshot:
        if next(looks, None) is not None:
            raise ValueError("away")
        return load(run_id)

    monkeypatch.setattr(store, "load", fail)
    monkeypatch.setattr(remote, "AGAIN_SECONDS", 0.01)
    run = RemoteRun(SNAPSHOT, cluster, store, work, eyes=FakeEyes)
    run.lease.join("ann")
    run.stop()
    run.start()
    assert run.wait(10) and run.snapshot().state is load(SNAPSHOT.run_id).state is RunState.STOPPED
    assert cluster.asked == 1


def test_a_run_that_no_host_can_begin_says_so(store, work):
    cluster = Unlucky()
    run = RemoteRun(SNAPSHOT, cluster, store, work, eyes=FakeEyes)
    run.lease.join("ann")
    run.start()
    assert run.wait(10) and run.snapshot().state is RunState.FAILED and cluster.asked > TRIES
    assert "could not begin" in str(run.snapshot().fault.what)
    kept = store.load(SNAPSHOT.run_id)
    assert kept.state is RunState.FAILED and kept.fault == run.snapshot().fault
