"""What one viewer feels and what one viewer costs, with a real server and a real browser.

    python -m benchmarks.classroom.live

Prints how long the server and the first page take, the time from pressing Start to the first grid and to digits
that can be read, the answer to clicks while a run trains, the speed of training with a viewer against the command
line (in turn), and the bytes and the browser's time of one live update at epoch 10 and at epoch 1,000.
"""

import base64
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Row, show
from gan import data
from gan.look import referee
from pages.shared.draw import pictures
from pages.shared.tab.session import EVERY_SECONDS
from tools.real_server import CHROMIUM_FLAGS, ROOT, Server

START, STOP = ".st-key-start button", ".st-key-stop button"
SPEED_SECONDS = 8
LISTEN_SECONDS = 10
TURNS = 3
SURE = 0.9  # of the referee, that a fake is what was asked for


def rows() -> list[Row]:
    """The promises about the live page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        found = [*first_pages(browser), *first_pictures(browser), clicks(browser), speed(browser), *updates(browser)]
        browser.close()
    return found


@contextmanager
def visitor(browser, address: str = "train") -> Iterator[Page]:
    """A page of a server of its own, ready to press Start."""
    server = Server()
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{server.url}/{address}")
    page.locator(START).wait_for(timeout=60_000)
    page.locator("canvas[role=img]").nth(1).wait_for()
    threading.Event().wait(2)  # the browser and the server come to rest
    try:
        yield page
    finally:
        page.context.close()
        server.stop()


def press_start(page: Page) -> float:
    """Press Start; seconds until the first trained grid is on screen."""
    begun = perf_counter()
    page.locator(START).click()
    page.get_by_text("The detective spots").wait_for()
    return perf_counter() - begun


def first_pages(browser) -> list[Row]:
    """Seconds from the command to a server that answers, and from opening the first page to its button."""
    servers, pages = [], []
    for _ in range(TURNS):
        begun = perf_counter()
        server = Server()
        servers.append(perf_counter() - begun)
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        begun = perf_counter()
        page.goto(server.url)
        page.get_by_role("button").first.wait_for(timeout=60_000)
        pages.append(perf_counter() - begun)
        page.context.close()
        server.stop()
    return [_seconds("from the command to a server that answers", 5, servers), _seconds("its first page", 3, pages)]


def first_pictures(browser) -> list[Row]:
    """Seconds from Start to the first trained grid, to a fake that can be read, and to a grid most of which can."""
    grids, one, most = [], [], []
    judge, asked = referee.load("digits"), data.load("digits").labels[: pictures.SHOWN].astype(int)
    for _ in range(TURNS):
        with visitor(browser) as page:
            begun = perf_counter()
            grids.append(press_start(page))
            shares = []
            while not shares or shares[-1] <= 0.5:
                chances = judge.look(_fakes(page))[1].numpy()[np.arange(len(asked)), asked]
                shares.append((chances >= SURE).mean())
                if shares[-1] > 0 and len(one) < len(grids):
                    one.append(perf_counter() - begun)
                threading.Event().wait(0.1)
            most.append(perf_counter() - begun)
            page.locator(STOP).click()
    return [
        _seconds("Start to the first trained grid", 2, grids),
        _seconds("Start to the first fake that the referee reads as what was asked", 10, one),
        _seconds("the same for more than half of the grid", 15, most),
    ]


def _seconds(what: str, target: float, times: list[float]) -> Row:
    spread = f"{median(times):.2f} s (from {min(times):.2f} to {max(times):.2f})"
    return Row(what, f"{target} s", spread, median(times) <= target)


def _fakes(page: Page) -> np.ndarray:
    """The fakes as they are on screen, uint8 (32, 28, 28); `assets/pictures.js` draws them."""
    url = page.locator(".st-key-fakes canvas").evaluate("canvas => canvas.toDataURL()")
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L"))
    gap, bar = 3, 5
    side = (sheet.shape[1] + gap) // pictures.COLUMNS - gap
    scale = side // 28
    tiles = []
    for n in range(pictures.SHOWN):
        top, left = n // pictures.COLUMNS * (side + bar + 2 * gap), n % pictures.COLUMNS * (side + gap)
        tiles.append(sheet[top : top + side : scale, left : left + side : scale])
    return np.stack(tiles)


def clicks(browser) -> Row:
    """Seconds from a key press on a slider to the page's answer, while a run trains."""
    times = []
    with visitor(browser) as page:
        press_start(page)
        thumb = page.get_by_role("slider", name="Latent size")
        for turn in range(20):
            before = page.url
            thumb.focus()
            begun = perf_counter()
            page.keyboard.press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
            page.wait_for_function("before => location.href !== before", arg=before)
            times.append(perf_counter() - begun)
            threading.Event().wait(0.5)
    times.sort()
    found = f"{median(times):.2f} s ({times[-2]:.2f})"
    return Row("answer to a control while training, median (95 %)", "0.4 s", found, median(times) <= 0.4)


