"""The whole way by keyboard alone: start, pause, look back, fork, stop; and one always sees where one is."""

from playwright.sync_api import Page, expect

from tests.browser.screens.layout import settle
from tests.browser.test_training import LIVE_MS, START, STOP

PAUSE, FORK = ".st-key-pause button", ".st-key-fork button"
# The outline of what has the focus, or of what stands for it on screen: a slider's own input lies hidden in its knob.
OUTLINE = """() => {
    for (let node = document.activeElement, up = 0; node && up < 4; node = node.parentElement, up++) {
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return outlineWidth;
    }
    return "";
}"""


def tab_to(page: Page, where: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("where => document.activeElement.closest(where) !== null", where):
            break
    is_at(page, where)


def is_at(page: Page, where: str) -> None:
    """The focus is there, or comes there by itself, and is seen."""
    page.wait_for_function("where => document.activeElement.closest(where) !== null", arg=where, timeout=LIVE_MS)
    page.wait_for_function(OUTLINE)


def test_the_whole_way_by_keyboard(server, open_tab):
    page = open_tab(f"{server.url}/train?epochs=500&pictures=200")
    page.locator(START).wait_for()
    tab_to(page, START)
    page.keyboard.press("Enter")
    is_at(page, PAUSE)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="1 step").wait_for()
    is_at(page, PAUSE)
    page.keyboard.press("Enter")  # on, for there to be a past
    expect(page.locator(".progress")).to_contain_text("3 of 500", timeout=LIVE_MS)
    tab_to(page, ".st-key-view")
    while page.evaluate("document.activeElement.innerText.trim()") != "Past":
        page.keyboard.press("ArrowRight")
        is_at(page, ".st-key-view")
    page.keyboard.press("Space")
    slider = page.get_by_role("slider", name="Back to epoch")
    slider.wait_for(timeout=LIVE_MS)
    tab_to(page, "[class*=st-key-past_]")
    page.keyboard.press("Home")
    expect(page.get_by_text("epoch 0. ")).to_be_visible(timeout=LIVE_MS)
    tab_to(page, FORK)
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    is_at(page, PAUSE)
    tab_to(page, STOP)
    page.keyboard.press("Enter")
    is_at(page, START)
    star_and_delete(page)


def star_and_delete(page: Page) -> None:
    """In the library, with the run on top, which has just ended."""
    page.get_by_role("link", name="Library").click()
    row = page.locator("[class*=st-key-run_]").first
    row.get_by_role("button", name="has no star").focus()
    page.keyboard.press("Enter")
    starred = row.get_by_role("button", name="has a star")
    starred.wait_for()
    is_at(page, "[class*=st-key-star_]")
    page.keyboard.press("Enter")
    row.get_by_role("button", name="More").press("Enter")
    page.get_by_role("button", name="Delete").press("Enter")
    is_at(page, ".st-key-undo")
    page.keyboard.press("Enter")
    page.locator(".st-key-undo").wait_for(state="detached")
    page.wait_for_function("document.activeElement !== document.body")


def test_one_can_skip_what_is_the_same_on_every_page(server, open_tab):
    page = open_tab(f"{server.url}/library")
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Library")).to_be_visible()
    page.locator(".st-key-search input").wait_for()
    page.locator(".words button svg").wait_for()
    settle(page)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    is_at(page, ".st-key-search")


def test_a_setting_keeps_the_keyboard_while_it_moves_and_goes_back(server, open_tab):
    page = open_tab(f"{server.url}/train?latent_size=7")
    at = ".st-key-setting_latent_size"
    slider = page.get_by_role("slider", name="Latent size")
    slider.focus()
    page.keyboard.press("ArrowRight")  # 7 is none of the steps and goes
    expect(page.locator(at).get_by_text("8", exact=True)).to_be_visible()
    is_at(page, at)
    expect(page.get_by_role("slider", name="Latent size")).to_be_focused()
    page = open_tab(f"{server.url}/train")
    page.get_by_role("slider", name="Latent size").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Back to the recipe").wait_for()
    expect(page.get_by_role("slider", name="Latent size")).to_be_focused()
    tab_to(page, ".st-key-reset_latent_size")
    page.keyboard.press("Enter")
    page.locator(".st-key-reset_latent_size").wait_for(state="detached")
    is_at(page, at)


def test_a_hand_that_points_is_not_led(server, open_tab):
    page = open_tab(f"{server.url}/train?epochs=500&pictures=200")
    page.locator(START).click()
    page.locator(STOP).wait_for()
    expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    assert page.evaluate("document.activeElement === document.body")
    page.locator(STOP).click()
    expect(page.locator(START)).to_be_visible()
