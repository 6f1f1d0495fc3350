"""Pages for those who see little or hear them read out: axe over every page and state, and the system's own colours."""

import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from pages.shared.draw import colours
from tests.browser.contests.test_contests import choose, small
from tests.browser.screens import states
from tests.browser.screens.layout import POPOVER, open_popover, settle
from tests.browser.screens.states import LIVE_MS, State
from tests.browser.test_training import STOP, start
from tools.real_server import ROOT, Server

# WCAG 2.2 A and AA, and what axe's authors hold to be good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STREAMLITS = {  # what its own parts bring along, neither serious nor in our hands, and how they are known
    "region": 'role="listbox"|stMainMenuList|Made with Streamlit|data-st-overlay-root',  # what opens
    "presentation-role-conflict": "stFileUploaderDropzone",  # the place for a file has a name though it is no control
}
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that depend on the theme
SCHEMES = ["light", "dark"]
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


def failed(open_tab: Open) -> Iterator[State]:
    for state in states.failed(open_tab):
        yield state
        for name in ("Cure:", "Why?"):
            open_popover(state.page.get_by_role("button", name=name))
            yield State(name, state.page)
            state.page.keyboard.press("Escape")
            state.page.locator(POPOVER).wait_for(state="detached")


def languages(open_tab: Open) -> Iterator[State]:
    page = open_tab("/")
    page.locator(".st-key-language input").click()
    page.get_by_role("option").first.wait_for()
    yield State("the list of languages", page)


def contests_to_the_end(open_tab: Open) -> Iterator[State]:
    page = open_tab("/race")
    page.locator("[class*=st-key-lane_] canvas[role=img]").nth(2).wait_for(timeout=LIVE_MS)
    small(page, "race")
    choose(page, "race_learning_rate_C", "none")
    expect(page.locator("[class*=st-key-lane_] canvas[role=img]")).to_have_count(2, timeout=LIVE_MS)
    page.get_by_role("button", name="Start the race").click()
    page.locator(".standing", has_text=re.compile("[AB] wins? |share the first place")).wait_for(timeout=LIVE_MS)
    yield State("a race at its end", page)
    page = open_tab("/sweep")
    page.locator("table.cells button").nth(8).wait_for(timeout=LIVE_MS)
    small(page, "sweep")
    for key in ("sweep_learning_rate_2", "sweep_latent_size_2"):
        choose(page, key, "none")
    expect(page.locator("table.cells button")).to_have_count(4, timeout=LIVE_MS)
    page.get_by_role("button", name="Start the sweep").click()
    page.locator(".standing", has_text="Best: latent size").wait_for(timeout=LIVE_MS)
    yield State("a sweep at its end", page)


def others(open_tab: Open) -> Iterator[State]:
    """Whatever page has no walk of its own, as it opens."""
    walked = {"frame", "home", "train", "race", "sweep", "compare", "library", "detective", "desk"}
    for name in sorted({path.stem for path in (ROOT / "pages").glob("*.py")} - walked):
        page = open_tab(f"/{name}")
        page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-language) ~ * p").first.wait_for()
        yield State(name, page)


WALKS = [
    states.home, states.classroom, states.our_pictures, states.desk, languages, states.train, dock, step_and_take_home,
    failed, states.popovers, states.watching, states.race, states.versus, states.sweep, contests_to_the_end,
    states.compare, states.latent, states.library, states.detective, others,
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that has kept some runs."""
    folder = tmp_path_factory.mktemp("library")
    states.fill(folder)
    server = Server(
        GAN_STUDIO_LIBRARY=str(folder), GAN_STUDIO_GRACE_SECONDS="4", GAN_STUDIO_RUNS_AT_ONCE="8",
        GAN_STUDIO_PIN=states.PIN,
    )  # fmt: skip
    yield server
    server.stop()


@cache
def axe() -> str:
    return Axe().axe_script


def barriers(page: Page, only: list[str]) -> list[str]:
    """What on the page as it is now keeps somebody out, by these of axe's rules; the minor too."""
    page.evaluate(f"() => {{ globalThis.axe || (0, eval)({json.dumps(axe())}) }}")
    found = page.evaluate("only => axe.run({ runOnly: only, resultTypes: ['violations'] })", only)["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {node['target'][0]} {node['html'][:160]} {why(node)}"
        for rule in found
        for node in rule["nodes"]
        if not re.search(STREAMLITS.get(rule["id"], "$^"), node["html"])
    ]


def why(node: dict) -> str:
    return " ".join(each["message"] for each in (*node["any"], *node["all"], *node["none"]))


def turn_the_theme(page: Page) -> None:
    """Light to dark, or back, as the system of the visitor may do at any time."""
    light, dark = SCHEMES
    scheme = dark if page.evaluate("matchMedia('(prefers-color-scheme: light)').matches") else light
    page.emulate_media(color_scheme=scheme)
    paper = "getComputedStyle(document.documentElement).getPropertyValue('--page').trim()"
    page.wait_for_function(f"paper => {paper} === paper", arg=colours.PAGE[scheme])
    settle(page)


def check(walk: states.Walk, url: str, open_tab: Open) -> None:
    """By all rules in one theme, and by those about colours in the other; the next state begins with that one."""
    found = {}
    for name, page, _ in walk(lambda path: open_tab(url + path)):
        settle(page)
        found[name] = barriers(page, TAGS)
        turn_the_theme(page)
        found[f"{name}, in the other theme"] = barriers(page, COLOURS)
    assert not any(found.values()), "\n".join(f"{name}: {each}" for name, told in found.items() for each in told)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_no_page_keeps_anybody_out(walk, server, open_tab):
    check(walk, server.url, open_tab)


def test_an_empty_library_keeps_nobody_out(fresh_server, open_tab):
    check(states.empty_library, fresh_server.url, open_tab)


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
