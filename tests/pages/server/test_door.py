"""The door: what it lets through to Streamlit, what it says of who comes, and the key in a link."""

import asyncio
from types import SimpleNamespace
from typing import ClassVar

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.shared.server import door, gaps, who
from tests.fakes import completed

KEY = "k" * 40


@pytest.fixture
def inside():
    """What came through the door: scopes and messages. It answers each request with a page."""

    class Inside(list):
        async def __call__(self, scope, receive, send):
            self.append(scope)
            if scope["type"] == "websocket":
                while (message := await receive())["type"] == "websocket.receive":
                    self.append(message["bytes"])
            else:
                headers = [(b"content-type", b"text/html; charset=utf-8")]
                await send({"type": "http.response.start", "status": 200, "headers": headers})

    return Inside()


def come(inside, sent=(), **scope):
    """Come to the door; returns what it answers."""
    answers, left = [], [*sent, {"type": "websocket.disconnect"}]

    async def receive():
        return left.pop(0)

    async def send(message):
        answers.append(message)

    usual = {"client": ("192.168.7.21", 5), "server": ("192.168.7.20", 8501), "headers": [], "method": "GET"}
    completed(door.Door(inside, lambda: KEY)({"path": "/", "query_string": b""} | usual | scope, receive, send))
    return answers


def heard(inside, **message) -> bool:
    """Whether Streamlit hears a message of the client's protocol."""
    content = BackMsg(**message).SerializeToString()
    come(inside, [{"type": "websocket.receive", "bytes": content}], type="websocket")
    return inside[1:] == [content]


class TestWhatIsHeard:
    def test_a_visitor_cannot_clear_what_is_cached_for_all(self, inside):
        assert BackMsg(clear_cache=True).SerializeToString() == b"\x28\x01"
        come(inside, [{"type": "websocket.receive", "bytes": b"\x28\x01"}], type="websocket")
        assert len(inside) == 1

    @pytest.mark.parametrize("kind", [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields])
    def test_of_all_messages_only_those_that_pages_need(self, inside, kind):
        field = BackMsg.DESCRIPTOR.fields_by_name[kind]
        value = {} if field.message_type else True
        assert heard(inside, **{kind: value}) == (kind in door.HEARD)

    @pytest.mark.parametrize(
        ("operation", "is_heard"),
        [
            ("install_skills", False),
            ("dismiss_skills_nudge", False),
            ("deferred_file", True),
            ("dataframe_chunk", True),
        ],
    )
    def test_no_message_that_writes_on_the_server(self, inside, operation, is_heard):
        assert heard(inside, backend_operation_request={"request_id": "1", operation: {}}) == is_heard

    def test_what_is_no_message_is_left_to_streamlit_to_refuse(self, inside):
        come(inside, [{"type": "websocket.receive", "bytes": b"\xff\xff"}], type="websocket")
        assert inside[1:] == [b"\xff\xff"]


class TestWhoComes:
    def test_pages_are_told_by_the_door_alone(self, inside):
        come(inside, type="websocket", headers=[(b"X-Studio-Owner", b"teacher"), (b"x-studio-owner", b"teacher")])
        assert [value for name, value in inside[0]["headers"] if name.lower() == door.HEADER] == [b"192.168.7.21"]

    def test_two_that_take_no_cookies_are_not_taken_for_one(self, inside):
        names = set()
        for _ in range(2):
            come(inside, type="websocket", headers=[(b"via", b"1.1 proxy")])
            names.add(dict(inside[-1]["headers"])[door.HEADER])
        assert len(names) == 2 and b"teacher" not in names

    def test_a_link_with_the_key_leaves_a_cookie_and_takes_the_key_from_the_address(self, inside):
        (start, _) = come(inside, type="http", path="/gan/train", query_string=f"a=1,2&key={KEY}".encode())
        headers = dict(start["headers"])
        assert start["status"] == 303 and headers[b"location"] == b"./train?a=1,2" and not inside
        cookie = headers[b"set-cookie"].decode()
        assert cookie.startswith(f"{who.KEY}={KEY};") and {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
        come(inside, type="websocket", headers=[(b"cookie", cookie.split(";")[0].encode())])
        assert (door.HEADER, b"teacher") in inside[0]["headers"]

    def test_a_wrong_key_opens_nothing(self, inside):
        (start, _) = come(inside, type="http", path="//elsewhere.example/:x\r\n", query_string=b"key=%C3%A4")
        assert dict(start["headers"]).keys() == {b"location", b"cache-control", b"content-length"}
        assert dict(start["headers"])[b"location"].startswith(b"./%3Ax")

    def test_who_cannot_be_told_by_an_address_gets_a_name_once(self, inside):
        proxied = [(b"x-forwarded-for", b"10.0.0.9")]
        (page,) = come(inside, type="http", headers=proxied)
        (cookie,) = [value for name, value in page["headers"] if name == b"set-cookie"]
        (again,) = come(inside, type="http", headers=[*proxied, (b"cookie", cookie.split(b";")[0])])
        assert b"set-cookie" not in dict(again["headers"])
        (straight,) = come(inside, type="http")
        assert b"set-cookie" not in dict(straight["headers"])


class TestUploads:
    @pytest.fixture
    def upload(self, inside, monkeypatch):
        """upload(tab) uploads a file and returns the status; what is kept already is in `upload.kept`."""
        monkeypatch.setattr(gaps, "MOST_A_TAB", 100)
        monkeypatch.setattr(gaps, "MOST_OF_ALL", 300)

        class Runtime:
            class uploaded_file_mgr:
                file_storage: ClassVar[dict] = {}

        monkeypatch.setattr(gaps, "get_instance", Runtime)

        def upload(tab):
            return come(inside, path=f"/gan/_stcore/upload_file/{tab}/new", type="http", method="PUT")[0]["status"]

        upload.kept = Runtime.uploaded_file_mgr.file_storage
        return upload

    def test_a_tab_cannot_fill_the_servers_memory(self, upload, inside):
        upload.kept["mine"] = {"a": SimpleNamespace(data=b"x" * 60)}
        assert upload("mine") == 200
        upload.kept["mine"]["b"] = SimpleNamespace(data=b"x" * 40)
        assert upload("mine") == 413 and upload("other") == 200 and len(inside) == 2

    def test_nor_can_many_together(self, upload):
        upload.kept |= {str(tab): {"a": SimpleNamespace(data=b"x" * 99)} for tab in range(4)}
        assert upload("other") == 413

    def test_nor_can_those_that_are_on_their_way(self, upload, inside):
        door_ = door.Door(inside, lambda: KEY)
        scope = {"type": "http", "method": "PUT", "path": "/_stcore/upload_file/tab/1", "query_string": b""}
        statuses, enough = [], asyncio.Event()

        async def slow(scope, receive, send):
            await enough.wait()

        async def send(message):
            statuses.append(message.get("status"))

        async def many():
            door_._app = slow
            coming = [asyncio.create_task(door_(scope, None, send)) for _ in range(door.UPLOADS_AT_ONCE)]
            await asyncio.sleep(0)
            await door_(scope, None, send)
            enough.set()
            await asyncio.gather(*coming)

        completed(many())
        assert statuses[0] == 413
        assert upload("tab") == 200
