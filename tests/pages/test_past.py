"""The time machine on the page."""

import pytest

from gan.records import Scores
from pages.shared.words import states
from tests.fakes import FakeEyes, FakeTrainer, wait_until
from tests.pages.test_train import button, labels, started, texts

NOTHING_YET = "From the first whole epoch on, you can go back here."


def trained(train_page, manager, epochs=3):
    run, trainer = started(train_page, manager)
    trainer.go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    train_page.segmented_control(key="view").set_value(states.PAST).run()
    return run


def slider(train_page, run):
    return train_page.select_slider(key=f"past_{run.watch_id}")


def test_goes_back_to_any_epoch_that_was_kept(train_page, manager):
    run = trained(train_page, manager)
    assert slider(train_page, run).options == ["0", "1", "2", "3"]
    slider(train_page, run).set_value(1).run()
    assert "**Fakes**, epoch 1." in texts(train_page)
    assert (run.look_back(1)[0] == 101).all()
    assert "4 moments of this run are kept" in texts(train_page)
    assert not train_page.exception


def test_before_the_first_epoch_there_is_no_past(train_page, manager):
    started(train_page, manager)
    train_page.segmented_control(key="view").set_value(states.PAST).run()
    assert [info.value for info in train_page.info] == [NOTHING_YET] and "Fork from here" not in labels(train_page)


def test_a_fork_goes_on_from_there_beside_its_parent(train_page, manager):
    parent = trained(train_page, manager)
    slider(train_page, parent).set_value(2).run()
    train_page.select_slider(key="learning_rate").set_value(5e-3).run()
    button(train_page, "Fork from here").click().run()
    fork = manager.runs()[-1]
    wait_until(lambda: fork.snapshot().reading)
    assert (
        manager.parent(fork) is parent
        and fork.config.learning_rate == 5e-3
        and FakeTrainer.made[-1].start == b"after 2"
    )
    assert fork.snapshot().reading.epoch == 2 and fork.snapshot().forked_at == 2
    assert [point.epoch for point in fork.snapshot().points] == [1, 2]  # its charts begin as its parent's
    FakeTrainer.made[-1].go()
    wait_until(lambda: fork.snapshot().records)
    train_page.run()
    assert "**The run before**, epoch 3." in texts(train_page)
    assert not train_page.exception


def test_other_networks_cannot_go_on_from_there(train_page, manager):
    trained(train_page, manager)
    train_page.select_slider(key="latent_size").set_value(64).run()
    assert button(
        train_page, "Fork from here"
    ).disabled and "These settings need other networks, so they cannot go on from there." in texts(train_page)


def test_the_score_of_that_time_comes_back_with_its_pictures(train_page, manager, monkeypatch):
    monkeypatch.setattr(FakeTrainer, "scores", Scores(samples=1000, realism=12.25))
    run = trained(train_page, manager)
    slider(train_page, run).set_value(2).run()
    assert "**Fakes**, epoch 2. 0 of 24 spotted, realism 12.2." in texts(train_page)
    slider(train_page, run).set_value(0).run()
    assert "**Fakes**, epoch 0. 0 of 24 spotted." in texts(train_page) and not train_page.exception


@pytest.mark.parametrize(("scores", "told"), [(None, "."), (Scores(samples=1000, realism=12.25), ". Realism 12.2.")])
def test_where_nobody_judges_nothing_is_spotted(train_page, manager, monkeypatch, scores, told):
    look_back = FakeEyes.look_back
    monkeypatch.setattr(FakeEyes, "look_back", lambda *asked: (look_back(*asked)[0], ()))
    monkeypatch.setattr(FakeTrainer, "scores", scores)
    train_page.selectbox(key="preset").set_value("vae").run()
    run = trained(train_page, manager)
    slider(train_page, run).set_value(2).run()
    assert f"**Fakes**, epoch 2{told}" in texts(train_page).splitlines() and "spotted" not in texts(train_page)
    assert not train_page.exception
