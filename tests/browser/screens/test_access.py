"""Pages for those who see little or hear them read out: what opens or ends besides all states, and the system's own
colours.
"""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests import app_pages
from tests.browser.contests.test_contests import race_of_two, sweep_of_four
from tests.browser.screens import states
from tests.browser.screens.barriers import SCHEMES
from tests.browser.screens.checks import bars, what_fails
from tests.browser.screens.layout import POPOVER, open_popover, settle
from tests.browser.screens.states import LIVE_MS, State
from tests.browser.test_training import STOP, start

CHOSEN = "[data-selected=true]"
Open = Callable[[str], Page]


def dock(open_tab: Open) -> Iterator[State]:
    page = open_tab("/train?fbclid=x&learning_rate=99&classes=1,2")
    page.get_by_text("must be a number").wait_for()
    groups = page.locator(".st-key-dock details")
    for number in range(groups.count()):
        groups.nth(number).locator("summary").click()
        groups.nth(number).locator("input").first.wait_for()
    yield State("a bad link, and all settings", page)
    yield from dialog("all recipes", page, page.locator(".st-key-all_recipes button"))


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
    page.get_by_role("button", name="1 step").click()
    page.locator(".step li").first.wait_for(timeout=LIVE_MS)
    yield State("paused after a step", page)
    page.mouse.move(2, 2)  # what the button is for would lie over its neighbour
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".progress")).to_contain_text("2 of 500", timeout=LIVE_MS)
    page.locator(STOP).click()
    open_popover(page.get_by_role("button", name="Take it home"), ".st-key-take_home button")
    yield State("take it home", page)
    page.keyboard.press("Escape")
    yield from dialog("film", page, page.locator(".st-key-film button"))
    open_popover(page.locator(".st-key-naming button"), "input")
    yield State("a name for the run", page)


def why(open_tab: Open) -> Iterator[State]:
    for failed in states.failed(open_tab):
        for name in ("Cure:", "Why?"):
            open_popover(failed.page.get_by_role("button", name=name))
            yield State(name, failed.page)
            failed.page.keyboard.press("Escape")
            failed.page.locator(POPOVER).wait_for(state="detached")


def languages(open_tab: Open) -> Iterator[State]:
    page = open_tab("/")
    page.locator(".st-key-language input").click()
    page.get_by_role("option").first.wait_for()
    yield State("the list of languages", page)


def contests_to_the_end(open_tab: Open) -> Iterator[State]:
    page = open_tab("/race")
    race_of_two(page)
    page.get_by_role("button", name="Start the race").click()
    page.locator(".standing", has_text=re.compile("[AB] wins? |share the first place")).wait_for(timeout=LIVE_MS)
    yield State("a race at its end", page)
    page = open_tab("/sweep")
    sweep_of_four(page)
    page.get_by_role("button", name="Start the sweep").click()
    page.locator(".standing", has_text="Best: latent size").wait_for(timeout=LIVE_MS)
    yield State("a sweep at its end", page)


def others(open_tab: Open) -> Iterator[State]:
    """Whatever page has no walk of its own, as it opens."""
    walked = {"home", "train", "race", "sweep", "compare", "library", "detective", "desk"}
    for name in sorted({*app_pages.NAMES} - walked):
        page = open_tab(f"/{name}")
        page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-language) ~ * p").first.wait_for()
        yield State(name, page)


WALKS = [languages, dock, step_and_take_home, why, contests_to_the_end, others]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_no_page_keeps_anybody_out(walk, server, open_tab):
    assert what_fails(walk, lambda path: open_tab(server.url + path), bars) == {}


def test_colours_of_the_other_theme_come_at_once(server, open_tab):
    page = open_tab(f"{server.url}/race", color_scheme="light")
    ink = "getComputedStyle(document.documentElement).getPropertyValue('--lane-0')"
    light = page.wait_for_function(ink).json_value()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{ink} !== '{light}'")
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_test_id("stMainMenuItem-theme-Light").click()
    page.wait_for_function(f"{ink} === '{light}'")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_vanishes_where_the_system_chooses_the_colours(server, open_tab, scheme):
    page = open_tab(f"{server.url}/train?epochs=500&pictures=200", color_scheme=scheme, forced_colors="active")
    start(page)
    for side in (".st-key-fakes", ".st-key-reals"):
        assert page.locator(side).evaluate("node => parseFloat(getComputedStyle(node).borderTopWidth)") >= 2
    paper = colour(page.locator("body"))
    rope, forgers = colour(page.locator(".rope")), colour(page.locator(".rope i"))
    assert len({paper, rope, forgers}) == 3, "both sides of the tug of war"
    chosen, other = (page.locator(f".st-key-view button{which}").first for which in (CHOSEN, f":not({CHOSEN})"))
    assert colour(chosen) not in (colour(other), paper)
    seen = Image.open(io.BytesIO(page.locator(".st-key-latent_size [role=group]").screenshot())).convert("RGB")
    most = [found for _, found in sorted(seen.getcolors(10**6), reverse=True)[:3]]
    assert len(most) == 3 and max(sum(abs(a - b) for a, b in zip(most[0], each, strict=True)) for each in most) > 150
    page.locator(STOP).click()


def colour(part: Locator) -> str:
    """What is painted behind it, or nothing."""
    return part.evaluate("node => getComputedStyle(node).backgroundColor")
