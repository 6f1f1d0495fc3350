"""A language that nobody speaks, 40 % longer than English, in a real browser: nothing is clipped, and what a link says
is shown letter by letter.
"""

import json

import pytest
from playwright.sync_api import Page, expect

from tests import app_pages
from tests.browser.screens.layout import LAPTOP, PROJECTOR, clipped, faults, screens, settle
from tests.browser.test_training import LIVE_MS, START, STOP
from tools import languages
from tools.real_server import ROOT, Server

PSEUDO = "eo"
LARGE = (LAPTOP, (1920, 1080), PROJECTOR)
SIZES = (*LARGE, (390, 844), (320, 640))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The checkout once more, with one language file more."""
    root = tmp_path_factory.mktemp("checkout")
    for folder in (ROOT, ROOT / "assets"):
        here = root / folder.relative_to(ROOT)
        here.mkdir(exist_ok=True)
        for each in folder.iterdir():
            if each.name not in (".git", "assets", "languages"):
                (here / each.name).symlink_to(each)
    (root / "assets/languages").mkdir()
    for path in languages.files():
        (root / "assets/languages" / path.name).symlink_to(path)
    languages.save(root / "assets/languages" / f"{PSEUDO}.po", languages.pseudo(languages.messages(), PSEUDO))
    return root


@pytest.fixture(scope="module")
def server(root):
    server = Server(root=root, GAN_STUDIO_GRACE_SECONDS="4")
    yield server
    server.stop()


@pytest.fixture
def open_page(server, open_tab):
    def open_page(path: str) -> Page:
        page = open_tab(f"{server.url}/{path}{'&' if '?' in path else '?'}lang={PSEUDO}")
        expect(page.locator("html")).to_have_attribute("lang", PSEUDO)
        return page

    return open_page


def fits(page: Page) -> None:
    settle(page)
    assert clipped(page) == []


@pytest.mark.parametrize("path", ["", *(name for name in app_pages.NAMES if name != "home"), "train?projector=on"])
def test_no_page_is_clipped(open_page, path):
    page = open_page(path)
    found = {}
    with screens(page) as put_on:
        for size in SIZES:
            put_on(size)
            settle(page)
            found[size] = clipped(page)
    assert {size: texts for size, texts in found.items() if texts} == {}


def test_what_stands_above_a_chart_is_in_the_visitors_language_and_answers_keys(open_page):
    page = open_page("latent?look=map")
    bar = page.locator(".modebar-btn")
    expect(bar).to_have_count(3, timeout=LIVE_MS)
    for button in bar.all():
        button.hover()
        told = button.evaluate("button => getComputedStyle(button, '::after').content")
        assert told.strip('"') == button.get_attribute("aria-label") and told.startswith('"[') and told.endswith('~]"')
    seen = "() => document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range.join()"
    whole = page.evaluate(seen)
    bar.first.press("Enter")
    page.wait_for_function(f"whole => ({seen})() !== whole", arg=whole)
    bar.last.press("Enter")
    page.wait_for_function(f"whole => ({seen})() === whole", arg=whole)


def test_a_run_is_not_clipped_while_it_goes_on_nor_after(open_page):
    page = open_page("train")
    page.locator(START).click()
    expect(page.locator(".st-key-line_scores canvas")).to_be_visible(timeout=LIVE_MS)
    for view in page.locator(".st-key-view button").all():
        view.click()
        for width, height in LARGE:
            page.set_viewport_size({"width": width, "height": height})
            assert clipped(page) == []
    page.locator(STOP).click()
    expect(page.locator(STOP)).to_have_count(0)
    fits(page)


def test_what_a_link_says_is_read_letter_by_letter(open_page, server):
    evil = "![x](http://evil.example/x.png) :material/home: :red[r] :smile: $x^2$ [a](b) **b** <i>i</i>"
    page = open_page("train")
    page.goto(f"{server.url}/train?data={json.dumps(evil)[1:-1]}".replace("+", "%2B").replace("&", "%26"))
    alert = page.locator("[data-testid=stAlert]")
    expect(alert).to_be_visible()
    assert evil in alert.inner_text().replace("\u2060", "")
    told = alert.locator("[data-testid=stMarkdownContainer]")
    expect(told.locator("img, a, i, strong, .katex, [data-testid=stIconMaterial], [class*=colored]")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_on_a_button_is_cut_in_two_on_a_narrow_screen(open_tab, server, language):
    page = open_tab(f"{server.url}/train?lang={language}")
    page.set_viewport_size({"width": 1024, "height": 768})
    page.locator(START).click()
    expect(page.locator(".st-key-view button")).to_have_count(5, timeout=LIVE_MS)
    assert [fault for fault in faults(page) if "is cut in two" in fault] == []


def test_streamlits_own_english_is_not_shown_in_another_language(open_tab, server):
    page = open_tab(f"{server.url}/library?lang=es")
    page.get_by_role("button", name="Traer").click()
    place = page.get_by_test_id("stFileUploaderDropzone")
    expect(place).to_be_visible()
    expect(place.get_by_text("Upload", exact=True)).to_be_hidden()
    expect(place.get_by_text("per file")).to_be_hidden()
