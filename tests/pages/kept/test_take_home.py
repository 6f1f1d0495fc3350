"""A file that cannot be made is told on the page that it was asked for on."""

import pytest
import streamlit as st

from gan.messages import Refusal
from pages.shared.kept import take_home
from tests.fakes import wait_until
from tests.pages.test_train import started


@pytest.fixture
def asked_for(monkeypatch):
    """What makes each file that the page offers, by the file's name: the browser calls it when no page runs."""
    offered, offer = {}, st.download_button

    def download_button(label, make, name, *args, **options):
        offered[name] = make
        return offer(label, make, name, *args, **options)

    monkeypatch.setattr(st, "download_button", download_button)
    return offered


@pytest.fixture
def ended(train_page, manager, asked_for):
    run, trainer = started(train_page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    run.stop()
    assert run.wait(5)
    return train_page.run()


def fail(asked_for, monkeypatch, error):
    def refuse(*_):
        raise error

    monkeypatch.setattr(take_home.export, "gif", refuse)
    (film,) = [make for name, make in asked_for.items() if name.endswith(".gif")]
    with pytest.raises(type(error)):
        film()


def test_why_a_file_could_not_be_made_is_told(ended, asked_for, monkeypatch):
    fail(asked_for, monkeypatch, Refusal("test.full", "There is *no* room for {name}.", name="*this*"))
    ended.run()
    assert [error.value for error in ended.error] == [r"There is *no* room for \*this\*."]


def test_an_error_that_nobody_expected_is_a_sentence(ended, asked_for, monkeypatch):
    fail(asked_for, monkeypatch, ZeroDivisionError("x / 0"))
    ended.run()
    (error,) = ended.error
    assert "ZeroDivisionError" in error.value and error.value.startswith("This file could not be made")


def test_the_next_file_begins_anew(ended, asked_for, monkeypatch):
    fail(asked_for, monkeypatch, ZeroDivisionError("x / 0"))
    (numbers,) = [make for name, make in asked_for.items() if name.endswith(".csv")]
    assert numbers()
    assert not ended.run().error and not ended.exception


def test_the_way_out_of_noise_is_offered_where_there_is_one(train_page, manager, asked_for):
    def offered() -> bool:
        return any(name.endswith("-from-noise.gif") for name in asked_for)

    train_page.selectbox(key="preset").set_value("diffusion").run()
    run, trainer = started(train_page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().records)
    run.stop()
    assert run.wait(5)
    train_page.run()
    assert offered() and not train_page.exception


def test_who_draws_at_once_offers_no_way_out_of_noise(ended, asked_for):
    assert asked_for and not any(name.endswith("-from-noise.gif") for name in asked_for)
