"""A real server and a real Chromium."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tools.real_server import CHROMIUM_FLAGS, Server

HERE = Path(__file__).parent

expect.set_options(timeout=30_000)  # two busy cores are slow now and then


def pytest_collection_modifyitems(items) -> None:
    """What happens in a real browser depends on the machine's pauses too: each of these tests has a second try, which
    the summary tells of. One that fails twice has failed.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server():
    """One server for all tests, whose runs end a short time after their last viewer has left."""
    server = Server(GAN_STUDIO_GRACE_SECONDS="4", GAN_STUDIO_RUNS_AT_ONCE="8")
    yield server
    server.stop()


@pytest.fixture
def fresh_server():
    """A server that nobody has visited yet."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None and not os.environ.get("CI"):
        pytest.skip("the browser tests need chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_tab(chromium):
    """`open_tab(url)` opens a tab of its own visitor; a page error or a request to elsewhere fails the test."""
    contexts, problems = [], []

    def open_tab(url: str, **options):
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: _is_local(request.url) or problems.append(request.url))
        page.goto(url)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert not problems


def _is_local(url: str) -> bool:
    return url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:"))
