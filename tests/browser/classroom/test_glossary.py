"""The glossary behind the words of a page: by mouse, by tap, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import LIVE_MS

TERM = """word => {
  for (const { startContainer, startOffset, endOffset } of CSS.highlights.get("glossary") ?? []) {
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(startContainer, endOffset);
    const { x, y, width, height } = range.getBoundingClientRect();
    if (range.toString() === word && width) return [x + width / 2, y + height / 2];
  }
}"""
BUBBLE = "[role=tooltip].glossary"


def place_of_word(page: Page, word: str) -> list[float]:
    return page.wait_for_function(TERM, arg=word, timeout=LIVE_MS).json_value()


@pytest.fixture
def home(server, open_tab) -> Page:
    return open_tab(f"{server.url}/")


def test_pointing_at_a_word_explains_it(home):
    home.mouse.move(*place_of_word(home, "discriminator"))
    expect(home.locator(BUBBLE)).to_contain_text("The network that judges.")
    home.mouse.move(5, 400)
    expect(home.locator(BUBBLE)).to_have_count(0)
    home.mouse.move(*place_of_word(home, "forger"))
    expect(home.locator(BUBBLE)).to_contain_text("The network that draws.")
    home.keyboard.press("Escape")
    expect(home.locator(BUBBLE)).to_have_count(0)


def test_a_tap_explains_it_too_and_words_on_buttons_are_left_alone(server, open_tab):
    page = open_tab(f"{server.url}/?lang=es", has_touch=True)
    page.touchscreen.tap(*place_of_word(page, "falsificador"))
    expect(page.locator(BUBBLE)).to_contain_text("La red que dibuja.")
    page.touchscreen.tap(5, 400)
    expect(page.locator(BUBBLE)).to_have_count(0)
    assert page.evaluate(
        """[...CSS.highlights.get("glossary")].every(
          ({ startContainer: { parentElement } }) => !parentElement.closest("a, button"))"""
    )


def test_the_list_of_words_opens_by_keyboard(home):
    button = home.get_by_role("button", name="Words")
    button.focus()
    home.keyboard.press("Enter")
    expect(home.get_by_text("Too small, and nothing happens")).to_be_visible()


def test_words_are_found_again_when_a_page_changes_its_text(server, open_tab):
    page = open_tab(f"{server.url}/train?lesson=first_look&step=0")
    place_of_word(page, "detective")
    page.locator(".st-key-lesson_next button").click()
    place_of_word(page, "forger")
