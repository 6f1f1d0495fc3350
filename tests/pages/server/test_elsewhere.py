"""Rooms of another server: what a device asks there, from one server to the other for real."""

import threading
from contextlib import contextmanager

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from gan.messages import Refusal
from gan.rooms import Rooms
from gan.runs.server.exhibit import RUN_ID
from gan.setup.kinds import complaints
from pages.shared.server import elsewhere, held, phone
from tests.fakes import wait_until

TOKEN = "device000001"


class Access:
    """What servers share: which room is where."""

    def __init__(self) -> None:
        self.rooms: dict[str, str] = {}
        self.asked = 0
        self.is_away = False

    def claim_room(self, code: str, address: str) -> bool:
        return self.rooms.setdefault(code, address) == address

    def leave_room(self, code: str) -> None:
        self.rooms.pop(code, None)

    def room_at(self, code: str) -> str | None:
        self.asked += 1
        if self.is_away:
            raise Refusal("library.away", "The library cannot be reached at the moment.")
        return self.rooms.get(code)


class Store:
    def __init__(self, access: Access) -> None:
        self.access = access


@contextmanager
def listening(app, name: str):
    """The address of a server with this app, on a thread of this name."""
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="error"))
    thread = threading.Thread(target=server.run, name=name)
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


class Device:
    """Asks one server, whose rooms are on the other."""

    def __init__(self, address: str) -> None:
        self._address = address

    def look(self, code: str, have: int = -1, token: str = TOKEN, headers=None) -> requests.Response:
        return requests.get(f"{self._address}/room/{code}/state?token={token}&have={have}", headers=headers, timeout=9)

    def draw(self, code: str) -> requests.Response:
        drawing = {"token": TOKEN, "drawing": "a" * 12, "kind": "", "pixels": ""}
        return requests.post(f"{self._address}/room/{code}/drawing", json=drawing, timeout=9)


@pytest.fixture
def servers(monkeypatch):
    """A device, the rooms of the server that it does not ask, and what both servers share."""
    by_name = [Middleware(TrustedHostMiddleware, allowed_hosts=["localhost"])]  # as `server.allowedHosts`
    access, app, rooms, directories = Access(), Starlette(routes=phone.routes(), middleware=by_name), {}, {}
    with monkeypatch.context() as patch, listening(app, "here") as here, listening(app, "there") as there:
        patch.setattr(held, "rooms", lambda: rooms[threading.current_thread().name])
        patch.setattr(held, "directory", lambda: directories[threading.current_thread().name])
        directories |= {"here": elsewhere.Directory(Store(access), here), "there": None}
        rooms |= {"here": Rooms(), "there": Rooms(directory=elsewhere.Directory(Store(access), there))}
        yield Device(here.replace("127.0.0.1", "localhost")), rooms["there"], access


def test_a_device_plays_in_a_room_of_another_server(servers):
    device, rooms, access = servers
    room = rooms.open(RUN_ID)
    asked = [device.look(room.code.lower()) for _ in range(3)]
    assert {each.status_code for each in asked} == {200} and asked[0].json()["phase"] == "lobby"
    assert room.here == 1 and access.asked == 1
    assert device.look(room.code, have=room.version).status_code == 204
    assert device.draw(room.code).status_code == 409
    assert device.look(room.code, token="short").status_code == 400


def test_what_no_server_has_is_not_there_and_what_does_not_answer_is_asked_for_again(servers):
    device, _, access = servers
    assert device.look("WXYZ").status_code == 404
    access.rooms["WXYZ"] = "http://127.0.0.1:1"
    assert [device.look("WXYZ").status_code for _ in range(2)] == [503, 503] and access.asked == 3
    access.rooms.clear()
    assert device.look("WXYZ").status_code == 404


def test_while_the_library_is_away_a_device_is_to_ask_again(servers):
    device, rooms, access = servers
    found, other = rooms.open(RUN_ID).code, rooms.open(RUN_ID).code
    assert device.look(found).status_code == 200
    access.is_away = True
    assert (device.look(found).status_code, device.look(other).status_code) == (200, 503)


def test_servers_do_not_hand_on_for_ever(servers):
    device, rooms, _ = servers
    assert device.look(rooms.open(RUN_ID).code, headers={elsewhere.HANDED_ON: "1"}).status_code == 404


def test_no_two_servers_have_a_room_with_one_code(monkeypatch):
    access, codes = Access(), iter(["BCDF", "BCDF", "GHJK", "GHJK", "LMNP"])
    monkeypatch.setattr("gan.rooms.rooms._code", lambda: next(codes))
    one, other = (Rooms(directory=elsewhere.Directory(Store(access), f"http://{name}:1")) for name in ("one", "other"))
    assert [each.open(RUN_ID).code for each in (one, other, one)] == ["BCDF", "GHJK", "LMNP"]
    assert access.rooms == {"BCDF": "http://one:1", "GHJK": "http://other:1", "LMNP": "http://one:1"}


@pytest.mark.parametrize(
    "value", ["app1", "ftp://app1", "http://", "http://app1:8501/app", "http://app1?x=1", "http://[app1"]
)
def test_an_address_that_is_none_is_said(value):
    (complaint,) = complaints({elsewhere.VARIABLE: value}, elsewhere.own)
    assert elsewhere.VARIABLE in str(complaint) and value in str(complaint)
    assert elsewhere.directory(Store(Access()), {elsewhere.VARIABLE: value}) is None


def test_a_server_alone_asks_nobody():
    assert complaints({}, elsewhere.own) == [] and elsewhere.directory(Store(Access()), {}) is None
    assert elsewhere.own({elsewhere.VARIABLE: "http://app1:8501/"}) == "http://app1:8501"
