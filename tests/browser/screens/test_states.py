"""Every page and state, on every screen from a phone to a large one and in both themes: nothing is cut off, hidden or
too small to hit, and nobody is kept out who sees little or hears it read out.
"""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.screens import opens, runs, states
from tests.browser.screens.checks import bars, fits, what_fails

WALKS = [
    states.home,
    states.classroom,
    states.our_pictures,
    states.desk,
    states.train,
    states.failed,
    states.popovers,
    states.watching,
    states.race,
    states.versus,
    states.sweep,
    states.compare,
    states.latent,
    states.library,
    states.detective,
    opens.languages,
    opens.dock,
    opens.step_and_take_home,
    opens.contests_to_the_end,
    opens.others,
    runs.changed,
    runs.cured,
    runs.missing,
]
WITH_FORCED_COLOURS = [states.home, states.classroom, states.train, states.library]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_every_state_is_there_for_all(open_tab, server, walk):
    assert what_fails(walk, lambda path: open_tab(server.url + path), fits, bars) == {}


@pytest.mark.parametrize("name", runs.FAMILIES)
def test_every_family_is_there_for_all(open_tab, server, name):
    assert what_fails(partial(runs.family, name), lambda path: open_tab(server.url + path), fits, bars) == {}


def test_a_run_that_waits_is_there_for_all(open_tab, one_place):
    assert what_fails(runs.waiting, lambda path: open_tab(one_place.url + path), fits, bars) == {}


def test_a_run_that_was_interrupted_is_there_for_all(open_tab, after_a_kill):
    assert what_fails(runs.interrupted, lambda path: open_tab(after_a_kill.url + path), fits, bars) == {}


def test_an_empty_library_is_there_for_all(open_tab, fresh_server):
    assert what_fails(states.empty_library, lambda path: open_tab(fresh_server.url + path), fits, bars) == {}


@pytest.mark.parametrize("walk", WITH_FORCED_COLOURS, ids=lambda walk: walk.__name__)
def test_with_forced_colours_all_is_there(open_tab, server, walk):
    assert what_fails(walk, lambda path: open_tab(server.url + path, forced_colors="active"), fits) == {}


def test_buttons_take_the_systems_own_colours(open_tab, server):
    page = open_tab(server.url, forced_colors="active")
    expect(page.locator(".st-key-begin button")).to_have_css("forced-color-adjust", "auto")
