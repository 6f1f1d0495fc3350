"""A class on one server: thirty pages that follow one run, then thirty that each start their own.

    python -m benchmarks.classroom.class_load
    python -m benchmarks.classroom.class_load --minutes 1

A real server, and thirty tabs that speak its websocket protocol (`benchmarks/classroom/tabs.py`) in this process, all
on one machine: what the tabs themselves take of it is told. While the class follows the run, all of it looks away now
and then: no page asks for anything, and the training is as lonely as without viewers, on the same server, in the same
run, in turn with the other side, and no session has to end for it.
"""

import argparse
import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack, suppress
from itertools import pairwise
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple
from urllib.parse import parse_qsl

import numpy as np

from benchmarks.classroom.tabs import CHART, Tab
from benchmarks.report import Row, show
from gan.runs.live.run import watch_id
from tools.real_server import Server

CLASS = 30
MINUTES = 10
TURNS = 4
AWAY = 0.2  # of a turn; nobody looks
STEPS = 300  # in an epoch: 4,800 pictures in batches of 16
FOLLOWED = "train?preset=quick&pictures=4800&epochs=100000"
OWN = "train?preset=quick&pictures=1600&epochs=5"  # 500 steps, five seconds alone
ENDED, FAILED = "Finished after", "Something went wrong"
OWN_MINUTES = 10  # until all must have ended
SIZES = ("50", "32")  # of the latent vector; the control that is turned
STALE_SECONDS = 10  # without an update: the page is as good as lost
PAUSE = 1  # seconds between two turns of it, each on another page
START_SECONDS = 10  # in which all press Start


class Busy(NamedTuple):
    """Processor seconds of the server and of the tabs at one moment."""

    at: float
    server: float
    tabs: float

    @classmethod
    def now(cls, server: Server) -> "Busy":
        return cls(perf_counter(), server.cpu_seconds(), process_time())

    def until(self, later: "Busy") -> str:
        """What both took of a core from this moment to a later one."""
        seconds = later.at - self.at
        server, tabs = (later.server - self.server) / seconds, (later.tabs - self.tabs) / seconds
        return f"of a core, the server took {server:.0%}, the tabs {tabs:.0%}"


def rows(minutes: float = MINUTES) -> list[Row]:
    """The promises about a class."""
    return [*asyncio.run(_followed(minutes)), *asyncio.run(_each_its_own())]


async def _followed(minutes: float) -> list[Row]:
    """One run, thirty pages that follow it: their updates, its speed, and whether they all stay."""
    gaps, watched, lonely, busy = [], [], [], ""
    seconds = 60 * minutes / TURNS
    async with AsyncExitStack() as stack:
        server = Server()
        stack.callback(server.stop)
        teacher = await stack.enter_async_context(Tab(server.url, FOLLOWED))
        await teacher.until(lambda: teacher.has("start"))
        await teacher.press("start")
        await teacher.until(lambda: teacher.has(CHART))
        link = f"train?watch={watch_id(dict(parse_qsl(teacher.query))['run'])}"
        tabs = [teacher, *[await stack.enter_async_context(Tab(server.url, link)) for _ in range(CLASS - 1)]]
        await asyncio.gather(*[tab.until(lambda tab=tab: tab.readings) for tab in tabs])
        for _ in range(TURNS):
            lonely.append(await _speed(tabs, asyncio.sleep(AWAY * seconds), looks=False))
            begun = Busy.now(server)
            watched.append(await _speed(tabs, asyncio.sleep((1 - AWAY) * seconds), looks=True))
            busy = begun.until(Busy.now(server))
            for tab in tabs:
                gaps += [later - earlier for earlier, later in pairwise(tab.readings) if earlier >= begun.at]
        lost = sum(tab.is_lost or perf_counter() - tab.readings[-1] > STALE_SECONDS for tab in tabs)
    late = float(np.percentile(gaps, 95))
    share = median(seen / alone for seen, alone in zip(watched, lonely, strict=True))
    speeds = f"{median(watched):.0f} against {median(lonely):.0f} steps a second; {busy}"
    return [
        Row(
            f"{CLASS} viewers: an update comes after, 95 %",
            "2 s",
            f"{late:.2f} s (median {median(gaps):.2f}, longest {max(gaps):.2f})",
            late <= 2,
        ),
        Row(f"training with {CLASS} viewers, of its lonely speed", "60 %", f"{share:.0%} ({speeds})", share >= 0.6),
        Row(f"sessions lost in {minutes:g} min", "none", f"{lost} of {CLASS}", lost == 0),
    ]


