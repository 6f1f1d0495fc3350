"""One server for many: what a visitor can do to others, who is its teacher, and that nothing is asked outside."""

import re
import shlex
import textwrap
import urllib.request
from contextlib import closing

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus

from tests.browser.raw_tab import RawTab
from tests.browser.screens.layout import choose
from tests.browser.test_live_faults import Proxy
from tests.browser.test_training import LIVE_MS, PIXELS, START, STOP, start, wait_for_change
from tools.real_server import ROOT, Server

FOREIGN = "http://elsewhere.example"
LONG = "epochs=500&pictures=500"


def is_teacher(port: int, base: str = "", **headers: str) -> bool:
    """Whether a visitor with these headers sees the run of somebody else in the library."""
    with closing(RawTab(port, base, **headers)) as tab:
        shown = tab.open("library")
        assert "script_finished" in shown
        return "name_" in shown


@pytest.fixture
def kept(fresh_server, open_tab):
    """A server where a run of the teacher's goes on, and the teacher's page."""
    page = open_tab(f"{fresh_server.url}/train?{LONG}")
    start(page)
    return fresh_server, page


def test_the_first_visitor_of_a_deep_link_gets_its_page_in_the_frame(fresh_server, open_tab):
    page = open_tab(f"{fresh_server.url}/train")
    expect(page.locator(START)).to_be_visible(timeout=LIVE_MS)
    expect(page.get_by_role("link", name="Library")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_no_visitor_can_clear_away_the_runs_of_others(kept):
    server, page = kept
    with closing(RawTab(server.port)) as watcher:
        watcher.open("home")
        watcher.send(b"\x28\x01")  # clear_cache
        watcher.say(load_git_info=True)
        watcher.say(set_run_on_save=True)
        watcher.say(app_heartbeat=True)
        answers = {message.WhichOneof("type") for message in watcher.hear("heartbeat_ack")}
        assert "git_info_changed" not in answers
        assert "name_" in watcher.open("library")
    wait_for_change(page, PIXELS)
    page.reload()
    expect(page.locator(STOP)).to_be_enabled(timeout=LIVE_MS)
    wait_for_change(page, PIXELS)
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


class TestInvented:
    """What no browser sends of a page, spoken by hand: it ends nothing, and the tab goes on."""

    @pytest.fixture
    def tab(self, fresh_server):
        with closing(RawTab(fresh_server.port)) as tab:
            yield tab

    @pytest.mark.parametrize("value", ["string_value", "json_value"])
    def test_a_value_that_its_widget_cannot_read_counts_as_never_sent(self, tab, value):
        seed = re.search(r"\$\$ID-[0-9a-f]+-seed\b", tab.open("train"))[0]
        invented = {"widgets": [{"id": seed, value: "a"}]}
        tab.say(rerun_script={"page_name": "train", "widget_states": invented})
        heard = tab.hear("script_finished")
        assert heard[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        shown = str(heard)
        assert "Start training" in shown and "exception {" not in shown and "nobody expected" not in shown
        assert "Start training" in tab.open("train")

    def test_a_page_that_there_is_not_is_answered(self, tab):
        tab.open("train")
        tab.say(rerun_script={"page_script_hash": "abc"})
        assert tab.hear("script_finished")[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY

    def test_a_part_of_a_page_that_there_is_not_is_passed_over(self, tab):
        """As a tick is that comes after its part is gone: nothing runs, and nothing waits for it."""
        tab.open("train")
        tab.say(rerun_script={"page_name": "train", "fragment_id": "abc"})
        tab.say(app_heartbeat=True)
        assert "new_session" not in {message.WhichOneof("type") for message in tab.hear("heartbeat_ack")}
        assert "Start training" in tab.open("train")


class TestTeacher:
    def test_nobody_is_by_coming_through_a_proxy_or_a_forwarded_port(self, kept):
        server, _ = kept
        here = f"localhost:{server.port}"
        assert is_teacher(server.port, host=here, origin=f"http://{here}")
        assert not is_teacher(server.port, host="school.example", origin="http://school.example")
        assert not is_teacher(server.port, host=here, x_forwarded_for="127.0.0.1")
        assert not is_teacher(server.port, host=here, x_studio_owner="teacher", via="1.1 proxy")

    def test_a_browser_behind_a_forwarded_port_sees_its_own_runs_alone(self, kept, open_tab):
        server, _ = kept
        proxy = Proxy(server.port)
        pupil = open_tab(f"{proxy.url}/library")
        expect(pupil.get_by_text("Train one")).to_be_visible(timeout=LIVE_MS)
        pupil.goto(f"{proxy.url}/train?epochs=3&pictures=500&latent_size=8")
        start(pupil)
        pupil.goto(f"{proxy.url}/library")
        expect(pupil.locator("[class*=st-key-open_]")).to_have_count(1)
        other = open_tab(f"{proxy.url}/library")
        expect(other.get_by_text("Train one")).to_be_visible()

        console = server.console()
        (key,) = set(re.findall(r"key=(\S+)", console))
        other.goto(f"{proxy.url}/library?key={key}")
        expect(other.locator("[class*=st-key-open_]")).to_have_count(2)
        assert key not in other.url
        other.reload()
        expect(other.locator("[class*=st-key-open_]")).to_have_count(2)
        proxy.close()

    def test_is_known_by_the_key_alone_where_the_server_has_an_address_outside(self, open_tab):
        options = ("--browser.serverAddress", "school.example", "--browser.serverPort", "443")
        server = Server(*options, base="/gan")
        try:
            page = open_tab(f"{server.url}/train?{LONG}")
            start(page)
            page.locator(".st-key-share button").click()
            page.get_by_text("Watch this run", exact=True).click()
            link = page.locator(".st-key-shared code")
            expect(link).to_contain_text("https://school.example/gan/train?watch=")
            here = f"localhost:{server.port}"
            assert not is_teacher(server.port, "/gan", host=here, origin=f"http://{here}")
            (key,) = set(re.findall(r"https://school.example/gan/\?key=(\S+)", server.console()))
            assert is_teacher(
                server.port, "/gan", host=here, origin="https://school.example", cookie=f"studio_key={key}"
            )
        finally:
            server.stop()


def test_a_server_behind_a_proxy_as_the_readme_starts_it_answers_to_its_names_alone(open_tab):
    readme = (ROOT / "README.md").read_text().replace("\\\n", "")
    said = re.search(r"streamlit run streamlit_app\.py (.+--server\.allowedHosts.+)", readme)
    server = Server(*shlex.split(said[1]))
    name = "gan.school.example"
    try:
        with closing(RawTab(server.port, host=name, origin=f"https://{name}")) as tab:
            assert "Start training" in tab.open("train")
        foreign = FOREIGN.removeprefix("http://")
        for host, origin in ((foreign, FOREIGN), (foreign, f"https://{name}"), (name, FOREIGN)):
            with pytest.raises(InvalidStatus):
                RawTab(server.port, host=host, origin=origin)
        page = open_tab(f"{server.url}/train?{LONG}")  # "localhost" is the other name
        start(page)
        page.locator(".st-key-share button").click()
        page.get_by_text("Watch this run", exact=True).click()
        expect(page.locator(".st-key-shared code")).to_contain_text(f"https://{name}/train?watch=")
    finally:
        server.stop()


def test_a_visitor_chooses_the_language_and_keeps_every_setting(server, open_tab):
    page = open_tab(f"{server.url}/train?latent_size=8")
    expect(page.locator(START)).to_be_visible(timeout=LIVE_MS)
    choose(page.locator(".st-key-language [role=combobox]"), "Español")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.wait_for_url("**lang=es*")
    expect(page.locator(".st-key-latent_size [data-testid=stSliderThumbValue]")).to_have_text("8")
    expect(page.locator(".st-key-learning_rate [data-testid=stSliderThumbValue]")).to_have_text("0,002")
    page.get_by_role("link", name="Biblioteca").click()
    page.wait_for_url("**/library*lang=es*")
    other = open_tab(f"{server.url}/train", locale="es-MX")
    expect(other.locator("html")).to_have_attribute("lang", "es")
    assert "lang" not in other.url, "it was not chosen"


SILENT_NETWORK = """
    import os, socket, threading

    def is_here(host):
        return not host or str(host).startswith(("localhost", "0.0.0.0", "127.", "::", "::ffff:127."))

    def asked(host):
        with open(os.environ["ASKED"], "a") as file:
            file.write(f"{host}\\n")
        if os.environ["HANGS"]:
            threading.Event().wait(120)
        raise OSError("Network is unreachable")

    def getaddrinfo(host, *args, _whole=socket.getaddrinfo, **named):
        return _whole(host, *args, **named) if is_here(host) else asked(host)

    class Socket(socket.socket):
        def connect(self, target):
            if self.type == socket.SOCK_DGRAM or not isinstance(target, tuple) or is_here(target[0]):
                return super().connect(target)
            asked(target[0])

    socket.getaddrinfo, socket.socket = getaddrinfo, Socket
"""


@pytest.mark.parametrize("hangs", ["1", ""], ids=["a resolver that hangs", "no network"])
def test_nothing_is_asked_outside(tmp_path, hangs):
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(SILENT_NETWORK))
    asked = tmp_path / "asked"
    server = Server(PYTHONPATH=str(tmp_path), ASKED=str(asked), HANGS=hangs)
    try:
        for _ in range(3):
            with pytest.raises(InvalidStatus):
                RawTab(server.port, origin=FOREIGN)
        with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=30) as answer:
            assert answer.status == 200
        with closing(RawTab(server.port)) as tab:
            assert "Start training" in tab.open("train")
    finally:
        server.stop()
    assert not asked.exists(), asked.read_text()


BROKEN = """
    import builtins, sys

    def fail(*_, **__):
        raise ZeroDivisionError("a secret of the server")

    def importing(*args, _whole=builtins.__import__, **named):
        module = _whole(*args, **named)
        for name, function in ("draw.home_drawing", "show"), ("settings.share", "_show"), ("settings.share", "qr_code"):
            if hasattr(place := sys.modules.get(f"pages.shared.{name}"), function):
                setattr(place, function, fail)
        return module

    builtins.__import__ = importing
"""
SORRY = "Something went wrong here that nobody expected"


def test_what_raises_ends_in_a_sentence_and_on_the_console(tmp_path, open_tab):
    """As a person meets it: a page that fails, its way back, and a button whose callback fails."""
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(BROKEN))
    server = Server(PYTHONPATH=str(tmp_path))
    try:
        page = open_tab(server.url)
        expect(page.get_by_text(SORRY)).to_be_visible(timeout=LIVE_MS)
        page.get_by_role("link", name="Train").click()
        expect(page.locator(START)).to_be_visible()
        expect(page.get_by_text(SORRY)).to_have_count(0)
        page.locator(".st-key-share button").click()
        expect(page.get_by_text(SORRY)).to_be_visible()
        expect(page.locator(START)).to_be_visible()
        for name, value in {"latent_size": "32", "learning_rate": "0.002"}.items():
            expect(page.locator(f".st-key-{name} [data-testid=stSliderThumbValue]")).to_have_text(value)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert "a secret of the server" not in page.content()
        over = page.get_by_role("button", name="Start over")
        expect(over).to_have_count(1)  # that of the page before is gone
        over.click()
        expect(page.get_by_text(SORRY)).to_have_count(0)
        expect(page.locator(START)).to_have_count(1)
        assert "a secret of the server" in server.console()
    finally:
        server.stop()