def speed(browser) -> Row:
    """Steps a second with one viewer and from the command line, in turn."""
    ratios, viewed, alone = [], [], []
    for _ in range(TURNS):
        alone.append(_command_line())
        with visitor(browser) as page:
            press_start(page)
            viewed.append(_viewed(page))
        ratios.append(viewed[-1] / alone[-1])
    figures = f"{median(ratios):.0%} ({median(viewed):.0f} against {median(alone):.0f} steps a second)"
    return Row("training speed with one viewer, of the command line's", "90 %", figures, median(ratios) >= 0.9)


def _command_line() -> float:
    command = [sys.executable, "-m", "gan", "train", "--preset", "quick", "--epochs", "2", "--json"]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    records = [json.loads(line) for line in lines]
    return median(record["steps_per_second"] for record in records)


def _viewed(page: Page) -> float:
    rates = []
    end = perf_counter() + SPEED_SECONDS
    while perf_counter() < end:
        rates.append(float(page.locator(".progress b").nth(1).inner_text()))
        threading.Event().wait(0.5)
    return median(rates)


def updates(browser) -> list[Row]:
    """Bytes and browser time a live update, early and late in a run of epochs of one step."""
    measured = {}
    with visitor(browser, "train?preset=quick&pictures=16&epochs=100000&latent_size=8") as page:
        sizes: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sizes.append(len(frame))))
        page.reload()
        page.locator(START).wait_for()
        press_start(page)
        browser_time = page.context.new_cdp_session(page)
        browser_time.send("Performance.enable")
        for epoch in (10, 1000):
            page.wait_for_function(
                f"parseInt(document.querySelector('.progress b')?.innerText) >= {epoch}", timeout=600_000
            )
            before, task = len(sizes), _main_thread_ms(browser_time)
            threading.Event().wait(LISTEN_SECONDS)
            count = LISTEN_SECONDS / EVERY_SECONDS
            spent = _main_thread_ms(browser_time) - task
            measured[epoch] = sum(sizes[before:]) / count, spent / count
    (early, early_ms), (late, late_ms) = measured[10], measured[1000]
    return [
        Row(
            "bytes a live update, epoch 10 and 1,000",
            "flat once charts are full",  # 400 points, after a few minutes
            f"{early:,.0f} and {late:,.0f}",
            late <= 1.25 * early,
        ),
        Row(
            "browser's main thread a live update, epoch 10 and 1,000",
            "120 ms",
            f"{early_ms:.0f} and {late_ms:.0f} ms",
            max(early_ms, late_ms) <= 120,
        ),
    ]


def _main_thread_ms(browser_time) -> float:
    metrics = {item["name"]: item["value"] for item in browser_time.send("Performance.getMetrics")["metrics"]}
    return 1000 * metrics["TaskDuration"]


if __name__ == "__main__":
    show(rows())
