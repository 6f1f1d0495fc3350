"""The browser's own buttons: what Back leads to, and what F5 keeps."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import choose, settle
from tests.browser.test_training import START, STOP, start

COMPARE = "[data-testid=stMultiSelect]"  # what only that page shows


def notches(page: Page, label: str, key: str, count: int) -> str:
    """Move a slider by so many notches, one after the other, and return the address afterwards."""
    slider = page.get_by_role("slider", name=label)
    for _ in range(count):
        before = page.evaluate("location.href")
        slider.press(key)
        page.wait_for_function("before => location.href !== before", arg=before)
        settle(page)
    return page.evaluate("location.href")


def turn_to(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(f"**/{name.lower()}*")


@pytest.mark.parametrize("opened", ["home", "train"])
def test_back_leaves_train_at_once_however_many_settings_were_moved(server, open_tab, opened):
    page = open_tab("about:blank")
    page.goto(server.url if opened == "home" else f"{server.url}/train?fbclid=abc")
    page.get_by_role("button", name="Start training").wait_for()
    if opened == "home":
        turn_to(page, "Train")
    page.locator(START).wait_for()
    if opened == "home":
        page.wait_for_url("**/train?preset=quick")
    settle(page)
    length = page.evaluate("history.length")
    left = notches(page, "Latent size", "ArrowLeft", 3)
    left = notches(page, "Latent size", "ArrowRight", 7)
    assert page.evaluate("history.length") == length and "fbclid" not in left
    turn_to(page, "Compare")
    page.locator(COMPARE).wait_for()
    page.go_back()
    page.locator(START).wait_for()
    page.wait_for_function("left => location.href === left", arg=left)
    expect(page.get_by_role("slider", name="Latent size")).to_be_visible()
    assert page.evaluate("history.length") == length + 1
    page.go_back()
    page.wait_for_url(f"{server.url}/" if opened == "home" else "about:blank")
    if opened == "home":
        page.get_by_role("button", name="Start training").wait_for()
        page.go_forward()
        page.wait_for_url("**/train?**")
        page.locator(START).wait_for()
        page.go_forward()  # at once, while the page before is still being made
        page.wait_for_url("**/compare**")
        page.locator(COMPARE).wait_for()


def test_a_view_what_to_draw_and_the_past_survive_f5_and_other_pages(server, open_tab):
    page = open_tab(f"{server.url}/train?epochs=500&pictures=200")
    start(page)
    length = page.evaluate("history.length")
    choose(page.locator(".st-key-draw_me input"), "a 7")
    page.wait_for_url("**draw=7**")
    chosen = page.locator(".st-key-view").get_by_role("radio", name="Past")
    chosen.click()
    expect(chosen).to_be_checked()
    chosen.click()  # nothing is not a view
    expect(chosen).to_be_checked()
    slider = page.get_by_role("slider", name="Back to epoch")
    slider.wait_for(timeout=60_000)
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_url("**past=0**")
    expect(page.get_by_text("epoch 0. ")).to_be_visible()
    assert page.evaluate("history.length") == length
    page.reload()
    expect(page.get_by_text("epoch 0. ")).to_be_visible()
    expect(page.locator(".st-key-draw_me input")).to_have_value("a 7")
    turn_to(page, "Compare")
    page.locator(COMPARE).wait_for()
    turn_to(page, "Train")
    expect(page.get_by_text("epoch 0. ")).to_be_visible()
    page.wait_for_url("**past=0**")
    page.locator(STOP).click()
    expect(page.locator(START)).to_be_visible()
