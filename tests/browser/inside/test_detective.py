"""The detective's page in a real browser: tapping, switching, and what the arrow keys do."""

import pytest
from playwright.sync_api import expect

LIVE_MS = 60_000
PICTURE = ".eye_picture"


@pytest.fixture
def page(example, open_tab):
    page = open_tab(example("detective"))
    expect(page.locator(PICTURE)).to_be_visible(timeout=LIVE_MS)
    return page


def other(page, selector, attribute, before):
    expect(page.locator(selector)).not_to_have_attribute(attribute, before, timeout=LIVE_MS)


def test_a_tap_picks_a_picture_and_the_link_knows_it(page, open_tab):
    before = page.locator(PICTURE).get_attribute("src")
    page.locator(".st-key-reals .pick button").nth(4).click()
    expect(page.get_by_text("This is a real picture.")).to_be_visible()
    other(page, PICTURE, "src", before)
    page.wait_for_url("**picture=real-4**")
    again = open_tab(page.url)
    expect(again.locator(".st-key-reals .pick button").nth(4)).to_have_attribute(
        "aria-pressed", "true", timeout=LIVE_MS
    )
    assert again.locator(PICTURE).get_attribute("src") == page.locator(PICTURE).get_attribute("src")


def test_the_arrow_keys_go_through_a_sheet(page):
    buttons = page.locator(".st-key-fakes .pick button")
    buttons.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(buttons.nth(7)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**picture=fake-7**")
    expect(page.locator(".st-key-fakes .pick button[tabindex='0']")).to_have_count(1)


def test_both_maps_are_a_tap_apart(page):
    before = page.locator(PICTURE).get_attribute("src")
    page.get_by_text("By covering").click()
    expect(page.get_by_text("Occlusion (Zeiler and Fergus 2014)")).to_be_visible()
    other(page, PICTURE, "src", before)


def test_the_epoch_is_dragged(page):
    page.get_by_text("Paint", exact=True).click()
    score = page.locator(".eye_verdict b")
    before = score.inner_text()
    page.get_by_role("slider", name="After epoch").press("Home")
    expect(score).not_to_have_text(before, timeout=LIVE_MS)
    page.wait_for_url("**epoch=0**")


def test_the_same_picture_before_all_detectives(page):
    page.get_by_text("All epochs").click()
    expect(page.locator(".st-key-line_eye_course canvas, .lines canvas").first).to_be_visible(timeout=LIVE_MS)
    expect(page.get_by_text("since epoch")).to_be_visible()


def test_layers_light_up_parts_of_the_picture(page):
    page.get_by_text("Layers", exact=True).click()
    units = page.locator(".eye_layers section").first.locator("figure")
    expect(units).to_have_count(6, timeout=LIVE_MS)
    assert "excite it most" in units.first.locator("img").first.get_attribute("alt")


def test_the_forgers_next_steps_are_asked_for(page):
    page.get_by_text("Next step").click()
    after = page.locator(".eye_steps img").nth(2)
    expect(after).to_be_visible(timeout=LIVE_MS)
    before = after.get_attribute("src")
    page.locator(".st-key-eye_steps").get_by_text("20").click()
    expect(page.get_by_text("The forger learns 20 times more.")).to_be_visible()
    other(page, ".eye_steps img >> nth=2", "src", before)
