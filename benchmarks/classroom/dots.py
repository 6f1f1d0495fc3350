"""The dots lab with one viewer, with a real server and a real browser.

    python -m benchmarks.classroom.dots

Prints how soon the page says something, how many new pictures come a second and how evenly over a minute, what they
cost, how fast the run trains beside them against the command line, and how soon a control is felt.
"""

import json
import os
import subprocess
import sys
import threading
from statistics import median, quantiles
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from benchmarks.classroom.live import STOP, visitor
from benchmarks.report import Row, show
from tools.real_server import CHROMIUM_FLAGS, ROOT

PLANE = ".dots .plane canvas"
WATCHED_SECONDS = 60
ALONE_EPOCHS = 8
TURNS = 5
ADDRESS = "dots?preset=dots&epochs=1000"
WATCH = f"""async (seconds) => {{
  const canvas = document.querySelector('{PLANE}'), times = [];
  const watch = new MutationObserver(() => times.push(performance.now()));
  watch.observe(canvas, {{ attributeFilter: ['data-step'] }});
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  watch.disconnect();
  return {{ times, stays: canvas.isConnected && canvas === document.querySelector('{PLANE}') }};
}}"""


def rows() -> list[Row]:
    """The promises about the dots lab."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        alone = _alone()
        with visitor(browser, ADDRESS) as page:
            found = [_opening(page)]
            page.locator(".st-key-start button").click()
            page.locator(STOP).wait_for(timeout=60_000)
            threading.Event().wait(10)
            found += [*_moments(page), _control(page)]
            viewed = _viewed(page)
            page.locator(STOP).click()
        browser.close()
    share = viewed / alone
    told = f"{share:.0%} ({viewed:.0f} against {alone:.0f} steps a second)"
    return [*found, Row("training speed beside it, of the command line's", "70 %", told, share >= 0.7)]


def _opening(page: Page) -> Row:
    """Seconds from a click on the page's name to a moment in its plane, before anything is trained."""
    times = []
    for _ in range(TURNS):
        page.get_by_role("link", name="Home").click()
        page.locator(PLANE).wait_for(state="detached")
        page.locator("h1").wait_for()
        threading.Event().wait(2)
        begun = perf_counter()
        page.get_by_role("link", name="Dots").click()
        page.locator(f"{PLANE}[data-step]").wait_for()
        times.append(perf_counter() - begun)
    told = f"{median(times):.2f} s (at most {max(times):.2f})"
    return Row("a moment to see after opening", "1 s", told, median(times) <= 1)


def _moments(page: Page) -> list[Row]:
    """New pictures a second, the gaps between them, whether they come in place, and what the browser does for them."""
    clock = page.context.new_cdp_session(page)
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})  # what it computes, however busy the machine is
    before = _task_seconds(clock)
    seen = page.evaluate(WATCH, WATCHED_SECONDS)
    busy = (_task_seconds(clock) - before) / WATCHED_SECONDS
    gaps = [later - earlier for earlier, later in zip(seen["times"], seen["times"][1:], strict=False)]
    rate, worst = len(seen["times"]) / WATCHED_SECONDS, quantiles(gaps, n=20)[-1]
    return [
        Row("new pictures a second over a minute", "10", f"{rate:.1f}", rate >= 10),
        Row("gap between them, 95 %", "130 ms", f"{worst:.0f} ms (median {median(gaps):.0f})", worst <= 130),
        Row("drawn in place", "yes", "yes" if seen["stays"] else "no", seen["stays"]),
        Row("browser's main thread, of a core", "15 %", f"{busy:.0%}", busy <= 0.15),
    ]


def _control(page: Page) -> Row:
    """Seconds from a key on the learning rate to the run's having it: the chart marks the moment."""
    times = []
    thumb = page.locator(".st-key-setting_learning_rate input")
    for turn in range(TURNS):
        marks = page.locator(".lines").first.get_attribute("aria-label").lower().count("learning rate")
        thumb.focus()
        begun = perf_counter()
        page.keyboard.press("ArrowLeft" if turn % 2 == 0 else "ArrowRight")
        page.wait_for_function(
            "n => document.querySelector('.lines').getAttribute('aria-label').toLowerCase()"
            ".split('learning rate').length - 1 > n",
            arg=marks,
        )
        times.append(perf_counter() - begun)
        threading.Event().wait(1)
    return Row("a control is felt (and its mark is drawn)", "0.8 s", f"{median(times):.2f} s", median(times) <= 0.8)


def _viewed(page: Page) -> float:
    """Steps a second, from the moments on screen."""
    first, begun = int(page.locator(PLANE).get_attribute("data-step")), perf_counter()
    threading.Event().wait(15)
    return (int(page.locator(PLANE).get_attribute("data-step")) - first) / (perf_counter() - begun)


def _alone() -> float:
    command = [sys.executable, "-m", "gan", "train", "--preset", "dots", "--epochs", f"{ALONE_EPOCHS}", "--json"]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return median(json.loads(line)["steps_per_second"] for line in lines)


def _task_seconds(clock) -> float:
    return {item["name"]: item["value"] for item in clock.send("Performance.getMetrics")["metrics"]}["TaskDuration"]


if __name__ == "__main__":
    print(f"load before: {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores")
    show(rows())
