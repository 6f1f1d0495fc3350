"""A real server in a process of its own, and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Server:
    """`streamlit run streamlit_app.py` on a free port."""

    def __init__(self, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://localhost:{port}"
        options = ["--server.port", str(port), "--server.headless", "true", "--browser.serverAddress", "localhost"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait(60)

    def _wait(self, timeout: float) -> None:
        end = monotonic() + timeout
        while monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
                return
            except OSError:
                threading.Event().wait(0.1)
        self.stop()
        raise TimeoutError("the server did not start")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="session")
def server():
    """One server for all tests, whose runs end a short time after their last viewer has left."""
    server = Server(GAN_STUDIO_GRACE_SECONDS="4")
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
