"""How soon the detective's page answers, in a real browser, with no run going on and beside one.

    python -m benchmarks.classroom.inside

From pen up on the drawing pad to the verdict, from painting a pixel to the score, from a tap on a picture to its map,
from one on the other method to a map that nobody has seen, on "Other pictures" to those, from a notch of the epochs to
the picture of then, and from a tap on another view to what it shows; 19 of 20 are to come within the time. The example
run is looked into, by one visitor; beside a run, another trains `quick` meanwhile.
"""

import random
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Row, show
from gan.runs.live.run import watch_id
from gan.runs.server import exhibit
from tools.real_server import CHROMIUM_FLAGS, Server

TIMES = 40
SLOWEST = 0.95  # the share of answers that come within the time
ALONE, BESIDE = 0.3, 0.6  # seconds
LINK = f"detective?inside={watch_id(exhibit.RUN_ID)}"
SEEN = "() => { window.seen = document.querySelector('.eye_picture').src; }"
ANOTHER = "(document.querySelector('.eye_picture')?.src ?? window.seen) !== window.seen"
# Waits in the browser, frame by frame, until something is true; milliseconds since it was told to begin.
UNTIL = """([begin, ready]) => new Promise((resolve) => {
  const isReady = new Function('return ' + ready), began = new Function(begin)() ?? performance.now();
  const look = () => (isReady() ? resolve(performance.now() - began) : requestAnimationFrame(look));
  look();
})"""


def rows() -> list[Row]:
    """The promises about looking inside."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        server = Server()
        for beside, most in ((False, ALONE), (True, BESIDE)):
            if beside:
                _train(browser, server)
            for what, measure in MEASURED.items():
                page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
                seconds = sorted(measure(page, server.url))
                page.context.close()
                found.append(_row(what, beside, seconds, most))
        browser.close()
        server.stop()
    return found


def _row(what: str, beside: bool, seconds: list[float], most: float) -> Row:
    slow = seconds[int(SLOWEST * (len(seconds) - 1))]
    where = "beside a run" if beside else "no run"
    return Row(
        f"{what}, {where}, 95 %", f"{most} s", f"{slow:.2f} s (median {seconds[len(seconds) // 2]:.2f})", slow <= most
    )


def _train(browser, server: Server) -> None:
    """Somebody else trains, and watches."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{server.url}/train?epochs=2000")
    page.locator(".st-key-start button").click(timeout=60_000)
    page.get_by_text("The detective spots").wait_for(timeout=60_000)


def pen_up(page: Page, url: str) -> list[float]:
    """Seconds from the end of a stroke to the verdict on it."""
    _open(page, f"{url}/{LINK}&eye=draw", ".pad canvas")
    return [_stroke(page) for _ in range(TIMES)]


def pixel(page: Page, url: str) -> list[float]:
    """The same for a few pixels of a fake."""
    _open(page, f"{url}/{LINK}&eye=paint", ".pad canvas")
    return [_stroke(page, 0.08) for _ in range(TIMES)]


def picture(page: Page, url: str) -> list[float]:
    """From a tap on a picture to its map."""
    _open(page, f"{url}/{LINK}&eye=why", ".eye_picture")
    taps = [(kind, place) for kind in ("fakes", "reals") for place in range(1, 18)]
    return [
        _to_another_map(page, f"document.querySelectorAll('.st-key-{kind} .pick button')[{place}].click()")
        for kind, place in random.Random(1).sample(taps, 20)
    ]


def method(page: Page, url: str) -> list[float]:
    """From a tap on "By covering" to the map of a picture that was not looked at so before."""
    _open(page, f"{url}/{LINK}&eye=why", ".eye_picture")
    gradient, occlusion = (f"document.querySelectorAll('.st-key-eye_method button')[{n}].click()" for n in (0, 1))
    seconds = []
    for place in range(1, 17):
        _to_another_map(page, f"document.querySelectorAll('.st-key-reals .pick button')[{place}].click()")
        seconds.append(_to_another_map(page, occlusion))
        _to_another_map(page, gradient)
    return seconds


