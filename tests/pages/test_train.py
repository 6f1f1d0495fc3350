"""The Train page: empty, during a run, after it, and with everything that can go wrong."""

import pytest

from gan import families
from gan.parts import choices, stabilisers
from gan.runs import RunState
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.settings import controls, widgets
from pages.shared.tab import session
from pages.shared.words import library, plain, recipes, settings, speech
from tests.fakes import EMBEDDED, FakeTrainer, wait_until
from tests.pages.words.screen import said


def texts(app) -> str:
    """All the text on a page, in one string."""
    kinds = (app.markdown, app.caption, app.error, app.warning, app.info, app.subheader)
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([element.value for kind in kinds for element in kind] + html)


def button(app, label: str):
    return next(item for item in app.button if item.label == label)


def labels(app) -> list[str]:
    return [item.label for item in app.button]


def started(app, manager):
    """Press Start training; the run and its fake trainer."""
    button(app, "Start training").click().run()
    run = manager.runs()[-1]
    wait_until(lambda: run.snapshot().reading is not None)
    app.run()
    return run, FakeTrainer.made[-1]


def test_before_the_first_start_pictures_and_networks_are_shown(train_page):
    assert not train_page.exception
    text = texts(train_page) + "\n".join(said(train_page))
    assert "Untrained" in text and "Real pictures" in text
    assert "60,305" in text or "parameters" in text
    assert "Start training" in labels(train_page) and "Stop" not in labels(train_page)
    (code,) = train_page.get("download_button")
    assert code.label == "Code" and not code.disabled and str(library.DOWNLOADS["code"][1]) in text


def test_every_control_says_what_it_does(train_page):
    train_page.selectbox(key="preset").set_value("dcgan").run()  # with which everything goes
    text = texts(train_page)
    for name in ("data", *widgets.FIRST, *widgets.MORE):
        if name not in (*widgets.FILES, *families.ignored("gan")):
            assert plain(settings.line(name)) in text, name
    assert plain(recipes.line("dcgan")) in text
    for package, name in (("gan.parts.nets", "dcgan"), ("gan.parts.losses", "non_saturating")):
        assert speech.markdown("en").say(choices.about(package, name)) in text
    for name in stabilisers.names():
        assert speech.markdown("en").say(choices.about("gan.parts.stabilisers", name)) in text, name
    assert set(settings.LINES) == set(RunConfig.__dataclass_fields__)


def test_start_trains_the_settings_on_the_page_and_shows_the_run(train_page, manager):
    train_page.select_slider(key="latent_size").set_value(64).run()
    run, trainer = started(train_page, manager)
    assert run.config == presets.get("quick").but(latent_size=64)
    assert "has not learned anything yet" in texts(train_page)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    train_page.run()
    text = texts(train_page)
    assert "The detective spots 18 of 24" in text
    assert "2 of 60" in text and "25%" in text
    assert "Stop" in labels(train_page) and "Start training" not in labels(train_page)
    assert not train_page.exception


def test_stop_ends_the_run_and_keeps_what_it_made(train_page, manager):
    run, trainer = started(train_page, manager)
    trainer.go(3)
    wait_until(lambda: len(run.snapshot().records) == 3)
    button(train_page, "Stop").click().run()
    assert run.wait(5) and run.snapshot().state is RunState.STOPPED
    train_page.run()
    assert "Stopped after 3 epochs" in texts(train_page)
    offered = [told for name, told in library.DOWNLOADS.items() if name != "from_noise"]  # that is of diffusion
    assert [item.label for item in train_page.get("download_button")] == [str(title) for title, _ in offered]
    assert all(str(line) in texts(train_page) for _, line in offered)
    assert "Start training" in labels(train_page)


def test_a_finished_run_says_so(train_page, manager):
    train_page.select_slider(key="epochs").set_value(1).run()
    run, trainer = started(train_page, manager)
    trainer.go()
    assert run.wait(5)
    train_page.run()
    assert "Finished after 1 epoch in" in texts(train_page) and "can often tell" in texts(train_page)


def test_changed_settings_start_again_and_end_the_run_before(train_page, manager):
    first, _ = started(train_page, manager)
    train_page.select_slider(key="learning_rate").set_value(5e-3).run()
    assert {"Stop", "Start training"} <= set(labels(train_page))
    second, _ = started(train_page, manager)
    assert first.wait(5) and second.is_live
    assert second.config.learning_rate == 5e-3


