"""Two desks of a teacher's, and the one clock."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import LIVE_MS
from tools.real_server import Server

PIN = "a-b-c-1-2-3"


@pytest.fixture
def school():
    server = Server(GAN_STUDIO_PIN=PIN)
    yield server
    server.stop()


@pytest.fixture
def desks(school, open_tab):
    tabs = [open_tab(f"{school.url}/desk") for _ in range(2)]
    for tab in tabs:
        tab.get_by_label("PIN", exact=True).fill(PIN, timeout=LIVE_MS)
        tab.keyboard.press("Enter")
        expect(tab.locator(".st-key-plan_start")).to_be_visible(timeout=LIVE_MS)
    return tabs


def press(desk: Page, key: str) -> None:
    desk.locator(f".st-key-{key} button").click(timeout=LIVE_MS)


def test_a_desk_follows_the_clock_that_another_one_moves(desks):
    first, second = desks
    press(first, "plan_start")
    expect(second.locator(".plan_clock b")).to_be_visible(timeout=LIVE_MS)
    title = second.locator(".st-key-plan_part h2")
    before = title.inner_text()
    press(second, "plan_next")
    expect(title).not_to_have_text(before, timeout=LIVE_MS)
    expect(first.locator(".st-key-plan_part h2")).to_have_text(title.inner_text(), timeout=LIVE_MS)
    second.locator(".st-key-plan_head input").click()
    second.get_by_role("option").nth(1).click()
    expect(second.get_by_text("The clock is on another plan")).to_be_visible(timeout=LIVE_MS)
    press(second, "plan_part_3")
    expect(first.locator(".plan_clock b")).to_be_visible()
    press(second, "plan_start")
    expect(second.locator(".plan_clock b")).to_be_visible(timeout=LIVE_MS)
    expect(first.get_by_text("The clock is on another plan")).to_be_visible(timeout=LIVE_MS)
    expect(first.locator(".plan_clock b")).to_have_count(0)
    for desk in desks:
        expect(desk.locator("[data-testid=stException]")).to_have_count(0)
