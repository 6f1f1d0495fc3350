"""That nothing leaves the computer: every page and sheet, a run, a room and a phone, as browser and server see it."""

import re
import textwrap

from playwright.sync_api import expect

from tests import app_pages
from tests.browser.screens.layout import LIVE_MS, settle
from tests.browser.test_shared_server import SILENT_NETWORK
from tests.browser.test_training import start
from tools.real_server import Server

SHEETS = ("print/game", "print/certificate", "print/worksheet?of=first_look", "print/privacy", "room")


def test_no_request_leaves_the_computer(tmp_path, open_tab):
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(SILENT_NETWORK))
    asked = tmp_path / "asked"
    server = Server(PYTHONPATH=str(tmp_path), ASKED=str(asked), HANGS="")
    pages = [name for name in app_pages.NAMES if name != "home"]
    assert {"train", "desk", "lessons", "game"} <= set(pages)
    try:
        page = open_tab(server.url)  # which notes each request of this tab that goes elsewhere
        hosts = set()
        page.context.on("request", lambda request: hosts.add(request.url))
        page.on("websocket", lambda socket: hosts.add(socket.url))
        for name in ("", *pages, *SHEETS):
            page.goto(f"{server.url}/{name}")
            expect(page.locator("h1, h2, p, button").first).to_be_attached(timeout=LIVE_MS)
            settle(page)
        page.goto(f"{server.url}/train?epochs=3&pictures=200")
        start(page)
        page.goto(f"{server.url}/game")
        page.get_by_role("button", name="Open a room").click()
        code = page.locator(".room_code b").inner_text(timeout=LIVE_MS)
        page.get_by_role("button", name="Round 1").click()
        expect(page.locator(".room_pictures")).to_be_visible(timeout=LIVE_MS)
        phone = page.context.new_page()
        phone.goto(f"{server.url}/room/{code}")
        expect(phone.locator("#play")).to_be_visible(timeout=LIVE_MS)
        cookies = {cookie["name"] for cookie in page.context.cookies()}
        kept = set(page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"))
    finally:
        server.stop()
    ours = re.compile(rf"(http|ws)://localhost:{server.port}/|data:|blob:")
    assert any(url.startswith("ws") for url in hosts) and not [url for url in hosts if not ours.match(url)]
    assert not asked.exists(), asked.read_text()
    # docs/privacy says what a browser keeps: its lesson, its name in each room, and what Streamlit has.
    assert cookies <= {"_streamlit_xsrf"}
    assert not [name for name in kept if not re.fullmatch(r"lesson|room-\w*|st\w+-.*", name)], kept
