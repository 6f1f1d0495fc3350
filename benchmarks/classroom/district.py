"""The services of `deploy/compose.yaml` as plain processes of this computer, and a class that trains on them.

    python -m benchmarks.classroom.district

PostgreSQL, an object store, a Ray cluster of two nodes with one core each, two app servers, and Caddy with
`deploy/Caddyfile` before them; tabs as in `class_load`, all by way of the proxy. One app server is killed at the end.
PostgreSQL and Caddy come from the system (Debian: `apt-get install postgresql caddy`).
"""

import asyncio
import os
import re
import secrets
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import parse_qsl
from urllib.request import urlopen

from benchmarks.classroom.tabs import CHART, Tab
from benchmarks.report import Row, show
from gan.runs.cluster.head import free_port, listens
from gan.runs.live.run import watch_id
from tests.clusters import ADDRESS, two_nodes
from tests.fakes import wait_until
from tests.servers import ObjectStore, Postgres
from tools.real_server import ROOT, Server

CLASS, RUNS = 10, 8
SECONDS = 20  # for which the class follows one run
FOLLOWED = "train?preset=quick&device=cpu&epochs=100000"
OWN = "train?preset=pocket&device=cpu&pictures=512&epochs=2"
ENDED = "Finished after"
MOST_SECONDS = 300
CODE = re.compile(r"<b>([A-Z]{4})</b>")


class District:
    """All of it; `url` is the proxy's."""

    def __init__(self, stack: ExitStack) -> None:
        postgres, store = Postgres(), ObjectStore()
        stack.callback(postgres.remove)
        stack.callback(store.stop)
        os.environ |= store.environment  # for the nodes too
        stack.callback(two_nodes().shutdown)
        shared = {
            "GAN_STUDIO_LIBRARY": postgres.address(),
            "GAN_STUDIO_FILES": store.address(),
            "GAN_STUDIO_ENGINE": ADDRESS,
            "GAN_STUDIO_KEY": secrets.token_urlsafe(32),
        }
        self.apps = []
        for port in (free_port(), free_port()):
            self.apps.append(Server(port=port, GAN_STUDIO_ADDRESS=f"http://localhost:{port}", **shared))
            stack.callback(self.apps[-1].stop)
        self.url = stack.enter_context(_proxy(self.apps))


@contextmanager
def _proxy(apps: list[Server]) -> Iterator[str]:
    """Caddy as it is deployed, but for its address and those of the app servers."""
    port = free_port()
    url = f"http://localhost:{port}"
    places = " ".join(f"localhost:{app.port}" for app in apps)
    text = (ROOT / "deploy" / "Caddyfile").read_text().replace("app1:8501 app2:8501", places)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Caddyfile"
        path.write_text(text.replace("{$STUDIO_HOST}", url))
        command = ["caddy", "run", "--config", str(path), "--adapter", "caddyfile"]
        home = {"HOME": folder, "PATH": "/usr/bin:/usr/local/bin"}
        process = subprocess.Popen(command, env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: listens(port), 20)
            yield url
        finally:
            process.terminate()
            process.wait()


async def rows() -> AsyncIterator[Row]:
    """What a class sees of it."""
    with ExitStack() as services:
        district = District(services)
        async with AsyncExitStack() as stack:
            yield await _rooms(stack, district)
            tabs, seconds = await _followers(stack, district)
            yield Row(f"{CLASS} tabs follow one run; from Start to its first picture", "", f"{seconds:.1f} s", None)
            yield _shared_out(tabs)
            yield await _updates(tabs, f"{CLASS} viewers: an update comes after, median")
            yield await _each_its_own(district)
            yield await _one_server_ends(district, tabs)


