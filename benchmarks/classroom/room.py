"""A class in a room: sixty devices that ask once a second and vote, beside a run that trains.

    python -m benchmarks.classroom.room

A real server, the teacher's screen in a real browser, a second tab that watches the run, and sixty devices in this
process, each with a connection of its own. The devices play and rest in turn, in the same run; what the server and the
training differ by is theirs. All of it on one machine: the devices' own work is told too.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from statistics import mean, quantiles
from time import perf_counter, process_time

from playwright.async_api import Page, async_playwright

from benchmarks.report import Row, show
from tools.real_server import CHROMIUM_FLAGS, Server

DEVICES = 60
TURNS, SECONDS = 3, 20.0  # of playing, and as many of rest
VOTES = 40  # whose way to the teacher's screen is timed
LATE = 20  # devices that come in the middle of a round
TRAIN = "train?preset=quick&epochs=1000"


class Device:
    """A phone: one connection, kept open as long as the server does."""

    def __init__(self, port: int, code: str, number: int) -> None:
        self._port, self._room, self.token = port, f"/room/{code}", f"device{number:06}"
        self._have, self._streams = -1, None

    async def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        if self._streams is None or self._streams[0].at_eof():  # the server hangs up on who rests
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return await reader.readexactly(int(length[1])) if length else b""

    async def look(self) -> None:
        told = await self.ask("GET", f"{self._room}/state?token={self.token}&have={self._have}")
        if told:
            self._have = json.loads(told)["version"]

    async def vote(self, number: int, ballot: str) -> None:
        body = json.dumps({"token": self.token, "round": number, "ballot": ballot}).encode()
        await self.ask("POST", f"{self._room}/vote", body)


async def play(devices: list[Device], seconds: float) -> None:
    """All ask once a second, each at its own moment, and change an answer each time."""

    async def one(device: Device, number: int) -> None:
        await asyncio.sleep(number / len(devices))
        end, turn = perf_counter() + seconds, 0
        while perf_counter() < end:
            await device.look()
            await device.vote(1, ("RFRFRFRF", "FFRFRFR-")[turn % 2])
            turn += 1
            await asyncio.sleep(1)

    await asyncio.gather(*(one(device, number) for number, device in enumerate(devices)))


async def steps_a_second(watching: Page, work: Callable[[], Awaitable[None]]) -> float:
    """The run's own pace while the work is done."""
    seen: list[float] = []

    async def read() -> None:
        while True:
            text = await watching.locator(".progress").inner_text()
            found = re.search(r"(\d+)\s*steps", text)
            seen.extend([float(found[1])] if found else [])
            await asyncio.sleep(0.5)

    reading = asyncio.create_task(read())
    await work()
    reading.cancel()
    return mean(seen)


async def measure(server: Server) -> list[Row]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        teacher = await browser.new_page()
        await teacher.goto(f"{server.url}/{TRAIN}")
        await teacher.locator(".st-key-start button").click()
        await teacher.get_by_text("The detective spots").wait_for(timeout=60_000)
        watching = await browser.new_page()
        await watching.goto(teacher.url)
        await watching.locator(".progress").wait_for(timeout=60_000)
        await asyncio.sleep(10)  # until an epoch is kept
        await teacher.get_by_role("link", name="Class").click()
        await teacher.get_by_role("button", name="Open a room").click()
        code = await teacher.locator(".room_code b").inner_text()
        devices = [Device(server.port, code, number) for number in range(DEVICES)]
        await asyncio.gather(*(device.look() for device in devices))
        await teacher.get_by_role("button", name="Round 1").click()
        await teacher.locator(".room_pictures").wait_for()
        paces: dict[bool, list[float]] = {True: [], False: []}
        costs: dict[bool, list[float]] = {True: [], False: []}
        own = 0.0
        for _ in range(TURNS):
            for plays in (False, True):
                begun, cpu, mine = perf_counter(), server.cpu_seconds(), process_time()
                work = (lambda: play(devices, SECONDS)) if plays else (lambda: asyncio.sleep(SECONDS))
                paces[plays].append(await steps_a_second(watching, work))
                costs[plays].append((server.cpu_seconds() - cpu) / (perf_counter() - begun))
                own += (process_time() - mine) / SECONDS / TURNS * plays
        ways = await votes_on_screen(teacher, devices)
        late = await late_joiners(server.port, code)
        await browser.close()
    kept = mean(paces[True]) / mean(paces[False])
    cost = mean(costs[True]) - mean(costs[False]) * kept  # the training's own share goes down with its pace
    seen, joined = (quantiles(times, n=20)[-1] for times in (ways, late))
    return [
        Row(
            "Sixty devices cost the server", "<= 10 % of a core", f"{cost:.1%} (their own side {own:.0%})", cost <= 0.1
        ),
        Row("Training keeps, beside them", ">= 85 %", f"{kept:.0%}", kept >= 0.85),
        Row("A vote is on the teacher's screen", "<= 1 s (95 %)", f"{seen:.2f} s", seen <= 1),
        Row("A late joiner is in the present round", "<= 2 s", f"95 % within {joined:.2f} s", joined <= 2),
    ]


async def votes_on_screen(teacher: Page, devices: list[Device]) -> list[float]:
    """Seconds from a device's last answer to the teacher's screen, one device after the other."""
    for device in devices:
        await device.vote(1, "RFRFRFR-")
    bar, times = teacher.locator(".st-key-room_bar"), []
    await bar.get_by_text("0 of").wait_for()
    for number, device in enumerate(devices[:VOTES], start=1):
        begun = perf_counter()
        await device.vote(1, "RFRFRFRF")
        await bar.get_by_text(re.compile(rf"^{number} of ")).wait_for()
        times.append(perf_counter() - begun)
        await asyncio.sleep(0.13 * (number % 5))  # at another moment between two looks
    return times


async def late_joiners(port: int, code: str) -> list[float]:
    """Seconds for the page and the round on a device that comes in the middle of it."""
    times = []
    for number in range(LATE):
        begun, device = perf_counter(), Device(port, code, 1000 + number)
        await device.ask("GET", f"/room/{code}")
        await device.look()
        times.append(perf_counter() - begun)
    return times


def main() -> None:
    server = Server()
    try:
        show(asyncio.run(measure(server)))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
