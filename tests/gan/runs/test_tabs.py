"""Several tabs at once: every action asks again whether it still applies, and none of them is lost."""

import threading
from collections.abc import Callable

import pytest

from gan.messages import msg
from gan.records import Wish
from gan.runs import Run, RunManager, RunState, Snapshot, ThreadRun
from gan.runs.kept.opening import open_store
from gan.runs.live import run as run_module
from gan.runs.live.places import Places
from gan.runs.server.registry import Registry
from gan.runs.server.watching import Watchers
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from tests.fakes import FakeEyes, FakeTrainer, wait_until

CONFIG = RunConfig(epochs=4)
TABS = 8


@pytest.fixture
def manager(tmp_path):
    """Fake runs that are kept; all of them are ended afterwards, and no thread is left over."""
    FakeTrainer.made.clear()
    manager = RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(tmp_path), FakeEyes)
    yield manager
    for run in manager.runs():
        run.stop()
        assert run.wait(5)
    assert not run_threads()
    manager.store.close()


def run_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("run-")]


def together(*presses: Callable[[], object]) -> list[object]:
    """What several tabs are told that press at the same moment: a result or an exception each."""
    at_once, told = threading.Barrier(len(presses)), [None] * len(presses)

    def press(number: int) -> None:
        at_once.wait(10)
        try:
            told[number] = presses[number]()
        except Exception as error:
            told[number] = error

    tabs = [threading.Thread(target=press, args=(number,)) for number in range(len(presses))]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(20)
    return told


def stopped(manager, epochs: int = 2) -> Run:
    """A run that was stopped after so many epochs."""
    run = manager.starting.new(CONFIG, "somebody")
    wait_until(lambda: run.snapshot().reading)
    run._trainer.go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    run.stop()
    assert run.wait(5)
    return run


class TestGoingOn:
    def test_many_tabs_have_one_run_go_on_once(self, manager):
        run_id, made = stopped(manager).run_id, len(FakeTrainer.made)
        told = together(*(lambda tab=tab: manager.starting.resume(run_id, f"tab {tab}") for tab in range(TABS)))
        assert all(each is told[0] for each in told) and manager.get(run_id) is told[0] and told[0].is_live
        wait_until(lambda: told[0].snapshot().state is RunState.RUNNING)
        assert len(FakeTrainer.made) == made + 1 and run_threads() == [f"run-{run_id}"]
        for tab in range(TABS):
            assert told[0].lease.is_watched
            manager.leave(f"tab {tab}")
        assert not told[0].lease.is_watched

    def test_two_servers_do_not_have_one_run_go_on_twice(self, manager, tmp_path):
        run_id = stopped(manager).run_id
        other = RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(tmp_path), FakeEyes)
        assert other.get(run_id).snapshot().state is RunState.STOPPED  # a tab there has it on screen
        again = manager.starting.resume(run_id, "ann")
        with pytest.raises(ValueError, match="goes on already"):
            other.starting.resume(run_id, "ben")
        with pytest.raises(ValueError, match="stop it before"):
            other.starting.delete(run_id)
        again.stop()
        assert again.wait(5)
        other.stop_all()

    def test_it_goes_on_from_where_another_server_left_it(self, manager, tmp_path):
        """This server has it in memory as it was before."""
        run = stopped(manager)
        other = RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(tmp_path), FakeEyes)
        again = other.starting.resume(run.run_id, "ann")
        wait_until(lambda: again.snapshot().state is RunState.RUNNING)
        again._trainer.go(1)
        wait_until(lambda: len(again.snapshot().records) == 3)
        again.stop()
        assert again.wait(5) and len(run.snapshot().records) == 2
        last = manager.starting.resume(run.run_id, "ben")
        wait_until(lambda: last.snapshot().state is RunState.RUNNING)
        assert last.snapshot().resumed_at == 3
        last.stop()
        assert last.wait(5)
        assert [record.epoch for record in manager.store.load(run.run_id).records] == [1, 2, 3]
        other.stop_all()

    def test_a_place_is_given_back_where_nothing_comes_of_it(self, manager):
        run_id = stopped(manager).run_id
        before = list(manager.engine._places._tickets)
        manager.store.delete(run_id)  # another server's tab
        for _ in range(3):
            with pytest.raises(ValueError, match="not kept"):
                manager.starting.resume(run_id, "ann")
        with pytest.raises(ValueError, match="Epoch 9"):
            manager.starting.fork(CONFIG, stopped(manager), 9, "ann")
        assert manager.engine._places._tickets == before
        assert [run.state for run in manager.store.runs()] == [RunState.STOPPED]


class TestForking:
    def test_a_fork_that_waits_keeps_its_beginning_while_its_parent_loses_it(self, tmp_path):
        manager = RunManager(FakeTrainer, Limits(runs_at_once=1), open_store(tmp_path), FakeEyes)
        parent = stopped(manager)
        busy = manager.starting.new(CONFIG, "ann")
        wait_until(lambda: busy.snapshot().reading)
        fork = manager.starting.fork(CONFIG, parent, 2, "ben")
        assert fork.snapshot().state is RunState.QUEUED and fork.snapshot().kept == (2,)
        manager.starting.delete(parent.run_id)
        manager.store.purge()
        busy.stop()
        wait_until(lambda: fork.snapshot().reading)
        assert fork._trainer.start == b"after 2" and fork.snapshot().forked_at == 2
        manager.stop_all()


