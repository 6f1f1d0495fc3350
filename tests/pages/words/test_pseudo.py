"""Every page in a language that nobody speaks: what is still in English was never given to a translator.

In that language each a, e, i, o, u, n, y and c has an accent: a word with a bare one is a word that no catalogue holds.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from babel.dates import get_month_names

from gan.data.own.decode import FORMATS
from gan.desk import Pin
from gan.records import Stage, StepTrace, Walk
from gan.setup import presets
from pages.shared.draw import model as draw_model
from pages.shared.inside.eye import words as eye_words
from pages.shared.inside.latent import mixtures
from pages.shared.inside.latent import words as latent_words
from pages.shared.lessons import course, lesson
from pages.shared.lessons.lesson import Lesson, Paragraph
from pages.shared.room import solo
from pages.shared.server import held
from pages.shared.stage import model, one_step, panels
from pages.shared.tab import session
from pages.shared.words import catalogues, states
from tests import app_pages
from tests.brought import as_file, on_paper, zipped
from tests.fakes import FakeTrainer, wait_until
from tests.pages.words.screen import drawn, said, words_of
from tools import languages

PSEUDO = "eo"
PLACE = re.compile(r"https?://\S+|/\S+")  # an address or a file
OPEN = re.compile(r"(\{[^}]*\})")  # a place in a lesson's text
BARE = re.compile(r"[^\W\d_]*[aeiounycAEIOUNYC][^\W\d_]*")
NAMES = {  # they are the same in every language
    "English", "Español", "Esperanto", "MNIST", "Fashion", "KMNIST", "CIFAR", "o", "ki", "su", "tsu", "na", "ha", "ma",
    "ya", "re", "wo", "x", "e", "http", "localhost", "example", "eo", "A", "C", "ReLU", "Tanh", "train", "preset",
    "quick", "lang", "watch", "ganrun", "cifar", "binary", "tar", "bin", "gz", "min", "json",
    *get_month_names("abbreviated", locale="en").values(),
}  # fmt: skip


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("languages")
    languages.save(folder / f"{PSEUDO}.po", languages.pseudo(languages.messages(), PSEUDO))
    languages.save(folder / "en.po", languages.load(languages.FOLDER / "en.po"))
    return folder


@pytest.fixture(autouse=True)
def all_browsers_speak_it(pseudo, monkeypatch, folder):
    monkeypatch.setattr(catalogues, "FOLDER", pseudo)
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: PSEUDO))


@pytest.fixture(autouse=True)
def all_lessons_are_in_it(monkeypatch):
    """What stands in the files is translated there, a file a language."""

    def accented(text: str) -> str:
        return "".join(part if part[:1] == "{" else part.translate(languages.ACCENTED) for part in OPEN.split(text))

    def paragraphs(part: list[Paragraph]) -> list[Paragraph]:
        return [each._replace(text=accented(each.text)) for each in part]

    def read(name: str, text: str) -> Lesson:
        found = lesson.read(name, text)
        steps = [
            replace(
                step, title=accented(step.title), ask=accented(step.ask), before=paragraphs(step.before),
                after=paragraphs(step.after),
                options=[option._replace(text=accented(option.text)) for option in step.options],
            )
            for step in found.steps
        ]  # fmt: skip
        return replace(found, title=accented(found.title), about=accented(found.about), steps=steps)

    monkeypatch.setattr(course, "read", read)


@pytest.fixture
def tab(app):
    return app.run()


def told(page, *values: str) -> None:
    """Fail with what the page says in English; `values` are what a link or another program said."""
    assert not page.exception, page.exception[0].message
    all_told(said(page), *values)


def all_told(texts: Iterable[str], *values: str) -> None:
    names = {*NAMES, *(word for value in values for word in BARE.findall(value))}
    untold = {text[:200] for text in texts for word in BARE.findall(PLACE.sub("", text)) if word not in names}
    if untold:
        pytest.fail("\n".join(["Not told in the visitor's language:", *sorted(untold)]), pytrace=False)


def on(page, name: str):
    return page.switch_page(app_pages.SCRIPTS[name]).run()


def begun(tab, manager, epochs: int = 2):
    """A run that has trained for some epochs, on the Train page."""
    on(tab, "train").button(key="start").click().run()
    run = manager.runs()[-1]
    FakeTrainer.made[-1].go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    return run, FakeTrainer.made[-1]


@pytest.mark.parametrize("name", app_pages.NAMES)
def test_every_page_before_anything_has_happened(tab, store, name):
    told(on(tab, name), "GAN_STUDIO_PIN")


def test_our_pictures(tab):
    bring = on(tab, "pictures").get("file_uploader")[0]
    members = {f"7/{n}.png": as_file(on_paper("ring", (60 + n, 60))) for n in range(8)} | {"8.txt": b"8"}
    given = ("zip", "txt", *FORMATS, "aŭ")
    told(bring.upload("9.zip", zipped(members), "application/zip").run(), *given)
    for way in ("draw", "camera", "class"):
        told(tab.segmented_control(key="own_way").set_value(way).run(), *given)


@pytest.mark.parametrize("recipe", ["dcgan", "fundamentals", "by_heart", "best_photos", "best_clothes"])
def test_all_settings(tab, recipe):
    told(on(tab, "train").selectbox(key="preset").set_value(recipe).run())


@pytest.mark.parametrize("architecture", ["mlp", "style", "acgan", "progressive", "self_attention", "biggan"])
def test_all_networks(tab, architecture):
    told(on(tab, "train").selectbox(key="architecture").set_value(architecture).run())


@pytest.mark.parametrize("view", states.VIEWS)
def test_a_run_that_goes_on(tab, manager, view):
    run, _ = begun(tab, manager)
    tab.segmented_control(key="view").set_value(view).run()
    told(tab)
    tab.button(key="pause").click().run()
    wait_until(lambda: run.control.is_held)
    told(tab.run())


def test_a_run_that_has_ended(tab, manager):
    run, _ = begun(tab, manager)
    tab.button(key="stop").click().run()
    assert run.wait(5)
    told(tab.run())


@pytest.mark.parametrize(
    "error",
    [FloatingPointError("?"), RuntimeError("CUDA out of memory"), MemoryError(), KeyError("?"), OSError(28, "?")],
)
def test_a_run_that_has_failed(tab, manager, error):
    run, trainer = begun(tab, manager, 1)
    trainer.fail(error)
    assert run.wait(5)
    told(tab.run(), "KeyError")


@pytest.mark.parametrize(
    "link", [{"learning_rate": "99"}, {"run": "?"}, {"d_steps": "?"}, {"classes": "77"}, {"picture_size": "3"}]
)
def test_a_link_that_does_not_work(app, link):
    app.run()
    app.switch_page("train.py")
    for name, value in link.items():
        app.query_params[name] = value
    told(app.run(), "own")


@pytest.mark.parametrize("drawn", [True, False])
def test_a_step_part_by_part(drawn):
    pictures = np.zeros((8, 28, 28), dtype=np.uint8)
    trace = StepTrace(
        step=1200, reals=pictures, fakes=pictures, real_beliefs=(0.7,) * 8, fake_beliefs=(0.2,) * 8, d_loss=0.5,
        d_change=0.01, noise=(0.1,) * 8, drawn=pictures if drawn else None, drawn_beliefs=(0.3,) * 8, g_loss=1.5,
        g_change=0.0,
    )  # fmt: skip
    all_told(words_of(one_step.html(trace)))


def test_a_vector_on_its_way(tab):
    config = presets.get("quick").but(d_steps=2)
    picture = np.zeros((28, 28), dtype=np.uint8)
    start = panels.cached_preview(config)
    stages = tuple(Stage(layer.kind, layer.shape, picture) for layer in start.generator.layers)
    walk = Walk(1, (0.5,) * 32, stages, picture, (), 0.1, 0.52)
    for seen in (walk, start.walk, None):
        all_told(drawn(draw_model.encode(seen, "light", model.turns(config), large=True)))


def test_the_past_and_a_fork_from_there(tab, manager):
    begun(tab, manager, 3)
    tab.segmented_control(key="view").set_value(states.PAST).run()
    tab.select_slider[-1].set_value(2).run()
    told(tab)
    tab.button(key="fork").click().run()
    fork = manager.runs()[-1]
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: len(fork.snapshot().records) == 2)
    told(tab.run())


def test_settings_changed_while_a_run_goes_on(tab, manager):
    run, trainer = begun(tab, manager)
    tab.select_slider(key="learning_rate").set_value(5e-3).run()
    told(tab)
    tab.button(key="use_now").click().run()
    trainer.go()
    wait_until(lambda: run.snapshot().changes)
    told(tab.run())


def test_a_race_that_has_been_run(tab, manager):
    tab = on(tab, "race")
    tab.select_slider(key="race_epochs").set_value(3).run()
    tab.segmented_control(key="race_guess").set_value("B").run()
    tab.button(key="start_race").click().run()
    good, bad, *others = FakeTrainer.made
    for trainer in (good, *others):
        trainer.go(3)
    bad.fail(FloatingPointError("?"))
    assert all(run.wait(10) for run in manager.runs())
    told(tab.run())


def test_a_run_in_the_queue(tab, manager):
    for _ in range(8):
        manager.starting.new(presets.get("quick"), "teacher")
    on(tab, "train").button(key="start").click().run()
    told(tab)


def test_a_race(tab, manager):
    on(tab, "race").button(key="start_race").click().run()
    told(tab)
    for trainer in FakeTrainer.made:
        trainer.go(2)
    wait_until(lambda: all(len(run.snapshot().records) == 2 for run in manager.runs()))
    told(tab.run())
    tab.button(key="stop_race").click().run()
    assert all(run.wait(5) for run in manager.runs())
    told(tab.run())
    tab.button(key="compare").click().run()
    told(tab)


def test_a_sweep(tab, manager):
    on(tab, "sweep").button(key="start_sweep").click().run()
    told(tab)
    tab.button(key="stop_sweep").click().run()
    assert all(run.wait(5) for run in manager.runs())
    told(tab.run())


def test_a_library_with_runs(tab, manager, store):
    run, _ = begun(tab, manager)
    run.stop()
    assert run.wait(5)
    told(on(tab, "library"))
    tab.button(key=f"delete_{run.run_id}").click().run()
    told(tab)


def test_links_to_share(tab, manager):
    begun(tab, manager)
    tab.button(key="share").click().run()
    told(tab)


def test_who_only_watches(tab, manager):
    run = manager.starting.new(presets.get("quick"), "teacher")
    wait_until(lambda: run.snapshot().reading)
    tab.switch_page("train.py").query_params[session.WATCH] = run.watch_id
    told(tab.run())


@pytest.mark.parametrize("view", latent_words.VIEWS)
def test_every_view_of_the_latent_space(tab, view):
    tab.session_state["latent_view"] = view
    told(on(tab, "latent"))
    for what in mixtures.WHAT if view == "mix" else ():
        tab.session_state["latent_what"] = what
        told(tab.run())


@pytest.mark.parametrize("view", eye_words.VIEWS)
def test_every_view_of_the_detective(tab, view):
    tab.session_state["eye_view"] = view
    told(on(tab, "detective"))


@pytest.mark.parametrize("view", ["charts", "scores", "past"])
def test_a_run_of_dots(tab, manager, view):
    on(tab, "dots").button(key="start").click().run()
    (run,) = manager.runs()
    wait_until(lambda: run.snapshot().reading)
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    told(tab.run())
    tab.segmented_control(key="view").set_value(view).run()
    told(tab)
    run.stop()
    assert run.wait(5)
    told(tab.run())


def test_families_that_are_compared(tab, manager):
    on(tab, "versus").button(key="start_versus").click().run()
    told(tab)
    wait_until(lambda: FakeTrainer.made and all(run.snapshot().reading for run in manager.runs()))
    for trainer in FakeTrainer.made:
        trainer.go(2)
    wait_until(lambda: all(run.snapshot().records for run in manager.runs()))
    told(tab.run())
    manager.stop_all()
    told(tab.run())


def test_a_class_against_the_machine(tab):
    on(tab, "game").button[0].click().run()
    (room,) = held.rooms()._rooms.values()
    told(tab, room.code)
    tab.button[0].click().run()
    assert room.rounds
    told(tab, room.code)
    room.vote("device000001", 1, "F" * 8)
    room.reveal()
    told(tab.run(), room.code)
    room.end()
    told(tab.run())


def test_a_game_that_one_plays_alone(tab):
    on(tab, "game").button[1].click().run()
    told(tab)
    tab.session_state[solo.GAME].reveal()
    told(tab.run())


def test_a_lesson_and_what_it_says_of_its_run(tab, manager):
    on(tab, "lessons").button(key="open_first_look").click().run()
    told(on(tab, "train"), "first_look")
    for _ in range(2):
        tab.button(key="lesson_next").click().run()
        told(tab, "first_look")
    tab.radio[0].set_value(1).run()
    tab.button(key="lesson_train").click().run()
    (run,) = manager.runs()
    told(tab, "first_look", run.run_id)
    wait_until(lambda: FakeTrainer.made)
    FakeTrainer.made[-1].go(8)
    assert run.wait(10)
    told(tab.run(), "first_look", run.run_id)


@pytest.mark.parametrize("side", ["now", "visitors"])
def test_the_desk(tab, manager, monkeypatch, side):
    """But for what lies there as files: plans and lessons are content, and English where a language has none."""
    told(on(tab, "desk"), "GAN_STUDIO_PIN")
    monkeypatch.setattr(held.desk(), "pin", Pin("2580"))
    manager.starting.new(presets.get("quick"), "a tab")
    tab.text_input(key="desk_pin").set_value("2580")
    tab.button[0].click().run()
    tab.segmented_control(key="desk_side").set_value(side).run()
    told(tab)