def test_a_recipe_sets_all_its_settings_but_keeps_the_pictures(train_page):
    train_page.selectbox(key="data").set_value("fashion").run()
    train_page.selectbox(key="preset").set_value("fundamentals").run()
    assert train_page.select_slider(key="latent_size").value == 100
    assert train_page.selectbox(key="architecture").value == "fundamentals"
    assert train_page.selectbox(key="data").value == "fashion"


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_preset_survives_the_widgets(train_page, manager, name):
    train_page.switch_page(session.page_of(presets.get(name))).run()
    train_page.selectbox(key="preset").set_value(name).run()
    run, _ = started(train_page, manager)
    assert run.config == presets.get(name)


def test_a_recipe_for_pictures_that_are_not_here_offers_them(train_page):
    train_page.selectbox(key="preset").set_value("best_photos").run()
    assert train_page.selectbox(key="data").value == "cifar10" and button(train_page, "Start training").disabled
    assert "Download" in " ".join(labels(train_page)) and not train_page.exception


@pytest.mark.parametrize(
    ("error", "what", "try_"),
    [
        (FloatingPointError("a loss was no longer a finite number by step 20"), "step 20", "ten times smaller"),
        (RuntimeError("CUDA out of memory. Tried to allocate"), "out of memory", "smaller batch size"),
        (MemoryError(), "out of memory", "smaller batch size"),
        (KeyError("weights"), "nobody expected: KeyError", "quick recipe"),
    ],
)
def test_a_failed_run_is_told_in_a_sentence_and_keeps_its_history(train_page, manager, error, what, try_):
    run, trainer = started(train_page, manager)
    trainer.go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    trainer.fail(error)
    assert run.wait(5)
    train_page.run()
    assert not train_page.exception
    message = train_page.error[0].value
    assert what in message and try_ in message and "Traceback" not in message
    assert "Something went wrong after 2 epochs" in texts(train_page)
    assert "Start training" in labels(train_page)


def test_the_link_brings_the_settings(app):
    link = {"preset": "fundamentals", "learning_rate": "0.0005", "classes": "3,7"}
    app.run()
    app.switch_page("train.py")
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert app.select_slider(key="learning_rate").value == 5e-4
    assert app.selectbox(key="architecture").value == "fundamentals"
    assert app.multiselect(key="classes").value == [3, 7]
    assert dict(app.query_params) == link


@pytest.mark.parametrize("name", presets.PRESETS)
def test_a_link_holds_every_setting_exactly(name):
    classes = {0, min(9, presets.get(name).class_count - 1)}  # of blobs there may be fewer, or one
    config = presets.get(name).but(learning_rate=0.000123456789, classes=classes, seed=7, d_learning_rate=None)
    assert controls.from_link(controls.to_link("quick", config)) == config


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("learning_rate", "99", "Learning rate cannot be '99': it must be a number from 1e-07 to 1"),
        ("preset", "slow", "Recipe cannot be 'slow'"),
        ("data", "cats", "Pictures cannot be 'cats'"),
        ("pictures", "1", "Pictures to learn from cannot be 1: a step learns from at least 2."),
    ],
)
def test_a_bad_link_is_refused_with_a_sentence_and_nothing_starts(app, manager, name, value, said):
    app.run()
    app.switch_page("train.py")
    app.query_params[name] = value
    app.run()
    assert said in app.warning[0].value
    assert not app.exception and not manager.runs()
    assert app.selectbox(key="preset").value == "quick"


def test_a_run_that_this_server_does_not_know_is_told(app):
    app.run()
    app.switch_page("train.py")
    app.query_params["run"] = "deadbeef"
    app.run()
    assert "not on this computer any more" in app.info[0].value


def test_pictures_that_are_not_here_are_offered_and_nothing_starts(train_page, monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path))
    train_page.selectbox(key="data").set_value("cifar10").run()
    assert "not on this computer yet" in texts(train_page)
    assert button(train_page, "Start training").disabled
    assert "Download 170 MB" in labels(train_page)
    assert train_page.get("download_button")[0].disabled  # the code comes with its pictures