class TestDeleting:
    def test_a_stale_tab_does_not_delete_what_another_had_go_on(self, manager):
        run_id = stopped(manager).run_id
        again = manager.starting.resume(run_id, "ann")
        with pytest.raises(ValueError, match="stop it before"):
            manager.starting.delete(run_id)
        assert manager.get(run_id) is again and again.is_live
        assert [run.run_id for run in manager.store.runs()] == [run_id]

    def test_at_the_same_moment_one_of_both_happens(self, manager):
        for turn in range(8):
            run_id = stopped(manager).run_id
            went_on, deleted = together(
                lambda run_id=run_id, turn=turn: manager.starting.resume(run_id, f"ann {turn}"),
                lambda run_id=run_id: manager.starting.delete(run_id),
            )
            assert isinstance(went_on, ValueError) != isinstance(deleted, ValueError)
            is_listed = run_id in [run.run_id for run in manager.store.runs()]
            assert is_listed == isinstance(went_on, Run) == (f"run-{run_id}" in run_threads())

    def test_forgetting_while_others_look_breaks_nothing(self):
        class Ended:
            is_live = False

            def __init__(self, number):
                self.run_id = f"{number}"

            def snapshot(self):
                return Snapshot(self.run_id, CONFIG)

        registry = Registry(Ended, None)
        told = together(
            *(lambda at=at: [registry.add(Ended(at + number)) for number in range(500)] for at in range(0, 2000, 500)),
            *(lambda: [registry.forget(f"{number}") for number in range(2000)] for _ in range(4)),
            *(lambda: [registry.runs() for _ in range(500)] for _ in range(2)),
        )
        assert not [each for each in told if isinstance(each, Exception)]


def test_the_same_run_comes_back_to_the_queue_while_its_old_ticket_leaves():
    places = Places(Limits(runs_at_once=1))
    (first,) = places.join("ann", ["run"])
    assert first.wait(lambda: False)
    (again,) = places.join("ann", ["run"])
    assert first.has_place and not again.has_place and again.place == 1
    first.leave()
    assert again.wait(lambda: False) and again.place is None


class TestWatching:
    def test_who_has_left_does_not_come_back_by_a_page_that_was_still_being_drawn(self):
        watchers, run = Watchers(), ThreadRun(Snapshot("run", CONFIG), FakeTrainer)
        watchers.watch("tab", run)
        watchers.leave("tab")
        watchers.watch("tab", run)
        assert not run.lease.is_watched and watchers._watching == {}

    def test_a_run_that_a_closed_tab_begins_is_given_up(self):
        manager = RunManager(FakeTrainer, Limits(grace_seconds=0))
        manager.leave("tab")
        run = manager.starting.new(CONFIG, "tab")
        assert run.wait(5) and run.snapshot().state is RunState.ABANDONED

    def test_tabs_that_come_and_go_leave_nobody_behind(self):
        watchers = Watchers()
        runs = [ThreadRun(Snapshot(f"run {number}", CONFIG), FakeTrainer) for number in range(3)]

        def visit(tab: int) -> None:
            for turn in range(200):
                watchers.watch(f"tab {tab}", runs[(tab + turn) % 3])

        def close(tab: int) -> None:
            for _ in range(200):
                watchers.leave(f"tab {tab}")

        told = together(*(lambda tab=tab, do=do: do(tab) for tab in range(TABS) for do in (visit, close)))
        assert told == [None] * (2 * TABS)
        assert watchers._watching == {} and not any(run.lease.is_watched for run in runs)


class Slow:
    """A store that takes until `go_on` to keep the end of a run, and then says that it could not."""

    trouble = msg("test.trouble", "The disk hums.")

    def __init__(self) -> None:
        self.ending, self.go_on = threading.Event(), threading.Event()

    def moments(self, run_id):
        return run_module.Moments()

    def save(self, snapshot, size):
        if not snapshot.state.is_live:
            self.ending.set()
            assert self.go_on.wait(10)
            return self.trouble
        return None


def test_a_wish_while_the_end_is_kept_loses_neither(monkeypatch):
    """One writer: the page's thread and the run's own change the same snapshot, in the worst order."""
    store = Slow()
    run = ThreadRun(Snapshot("test", RunConfig(epochs=1)), FakeTrainer, store=store, eyes=FakeEyes)
    run.start()
    wait_until(lambda: run.snapshot().reading)
    run._trainer.go()
    assert store.ending.wait(10)
    page, real = threading.current_thread(), run_module.replace

    def replace(what, **changes):
        if threading.current_thread() is page and "reading" in changes and "samples" not in changes:
            store.go_on.set()  # the run's thread goes on between the page's looking and its writing
            assert run.wait(10)
        return real(what, **changes)

    monkeypatch.setattr(run_module, "replace", replace)
    run.wish(Wish(label=3))
    store.go_on.set()
    assert run.wait(10)
    snapshot = run.snapshot()
    assert snapshot.state is RunState.FINISHED and snapshot.unkept == Slow.trouble
    assert snapshot.wish == Wish(label=3) and (snapshot.reading.samples == 203).all()


def test_settings_that_come_too_late_are_refused_and_not_shown():
    run = ThreadRun(Snapshot("test", CONFIG), FakeTrainer)
    run.start()
    wait_until(lambda: run.snapshot().reading)
    run.stop()
    assert run.wait(5)
    with pytest.raises(ValueError, match="has ended"):
        run.change(learning_rate=0.5)
    assert run.config == CONFIG


def test_settings_asked_for_before_the_first_step_are_a_change_of_the_run():
    run = ThreadRun(Snapshot("test", CONFIG), FakeTrainer)
    run.change(learning_rate=0.5)
    run.start()
    wait_until(lambda: run.snapshot().reading)
    run._trainer.go()
    wait_until(lambda: run.snapshot().changes)
    snapshot = run.snapshot()
    run.stop()
    assert run.wait(5)
    assert snapshot.first_config == CONFIG and snapshot.config.learning_rate == 0.5
    assert [change.settings for change in snapshot.changes] == [{"learning_rate": 0.5}]
