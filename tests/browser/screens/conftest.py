import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens import states
from tests.browser.test_training import start
from tools.real_server import Server


@pytest.fixture(scope="package")
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


@pytest.fixture
def one_place():
    """A server on which one run trains at a time."""
    server = Server(GAN_STUDIO_RUNS_AT_ONCE="1")
    yield server
    server.stop()


@pytest.fixture
def after_a_kill(open_tab, tmp_path):
    """A server that was killed while a run went on, and is there again."""
    killed = Server(GAN_STUDIO_LIBRARY=str(tmp_path))
    try:
        page = open_tab(f"{killed.url}/train?preset=pocket&epochs=100000")
        start(page)
        expect(page.locator(".progress")).to_contain_text(re.compile(r"[2-9]\d* of 100000"))  # an epoch is done
        killed.kill()
        page.context.close()
    finally:
        killed.stop()
    server = Server(GAN_STUDIO_LIBRARY=str(tmp_path))
    yield server
    server.stop()
