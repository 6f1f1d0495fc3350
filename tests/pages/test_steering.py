"""A run that goes on: pause, single steps, other settings, and the marks that they leave."""

import pytest

from gan.learn.trainer import Trainer
from gan.records import Change, Point
from gan.runs import RunState
from gan.setup.config import RunConfig
from pages.shared.draw import charts
from pages.shared.stage import one_step
from pages.shared.words import plain, readings, states
from tests.fakes import wait_until
from tests.pages.test_train import button, labels, started, texts


def test_pausing_offers_single_steps(train_page, manager):
    run, _ = started(train_page, manager)
    assert "1 step" not in labels(train_page)
    button(train_page, "Pause").click().run()
    assert {"Go on", "1 step", "1 epoch", "Stop"} <= set(labels(train_page))
    wait_until(lambda: run.snapshot().state is RunState.PAUSED)
    button(train_page, "Go on").click().run()
    assert {"Pause", "Stop"} <= set(labels(train_page)) and "1 step" not in labels(train_page)
    wait_until(lambda: run.snapshot().state is RunState.RUNNING)


def test_a_paused_run_can_be_stopped(train_page, manager):
    run, _ = started(train_page, manager)
    button(train_page, "Pause").click().run()
    button(train_page, "Stop").click().run()
    assert run.wait(5) and "Start training" in labels(train_page)


def test_settings_can_be_used_at_once(train_page, manager):
    run, trainer = started(train_page, manager)
    assert "Use now" not in labels(train_page)
    train_page.select_slider(key="learning_rate").set_value(5e-3).run()
    button(train_page, "Use now").click().run()
    wait_until(lambda: trainer.config.learning_rate == 5e-3)
    assert run.is_live and "Use now" not in labels(train_page) and "Start training" not in labels(train_page)
    trainer.go()
    wait_until(lambda: run.snapshot().changes)
    train_page.run()
    assert manager.runs() == [run] and not train_page.exception


def test_settings_for_now_come_too_late_for_a_run_that_has_just_ended(train_page, manager):
    run, trainer = started(train_page, manager)
    train_page.select_slider(key="learning_rate").set_value(5e-3).run()
    use_now = button(train_page, "Use now")
    trainer.go(99)
    assert run.wait(5)
    use_now.click().run()
    assert not train_page.exception and not train_page.error
    assert any("This run has ended" in warning.value for warning in train_page.warning)
    assert "Start training" in labels(train_page)


def test_what_only_a_new_run_can_have_starts_one(train_page, manager):
    started(train_page, manager)
    train_page.select_slider(key="latent_size").set_value(64).run()
    assert "Use now" not in labels(train_page) and "Start training" in labels(train_page)


def test_changes_are_marked_on_the_charts_and_told():
    points = (Point(2.0, 1.0, 1.0, 0.6, 0.4),)
    changes = (Change(40, 1.5, {"learning_rate": 1e-3}), Change(60, 1.75, {"stabilisers": {}, "learners": "generator"}))
    lines = [plain(states.change(change)) for change in changes]
    assert lines == ["Learning rate 0.001", "Stabilisers off, Who learns Only the forger"]
    chart = charts.losses(
        points, "light", 5, [(change.epoch, line) for change, line in zip(changes, lines, strict=True)]
    )
    assert chart["marks"] == [[1.5, lines[0]], [1.75, lines[1]]]
    told = plain(states.chart_alt(readings.losses_alt([]), changes[:1]))
    assert told == "The losses over the epochs. No points yet. At epoch 1.5: Learning rate 0.001."


@pytest.mark.parametrize("learners", ["both", "discriminator", "generator"])
def test_a_step_is_told_in_numbered_parts(learners):
    trainer = Trainer(RunConfig(architecture="pocket", pictures=32, learners=learners, device="cpu"))
    trainer.teller.step(*trainer.learner.real(trainer._batches()[0]))
    text = one_step.html(trainer.teller.trace())
    assert text.count("<li>") == {"both": 9, "discriminator": 5, "generator": 9}[learners]
    assert ("It stands still." in text) == (learners == "generator")
    assert ("The forger waits." in text) == (learners == "discriminator")
    assert "Step 1" in text and "nan" not in text


def test_before_the_first_step_there_is_nothing_to_tell(train_page, manager):
    started(train_page, manager)
    train_page.segmented_control(key="view").set_value(states.STEP).run()
    assert "The next step is shown here, part by part." in texts(train_page)
