"""Runs as they rarely are: waiting, interrupted, changed on the way, of other families, without their pictures. Walks
like those of `states`.
"""

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from gan.setup import presets
from pages.shared import families
from tests.browser.screens.layout import LIVE_MS, POPOVER, open_popover
from tests.browser.screens.states import BELOW, LANES, NAVIGATION, SHEETS, WINNING, Open, State
from tests.browser.test_training import START, STOP, start

STEERING = (STOP, ".st-key-pause button")
WAITS = ".st-key-stage .stAlert"
FAMILIES = [name for name, recipe in presets.PRESETS.items() if families.of(recipe.family)]


def waiting(open_tab: Open) -> Iterator[State]:
    """For the only place: with a recording to look at, and with the run that was watched before."""
    first = open_tab("/train?epochs=500")
    start(first)
    page = open_tab("/train")
    page.locator(START).click()
    expect(page.get_by_text("Waiting for a place to train")).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(".st-key-recording .film img")).to_be_visible()
    yield State("train waits", page, (NAVIGATION, *STEERING, WAITS, ".st-key-recording .film img"))
    page.goto(re.sub("/train.*", "/library", page.url))
    expect(page.locator("[class*=st-key-run_]").nth(1)).to_be_visible(timeout=LIVE_MS)
    yield State("library with a run that waits", page, (NAVIGATION, ".st-key-search input"))
    first.locator(".st-key-share button").click()
    first.get_by_text("Watch this run", exact=True).click()
    link = first.locator(".st-key-shared code").inner_text()
    page = open_tab(re.sub("^https?://[^/]+", "", link))
    page.get_by_text("Train one yourself").click()
    page.locator(START).click()
    expect(page.get_by_text("Meanwhile: the run that you watched.")).to_be_visible(timeout=LIVE_MS)
    yield State("train waits, and watches", page, (NAVIGATION, *STEERING, WAITS, SHEETS[0]))


def interrupted(open_tab: Open) -> Iterator[State]:
    """In the library, opened, and as it goes on."""
    page = open_tab("/library")
    expect(page.get_by_text(re.compile("Interrupted · .* epoch"))).to_be_visible(timeout=LIVE_MS)
    yield State("library after a kill", page, (NAVIGATION, "[class*=st-key-open_] button"))
    page.locator("[class*=st-key-open_] button").click()
    go_on = page.locator(".st-key-resume button")
    expect(go_on).to_be_visible(timeout=LIVE_MS)
    yield State("train interrupted", page, (NAVIGATION, START, ".st-key-resume button", *SHEETS, *WINNING))
    go_on.click()
    expect(page.get_by_text("where it was kept last")).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(SHEETS[0])).to_be_visible(timeout=LIVE_MS)
    yield State("train goes on", page, (NAVIGATION, *STEERING, ".st-key-now", *SHEETS, *WINNING, *BELOW["charts"]))
    page.locator(STOP).click()


def changed(open_tab: Open) -> Iterator[State]:
    """Settings that a run can have at once, that only a new one can have, and what was changed."""
    page = open_tab("/train?epochs=500")
    start(page)
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    page.locator(".st-key-use_now button").first.wait_for()  # each has a twin that is not seen
    seen = (*SHEETS, *WINNING, *BELOW["charts"])
    yield State("train, settings for now", page, (NAVIGATION, *STEERING, START, ".st-key-use_now button", *seen))
    page.locator(".st-key-use_now button").first.click()
    expect(page.locator(".st-key-use_now button")).to_have_count(0)
    page.get_by_role("slider", name="Latent size").press("ArrowRight")
    page.locator(START).wait_for()
    yield State("train, settings for another", page, (NAVIGATION, *STEERING, START, *seen))
    page.locator(STOP).click()


def cured(open_tab: Open) -> Iterator[State]:
    """A run that the doctor finds ill goes on beside its cure."""
    page = open_tab("/train?preset=explosion")
    page.locator(START).click()
    cure = page.get_by_role("button", name="Cure:")
    expect(cure).to_be_visible(timeout=2 * LIVE_MS)
    yield State("train ill", page, (NAVIGATION, *STEERING, *SHEETS, *WINNING, ".st-key-cures button", *BELOW["charts"]))
    open_popover(cure, "button")
    yield State("train ill, its cures", page, (f"{POPOVER} button",))
    page.get_by_role("button", name="Cure and compare side by side").first.click()
    expect(page.locator(LANES)).to_have_count(2, timeout=LIVE_MS)
    expect(page.locator(".js-plotly-plot .scatterlayer path").nth(1)).to_be_attached(timeout=LIVE_MS)
    yield State("both futures", page, (NAVIGATION, ".js-plotly-plot", "table.compare", LANES))


def missing(open_tab: Open) -> Iterator[State]:
    """A picture set that is not here: the offer to download it. Nobody presses it."""
    page = open_tab("/train?data=fashion_mnist")
    expect(page.get_by_text("are not on this computer yet")).to_be_visible(timeout=LIVE_MS)
    yield State("train without its pictures", page, (NAVIGATION, START, ".st-key-stage .stButton button"))


def family(name: str, open_tab: Open) -> Iterator[State]:
    """A run of another family: before, during with its own view, and after."""
    page = open_tab(f"/train?preset={name}&pictures=200&epochs=500")
    expect(page.locator(SHEETS[0])).to_be_visible(timeout=LIVE_MS)
    yield State(f"{name} before", page, (NAVIGATION, START, *SHEETS))
    page.locator(START).click()
    charts = BELOW["charts"][1:2]
    expect(page.locator(charts[0])).to_be_visible(timeout=LIVE_MS)
    yield State(f"{name} during", page, (NAVIGATION, *STEERING, *SHEETS, *charts))
    page.locator(".st-key-view button").last.click()
    page.locator(".st-key-view button[data-selected=true]").last.wait_for()
    yield State(f"{name} during, its own view", page, (NAVIGATION, *STEERING, *SHEETS))
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible(timeout=LIVE_MS)
    yield State(f"{name} ended", page, (NAVIGATION, START, *SHEETS))
