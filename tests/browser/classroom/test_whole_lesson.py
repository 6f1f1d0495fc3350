"""A whole lesson, as a teacher gives it: the desk, a room, ten pupils, their pictures, a cure, a sheet, the end."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import LIVE_MS
from tools.real_server import Server

PIN, PUPILS = "a-b-c-1-2-3", 10
CODE, BAR = ".room_code b", ".st-key-room_bar"


@pytest.fixture
def school():
    server = Server(GAN_STUDIO_PIN=PIN)
    yield server
    server.stop()


def all_answer(pupils: list[Page], taps: list[str]) -> None:
    for pupil in pupils:
        for tap in taps:
            pupil.locator(tap).click(timeout=LIVE_MS)


def test_a_lesson_from_the_desk_to_the_next_class(school, open_tab):
    desk = open_tab(f"{school.url}/desk")
    desk.get_by_label("PIN", exact=True).fill(PIN, timeout=LIVE_MS)
    desk.keyboard.press("Enter")
    desk.locator(".st-key-plan_start button").click(timeout=LIVE_MS)
    expect(desk.locator(".plan_clock b")).to_be_visible(timeout=LIVE_MS)

    # A room, and a round of real pictures and fakes
    teacher = open_tab(f"{school.url}/game")
    teacher.get_by_role("button", name="Open a room").click(timeout=LIVE_MS)
    code = teacher.locator(CODE).inner_text(timeout=LIVE_MS)
    pupils = [open_tab(f"{school.url}/room/{code}") for _ in range(PUPILS)]
    expect(teacher.locator(BAR)).to_contain_text(f"{PUPILS} devices are here", timeout=LIVE_MS)
    teacher.get_by_role("button", name="Round 1").click()
    all_answer(pupils, ["[data-say=R]", "[data-say=F]"] * 4)
    expect(teacher.locator(BAR)).to_contain_text(f"{PUPILS} of {PUPILS} have answered", timeout=LIVE_MS)
    teacher.get_by_role("button", name="Reveal").click()
    expect(pupils[0].get_by_role("status")).to_have_text(re.compile(r"You had \d of 8 right"))

    # What stands on the wall is said on the desk
    teacher.get_by_role("button", name="Projector view").click()
    for key, told in (("f", "The projector is frozen."), ("b", "The projector is black.")):
        teacher.keyboard.press(key)
        expect(desk.get_by_text(told)).to_be_visible(timeout=LIVE_MS)
    teacher.keyboard.press("b")
    teacher.keyboard.press("Escape")
    expect(desk.get_by_text("The projector is")).to_have_count(0, timeout=LIVE_MS)

    # A lesson asks, the devices answer
    teacher.get_by_role("link", name="Lessons").click()
    teacher.locator(".st-key-open_first_look button").click()
    teacher.locator(".st-key-lesson_next button").click()
    teacher.locator(".st-key-ask_class button").click()
    all_answer(pupils, ["#options button:nth-child(2)"])
    expect(teacher.locator(".st-key-lesson li").nth(1)).to_contain_text(f"only noise: {PUPILS}", timeout=LIVE_MS)
    teacher.locator(".st-key-take_answer button").click()
    expect(teacher.locator(".st-key-verdict")).to_contain_text("You were right")
    teacher.locator(".st-key-leave_lesson button").click()

    # The class's own pictures
    teacher.get_by_role("link", name="Pictures").click()
    teacher.get_by_role("radio", name="The class").click()
    teacher.get_by_role("button", name="Let the class draw").click()
    expect(teacher.locator(CODE)).not_to_have_text(code, timeout=LIVE_MS)
    drawn = teacher.locator(CODE).inner_text()
    for pupil in pupils:
        pupil.goto(f"{school.url}/room/{drawn}")
        pupil.locator("#pad").click(timeout=LIVE_MS)
        pupil.get_by_role("button", name="Send").click()
        expect(pupil.get_by_role("status")).to_contain_text("Sent: 1")
    expect(teacher.locator(".picks button")).to_have_count(PUPILS, timeout=LIVE_MS)
    teacher.locator(".st-key-own_train button").click()
    expect(teacher.locator(".situation")).to_be_visible(timeout=LIVE_MS)
    teacher.get_by_role("button", name="Stop", exact=True).click()

    # A run that suffers, and its cure
    teacher.get_by_role("link", name="Lessons").click()
    teacher.locator(".st-key-open_clinic_b button").click()
    teacher.locator(".st-key-riddle [role=radiogroup] label").nth(1).click(timeout=LIVE_MS)
    expect(teacher.locator(".st-key-lesson")).to_contain_text("The doctor says", timeout=5 * LIVE_MS)
    teacher.locator(".st-key-lesson_next button").click()
    teacher.locator(".st-key-lesson_train button").click()
    expect(teacher.locator(".st-key-lesson")).to_contain_text("The doctor says", timeout=5 * LIVE_MS)

    # A sheet to print, and the end
    sides = desk.locator(".st-key-desk_side button")
    sides.nth(3).click()
    link = desk.locator(".st-key-desk_worksheets a").get_attribute("href", timeout=LIVE_MS)
    sheet = open_tab(f"{school.url}/{link.removeprefix('./')}")
    assert sheet.pdf(format="A4").startswith(b"%PDF") and sheet.locator("h1").inner_text()
    sides.nth(1).click()
    desk.get_by_role("button", name="Ready for the next class").click()
    desk.locator(".st-key-desk_reset_do button").click(timeout=LIVE_MS)
    expect(desk.get_by_text("All is ready for the next class.")).to_be_visible(timeout=LIVE_MS)
    expect(pupils[0].locator("#told")).to_have_text(re.compile("has all the drawings|no room"), timeout=LIVE_MS)
    late = open_tab(f"{school.url}/room/{code}")
    expect(late.locator("#told")).to_have_text(re.compile("The game is over|no room with this code"))
