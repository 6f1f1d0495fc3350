"""What opens over a page, and what stands at the end of a contest: walks like those of `states`."""

import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from tests import app_pages
from tests.browser.contests.test_contests import race_of_two, sweep_of_four
from tests.browser.screens.layout import LIVE_MS, POPOVER, PROJECTOR, SETTLE_MS, insist, open_popover, settle
from tests.browser.screens.states import CELL, LANES, NAVIGATION, SHEETS, Open, State
from tests.browser.test_training import START, STOP, start

WALKED = {  # the pages with which a walk begins, all but these are opened here
    "home", "train", "dots", "lessons", "story", "pictures", "desk", "race", "versus", "sweep", "compare", "library",
}  # fmt: skip


def dock(open_tab: Open) -> Iterator[State]:
    page = open_tab("/train?fbclid=x&learning_rate=99&classes=1,2")
    page.get_by_text("must be a number").wait_for()
    yield State("a bad link", page, (NAVIGATION, START, ".st-key-stage .stAlert", *SHEETS))
    page.set_viewport_size(dict(zip(("width", "height"), PROJECTOR, strict=True)))  # where they are shut at first
    page.locator(".st-key-settings_open label").click()
    groups = page.locator(".st-key-dock details")
    for number in range(groups.count()):
        groups.nth(number).locator("summary").click()
        groups.nth(number).locator("input").first.wait_for()
    yield State("all settings", page, (NAVIGATION, START, ".st-key-data"))
    yield from dialog("all recipes", page, page.locator(".st-key-all_recipes button"))
    for name in ("data", "preset"):
        page.locator(f".st-key-{name} input").click()
        page.get_by_role("option").first.wait_for()
        yield State(f"the list of {name}", page, ("[role=listbox]",))
        page.keyboard.press("Escape")


def dialog(name: str, page: Page, button: Locator) -> Iterator[State]:
    """Opened, looked at in both themes, and shut."""
    button.click()
    opened = page.locator("[role=dialog]")
    opened.locator("button:visible").last.wait_for()  # each has a twin that is not seen
    yield State(name, page)
    expect(opened).to_be_visible()  # whatever theme the page was drawn anew in
    page.keyboard.press("Escape")
    opened.wait_for(state="detached")
    settle(page)


def step_and_take_home(open_tab: Open) -> Iterator[State]:
    page = open_tab("/train?epochs=500&pictures=200")
    start(page)
    page.get_by_role("button", name="Pause").click()
    told = page.locator(".step li").first
    insist(page.get_by_role("button", name="1 step").click, lambda: told.wait_for(timeout=SETTLE_MS))
    yield State("paused after a step", page, (NAVIGATION, STOP, *SHEETS, ".step"))
    page.mouse.move(2, 2)  # what the button is for would lie over its neighbour
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".progress")).to_contain_text("2 of 500", timeout=LIVE_MS)
    page.locator(STOP).click()
    open_popover(page.get_by_role("button", name="Take it home"), ".st-key-take_home button")
    yield State("take it home", page, (".st-key-take_home button",))
    page.keyboard.press("Escape")
    yield from dialog("film", page, page.locator(".st-key-film button"))
    open_popover(page.locator(".st-key-naming button"), "input")
    yield State("a name for the run", page, (f"{POPOVER} input",))


def languages(open_tab: Open) -> Iterator[State]:
    page = open_tab("/")
    page.locator(".st-key-language input").click()
    page.get_by_role("option").first.wait_for()
    yield State("the list of languages", page, ("[role=option]",))


def contests_to_the_end(open_tab: Open) -> Iterator[State]:
    page = open_tab("/race")
    race_of_two(page)
    page.get_by_role("button", name="Start the race").click()
    page.locator(".standing", has_text=re.compile("[AB] wins? |share the first place")).wait_for(timeout=LIVE_MS)
    yield State("a race at its end", page, (NAVIGATION, ".standing", LANES, ".st-key-line_race_realism canvas"))
    page = open_tab("/sweep")
    sweep_of_four(page)
    page.get_by_role("button", name="Start the sweep").click()
    page.locator(".standing", has_text="Best: latent size").wait_for(timeout=LIVE_MS)
    yield State("a sweep at its end", page, (NAVIGATION, ".standing", CELL, ".st-key-new_sweep button"))


def others(open_tab: Open) -> Iterator[State]:
    """Whatever page has no walk of its own, as it opens."""
    for name in sorted({*app_pages.NAMES} - WALKED):
        page = open_tab(f"/{name}")
        page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-language) ~ * p").first.wait_for()
        yield State(name, page, (NAVIGATION,))
