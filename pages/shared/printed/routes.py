"""The routes of what can be printed.

| address | what it is |
|---|---|
| `GET print/game` | the game of boards, without a computer |
| `GET print/worksheet?of=LESSON` | what a lesson asks, to be ticked and written down |
| `GET print/certificate` | for a pupil's wall |
| `GET print/keys?ticket=T` | the answers, with a ticket from the teacher's desk alone |
| `GET print/privacy` | what is kept of whom |

`lang=TAG` chooses the language; otherwise it is the browser's.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pages.shared.lessons import course
from pages.shared.printed import certificate, game, page, statement, worksheet
from pages.shared.server import held
from pages.shared.server.address import base
from pages.shared.words import LANGUAGE, catalogues, speech

ICON = "data:"  # an empty one; otherwise the browser asks for it
OURS_ALONE = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src {ICON}"
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": OURS_ALONE,
    "referrer-policy": "no-referrer",
}


def routes() -> list[Route]:
    start = f"{base()}/print"
    sheets = {"game": game.sheet, "certificate": certificate.sheet}
    return [
        *(Route(f"{start}/{name}", _shown(sheet)) for name, sheet in sheets.items()),
        Route(f"{start}/worksheet", _worksheet),
        Route(f"{start}/keys", _keys),
        Route(f"{start}/privacy", _privacy),
    ]


def _shown(sheet: Callable[[speech.Html], page.Sheet]) -> Callable:
    async def answer(request: Request) -> Response:
        return _answer(sheet(_voice(request)), request)

    return answer


async def _worksheet(request: Request) -> Response:
    lesson = course.course(_language(request)).lessons.get(request.query_params.get("of", ""))
    if lesson is None or not worksheet.asking(lesson):
        return Response(status_code=404, headers=HEADERS)
    return _answer(worksheet.sheet(_voice(request), lesson), request)


async def _keys(request: Request) -> Response:
    if not held.desk().tickets.holds(request.query_params.get("ticket", "")):
        return Response(status_code=403, headers=HEADERS)
    return _answer(worksheet.keys(_voice(request), course.course(_language(request)).lessons.values()), request)


async def _privacy(request: Request) -> Response:
    return _answer(statement.sheet(_language(request)), request)


def _answer(sheet: page.Sheet, request: Request) -> Response:
    return HTMLResponse(page.html(sheet, _language(request)), headers=HEADERS)


def _language(request: Request) -> str:
    return catalogues.best(request.query_params.get(LANGUAGE) or request.headers.get("accept-language"))


def _voice(request: Request) -> speech.Html:
    return speech.html(_language(request))
