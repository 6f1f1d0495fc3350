"""How soon the latent space answers, with a real server and a real browser, alone and beside a run that trains.

    python -m benchmarks.classroom.latent

Each click is timed from the press to the moment at which what it asks for is on screen. What a view works out once, its
directions or its map, is timed by itself: the first time that the view is opened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Row, show
from gan.runs.live.run import watch_id
from gan.runs.server.exhibit import RUN_ID
from tools.real_server import CHROMIUM_FLAGS, Server

TIMES = 12  # that each thing is clicked
ALONE, BESIDE = 0.3, 0.6  # seconds, that 95 of 100 clicks may take
Press = Callable[[Page], None]
Click = tuple[str, str, Press, Press, str]
VIEWS = {  # what shows that a view is there
    "Walk": ".st-key-latent_film img[src]",
    "Directions": "img[alt='moved by the sliders']",
    "Mix": ".sum > b",
    "Map": ".st-key-latent_map .scatterlayer path",
    "Copied?": "table.copies img",
    "New ones": ".st-key-latent_new canvas",
}


def rows() -> list[Row]:
    """The promises about the latent space."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        found = [*measured(browser, "alone", ALONE), *measured(browser, "beside a run", BESIDE, with_run=True)]
        browser.close()
    return found


def measured(browser, where: str, limit: float, with_run: bool = False) -> Iterator[Row]:
    with visitor(browser, with_run) as page:
        for view, part in VIEWS.items():
            seconds = timed(page, lambda view=view: tab(page, view), f"() => !!document.querySelector({part!r})")
            yield Row(f"{view}, opened for the first time, {where}", "reported", f"{seconds:.2f} s", None)
        for click in CLICKS:
            yield _clicked(page, click, where, limit)


def _clicked(page: Page, click: Click, where: str, limit: float) -> Row:
    what, view, prepare, press, seen = click
    tab(page, view)
    prepare(page)
    page.wait_for_function(f"() => {seen}")
    page.wait_for_timeout(500)
    times = [timed(page, lambda: press(page), *changed(page, seen)) for _ in range(TIMES)]
    most = quantiles(times, n=20)[-1]
    told = f"{median(times):.2f} s, 95 % within {most:.2f} s"
    return Row(f"{what}, {where}", f"<= {limit} s (95 %)", told, most <= limit)


@contextmanager
def visitor(browser, with_run: bool) -> Iterator[Page]:
    """A page on a server of its own, on which a run may train for somebody else."""
    server = Server()
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    try:
        if with_run:
            other = context.new_page()
            other.goto(f"{server.url}/train?epochs=500")
            other.locator(".st-key-start button").click(timeout=60_000)
            other.get_by_text("The detective spots").wait_for(timeout=60_000)
        page = context.new_page()
        page.goto(f"{server.url}/latent?inside={watch_id(RUN_ID)}")
        page.locator(VIEWS["New ones"]).first.wait_for(timeout=60_000)
        page.wait_for_timeout(2_000)
        yield page
    finally:
        context.close()
        server.stop()


def tab(page: Page, view: str) -> None:
    page.get_by_text(view, exact=True).click()


def timed(page: Page, press: Callable[[], None], condition: str, before: object = None) -> float:
    """Seconds from the press to the condition, which the browser checks at every frame."""
    begun = perf_counter()
    press()
    page.wait_for_function(condition, arg=before, timeout=30_000)
    seconds = perf_counter() - begun
    page.wait_for_timeout(150)
    return seconds


def changed(page: Page, seen: str) -> tuple[str, object]:
    """That what `seen` says, an expression in the browser, is another value than now."""
    return f"before => {seen} !== before", page.evaluate(f"() => {seen}")


def canvas(selector: str) -> str:
    return f"document.querySelector({selector!r})?.toDataURL()"


def image(selector: str) -> str:
    return f"document.querySelector({selector!r})?.src"


def nothing(page: Page) -> None:
    pass


def button(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).click()


def key(name: str) -> Callable[[Page], None]:
    """One notch of a slider to the right, and from its end to the left again."""

    def press(page: Page) -> None:
        slider = page.get_by_role("slider", name=name).first
        high, value = slider.get_attribute("max"), slider.input_value()
        slider.press("ArrowLeft" if value == high else "ArrowRight")

    return press


def child(page: Page) -> None:
    page.locator(".st-key-latent_children .picks button").nth(4).click()


def pick(page: Page) -> None:
    """One that is not picked yet."""
    page.locator(".st-key-latent_new .picks button[aria-pressed=false]").nth(9).click()


LETTER = ".st-key-latent_shelf [data-mark=A]"
CLICKS: tuple[Click, ...] = (  # what, in which view, what comes before, the press, and what it changes
    (
        "64 new ones",
        "New ones",
        nothing,
        button("64 new ones"),
        canvas(".st-key-latent_new button:nth-child(5) canvas"),
    ),
    ("A picture is picked", "New ones", nothing, pick, f"document.querySelector({LETTER!r})?.ariaLabel"),
    (
        "Three other walks",
        "Walk",
        lambda page: tab(page, "Three at once"),
        button("Three others"),
        image("img[alt='Walk 1']"),
    ),
    ("A direction's slider", "Directions", nothing, key("1:"), image(VIEWS["Directions"])),
    (
        "Nine other children",
        "Mix",
        lambda page: tab(page, "Children"),
        button("Nine others"),
        canvas(".st-key-latent_children canvas"),
    ),
    ("A child is picked", "Mix", nothing, child, canvas(f"{LETTER} canvas")),
    (
        "Distance from the middle",
        "Mix",
        lambda page: tab(page, "How ordinary"),
        key("Distance from"),
        image("img[alt$='this distance']"),
    ),
    ("Another epoch", "New ones", nothing, key("After epoch"), canvas(f"{LETTER} canvas")),
)


if __name__ == "__main__":
    show(rows())
