"""A class's devices: one small page, asked for and answered by plain routes beside Streamlit's.

| address | what it is |
|---|---|
| `GET room`, `GET room/CODE` | the page, in the device's language |
| `GET room/CODE/state?token=T&have=V` | the room as it is now, or 204 where it is still version V |
| `POST room/CODE/drawing` | `{"token", "drawing", "kind", "pixels"}`: a drawing, its own name, and its kind |
| `POST room/CODE/vote` | `{"token", "round", "ballot"}`: what a device has answered so far, a letter a picture |

All that is wrong gets a 4xx and changes nothing; 403 is for a device that the teacher has sent away, 423 for one
that comes to a closed room. Nothing here asks who somebody is: a token is what a browser made up.
"""

import base64
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gan.rooms import Phase, Refused, Room
from pages.shared.server import elsewhere, held
from pages.shared.server.address import base
from pages.shared.server.phone_words import WORDS
from pages.shared.words import catalogues, speech

LONGEST_VOTE, LONGEST_DRAWING = 1_000, 6_000  # bytes
NEVER_KEPT = {"cache-control": "no-store"}


def routes() -> list[Route]:
    start = f"{base()}/room"
    return [
        Route(start, _page),
        Route(f"{start}/{{code:str}}", _page),
        Route(f"{start}/{{code:str}}/state", _state),
        Route(f"{start}/{{code:str}}/vote", _vote, methods=["POST"]),
        Route(f"{start}/{{code:str}}/drawing", _drawing, methods=["POST"]),
    ]


async def _page(request: Request) -> Response:
    return HTMLResponse(_html(catalogues.best(request.headers.get("accept-language"))), headers=NEVER_KEPT)


@lru_cache(16)
def _html(language: str) -> str:
    voice = speech.bare(language)
    words = json.dumps({name: voice.say(message) for name, message in WORDS.items()}).replace("<", "\\u003c")
    page = catalogues.FOLDER.parent / "phone" / "phone.html"
    return page.read_text("utf-8").replace("{language}", language.replace("_", "-")).replace("{words}", words)


async def _state(request: Request) -> Response:
    room = held.rooms().find(request.path_params["code"])
    if room is None:
        return await _elsewhere(request)
    try:
        seen = room.look(request.query_params.get("token", ""))
    except Refused as refused:
        return _refuse(refused.status)
    forging = room.forging if seen.phase is Phase.FORGE else None
    after = BackgroundTask(_judge, room) if forging and forging.is_due() else None  # in a thread, once this is answered
    if request.query_params.get("have") == str(seen.version):
        return Response(status_code=204, headers=NEVER_KEPT, background=after)
    told = {
        "version": seen.version, "phase": seen.phase, "round": seen.number, "ballot": seen.ballot,
        "device": seen.device,
    }  # fmt: skip
    shown = _forged(room, seen.device) if seen.phase is Phase.FORGE else _shown(room, seen.phase, seen.number)
    return JSONResponse(told | shown, headers=NEVER_KEPT, background=after)


def _judge(room: Room) -> None:
    """Have judged what was drawn, though no teacher looks; what cannot be waits, and a teacher's screen says why."""
    with suppress(ValueError):
        if run := held.run_of(room):
            room.judge(run)


async def _vote(request: Request) -> Response:
    return await _taken(request, LONGEST_VOTE, {"token": str, "round": int, "ballot": str}, Room.vote)


async def _drawing(request: Request) -> Response:
    given = {"token": str, "drawing": str, "kind": str, "pixels": str}
    return await _taken(request, LONGEST_DRAWING, given, _draw)


def _draw(room: Room, token: str, drawing: str, kind: str, pixels: str) -> None:
    room.draw(token, drawing, kind, base64.b64decode(pixels, validate=True))


async def _taken(request: Request, longest: int, kinds: dict[str, type], take: Callable[..., None]) -> Response:
    """Give a room what a device sent, which must have these entries of these `kinds`."""
    try:
        body = await _body(request, longest)
        room = held.rooms().find(request.path_params["code"])
        if room is None:
            return await _elsewhere(request, body)
        given = json.loads(body)
        values = [given[name] for name in kinds]
        if any(type(value) is not kind for value, kind in zip(values, kinds.values(), strict=True)):
            return _refuse(400)
        take(room, *values)
    except Refused as refused:
        return _refuse(refused.status)
    except (ValueError, TypeError, KeyError, RecursionError, ClientDisconnect):
        return _refuse(400)
    return Response(status_code=204)


async def _elsewhere(request: Request, body: bytes = b"") -> Response:
    """What the server says that has this room."""
    told = await elsewhere.handed_on(held.directory(), request.path_params["code"], request, body)
    if told is None:
        return _refuse(404)
    told.headers.update(NEVER_KEPT)
    return told


async def _body(request: Request, longest: int) -> bytes:
    """Raises Refused for more than this may be, before it is all here."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > longest:
            raise Refused(413)
    return body


def _shown(room: Room, phase: Phase, number: int) -> dict[str, Any]:
    """What a device sees: a round's pictures, and once it is revealed, what they were; a question; or what to draw."""
    if phase is Phase.ASK and room.question:
        return {"question": room.question.text, "options": room.question.options}
    if phase is Phase.DRAW:
        return {"asked": room.asked}
    if phase not in (Phase.VOTE, Phase.REVEAL) or not number:
        return {}
    shown = room.rounds[number - 1]
    told: dict[str, Any] = {"epoch": shown.epoch, "pictures": _as_text(shown.files)}
    if phase is Phase.REVEAL:
        result = room.results[-1]
        told |= {"truth": shown.truth, "class": result.class_right, "machine": result.machine_right}
    return told


def _forged(room: Room, device: int) -> dict[str, Any]:
    """What a device sees that is to fool the detective: real pictures, how its newest drawing did, and its best one."""
    if (forging := room.forging) is None:  # it has just ended
        return {}
    last, best = (each and {"share": each.belief, "epoch": each.epoch} for each in forging.of(device))
    return {"pictures": _as_text(forging.like), "last": last, "best": best}


def _as_text(files: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(file).decode() for file in files]


def _refuse(status: int) -> Response:
    return Response(status_code=status, headers=NEVER_KEPT)
