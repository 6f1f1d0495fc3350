"""Single sign-on by a proxy's header: whose word counts, and what is remembered of a name."""

import pytest

from pages.shared.server import sign_on, who
from pages.shared.server.door import Door
from tests.fakes import completed

KEY = "k" * 40
ON = {sign_on.HEADER: "X-Forwarded-User", sign_on.PROXIES: "10.0.3.7, 10.8.0.0/16"}
ANN = ("X-Forwarded-User", "ann@school.example")


def come(environment, *headers, client="10.8.1.2", path="/train", kind="websocket"):
    """Come to a server with this environment; the name under which it knows the visitor, or what it answers."""
    passed, answers = [], []

    async def inside(scope, receive, send):
        passed.append(scope)

    async def send(message):
        answers.append(message)

    scope = {
        "type": kind, "path": path, "query_string": b"", "method": "GET", "client": (client, 5),
        "server": ("10.8.0.1", 8501), "headers": [(name.lower().encode(), said.encode()) for name, said in headers],
    }  # fmt: skip
    completed(Door(inside, lambda: KEY, sign_on.read(environment))(scope, None, send))
    if not passed:
        return answers
    return dict(passed[0]["headers"]).get(b"x-studio-owner", b"").decode()


def test_nothing_is_asked_unless_it_is_set():
    assert sign_on.read({}) is None and sign_on.complaints({}) == []
    assert come({}, ANN) == "unknown" or come({}, ANN).startswith(who.UNKNOWN)


def test_a_person_is_the_same_on_all_servers_and_their_name_is_not_known():
    ann = come(ON, ANN)
    assert ann.startswith("person ") and "ann" not in ann and ann == come(ON, ANN, client="10.0.3.7")
    assert ann != come(ON, ("X-Forwarded-User", "ben@school.example"))


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ([], "10.8.1.2"),
        ([("X-Forwarded-User", " ")], "10.8.1.2"),
        ([ANN, ("X-Forwarded-User", "ben")], "10.8.1.2"),  # one of them was there before the proxy
        ([ANN], "192.168.7.21"),
        ([ANN], "10.0.3.8"),
        ([ANN], "127.0.0.1"),
        ([("X-Remote-User", "ann")], "10.8.1.2"),
    ],
)
def test_nobody_else_is_let_in(headers, client):
    assert come(ON, *headers, client=client) == [{"type": "websocket.close", "code": 1008}]
    start, body = come(ON, *headers, ("Accept-Language", "es-MX,es;q=0.9"), client=client, kind="http")
    assert start["status"] == 403 and "sesi" in body["body"].decode()


def test_a_key_opens_nothing_for_who_has_not_signed_in_and_makes_a_teacher_of_who_has():
    key = ("Cookie", f"{who.KEY}={KEY}")
    assert come(ON, key) == [{"type": "websocket.close", "code": 1008}]
    assert come(ON, key, ANN) == who.TEACHER


@pytest.mark.parametrize("path", ["/room", "/room/BCDF/state", "/healthz", "/metrics", "/_stcore/health"])
def test_devices_and_watchers_of_the_server_need_no_name(path):
    assert come(ON, path=path, kind="http") == ""


@pytest.mark.parametrize("path", ["/rooms", "/_stcore/upload_file/a/b", "/", "/printed/plan"])
def test_all_else_does(path):
    assert come(ON, path=path, kind="http")[0]["status"] == 403


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({sign_on.HEADER: "X-Forwarded-User"}, [sign_on.PROXIES]),
        ({sign_on.PROXIES: "10.0.0.0/8"}, [sign_on.HEADER]),
        (ON | {sign_on.PROXIES: "10.0.0.0/8, proxy"}, [sign_on.PROXIES]),
        (ON | {sign_on.HEADER: "a header: "}, [sign_on.HEADER]),
    ],
)
def test_what_means_nothing_lets_nobody_in_and_is_said(environment, names):
    assert [next(name for name in names if name in str(each)) for each in sign_on.complaints(environment)] == names
    assert come(environment, ANN, ("a header: ", "ann"), ("", "ann")) == [{"type": "websocket.close", "code": 1008}]
