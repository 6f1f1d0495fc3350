"""Buttons pressed in a tab that is behind: a sentence or what is true now, and never a broken page."""

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from pages.shared.tab import guard
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, started


@pytest.fixture(autouse=True)
def guarded(monkeypatch):
    """AppTest runs scripts without `st.App`, which hands them the guard."""
    monkeypatch.setattr(LocalScriptRunner, "_on_script_error", property(lambda _: guard.show, lambda *_: None), False)


@pytest.fixture
def tabs(store, train_page, manager):
    """A run that was stopped after an epoch, and two tabs with it on screen."""
    run, trainer = started(train_page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    button(train_page, "Stop").click().run()
    assert run.wait(5)
    train_page.run()
    other = AppTest.from_file(train_page._script_path, default_timeout=60).run()
    other.query_params["run"] = run.run_id
    other.switch_page("train.py").run()
    return run, train_page, other


def whole(tab):
    return not tab.exception and not [each for each in tab.button if str(each.key).startswith("start_over")]


def test_go_on_in_two_tabs_trains_it_once(tabs, manager):
    run, ahead, behind = tabs
    button(ahead, "Go on from epoch 1").click().run()
    button(behind, "Go on from epoch 1").click().run()
    assert whole(ahead) and whole(behind)
    live = [each for each in manager.runs() if each.is_live]
    assert [each.run_id for each in live] == [run.run_id] and len(FakeTrainer.made) <= 2
    button(behind, "Stop").click().run()
    assert live[0].wait(5)


def test_a_run_that_goes_on_cannot_be_deleted_by_a_tab_that_is_behind(tabs, manager, store):
    run, ahead, behind = tabs
    behind.switch_page("library.py").run()
    button(ahead, "Go on from epoch 1").click().run()
    button(behind, "Delete").click().run()
    assert whole(behind) and (behind.warning or behind.error)
    assert run.run_id in [each.run_id for each in store.runs()] and manager.get(run.run_id).is_live


def test_go_on_with_a_run_that_is_deleted(tabs, manager, store):
    run, ahead, behind = tabs
    ahead.switch_page("library.py").run()
    button(ahead, "Delete").click().run()
    button(behind, "Go on from epoch 1").click().run()
    assert whole(behind)
    assert not [each for each in manager.runs() if each.is_live] or run.run_id in [r.run_id for r in store.runs()]


@pytest.mark.parametrize("label", ["Delete", ""])
def test_star_and_delete_of_a_run_that_is_gone(tabs, store, label):
    run, ahead, behind = tabs
    behind.switch_page("library.py").run()
    ahead.switch_page("library.py").run()
    button(ahead, "Delete").click().run()
    pressed = f"delete_{run.run_id}" if label else next(b.key for b in behind.button if str(b.key).startswith("star"))
    behind.button(key=pressed).click().run()
    assert whole(behind)


class TestForking:
    @pytest.fixture
    def past(self, tabs):
        """The run, a tab that is ahead, and one that has its past on screen and is behind."""
        run, ahead, behind = tabs
        behind.segmented_control(key="view").set_value("past").run()
        assert button(behind, "Fork from here")
        return run, ahead, behind

    def forks(self, run, manager) -> list:
        return [each for each in manager.runs() if each.snapshot().parent == run.run_id]

    def test_from_a_run_that_has_gone_on_begins_where_the_tab_says(self, past, manager):
        run, ahead, behind = past
        button(ahead, "Go on from epoch 1").click().run()
        FakeTrainer.made[-1].go(2)
        wait_until(lambda: len(manager.get(run.run_id).snapshot().records) == 3)
        button(behind, "Fork from here").click().run()
        (fork,) = self.forks(run, manager)
        wait_until(lambda: fork.snapshot().reading)
        assert whole(behind) and fork.snapshot().forked_at == 1 and FakeTrainer.made[-1].start == b"after 1"

    def test_from_a_run_that_is_deleted_begins_or_says_why_not(self, past, manager, store):
        run, ahead, behind = past
        ahead.switch_page("library.py").run()
        button(ahead, "Delete").click().run()
        store.purge()  # for good
        button(behind, "Fork from here").click().run()
        assert whole(behind) and not self.forks(run, manager)
        assert "Epoch 1 of this run is not kept." in [warning.value for warning in behind.warning]
        assert store.runs() == []
