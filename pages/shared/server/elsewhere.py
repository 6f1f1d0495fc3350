"""Rooms of other app servers that are known under the same address: what a device asks is handed on to the room's own.

Each says in GAN_STUDIO_ADDRESS where the others reach it, within the network of the servers; where a room is stands in
the library that they share. A room ends with its server.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import requests
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from gan.messages import Message, msg
from gan.runs.kept.store import Store
from gan.setup.kinds import refuse

VARIABLE = "GAN_STUDIO_ADDRESS"
HANDED_ON = "x-studio-handed-on"  # a request is handed on once
PATIENCE_SECONDS = 5.0


class Directory:
    """See `gan.rooms.rooms.Directory`. Where the library is away, rooms are known on their own server alone."""

    def __init__(self, store: Store, own: str) -> None:
        self._access, self._own = store.access, own
        self._found: dict[str, str] = {}  # a class asks once a second, each of its devices
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between servers

    def claim(self, code: str) -> bool:
        with suppress(ValueError):
            return self._access.claim_room(code, self._own)
        return True

    def leave(self, code: str) -> None:
        with suppress(ValueError):
            self._access.leave_room(code)

    def ask(self, code: str, request: Request, body: bytes) -> Response | None:
        """What the room's own server answers; None where no server has this room. Waits for it."""
        with suppress(ValueError):
            if code not in self._found and (address := self._access.room_at(code)):
                self._found[code] = address
        if code not in self._found:
            return None
        address = f"{self._found[code]}{request.url.path}?{request.url.query}"
        # By the name that the device knows: a server may answer to no other.
        headers = {HANDED_ON: "1", "host": request.headers.get("host", ""), "content-type": "application/json"}
        try:
            told = self._session.request(request.method, address, data=body, headers=headers, timeout=PATIENCE_SECONDS)
        except requests.RequestException:
            del self._found[code]
            return Response(status_code=503)
        if told.status_code == 404:
            del self._found[code]
        return Response(told.content, told.status_code, media_type=told.headers.get("content-type"))


def own(environment: Mapping[str, str] = os.environ) -> str:
    """Where other servers reach this one, without a slash at its end; "" where that is not said. Raises ValueError for
    what is no address.
    """
    value = environment.get(VARIABLE, "").rstrip("/")
    parts = urlsplit(value)
    if value and not (parts.scheme in ("http", "https") and parts.hostname and not parts.path and not parts.query):
        raise refuse(VARIABLE, value, msg("elsewhere.allowed", "http://HOST:PORT, as other servers reach this one"))
    return value


def complaints(environment: Mapping[str, str]) -> list[Message]:
    """What is wrong with what the environment says of it."""
    try:
        own(environment)
    except ValueError as error:
        return [error.message]
    return []


def directory(store: Store | None, environment: Mapping[str, str] = os.environ) -> Directory | None:
    """The directory of rooms; None for a server that stands alone."""
    with suppress(ValueError):  # `complaints` says so
        if store and (address := own(environment)):
            return Directory(store, address)
    return None


async def handed_on(directory: Directory | None, code: str, request: Request, body: bytes = b"") -> Response | None:
    """What another server says of its room; None where there is none."""
    if directory is None or HANDED_ON in request.headers:
        return None
    return await to_thread.run_sync(directory.ask, code.upper(), request, body)
