"""The start and the end of a server, and the addresses that it tells."""

import pytest
import streamlit as st

from gan.setup import presets
from pages.shared.server import address, gaps, held, key, life
from tests.fakes import completed

LAN = "192.168.7.20"


@pytest.fixture
def told(monkeypatch):
    """told(...) tells the server options of Streamlit's, as they are on the command line."""
    options = {"server.port": 8501, "browser.serverPort": 8501, "server.headless": True, "server.baseUrlPath": ""}
    monkeypatch.setattr(st, "get_option", options.get)
    monkeypatch.setattr(address, "local_network", lambda: LAN)
    return lambda changes: options.update(changes)


@pytest.fixture
def start(told, monkeypatch, tmp_path):
    """start(during) runs a server's life, and `during` in the midst of it."""
    monkeypatch.setenv("GAN_STUDIO_LIBRARY", str(tmp_path))
    monkeypatch.setattr(life, "warm_up", lambda: None)
    opened = []
    monkeypatch.setattr(life.subprocess, "Popen", lambda command, **_: opened.append(command))
    life.key.let_go()

    def start(during=lambda: None):
        async def live():
            async with life.lifespan(None):
                during()

        completed(live())
        return opened

    yield start
    life.key.let_go()


def test_the_console_says_where_the_app_is_and_the_teachers_link(start, capsys):
    assert not start()
    said = capsys.readouterr().out
    assert "On this computer: http://localhost:8501\n" in said
    assert f"On other computers: http://{LAN}:8501\n" in said
    assert f"http://{LAN}:8501/?key={life.key()}\n" in said


def test_a_key_that_was_set_does_not_stand_in_the_log(start, capsys, monkeypatch):
    monkeypatch.setenv(key.VARIABLE, chosen := "chosen by who looks after the server")
    start()
    said = capsys.readouterr().out
    assert life.key() == chosen and chosen not in said and f"http://{LAN}:8501/?key=...\n" in said


def test_a_browser_opens_without_the_key(start, told):
    told({"server.headless": False})
    ((*_, opened),) = start()
    assert opened == "http://localhost:8501"


def test_all_runs_end_with_the_server(start, manager):
    runs = []
    start(lambda: runs.append(manager.starting.new(presets.get("quick"), "somebody")))
    assert runs[0].wait(5) and not runs[0].is_live and held.manager() is manager


def test_and_when_it_breaks(start, manager):
    runs = []

    def breaks():
        runs.append(manager.starting.new(presets.get("quick"), "somebody"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        start(breaks)
    assert runs[0].wait(5)


@pytest.mark.parametrize(
    ("options", "public"),
    [
        ({}, None),
        ({"browser.serverAddress": "localhost"}, None),
        ({"browser.serverAddress": "127.0.0.1"}, None),
        ({"browser.serverAddress": "gan.school"}, "http://gan.school:8501"),
        ({"browser.serverAddress": "gan.school", "browser.serverPort": 80}, "http://gan.school"),
        ({"browser.serverAddress": "gan.school", "browser.serverPort": 443}, "https://gan.school"),
        ({"browser.serverAddress": "gan.school", "server.sslCertFile": "a.pem"}, "https://gan.school:8501"),
        ({"browser.serverAddress": "school/gan/", "browser.serverPort": 443}, "https://school/gan"),
        (
            {"browser.serverAddress": "school", "browser.serverPort": 443, "server.baseUrlPath": "/gan/"},
            "https://school/gan",
        ),
        ({"browser.serverAddress": "[fd00::2]"}, "http://[fd00::2]:8501"),
    ],
)
def test_the_address_outside_is_what_the_server_was_told(told, options, public):
    told(options)
    assert address.public() == public and gaps.is_known_outside() == bool(public)


def test_share_gives_the_address_outside_to_who_came_from_here(told, monkeypatch):
    class Context:
        url = "http://localhost:8501/gan/train"

    monkeypatch.setattr(address.st, "context", Context)
    told({"browser.serverAddress": "school", "browser.serverPort": 443, "server.baseUrlPath": "gan"})
    told({"server.address": "127.0.0.1"})
    link = address.link({"watch": "ab"})
    assert link == "https://school/gan/train?watch=ab" and address.is_for_others(link)


def test_nothing_is_asked_of_the_internet():
    from streamlit import net_util

    assert net_util.get_external_ip() is None and net_util._external_ip is None
