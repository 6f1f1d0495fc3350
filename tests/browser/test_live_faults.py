"""A live classroom's faults at a real browser: lost connections, sleep, tabs that close, and too many hands."""

import re
import signal
import socket
import sys
import textwrap
import threading
from contextlib import suppress
from time import monotonic

import pytest
from playwright.sync_api import expect

from tests.browser.test_training import LIVE_MS, PIXELS, START, STOP, start, wait_for_change
from tools.real_server import Server


class Proxy:
    """A network between a browser and a server, that can be cut and restored."""

    def __init__(self, port: int) -> None:
        self._port, self._is_cut, self._open = port, False, set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Every connection is lost, and none can be made."""
        self._is_cut = True
        for end in list(self._open):
            _close(end)

    def restore(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        _close(self._door)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._door.accept()
                if self._is_cut:
                    here.close()
                    continue
                there = socket.create_connection(("localhost", self._port))
                self._open |= {here, there}
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)
        for end in (source, target):
            _close(end)
            self._open.discard(end)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


GRACE_SECONDS = 10
LOST_MS = 2_500  # of the grace time as much as 30 seconds of the usual two minutes


@pytest.fixture
def server():
    """A server whose runs end some seconds after their last viewer has left."""
    server = Server(GAN_STUDIO_GRACE_SECONDS=str(GRACE_SECONDS))
    yield server
    server.stop()


@pytest.fixture
def proxy(server):
    proxy = Proxy(server.port)
    yield proxy
    proxy.close()


def lose_connection(page, proxy) -> None:
    proxy.cut()
    expect(page.get_by_text("Connecting")).to_be_visible()
    page.wait_for_timeout(LOST_MS)
    proxy.restore()
    expect(page.get_by_text("Connecting")).to_have_count(0)


def test_a_lost_connection_comes_back_to_a_run_that_has_gone_on(proxy, open_tab):
    page = open_tab(f"{proxy.url}/train?epochs=500&pictures=500")
    start(page)
    link, before = page.url, page.evaluate(PIXELS)
    lose_connection(page, proxy)
    page.wait_for_function(f"before => ({PIXELS}) !== before", arg=before, timeout=LIVE_MS)
    expect(page.locator(STOP)).to_be_enabled()
    wait_for_change(page, PIXELS)
    assert page.url == link

    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Watch your run").wait_for()
    lose_connection(page, proxy)
    page.wait_for_timeout(1000 * GRACE_SECONDS)  # no condition to wait for: the run must outlive the grace time
    page.get_by_role("button", name="Watch your run").click()
    wait_for_change(page, PIXELS)
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


@pytest.mark.skipif(sys.platform == "win32", reason="puts a process to sleep by signals")
def test_a_server_that_slept_goes_on(server, open_tab):
    page = open_tab(f"{server.url}/train?epochs=500")
    start(page)
    server.signal(signal.SIGSTOP)
    page.wait_for_timeout(5_000)  # no condition to wait for: this is the sleep
    before = page.evaluate(PIXELS)
    server.signal(signal.SIGCONT)
    page.wait_for_function(f"before => ({PIXELS}) !== before", arg=before, timeout=LIVE_MS)
    wait_for_change(page, PIXELS)
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


def test_a_start_survives_its_tab_and_hasty_hands(server, open_tab):
    """On a fresh server, which takes seconds to import torch before the first run can be made."""
    gone = open_tab(f"{server.url}/train")
    gone.locator(START).click()
    gone.wait_for_url("**run=*")
    link = gone.url
    gone.context.close()
    enough = monotonic() + GRACE_SECONDS + 5

    hasty = open_tab(f"{server.url}/train")
    hasty.locator(START).click()
    hasty.locator(STOP).click()
    expect(hasty.get_by_text(re.compile("Stopped (before|after)"))).to_be_visible(timeout=LIVE_MS)
    expect(hasty.locator(START)).to_be_enabled()

    pair = [open_tab(f"{server.url}/train?seed={seed}") for seed in (1, 2)]
    for page in pair:
        page.locator(START).wait_for(timeout=LIVE_MS)
    for page in pair:
        page.evaluate(f"document.querySelector('{START}').click()")
    for page in pair:
        expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
        wait_for_change(page, PIXELS)
    assert len({re.search("run=([0-9a-f]+)", page.url)[1] for page in pair}) == 2
    for page in pair:
        page.locator(STOP).click()
        expect(page.get_by_text("Stopped after")).to_be_visible()

    # No condition to wait for: a look would be a viewer.
    hasty.wait_for_timeout(1000 * max(0.0, enough - monotonic()))
    expect(open_tab(link).get_by_text("nobody was watching")).to_be_visible(timeout=LIVE_MS)


FULL = """
    import builtins, sys

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    def importing(*args, _whole=builtins.__import__, **named):
        module = _whole(*args, **named)
        if hasattr(script := sys.modules.get("gan.export.script"), "bundle"):
            script.bundle = fail
        return module

    builtins.__import__ = importing
"""


def test_why_a_file_could_not_be_made_stands_beside_its_button(tmp_path, open_tab):
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(FULL))
    server = Server(PYTHONPATH=str(tmp_path))
    try:
        page = open_tab(f"{server.url}/train?lang=es")
        beside = page.locator("[class*=st-key-take_code] + .stElementContainer .stAlert")
        page.locator("[class*=st-key-take_code] button").click(timeout=LIVE_MS)
        expect(beside).to_contain_text("Este archivo no se pudo hacer")
        expect(page.get_by_text("Failed to generate file")).to_be_hidden()  # Streamlit's own English
    finally:
        server.stop()
