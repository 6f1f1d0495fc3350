"""Runs that no detective judges, on the Train page: what they show, and what is absent."""

from dataclasses import replace

import numpy as np
import pytest

from gan import families, inside
from gan.records import Scores
from gan.setup import presets
from pages.shared import families as views
from pages.shared.draw import pad
from pages.shared.families import translation
from pages.shared.words import states
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts

SHOWN = {
    "vae": {"before": np.zeros((16, 28, 28), np.uint8), "back": np.zeros((16, 28, 28), np.uint8)},
    "vae_plane": {
        name: np.zeros((count, 28, 28), np.uint8) for name, count in (("before", 16), ("back", 16), ("sheet", 169))
    },
    "outlines": {name: np.zeros((8, 28, 28), np.uint8) for name in ("in", "out", "truth")},
    "boots": {
        name: np.zeros((8, 28, 28), np.uint8) for name in ("in", "out", "again", "other_in", "other_out", "other_again")
    },
    "diffusion": {"film": np.zeros((10, 4, 28, 28), np.uint8), "errors": np.linspace(0.3, 0.1, 8)},
}


def trained(app, manager, preset: str):
    """Open the Train page with a run of the recipe after two epochs; the run."""
    app.query_params["preset"] = preset
    app.run()
    app.switch_page("train.py").run()
    button(app, "Start training").click().run()
    run = manager.runs()[-1]
    wait_until(lambda: run.snapshot().reading)
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    app.run()
    return run


def in_its_own_view(page, run) -> None:
    """Choose what the family shows of itself, and wait until the run shows it."""
    page.session_state["view"] = states.OWN
    page.run()
    wait_until(lambda: run.wished.views)
    FakeTrainer.made[-1].go(2)  # a wish is heard between two readings
    wait_until(lambda: run.snapshot().reading.views)
    page.run()


@pytest.fixture(params=SHOWN)
def page(request, app, manager, monkeypatch):
    """A run of the recipe after two epochs, on the Train page."""
    config, reading = presets.get(request.param), FakeTrainer._reading

    def without_a_judge(trainer, kind, epoch):
        own = {name: 1.5 for name in families.facts(config.family)["LOSSES"]} if epoch else {}
        numbers = dict.fromkeys(("d_loss", "g_loss", "d_real", "d_fake", "real_passed", "fake_passed"), float("nan"))
        shown = SHOWN[request.param] if trainer.wish.views else {}
        made = reading(trainer, kind, epoch)
        return replace(made, **numbers, own=own, sample_scores=(), views=shown)

    monkeypatch.setattr(FakeTrainer, "_reading", without_a_judge)
    monkeypatch.setattr(FakeTrainer, "scores", Scores(samples=250, realism=12.0))
    monkeypatch.setattr(FakeTrainer, "floor", Scores(samples=250, realism=0.5))
    trained(app, manager, request.param)
    return app


def test_shows_realism_and_its_own_losses_and_no_detective(page, manager):
    assert not page.exception and not page.error
    told = texts(page)
    assert "Realism: how far from real pictures" in told and "What it makes small" in told
    assert "detective is right" not in told and "Doctor" not in told
    views_offered = next(each for each in page.segmented_control if each.key == "view").options
    assert "Step" not in views_offered and "Nets" not in views_offered


def test_its_own_view_shows_what_its_learner_gives(page, manager):
    run = manager.runs()[-1]
    in_its_own_view(page, run)
    assert not page.exception and views.of(run.config.family).VIEW.english in str(page.segmented_control[0].options)


def test_after_its_end_it_offers_another_run_and_no_cure(page, manager):
    manager.runs()[-1].stop()
    assert manager.runs()[-1].wait(30)
    page.run()
    offered = "Another task" if families.translates(manager.runs()[-1].config.family) else "With a detective"
    assert not page.exception and offered in labels(page) and "Try the cure" not in labels(page)


def test_settings_that_mean_nothing_to_it_are_not_there(page, manager):
    ignored = families.ignored(manager.runs()[-1].config.family)
    assert "loss" in ignored and not {"loss", "d_steps", "d_learning_rate"} & {each.key for each in page.selectbox}
    assert "Stabilisers" not in labels(page)


def test_an_autoencoder_with_a_detective_is_shown_as_a_game_beside_what_comes_back(app, manager, monkeypatch):
    reading, pictures = FakeTrainer._reading, np.zeros((16, 28, 28), np.uint8)

    def with_its_own(trainer, kind, epoch):
        shown = {"before": pictures, "back": pictures} if trainer.wish.views else {}
        return replace(reading(trainer, kind, epoch), own={"reconstruction": 23.5, "kl": 6.25}, views=shown)

    monkeypatch.setattr(FakeTrainer, "_reading", with_its_own)
    run = trained(app, manager, "vae_gan")
    assert not app.exception and not app.error
    view = next(each for each in app.segmented_control if each.key == "view")
    assert {"Charts", "Nets", "Step", "There and back"} <= set(view.options)
    view.set_value(states.OWN).run()
    wait_until(lambda: FakeTrainer.made[-1].wish.views)
    FakeTrainer.made[-1].go(1)
    wait_until(lambda: run.snapshot().reading.views)
    app.run()
    assert not app.exception and not app.error
    told = texts(app)
    assert "What comes back" in told and "What it makes small" in told


def test_a_drawing_is_filled_by_the_forger_of_the_newest_whole_epoch(page, manager, monkeypatch):
    run = manager.runs()[-1]
    if not families.translates(run.config.family):
        assert "translation_pad" not in page.session_state
        return
    asked = []
    monkeypatch.setattr(inside, "open_moment", lambda config, content: (config, content))
    monkeypatch.setattr(inside, "translate", lambda moment, picture: asked.append((moment, picture)) or 255 - picture)
    paper = np.zeros((28, 28), np.uint8)
    drawing = paper.copy()
    drawing[5:20, 9] = 255
    page.session_state[f"{translation.PAD}_kept"] = pad.sheet_of(paper), pad.Drawn(drawing, 1)
    in_its_own_view(page, run)
    assert not page.exception and "What the forger makes of it" in texts(page)
    ((config, content), picture) = asked[-1]
    assert config == run.config and content == run.moments.read_last() and np.array_equal(picture, drawing)
    count = len(asked)
    page.run()
    assert len(asked) == count  # the same drawing at the same epoch is not filled twice


@pytest.mark.parametrize("page", ["diffusion"], indirect=True)
def test_pictures_are_drawn_in_ever_more_looks_once_for_a_moment(page, manager, monkeypatch):
    run = manager.runs()[-1]
    asked = []

    def drawn_in(moment, looks):
        asked.append(looks)
        return inside.Looked(looks, np.zeros((4, 28, 28), np.uint8), 20 / looks, 0.001 * looks)

    monkeypatch.setattr(inside, "open_moment", lambda config, content: (config, content))
    monkeypatch.setattr(inside, "drawn_in", drawn_in)
    in_its_own_view(page, run)
    assert not asked
    button(page, "Draw and measure").click().run()
    assert not page.exception and asked == [1, 2, 5, 10, 25]
    told = texts(page)
    assert "1 look" in told and "25 looks" in told and "realism 0.8" in told and "25.0 ms each" in told
    page.run()
    assert len(asked) == 5