async def _speed(tabs: list[Tab], wait: Awaitable[None], looks: bool) -> float:
    """Training steps a second, by the clock on the wall, while the class looks or does not."""
    begun, epoch = await _newest(tabs[0])
    for tab in tabs:
        tab.looks = looks
    await wait
    ended, later = await _newest(tabs[0])
    return STEPS * (later - epoch) / (ended - begun)


async def _newest(tab: Tab) -> tuple[float, float]:
    """When a new reading came on this page, and its epoch."""
    for _ in range(2):  # the first may be one that lay there
        tab.looks, known = True, len(tab.readings)
        await tab.until(lambda known=known: len(tab.readings) > known)
    return tab.readings[-1], tab.epoch()


async def _each_its_own() -> list[Row]:
    """Thirty pages that each start a run: how their runs end, and how fast a control answers meanwhile."""
    async with AsyncExitStack() as stack:
        server = Server()
        stack.callback(server.stop)
        tabs = [await stack.enter_async_context(Tab(server.url, OWN)) for _ in range(CLASS)]
        await asyncio.gather(*[tab.until(lambda tab=tab: tab.has("start")) for tab in tabs])
        begun = Busy.now(server)
        answers = await _answers(tabs)
        busy, seconds = begun.until(Busy.now(server)), perf_counter() - begun.at
        texts, lost = [tab.text() for tab in tabs], sum(tab.is_lost for tab in tabs)
        refused = sum("run=" not in tab.query for tab in tabs)
    ended, failed = (sum(word in text for text in texts) for word in (ENDED, FAILED))
    bad = f"{failed} failed, {refused} refused, {lost} sessions lost"
    late = float(np.percentile(answers, 95))
    return [
        Row(
            f"{CLASS} sessions that each start a run",
            "none fails",
            f"{ended} finished in {seconds:.0f} s, {CLASS - ended - failed - refused} go on; {bad}",
            failed == refused == lost == 0,
        ),
        Row(
            "answer of the whole page to a control meanwhile, 95 %",
            "1 s",
            f"{late:.2f} s (median {median(answers):.2f}, longest {max(answers):.2f}; {busy})",
            late <= 1,
        ),
    ]


async def _answers(tabs: list[Tab]) -> list[float]:
    """Press Start on one page after the other; meanwhile and until all runs are over, seconds to a control's answer."""
    answers, begun = [], perf_counter()
    starts = asyncio.create_task(_press(tabs))
    while perf_counter() < begun + 60 * OWN_MINUTES and not all(tab.is_lost or _is_over(tab) for tab in tabs):
        await asyncio.sleep(PAUSE)
        if has_run := [tab for tab in tabs if "run=" in tab.query]:
            turned, page = divmod(len(answers), len(has_run))
            answers.append(await _answer(has_run[page], SIZES[turned % 2]))
    await starts
    return answers


async def _press(tabs: list[Tab]) -> None:
    for tab in tabs:
        await tab.press("start")
        await asyncio.sleep(START_SECONDS / len(tabs))


async def _answer(tab: Tab, size: str) -> float:
    """Seconds from a control that is turned to the whole page's answer."""
    begun, done = perf_counter(), tab.finished
    await tab.choose("latent_size", size)
    with suppress(TimeoutError):
        await tab.until(lambda: tab.finished > done)
    return perf_counter() - begun


def _is_over(tab: Tab) -> bool:
    text = tab.text()
    return ENDED in text or FAILED in text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long the class follows one run")
    show(rows(parser.parse_args().minutes))
