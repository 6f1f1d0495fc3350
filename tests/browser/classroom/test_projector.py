"""The projector view in a real browser: one thing at a time, frozen and blanked while the run goes on."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import LIVE_MS
from tests.browser.test_training import PIXELS, STOP, start

FAKES, REALS, BAR = ".st-key-fakes", ".st-key-reals", ".projector_bar"
PROJECTOR = {"width": 1024, "height": 768}


@pytest.fixture
def page(server, open_tab) -> Page:
    page = open_tab(f"{server.url}/train?epochs=500")
    page.set_viewport_size(PROJECTOR)
    start(page)
    page.get_by_role("button", name="Projector view").click()
    expect(page.locator(BAR)).to_be_visible(timeout=LIVE_MS)
    return page


def at(page: Page) -> str:
    return page.locator(".projector_at").inner_text()


def wait_until_it_moves(page: Page) -> None:
    """Until the fakes of the page itself, frozen or not, are others."""
    page.wait_for_function(f"before => ({PIXELS}) !== before", arg=page.evaluate(PIXELS), timeout=LIVE_MS)


def test_one_thing_at_a_time_frozen_blank_and_left_by_keys(page):
    page.wait_for_url("**projector=on**")
    for hidden in (STOP, ".st-key-share button", ".st-key-pages", ".st-key-language"):
        expect(page.locator(hidden).first).to_be_hidden()
    usual = page.locator(FAKES).bounding_box()["width"]
    page.keyboard.press("PageDown")  # as a presenter's remote sends it
    expect(page.locator(FAKES)).to_be_visible()
    expect(page.locator(REALS)).to_be_hidden()
    assert page.locator(FAKES).bounding_box()["width"] > 1.5 * usual
    wait_until_it_moves(page)
    expect(page.locator(REALS)).to_be_hidden()  # also once it was drawn anew
    page.keyboard.press("PageDown")
    expect(page.locator(REALS)).to_be_visible()
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    assert at(page) == "all"

    page.keyboard.press("f")
    ice, frozen = page.locator(".projector_ice"), page.get_by_text("Frozen: the page goes on behind")
    expect(frozen).to_be_visible()
    still = ice.screenshot()
    wait_until_it_moves(page)  # the run goes on behind
    assert ice.screenshot() == still
    page.keyboard.press("f")
    expect(ice).to_have_count(0)
    expect(frozen).to_be_hidden()

    page.keyboard.press("b")
    expect(page.locator(".projector_black")).to_be_visible()
    page.mouse.move(500, 400)  # over it, as a mouse always is
    expect(page.locator(".projector_black")).to_have_css("background-color", "rgb(0, 0, 0)")
    page.keyboard.press("b")
    expect(page.locator(".projector_black")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(BAR)).to_be_hidden()
    expect(page.locator(STOP)).to_be_visible()
    page.wait_for_url(lambda url: "projector" not in url)
    page.locator(STOP).click()


def test_a_link_opens_any_page_so_and_buttons_do_what_keys_do(server, open_tab):
    page = open_tab(f"{server.url}/?projector=on")
    page.set_viewport_size(PROJECTOR)
    bar = page.get_by_role("toolbar", name="The projector view")
    expect(bar).to_be_visible(timeout=LIVE_MS)
    bar.get_by_role("button", name="Freeze").click()
    expect(page.locator(".projector_ice")).to_be_visible()
    bar.get_by_role("button", name="Black screen").click()
    page.get_by_role("button", name="Show the page again").click()
    bar.get_by_role("button", name="Next thing").click()
    expect(page.locator(".projector_at")).to_contain_text("1 of")
    bar.get_by_role("button", name="Leave").click()
    expect(bar).to_be_hidden()
    expect(page.get_by_role("link", name="Train")).to_be_visible()
