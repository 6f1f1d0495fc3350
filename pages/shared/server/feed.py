"""The moments of a dots run that goes on, for the drawing to ask for by itself.

Through the page, the browser would put that together anew for each batch, and the server run its script.

| address | what it is |
|---|---|
| `GET plane/WATCH_ID?after=STEP` | the newest moments after that step, or 204 where there is none yet |

Who knows the `watch_id` may watch the run.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gan.export import moments
from gan.runs import Run, Snapshot
from gan.runs.live.run import watch_id
from pages.shared.server import held
from pages.shared.server.address import base
from pages.shared.server.phone import NEVER_KEPT

LONGEST = 12  # digits of a step
SENT = 8  # of the newest moments: the browser knows which of them it has shown


def name_of(snapshot: Snapshot) -> str:
    """Of a row of moments in which each step comes once: a run that goes on from an earlier one begins another row."""
    return f"{watch_id(snapshot.run_id)}+{snapshot.resumed_at or 0}"


def routes() -> list[Route]:
    return [Route(f"{base()}/plane/{{watch_id:str}}", _moments)]


def address(run: Run) -> str:
    """Where its moments are."""
    return f"{base()}/plane/{run.watch_id}"


async def _moments(request: Request) -> Response:
    """Only of runs in memory: those on disk do not go on."""
    named = request.path_params["watch_id"]
    run = next((run for run in held.manager().runs() if run.watch_id == named), None)
    if run is None:
        return Response(status_code=404, headers=NEVER_KEPT)
    snapshot, after = run.snapshot(), request.query_params.get("after", "")
    known = int(after) if after.isdecimal() and len(after) <= LONGEST else -1
    new = [moments.frame(each) for each in snapshot.planes[-SENT:] if each.step > known]
    if not new:
        return Response(status_code=204, headers=NEVER_KEPT)
    return JSONResponse({"run": name_of(snapshot), "frames": new}, headers=NEVER_KEPT)
