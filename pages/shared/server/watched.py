"""What those who run a server watch: whether it is well, and a few numbers. Off, unless GAN_STUDIO_METRICS is on.

| address | what it is |
|---|---|
| `GET healthz` | 200 where runs can be kept; 503 where not |
| `GET metrics` | numbers in Prometheus' text format, without a name or an address in them |

https://prometheus.io/docs/instrumenting/exposition_formats
"""

import os
from collections import Counter
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gan.runs import RunState
from gan.runs.server.late import lag
from gan.setup.kinds import Switch
from pages.shared.server import held
from pages.shared.server.address import base

VARIABLE = "GAN_STUDIO_METRICS"
FORMAT = "text/plain; version=0.0.4"


def routes(environment: Mapping[str, str] = os.environ) -> list[Route]:
    """The routes; none where they are not switched on, and where that is said in a way that means nothing."""
    try:
        is_on = Switch().read(VARIABLE, environment.get(VARIABLE, "off"))
    except ValueError:
        is_on = False
    if not is_on:
        return []
    return [Route(f"{base()}/healthz", _health), Route(f"{base()}/metrics", _metrics)]


async def _health(_request: Request) -> Response:
    store = held.manager().store
    is_well = store is not None and not store.notice
    return PlainTextResponse("ok" if is_well else "unkept", 200 if is_well else 503)


async def _metrics(_request: Request) -> Response:
    return PlainTextResponse(text(await lag()), media_type=FORMAT)


def text(lag_seconds: float) -> str:
    """All numbers, in Prometheus' format."""
    manager = held.manager()
    snapshots = [run.snapshot() for run in manager.runs()]
    states = Counter(snapshot.state for snapshot in snapshots)
    training = [each.reading for each in snapshots if each.state is RunState.RUNNING and each.reading]
    numbers = {
        "runs": [(f'{{state="{state}"}}', states[state]) for state in RunState if state.is_live],
        "queue": [("", states[RunState.QUEUED])],
        "steps_per_second": [("", sum(reading.steps_per_second for reading in training))],
        "viewers": [("", manager.viewers)],
        "lag_seconds": [("", lag_seconds)],
    }
    lines = []
    for name, found in numbers.items():
        lines.append(" ".join(["#", "TYPE", f"gan_studio_{name}", "gauge"]))
        lines += [f"gan_studio_{name}{label} {value:g}" for label, value in found]
    return "\n".join(lines) + "\n"
