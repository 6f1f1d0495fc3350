"""The routes for a class's devices: small, and not to be upset by anything that is sent."""

import base64
import json

import pytest
from starlette.applications import Starlette

from gan.rooms import begin_forging, draw_round
from gan.runs.server.exhibit import RUN_ID, exhibit
from pages.shared.server import held, phone
from pages.shared.words.catalogues import languages
from tests.fakes import completed

TOKEN = "device000001"
MOST_BYTES = 40_000


@pytest.fixture
def room():
    return held.rooms().open(RUN_ID)


def ask(method: str, path: str, body: bytes = b"", headers=(), chunk: int = 10_000) -> tuple[int, bytes, dict]:
    """What the routes answer: status, body, headers."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers], "root_path": "",
        "server": ("localhost", 8501), "client": ("192.0.2.1", 5), "scheme": "http", "http_version": "1.1",
    }  # fmt: skip
    parts = [body[at : at + chunk] for at in range(0, len(body), chunk)] or [b""]
    told: list[dict] = []

    async def receive() -> dict:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: dict) -> None:
        told.append(message)

    completed(Starlette(routes=phone.routes())(scope, receive, send))
    start = next(each for each in told if each["type"] == "http.response.start")
    content = b"".join(each.get("body", b"") for each in told if each["type"] == "http.response.body")
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], content, headers | {"parts that were not read": str(len(parts))}


def state(room, have: int = -1) -> dict:
    status, body, _ = ask("GET", f"/room/{room.code}/state?token={TOKEN}&have={have}")
    assert status == 200
    return json.loads(body)


def vote(room, **changes) -> int:
    body = {"token": TOKEN, "round": 1, "ballot": "RFRFRFRF"} | changes
    return ask("POST", f"/room/{room.code}/vote", json.dumps(body).encode())[0]


@pytest.mark.parametrize("language", languages())
def test_page_and_first_round_weigh_little_in_every_language(room, language):
    status, page, headers = ask(
        "GET", f"/room/{room.code}", headers=[("accept-language", f"{language.replace('_', '-')},en;q=0.5")]
    )
    assert status == 200 and headers["content-type"].startswith("text/html") and "set-cookie" not in headers
    assert f'lang="{language.replace("_", "-")}"'.encode() in page and b"{words}" not in page
    for address in (b"http://", b"https://", b"//cdn"):
        assert address not in page  # nothing is fetched from elsewhere
    room.begin(draw_round(exhibit(), 5))
    _, first, _ = ask("GET", f"/room/{room.code}/state?token={TOKEN}&have=-1")
    assert len(page) + len(first) < MOST_BYTES


def test_a_device_sees_a_round_votes_and_sees_what_was_true(room):
    assert state(room) == {"version": 0, "phase": "lobby", "round": 0, "ballot": "", "device": 1}
    assert ask("GET", f"/room/{room.code}/state?token={TOKEN}&have=0")[:2] == (204, b"")
    shown = draw_round(exhibit(), 5)
    room.begin(shown)
    seen = state(room)
    assert seen["phase"] == "vote" and seen["epoch"] == shown.epoch and "truth" not in seen
    assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in seen["pictures"])
    assert vote(room) == 204 and state(room)["ballot"] == "RFRFRFRF"
    room.reveal()
    seen = state(room, seen["version"])
    assert seen["truth"] == shown.truth and seen["machine"] == room.results[0].machine_right
    assert vote(room) == 409


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{", b"\xff\xfe", b'"text"', b"{}", b'{"token": 1, "round": 1, "ballot": "R"}',
        b'{"token": "device000001", "round": "1", "ballot": "RFRFRFRF"}',
        b'{"token": "device000001", "round": true, "ballot": "RFRFRFRF"}',
        b'{"token": "device000001", "round": 1, "ballot": ["R"]}',
        b'{"token": "<script>alert()", "round": 1, "ballot": "RFRFRFRF"}',
        b"[" * 990,
    ],
)  # fmt: skip
def test_nonsense_gets_a_4xx_and_changes_nothing(room, body):
    room.begin(draw_round(exhibit(), 5))
    status, answer, _ = ask("POST", f"/room/{room.code}/vote", body)
    assert 400 <= status < 500 and not answer
    assert room.answered == (0, 0)


def test_a_huge_body_is_not_read_to_its_end(room):
    room.begin(draw_round(exhibit(), 5))
    status, _, told = ask("POST", f"/room/{room.code}/vote", b"x" * 10**6, chunk=500)
    assert status == 413 and room.answered == (0, 0) and int(told["parts that were not read"]) > 1990


@pytest.mark.parametrize("code", ["NOPE", "%00", "a" * 500, "..%2f..", "<b>"])
def test_a_code_of_no_room_is_not_found(code):
    assert ask("GET", f"/room/{code}/state?token={TOKEN}&have=0")[0] in (404, 400)
    assert ask("POST", f"/room/{code}/vote", b'{"token": "device000001", "round": 1, "ballot": "R"}')[0] == 404


def test_a_device_that_is_sent_away_is_told_and_may_send_nothing(room):
    room.begin(draw_round(exhibit(), 5))
    assert vote(room) == 204
    room.send_away(1)
    assert ask("GET", f"/room/{room.code}/state?token={TOKEN}&have=0")[:2] == (403, b"")
    assert vote(room) == 403 and room.answered == (0, 0)


def test_a_closed_room_lets_nobody_else_in_and_who_was_sent_away_not_as_another_either(room):
    room.begin(draw_round(exhibit(), 5))
    assert vote(room) == vote(room, token="device000002") == 204
    room.close()
    room.send_away(2)
    late = f"/room/{room.code}/state?have=-1&token=device000003"
    assert ask("GET", late)[:2] == (423, b"") and vote(room, token="device000003") == 423
    assert state(room)["device"] == 1 and room.answered == (1, 1)  # who is in stays in
    assert len(room.devices) == 1
    room.close(False)
    assert ask("GET", late)[0] == 200 and vote(room, token="device000002") == 403


def test_a_device_that_is_to_fool_the_detective_sees_its_own_best(room):
    room.ask_to_fool(begin_forging(exhibit()))
    seen = state(room)
    assert seen["phase"] == "forge" and len(seen["pictures"]) == 4 and seen["best"] is seen["last"] is None
    assert draw(room, kind="") == 204
    # Nothing was judged yet: that is done after this answer, though no teacher looks.
    assert ask("GET", f"/room/{room.code}/state?token={TOKEN}&have={seen['version']}")[0] == 204
    seen = state(room, seen["version"])
    assert seen["best"] == seen["last"] and 0 <= seen["best"]["share"] <= 1 and seen["best"]["epoch"] > 0
    other = json.loads(ask("GET", f"/room/{room.code}/state?token=device000002&have=-1")[1])
    assert other["best"] is None


PIXELS = base64.b64encode(bytes(56 * 20) + bytes([255] * 56 * 8) + bytes(56 * 28)).decode()


@pytest.fixture
def drawing_room():
    table = held.tables().open()
    room = held.rooms().open("", table.table_id)
    room.ask_for(table, ("cat", "<b>"))
    return room


def draw(room, **changes) -> int:
    body = {"token": TOKEN, "drawing": "drawing0001", "kind": "cat", "pixels": PIXELS} | changes
    return ask("POST", f"/room/{room.code}/drawing", json.dumps(body).encode())[0]


def test_a_drawing_lies_on_the_table_once_under_what_was_asked_for(drawing_room):
    assert state(drawing_room)["asked"] == ["cat", "<b>"]
    assert draw(drawing_room) == 204 and draw(drawing_room) == 204  # sent twice, since no answer came
    assert draw(drawing_room, drawing="drawing0002", kind="<b>") == 204
    kinds = drawing_room.table.kinds()
    assert {kind: len(lying) for kind, lying in kinds.items()} == {"b": 1, "cat": 1}
    grey = kinds["cat"][0].found.grey
    assert grey.shape == (28, 28) and grey[0].max() == 0 and grey[13:15].max() == 255
    drawing_room.ask_for(drawing_room.table)
    assert state(drawing_room)["asked"] == [] and draw(drawing_room, drawing="drawing0003", kind="") == 204
    assert len(drawing_room.table.kinds()[""]) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"pixels": "?"}, 400), ({"pixels": PIXELS[:-4]}, 400), ({"pixels": 5}, 400), ({"kind": 2}, 400),
        ({"kind": -1}, 400), ({"kind": True}, 400), ({"kind": 10**400}, 400), ({"drawing": "x"}, 400),
        ({"token": "<script>"}, 400), ({"pixels": base64.b64encode(bytes(3136)).decode()}, 400),
        ({"pixels": "A" * 10_000}, 413), ({"kind": "dog"}, 409), ({"kind": ""}, 409),
    ],
)  # fmt: skip
def test_what_is_no_drawing_gets_a_4xx_and_lies_nowhere(drawing_room, changes, status):
    assert draw(drawing_room, **changes) == status and not drawing_room.table.count


def test_a_drawing_is_of_the_kind_that_was_chosen_whatever_is_asked_for_by_now(drawing_room):
    drawing_room.ask_for(drawing_room.table, ("house", "cat"))
    assert draw(drawing_room) == 204 and list(drawing_room.table.kinds()) == ["cat"]
    drawing_room.ask_for(drawing_room.table, ("house", "dog"))
    assert draw(drawing_room) == 204  # the answer to it was lost, and it is sent again
    assert draw(drawing_room, drawing="drawing0002") == 409 and drawing_room.table.count == 1
    assert draw(drawing_room, drawing="drawing0002", kind="dog") == 204


def test_drawings_are_taken_while_they_are_asked_for_and_only_so_many(drawing_room, room):
    assert draw(room) == 409
    for number in range(40):
        assert draw(drawing_room, drawing=f"drawing{number:04}") == 204
    assert draw(drawing_room, drawing="drawing9999") == 429 and drawing_room.table.count == 40
    drawing_room.end()
    assert draw(drawing_room, drawing="drawing9999") == 409


def test_sixty_devices_behind_one_address_are_sixty(room):
    room.begin(draw_round(exhibit(), 5))
    for number in range(60):
        assert vote(room, token=f"device{number:06}") == 204
    assert room.answered == (60, 60)
