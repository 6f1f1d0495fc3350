"""Rooms of other app servers that are known under the same address: what a device asks is handed on to the room's own.

Each says in GAN_STUDIO_ADDRESS where the others reach it, within the network of the servers; where a room is stands in
the library that they share. A room ends with its server.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress

import requests
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from gan.messages import msg
from gan.runs.kept.store import Store
from gan.setup.kinds import refuse

VARIABLE = "GAN_STUDIO_ADDRESS"
ADDRESS = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[^/:?#@\[\]\s]+)(:\d{1,5})?")
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
        # By the name that the device knows: a server may answer to no other.
        headers = {HANDED_ON: "1", "host": request.headers.get("host", ""), "content-type": "application/json"}
        try:
            place = self._found.get(code) or self._access.room_at(code)
            if place is None:
                return None
            address = f"{place}{request.url.path}?{request.url.query}"
            told = self._session.request(request.method, address, data=body, headers=headers, timeout=PATIENCE_SECONDS)
        except (ValueError, requests.RequestException):  # the library or that server is away: a device asks again
            self._found.pop(code, None)
            return Response(status_code=503)
        if told.status_code == 404:
            self._found.pop(code, None)
        else:
            self._found[code] = place
        return Response(told.content, told.status_code, media_type=told.headers.get("content-type"))


def own(environment: Mapping[str, str] = os.environ) -> str:
    """Where other servers reach this one, without a slash at its end; "" where that is not said. Raises ValueError for
    what is no address.
    """
    value = environment.get(VARIABLE, "").rstrip("/")
    if value and not ADDRESS.fullmatch(value):
        raise refuse(VARIABLE, value, msg("elsewhere.allowed", "http://HOST:PORT, as other servers reach this one"))
    return value


def directory(store: Store | None, environment: Mapping[str, str] = os.environ) -> Directory | None:
    """The directory of rooms; None for a server that stands alone."""
    with suppress(ValueError):  # a page says so
        if store and (address := own(environment)):
            return Directory(store, address)
    return None


async def handed_on(directory: Directory | None, code: str, request: Request, body: bytes = b"") -> Response | None:
    """What another server says of its room; None where there is none."""
    if directory is None or HANDED_ON in request.headers:
        return None
    return await to_thread.run_sync(directory.ask, code.upper(), request, body)
