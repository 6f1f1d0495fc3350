"""A file that cannot be made is told on the page that it was asked for on."""

import pytest
import streamlit as st

from gan.messages import Refusal
from pages.shared.kept import take_home
from pages.shared.words import library
from tests.fakes import wait_until
from tests.pages.test_train import started

GIF = (take_home.export, "gif")


@pytest.fixture
def asked_for(monkeypatch):
    """What makes each file that a page has offered, by its button: the browser calls it when no page runs."""
    offered, offer = {}, st.download_button

    def download_button(label, make, *args, **options):
        offered[label] = make
        return offer(label, make, *args, **options)

    monkeypatch.setattr(st, "download_button", download_button)
    return offered


@pytest.fixture
def ended(train_page, manager, asked_for):
    run, trainer = started(train_page, manager)
    trainer.go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    run.stop()
    assert run.wait(5)
    return train_page.run()


@pytest.fixture
def fail(asked_for, monkeypatch):
    """fail(page, button, (module, name), error): the file of that button is asked for, and this raises."""

    def fail(page, button, made_by, error):
        def refuse(*_, **__):
            raise error

        with monkeypatch.context() as broken:
            broken.setattr(*made_by, refuse)
            page.run()
            with pytest.raises(type(error)):
                asked_for[button]()
        return page.run()

    return fail


def beside(page, button):
    """What is said right after the button with this label."""
    said = [node for node in page._tree if getattr(node, "type", "") in ("download_button", "error")]
    (place,) = [n for n, node in enumerate(said) if node.type == "download_button" and node.proto.label == button]
    return [node.value for node in said[place + 1 : place + 2] if node.type == "error"]


def test_why_a_file_could_not_be_made_is_said_beside_its_button(ended, fail):
    fail(ended, "Film", GIF, Refusal("test.full", "There is *no* room for {name}.", name="*this*"))
    assert beside(ended, "Film") == [error.value for error in ended.error]
    assert beside(ended, "Film") == [r"There is *no* room for \*this\*."]


def test_an_error_that_nobody_expected_is_a_sentence(ended, fail):
    fail(ended, "Film", GIF, ZeroDivisionError("x / 0"))
    (error,) = ended.error
    assert "ZeroDivisionError" in error.value and error.value.startswith("This file could not be made")


def test_the_next_file_begins_anew(ended, asked_for, fail):
    fail(ended, "Film", GIF, ZeroDivisionError("x / 0"))
    assert asked_for["Numbers"]()
    assert not ended.run().error and not ended.exception


def test_the_code_of_settings_says_it_before_there_is_a_run(train_page, fail):
    fail(train_page, "Code", (take_home.script, "bundle"), OSError(28, "full"))
    assert "OSError" in beside(train_page, "Code")[0]


def test_the_film_says_it_in_its_dialog(ended, fail):
    ended.button(key="film").click().run()
    fail(ended, "Save as a GIF", GIF, ZeroDivisionError("x / 0"))
    assert beside(ended, "Save as a GIF") and not beside(ended, "Film")


def test_the_way_out_of_noise_is_offered_where_there_is_one(train_page, manager, asked_for):
    def offered() -> bool:
        return str(library.DOWNLOADS["from_noise"][0]) in asked_for

    train_page.selectbox(key="preset").set_value("diffusion").run()
    run, trainer = started(train_page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    run.stop()
    assert run.wait(5)
    train_page.run()
    assert offered() and not train_page.exception


def test_who_draws_at_once_offers_no_way_out_of_noise(ended, asked_for):
    assert asked_for and str(library.DOWNLOADS["from_noise"][0]) not in asked_for
