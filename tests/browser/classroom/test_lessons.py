"""A lesson in a real browser: said, trained, seen; left, and found again by F5, by another tab, on every screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import LIVE_MS, settle

TITLE, NEXT, VERDICT = ".st-key-lesson h3", ".st-key-lesson_next button", ".st-key-verdict"


@pytest.fixture
def lesson(server, open_tab) -> Page:
    page = open_tab(f"{server.url}/lessons")
    page.get_by_role("button", name=re.compile("What is a GAN")).click()
    expect(page.locator(TITLE)).to_have_text("Two players", timeout=LIVE_MS)
    return page


def turn(page: Page, title: str) -> None:
    settle(page)  # while a page is drawn anew, what was there stands beside what comes
    page.locator(NEXT).click()
    expect(page.locator(TITLE)).to_have_text(title, timeout=LIVE_MS)


def test_a_class_says_what_will_come_and_sees_it(lesson):
    film = lesson.locator(".st-key-lesson .film output")
    first = film.inner_text()
    lesson.wait_for_function("first => document.querySelector('.film output').textContent !== first", arg=first)
    turn(lesson, "Before it has learned")
    lesson.get_by_role("radio", name="only noise").click(force=True)
    expect(lesson.locator(VERDICT)).to_contain_text("You were right")
    turn(lesson, "Say what will come")
    expect(lesson.get_by_role("button", name="Train it now")).to_be_disabled()
    lesson.get_by_role("radio", name=re.compile("^like digits")).click(force=True)
    expect(lesson.get_by_role("button", name="Train it now")).to_be_enabled(timeout=LIVE_MS)
    settle(lesson)
    lesson.get_by_role("button", name="Train it now").click()
    expect(lesson.get_by_text("It trains.")).to_be_visible(timeout=LIVE_MS)
    expect(lesson.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    expect(lesson.locator(VERDICT)).to_be_visible(timeout=6 * LIVE_MS)  # eight epochs of a busy machine
    expect(lesson.locator(".st-key-lesson")).to_contain_text(re.compile(r"It did \d+ steps in \d+ seconds"))
    lesson.reload()
    expect(lesson.locator(VERDICT)).to_be_visible(timeout=LIVE_MS)
    lesson.get_by_role("link", name="Library").click()
    expect(lesson.get_by_role("link", name="This step is about another page")).to_be_visible(timeout=LIVE_MS)
    lesson.get_by_role("link", name="This step is about another page").click()
    turn(lesson, "Who is winning?")
    lesson.get_by_role("radio", name="almost always").click(force=True)
    expect(lesson.locator(VERDICT)).to_contain_text("You said: almost always")


def test_the_browser_remembers_where_one_was(lesson, server):
    turn(lesson, "Before it has learned")
    settle(lesson)
    another = lesson.context.new_page()  # tomorrow, without the link
    another.goto(f"{server.url}/lessons")
    expect(another.get_by_text("goes on at 2 of 5")).to_be_visible(timeout=LIVE_MS)
    another.get_by_role("button", name=re.compile("What is a GAN")).click()
    expect(another.locator(TITLE)).to_have_text("Before it has learned", timeout=LIVE_MS)


def test_by_keyboard_and_with_less_motion(server, open_tab):
    page = open_tab(f"{server.url}/train?lesson=first_look&step=1", reduced_motion="reduce")
    expect(page.locator(TITLE)).to_have_text("Before it has learned", timeout=LIVE_MS)
    settle(page)
    page.locator(".st-key-lesson [role=radiogroup] input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(VERDICT)).to_be_visible()


def test_home_plays_a_recorded_run_unless_one_wants_less_motion(server, open_tab):
    for motion, shown, still in (("no-preference", "moving", "gif"), ("reduce", "still", "png")):
        page = open_tab(server.url, reduced_motion=motion)
        image = page.locator(f".scene .{shown}")
        expect(image).to_be_visible()
        assert image.evaluate("image => image.currentSrc").startswith(f"data:image/{still}")
        expect(page.locator(".scene figure.fake img:visible")).to_have_count(1)


def test_beside_a_lesson_on_a_projector_each_network_keeps_its_row(server, open_tab):
    page = open_tab(f"{server.url}/train?lesson=first_look&step=1&said=1.1")
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(page.locator(".model.large .net.detective .box").first).to_be_visible(timeout=LIVE_MS)
    settle(page)
    for net in ("forger", "detective"):
        tops = page.locator(f".model.large .{net} .box").evaluate_all("all => all.map(one => one.offsetTop)")
        assert len(tops) > 2 and len({*tops}) == 1, net
