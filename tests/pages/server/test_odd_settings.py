"""Settings that do not go together, as people find them: each is a sentence beside what they had set."""

import pytest
import streamlit as st

from pages.shared.dots import lab
from pages.shared.inside.latent import sheet
from pages.shared.settings import controls
from tests.pages.test_train import button, labels

PICTURES = "the number of pictures to learn from"


def told(app) -> str:
    assert not app.exception and not app.error
    return "\n".join(each.value for each in (*app.warning, *app.info))


@pytest.fixture
def open_link(app):
    def open_link(page="train.py", **query):
        app.run()
        app.switch_page(page)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_link


@pytest.mark.parametrize(
    ("query", "why"),
    [({"classes": "3", "batch_size": "512"}, PICTURES), ({"pictures": "1"}, "a step learns from at least 2")],
)
def test_a_link_to_more_pictures_a_batch_than_there_are(open_link, query, why):
    page = open_link(**query)
    assert "This link asks for something that cannot be" in told(page) and why in told(page)
    assert page.selectbox(key="preset").value == "quick" and "Start training" in labels(page)


def test_a_few_pictures_in_large_batches(train_page):
    train_page.selectbox(key="preset").set_value("by_heart").run()
    train_page.select_slider(key="latent_size").set_value(8).run()
    train_page.select_slider(key="batch_size").set_value(64).run()
    assert PICTURES in told(train_page) and "Start training" in labels(train_page)
    assert train_page.selectbox(key="preset").value == "by_heart"
    assert train_page.select_slider(key="batch_size").value == 8, "what cannot be is taken back"
    assert train_page.select_slider(key="latent_size").value == 8, "and nothing else"


def test_a_critic_with_batch_norm(train_page, monkeypatch):
    train_page.selectbox(key="preset").set_value("dcgan").run()
    train_page.selectbox(key="loss").set_value("wgan_gp").run()
    train_page.select_slider(key="latent_size").set_value(8).run()
    assert train_page.selectbox(key="option_d_norm").options == ["None"]
    monkeypatch.setattr(controls, "impossible", lambda *_: {})  # as from a tab that is behind
    monkeypatch.setattr(controls, "take", lambda *_: None)
    train_page.run()
    train_page.selectbox(key="option_d_norm").set_value("batch").run()
    assert "That choice was taken back" in told(train_page)
    kept = {"loss": "wgan_gp", "option_d_norm": "none"}
    assert {name: train_page.selectbox(key=name).value for name in kept} == kept
    assert train_page.select_slider(key="latent_size").value == 8
    button(train_page, "Start training").click().run()
    assert "taken back" in told(train_page)
    train_page.selectbox(key="option_init").set_value("paper").run()
    assert "taken back" not in told(train_page)


def test_a_race_of_recipes_over_the_size_of_a_batch(app):
    app.run()
    page = app.switch_page("contests/race.py").run()
    page.selectbox(key="race_preset").set_value("by_heart").run()
    page.selectbox(key="race_setting").set_value("batch_size").run()
    told(page)
    for lane, size in zip("AB", (16, 512), strict=True):
        page.selectbox(key=f"race_batch_size_{lane}").set_value(size).run()
        told(page)
    start = button(page, "Start the race")
    if not start.disabled:
        start.click().run()
    assert not page.exception and not page.error


def test_a_message_of_a_component_that_has_none_of_its_values_changes_nothing():
    st.session_state[lab.ON] = ("reals",)
    lab._draw()
    assert "data" not in st.session_state
    lab._switch()
    sheet._tapped("picks of nowhere", pytest.fail, 3)
