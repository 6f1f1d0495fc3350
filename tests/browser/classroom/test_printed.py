"""Sheets on paper: A4 and Letter, no page more than there should be, and nothing beyond an edge."""

import re

import pytest
from playwright.sync_api import expect

from pages.shared.printed.worksheet import MOST_PAGES
from pages.shared.words.catalogues import languages
from tests.browser.screens.layout import LIVE_MS
from tools.real_server import Server

PIN = "2580"  # of the desk
MM = 96 / 25.4  # CSS pixels
MARGIN = 14  # mm, as in assets/print/page.css
PAPERS = {"A4": (210, 297), "Letter": (215.9, 279.4)}  # mm
PAGE = re.compile(rb"/Type\s*/Page[^s]")


@pytest.fixture
def school():
    server = Server(GAN_STUDIO_PIN=PIN)
    yield server
    server.stop()


def pages(page, paper: str) -> int:
    """How many pages of this paper it takes. Fails where something is wider than them."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int((PAPERS[paper][0] - 2 * MARGIN) * MM), "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), paper
    return len(PAGE.findall(page.pdf(format=paper)))


@pytest.mark.parametrize("paper", PAPERS)
def test_sheets_take_the_pages_that_they_should(server, open_tab, paper):
    page = open_tab(f"{server.url}/print/privacy")
    expected = {"game": (3, 3), "certificate": (1, 1), "privacy": (1, 2)}
    expected |= {f"worksheet?of={name}": (1, 2) for name in ("first_look", "losses", "clinic_a", "design_choices")}
    found = {}
    for language in ("en", "es", "zh_Hans"):
        for sheet, (fewest, most) in expected.items():
            page.goto(f"{server.url}/print/{sheet}{'&' if '?' in sheet else '?'}lang={language}")
            if not fewest <= (count := pages(page, paper)) <= most:
                found[sheet, language] = count
    assert not found


def test_the_answers_take_no_more_pages_than_the_desk_says(school, open_tab):
    page = open_tab(f"{school.url}/desk")
    page.get_by_label("PIN", exact=True).fill(PIN, timeout=LIVE_MS)
    page.keyboard.press("Enter")
    page.locator(".st-key-desk_side button").nth(3).click()
    expect(page.get_by_text(f"The answers take {MOST_PAGES} pages at most.")).to_be_visible(timeout=LIVE_MS)
    link = page.locator("a[href*='print/keys']").get_attribute("href").removeprefix("./")
    found = {}
    for language in languages():
        page.goto(f"{school.url}/{link.replace('lang=en', f'lang={language}')}")
        found |= {(language, paper): pages(page, paper) for paper in PAPERS}
    assert all(MOST_PAGES // 2 < count <= MOST_PAGES for count in found.values()), found


def test_no_square_of_a_board_is_cut_by_a_page(server, open_tab):
    """Each card and board lies whole on its page: three sections, none longer than Letter leaves room for."""
    page = open_tab(f"{server.url}/print/game")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int((PAPERS["Letter"][0] - 2 * MARGIN) * MM), "height": 900})
    heights = page.locator("section").evaluate_all("sections => sections.map(each => each.offsetHeight)")
    assert len(heights) == 3 and max(heights) <= (PAPERS["Letter"][1] - 2 * MARGIN) * MM
    assert page.locator(".boards li").count() == 24
