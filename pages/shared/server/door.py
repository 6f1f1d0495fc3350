"""The door: all that comes from a browser passes here before Streamlit hears it.

It says who comes (`who`), takes the key from a link and leaves a cookie for it, and lets through what pages need of
Streamlit's protocol, which any visitor speaks with the server, by hand if they like. What that protocol holds, and
what one visitor could do to others with it:

| message | what it does | here |
|---|---|---|
| `clear_cache` | forgets what is cached for all visitors; their tabs count as closed | not heard |
| `load_git_info` | runs git on the server, in its event loop, and tells what it says | not heard |
| `set_run_on_save` | for a developer's own tab | not heard |
| `debug_disconnect_websocket`, `debug_shutdown_runtime` | for Streamlit's own developers | not heard |
| `backend_operation_request`: `install_skills`, `dismiss_skills_nudge` | write files on the server | not heard |
| `backend_operation_request`: `deferred_file`, `dataframe_chunk` | content of a page, by a secret name | heard |
| `rerun_script` | runs a page for this tab alone: see below | heard |
| `stop_script` | stops this tab's own script; a run's thread is another | heard |
| `file_urls_request` | names for files to upload; `gaps.has_room` bounds them | heard |
| `app_heartbeat` | is answered | heard |

`rerun_script` brings what a visitor may invent: values of widgets (Streamlit ignores those of disabled or unknown
ones; values are checked by `RunConfig` as those of a link are), `fragment_id` and `page_script_hash` (looked up among
this tab's own), the query, the url and the language (what is read from them is checked or escaped; the url shapes this
tab's own Share link). None says who the visitor is: that stands in the handshake's headers.
"""

import secrets
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.shared.server import gaps, sign_on, who
from pages.shared.server.sign_on import SignOn
from pages.shared.words import catalogues, speech

HEADER = b"x-studio-owner"  # what the door tells the pages; what a browser says under this name is dropped
ASKED = "key"  # in a link: the server's key
POLICY = 1008  # a websocket is closed for it
YEAR = 365 * 24 * 3600
HEARD = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
OPERATIONS = {"deferred_file", "dataframe_chunk"}
UPLOADS = "/_stcore/upload_file/"
UPLOADS_AT_ONCE = 4  # each of `server.maxUploadSize` at most


class Door:
    """ASGI middleware; `key` returns the server's key."""

    def __init__(self, app: Callable, key: Callable[[], str], signs: SignOn | None = None) -> None:
        self._app, self._key, self._sign_on = app, key, signs
        self._uploads = 0  # that come in now

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        if scope["type"] in ("websocket", "http") and self._sign_on and not self._sign_on.lets_in(scope):
            await _turn_away(scope, send)
        elif scope["type"] == "websocket":
            await self._app(self._introduced(scope), _only_heard(receive), send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _introduced(self, scope: dict) -> dict:
        """The connection with a header that says who comes."""
        name = who.visitor(scope, self._key(), self._has_proxy)
        if name != who.TEACHER and self._sign_on:
            name = self._sign_on.visitor(scope, self._key())
        if name == who.UNKNOWN:  # takes no cookies: a name for this connection, so that no two are taken for one
            name = f"{who.UNKNOWN} {secrets.token_hex(6)}"
        others = [(header, value) for header, value in scope["headers"] if header.lower() != HEADER]
        return scope | {"headers": [*others, (HEADER, name.encode("latin-1"))]}

    @property
    def _has_proxy(self) -> bool:
        return gaps.is_known_outside() or self._sign_on is not None

    def _needs_a_name(self, scope: dict) -> bool:
        return not self._sign_on and who.needs_a_name(scope, self._key(), self._has_proxy)

    async def _answer(self, scope: dict, receive: Callable, send: Callable) -> None:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == ASKED]
        if given and scope["method"] == "GET":
            rest = [(name, value) for name, value in query if name != ASKED]
            opens = secrets.compare_digest(given[0].encode(), self._key().encode())
            await _lead_on(scope, rest, [_cookie(scope, who.KEY, self._key())] if opens else [], send)
        elif UPLOADS in scope["path"] and scope["method"] == "PUT":
            await self._take_in(scope, receive, send)
        elif scope["method"] == "GET" and self._needs_a_name(scope):
            await self._app(scope, receive, _naming(scope, send))
        else:
            await self._app(scope, receive, send)

    async def _take_in(self, scope: dict, receive: Callable, send: Callable) -> None:
        """An upload, while there is room; Streamlit keeps it in memory until its tab closes."""
        if self._uploads >= UPLOADS_AT_ONCE or not gaps.has_room(scope["path"]):
            await _say(send, 413, [])
            return
        self._uploads += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._uploads -= 1


def _only_heard(receive: Callable) -> Callable:
    """What a browser sends, without the messages that no page needs."""

    async def heard() -> dict:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or _is_heard(message.get("bytes")):
                return message

    return heard


def _is_heard(content: bytes | None) -> bool:
    message = BackMsg()
    try:
        message.ParseFromString(content or b"")
    except Exception:  # Streamlit ends the connection for it
        return True
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in OPERATIONS
    return kind in HEARD


async def _lead_on(scope: dict, rest: list[tuple[str, str]], cookies: list, send: Callable) -> None:
    """To the same page, without the key in its address, for nobody to read it from a projector."""
    page = "./" + quote(scope["path"].rpartition("/")[2])
    address = f"{page}?{urlencode(rest, safe=',=')}" if rest else page
    await _say(send, 303, [(b"location", address.encode()), (b"cache-control", b"no-store"), *cookies])


async def _turn_away(scope: dict, send: Callable) -> None:
    """Who has not signed in."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY})
        return
    voice = speech.bare(catalogues.best(who.told(scope).get("accept-language")))
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": voice.say(sign_on.REFUSED).encode()})


async def _say(send: Callable, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _naming(scope: dict, send: Callable) -> Callable:
    """`send`, and with a page a cookie by which its visitor is told from others."""

    async def naming(message: dict) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            if any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                message = message | {"headers": [*headers, _cookie(scope, who.VISITOR, secrets.token_urlsafe(24))]}
        await send(message)

    return naming


def _cookie(scope: dict, name: str, value: str) -> tuple[bytes, bytes]:
    is_safe = "https" in (scope.get("scheme"), who.told(scope).get("x-forwarded-proto"))
    text = f"{name}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Strict{'; Secure' if is_safe else ''}"
    return b"set-cookie", text.encode("latin-1")
