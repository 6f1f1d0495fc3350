"""The projector view: turned on by the button or a link, on every page, and not handed on to others."""

import pytest

from pages.shared.tab.projector import IS_ON, ON, PROJECTOR
from tests import app_pages


@pytest.mark.parametrize("page", ["home", "train", "race", "game", "lessons"])
def test_a_link_turns_it_on_and_it_stays_on_other_pages(app, page):
    app.query_params[PROJECTOR] = ON
    app.run()
    app.switch_page(app_pages.SCRIPTS[page]).run()
    app.run()
    assert not app.exception and app.session_state[IS_ON] and app.query_params[PROJECTOR] == ON


@pytest.mark.parametrize("value", ["", "off", "1", "on,on", "<b>"])
def test_a_link_that_means_nothing_leaves_it_off(app, value):
    app.query_params[PROJECTOR] = value
    app.run()
    assert not app.exception and not app.session_state[IS_ON] and PROJECTOR not in app.query_params


def test_off_it_leaves_no_trace_in_the_address(app):
    app.run()
    app.session_state[IS_ON] = True
    app.run()
    assert app.query_params[PROJECTOR] == ON
    app.session_state[IS_ON] = False
    app.run()
    assert PROJECTOR not in app.query_params


def test_a_link_to_share_does_not_turn_it_on_for_others(app):
    app.query_params[PROJECTOR] = ON
    app.run()
    app.switch_page("train.py").run()
    app.button(key="share").click().run()
    assert app.code and all(PROJECTOR not in each.value for each in app.code)
