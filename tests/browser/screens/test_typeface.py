"""The typeface comes from the server itself, and everything is set in it."""

from playwright.sync_api import expect

from tests.browser.test_training import start

FAMILY = "SourceSans3"
LOADED = f"() => [...document.fonts].filter((face) => face.family === '{FAMILY}').map((face) => face.status)"


def test_words_headings_numbers_and_charts_are_set_in_the_shipped_typeface(open_tab, server):
    page = open_tab(server.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function(f"document.fonts.check('17px {FAMILY}')")
    assert "loaded" in page.evaluate(LOADED)
    for selector in ("body", "h1", ".scene b", "button"):
        assert page.locator(selector).first.evaluate("e => getComputedStyle(e).fontFamily").startswith(FAMILY)
    page.goto(f"{server.url}/train")
    start(page)
    chart = page.locator(".lines canvas").first
    assert FAMILY in chart.evaluate("canvas => canvas.getContext('2d').font")


def test_the_brand_needs_no_typeface(open_tab, server):
    page = open_tab(server.url)
    logo = page.get_by_test_id("stHeaderLogo").evaluate("async logo => (await fetch(logo.src)).text()")
    assert "<path" in logo and "<text" not in logo
