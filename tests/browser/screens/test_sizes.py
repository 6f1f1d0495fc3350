"""Every page and state on every screen, from a phone to a large one: nothing is cut off, hidden or too small to hit."""

import pytest
from playwright.sync_api import expect

from tests.browser.screens import layout, states
from tests.browser.screens.layout import PROJECTOR, settle
from tools.real_server import Server

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
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that has kept some runs."""
    folder = tmp_path_factory.mktemp("library")
    states.fill(folder)
    server = Server(
        GAN_STUDIO_LIBRARY=str(folder), GAN_STUDIO_GRACE_SECONDS="4", GAN_STUDIO_RUNS_AT_ONCE="8",
        GAN_STUDIO_PIN=states.PIN,
    )  # fmt: skip
    yield server
    server.stop()


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_every_state_fits_every_screen(open_tab, server, walk):
    found = {}
    for state in walk(lambda path: open_tab(server.url + path)):
        settle(state.page)
        found |= {(state.name, *size): faults for size, faults in layout.on_every_screen(*state[1:]).items()}
    assert found == {}


def test_an_empty_library_fits_every_screen(open_tab, fresh_server):
    for state in states.empty_library(lambda path: open_tab(fresh_server.url + path)):
        assert layout.on_every_screen(*state[1:]) == {}


def test_with_forced_colours_all_is_there(open_tab, server):
    for state in states.home(lambda path: open_tab(server.url + path, forced_colors="active")):
        with layout.screen(state.page, PROJECTOR):
            assert layout.faults(state.page, state.essentials) == []
            button = state.page.locator(".st-key-begin button")
            expect(button).to_have_css("forced-color-adjust", "auto")