async def _rooms(stack: AsyncExitStack, district: District) -> Row:
    """A room opened by way of the proxy, and devices that ask for it at whichever server they land."""
    teacher = await stack.enter_async_context(Tab(district.url, "game"))
    await teacher.until(lambda: "example that comes along" in teacher.text())
    await teacher.click("Open a room")
    await teacher.until(lambda: CODE.search(teacher.text()))
    code = CODE.search(teacher.text())[1]
    places = [district.url] * 20 + [app.url for app in district.apps]
    asked = [f"{place}/room/{code}/state?token=device{number:06}&have=-1" for number, place in enumerate(places)]
    found = await asyncio.to_thread(lambda: [urlopen(each).status for each in asked])
    return Row(
        "devices find a room, on whichever server", "all", f"{found.count(200)} of {len(places)}", set(found) == {200}
    )


async def _followers(stack: AsyncExitStack, district: District) -> tuple[list[Tab], float]:
    teacher = await stack.enter_async_context(Tab(district.url, FOLLOWED))
    await teacher.until(lambda: teacher.has("start"))
    begun = perf_counter()
    await teacher.press("start")
    await teacher.until(lambda: teacher.has(CHART))
    seconds = perf_counter() - begun
    link = f"train?watch={watch_id(dict(parse_qsl(teacher.query))['run'])}"
    tabs = [teacher, *[await stack.enter_async_context(Tab(district.url, link)) for _ in range(CLASS - 1)]]
    await asyncio.gather(*[tab.until(lambda tab=tab: tab.readings) for tab in tabs])
    return tabs, seconds


def _shared_out(tabs: list[Tab]) -> Row:
    counts = sorted(Counter(tab.cookies.partition(";")[0] for tab in tabs).values())
    return Row("tabs at each app server", "both", " and ".join(map(str, counts)), len(counts) == 2)


async def _updates(tabs: list[Tab], what: str) -> Row:
    begun = perf_counter()
    await asyncio.sleep(SECONDS)
    gaps = [b - a for tab in tabs for a, b in pairwise(tab.readings) if a >= begun]
    silent = sum(not tab.readings or tab.readings[-1] < begun for tab in tabs)
    measured = f"{median(gaps):.2f} s (longest {max(gaps):.2f}); {silent} tabs without any"
    return Row(what, "2 s", measured, median(gaps) <= 2 and not silent)


async def _each_its_own(district: District) -> Row:
    begun = perf_counter()
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(Tab(district.url, OWN)) for _ in range(RUNS)]
        await asyncio.gather(*[tab.until(lambda tab=tab: tab.has("start")) for tab in tabs])
        for tab in tabs:
            await tab.press("start")
        is_over = asyncio.gather(*[tab.until(lambda tab=tab: ENDED in tab.text(), MOST_SECONDS) for tab in tabs])
        await asyncio.wait([is_over])
        ended = sum(ENDED in tab.text() for tab in tabs)
    what = f"{RUNS} tabs each start a run beside it, on two places"
    return Row(what, "all finish", f"{ended} in {perf_counter() - begun:.0f} s", ended == RUNS)


async def _one_server_ends(district: District, tabs: list[Tab]) -> Row:
    """The server of some of the tabs is killed: theirs are lost, as a page that is loaded anew is not."""
    before = tabs[0].epoch()
    district.apps[0].kill()
    await asyncio.gather(*[tab.until(lambda tab=tab: tab.is_lost, 5) for tab in tabs], return_exceptions=True)
    left = [tab for tab in tabs if not tab.is_lost]
    known = {tab: len(tab.readings) for tab in left}
    await asyncio.sleep(SECONDS)
    moved = sum(len(tab.readings) > known[tab] for tab in left)
    again = Tab(district.url, f"train?watch={watch_id(dict(parse_qsl(tabs[0].query)).get('run', ''))}")
    async with again:
        await again.until(lambda: again.readings)
        epoch = again.epoch()
    measured = f"{moved} of {len(left)} others go on; a page loaded anew is at epoch {epoch:.0f}, before {before:.0f}"
    return Row("an app server is killed: its run goes on", "all", measured, moved == len(left) > 0 and epoch > before)


async def _collect() -> list[Row]:
    return [row async for row in rows()]


if __name__ == "__main__":
    show(asyncio.run(_collect()))
