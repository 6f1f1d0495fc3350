"""Pages for those who see little: the colours of the other theme, and the system's own."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Locator

from tests.browser.screens.barriers import SCHEMES
from tests.browser.test_training import STOP, start

CHOSEN = "[data-selected=true]"


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
