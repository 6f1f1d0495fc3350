"""What a child sees when something breaks: a sentence, and a page that goes on."""

import threading

import pytest

from gan.runs import RunState, ThreadRun
from pages.shared.stage import steering
from tests.fakes import FakeEyes, FakeTrainer, wait_until
from tests.pages.test_train import button, labels, started, texts


@pytest.fixture
def slow_start(manager):
    """Trainers take until this event is set to be made."""
    go_on = threading.Event()

    def make(config):
        assert go_on.wait(10)
        return FakeTrainer(config)

    manager.engine._make = make
    yield go_on
    go_on.set()


def test_stop_while_it_starts_ends_it_before_the_first_step(train_page, manager, slow_start):
    button(train_page, "Start training").click().run()
    (run,) = manager.runs()
    assert "Getting ready" in train_page.info[0].value and "Stop" in labels(train_page)
    button(train_page, "Stop").click().run()
    assert run.snapshot().state is RunState.STOPPING and "Stopping" in train_page.info[0].value
    slow_start.set()
    assert run.wait(5)
    train_page.run()
    assert "Stopped before the first step." in texts(train_page)
    assert "Start training" in labels(train_page) and not train_page.exception


def test_a_run_that_is_stopped_before_its_thread_begins_leaves_no_empty_stage(train_page, manager, monkeypatch):
    start = ThreadRun.start
    monkeypatch.setattr(ThreadRun, "start", lambda run: (run.stop(), start(run)))
    button(train_page, "Start training").click().run()
    assert manager.runs()[0].wait(5)
    train_page.run()
    assert [info.value for info in train_page.info] == ["Stopped before the first step."]


def test_a_run_that_ends_while_its_page_is_drawn_leaves_no_stop(train_page, manager, monkeypatch):
    show = steering.show

    def show_and_end(run):
        show(run)
        run.stop()
        assert run.wait(5)

    started(train_page, manager)
    monkeypatch.setattr(steering, "show", show_and_end)
    train_page.run()
    assert "Start training" in labels(train_page) and "Stop" not in labels(train_page)


def test_start_twice_while_it_starts_leaves_one_run(train_page, manager, slow_start):
    button(train_page, "Start training").click().run()
    train_page.select_slider(key="learning_rate").set_value(5e-3).run()
    button(train_page, "Start training").click().run()
    first, second = manager.runs()
    slow_start.set()
    assert first.wait(5) and first.snapshot().state is RunState.STOPPED
    wait_until(lambda: second.snapshot().reading)
    train_page.run()
    assert second.is_live and "Stop" in labels(train_page) and not train_page.exception


@pytest.mark.parametrize(
    "error", [SystemExit(1), KeyboardInterrupt(), MemoryError(), RuntimeError("CUDA out of memory.")]
)
def test_a_thread_that_dies_is_told_and_another_run_begins(train_page, manager, error):
    run, trainer = started(train_page, manager)
    trainer.fail(error)
    assert run.wait(5)
    train_page.run()
    (message,) = train_page.error
    assert "Traceback" not in message.value and message.value.endswith(".") and not train_page.exception
    after, _ = started(train_page, manager)
    assert after is not run and after.is_live and not train_page.error and not train_page.exception


def test_a_wish_after_a_fault_is_answered_with_a_sentence(train_page, manager, monkeypatch):
    run, trainer = started(train_page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    trainer.fail(RuntimeError("CUDA error: device-side assert triggered"))
    assert run.wait(5)

    def look_again(*_):
        raise RuntimeError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(FakeEyes, "look_again", look_again)
    train_page.run()
    train_page.selectbox(key="draw_me").set_value(7).run()
    assert "device-side assert" in train_page.warning[0].value and not train_page.exception
    assert "The detective spots 18 of 24" in texts(train_page), "its last pictures stay"