def others(page: Page, url: str) -> list[float]:
    """From a tap on "Other pictures" to 18 more of each kind."""
    _open(page, f"{url}/{LINK}&eye=why", ".eye_picture")
    return [
        _to_another_map(page, "document.querySelector('.st-key-eye_more_button button').click()") for _ in range(20)
    ]


def epoch(page: Page, url: str) -> list[float]:
    """From a notch of the slider to the same fake at another epoch; each is opened once on the way."""
    _open(page, f"{url}/{LINK}&eye=why", ".eye_picture")
    page.evaluate("() => addEventListener('keydown', () => { window.pressed = performance.now(); }, true)")
    slider = page.locator("[class*=st-key-inside_epoch_] [role=slider], [class*=st-key-inside_epoch_] input").first
    seconds = []
    for notch in ["ArrowLeft"] * 7 + ["ArrowRight"] * 7 + ["ArrowLeft"] * 7:
        page.evaluate(SEEN)
        slider.press(notch)
        seconds.append(_until(page, "return window.pressed", ANOTHER))
        page.wait_for_timeout(150)
    return seconds


def view(page: Page, url: str) -> list[float]:
    """From a tap on a view to what it shows; the first turn, in which all is worked out, does not count."""
    _open(page, f"{url}/{LINK}&eye=why", ".eye_picture")
    shown = {
        "Paint": ".pad canvas",
        "Next step": ".eye_steps",
        "Layers": ".eye_layers",
        "All epochs": ".lines canvas",
        "Why?": ".eye_picture",
    }
    seconds = []
    for turn in range(5):
        for name, selector in shown.items():
            begin = (
                f"[...document.querySelectorAll('.st-key-eye_view button')].find(b => b.innerText === '{name}').click()"
            )
            took = _until(page, begin, f"document.querySelector('{selector}')?.checkVisibility()")
            seconds += [took] if turn else []
            page.wait_for_timeout(150)
    return seconds


MEASURED: dict[str, Callable[[Page, str], list[float]]] = {
    "pen up to verdict": pen_up,
    "a painted pixel to the score": pixel,
    "a tap on a picture to its map": picture,
    "a tap on the other method to its map": method,
    "a tap on other pictures to them": others,
    "a notch of the epochs to the picture of then": epoch,
    "a tap on a view to what it shows": view,
}


def _open(page: Page, url: str, selector: str) -> None:
    page.goto(url)
    page.locator(selector).wait_for(timeout=60_000)
    page.wait_for_timeout(3000)  # browser and server come to rest, and what is kept open is open


def _stroke(page: Page, length: float = 0.3) -> float:
    """Draw a short line with the mouse; seconds from its end to the verdict."""
    page.wait_for_timeout(100)
    box = page.locator(".pad canvas").bounding_box()
    x, y = (box[side] + random.uniform(0.2, 0.5) * box["width"] for side in ("x", "y"))
    page.evaluate(
        "() => document.querySelector('.pad canvas').addEventListener('pointerup',"
        " () => { window.up = performance.now(); }, { once: true })"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + length * box["width"], y + length * box["height"] / 2, steps=8)
    page.mouse.up()
    ready = "document.querySelector('.eye_verdict')?.dataset.n === String(document.querySelector('.pad').pad.n)"
    return _until(page, "return window.up", ready)


def _to_another_map(page: Page, begin: str) -> float:
    """Seconds from what `begin` does to another picture, or another map over it."""
    page.evaluate(SEEN)
    seconds = _until(page, begin, ANOTHER)
    page.wait_for_timeout(150)
    return seconds


def _until(page: Page, begin: str, ready: str) -> float:
    if not begin.startswith("return"):
        begin = f"const now = performance.now(); {begin}; return now;"
    return page.evaluate(UNTIL, [begin, ready]) / 1000


if __name__ == "__main__":
    show(rows())
