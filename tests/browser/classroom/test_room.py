"""A class against the machine in real browsers: the teacher's screen and ten pupils' devices."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import LIVE_MS

CODE, BAR = ".room_code b", ".st-key-room_bar"
PUPILS = 10


@pytest.fixture
def teacher(server, open_tab) -> Page:
    page = open_tab(f"{server.url}/game")
    page.get_by_role("button", name="Open a room").click()
    expect(page.locator(CODE)).to_be_visible(timeout=LIVE_MS)
    return page


@pytest.fixture
def join(server, teacher, open_tab):
    """`join()` is another pupil's device in the teacher's room."""

    def joined(**device) -> Page:
        page = open_tab(f"{server.url}/room/{teacher.locator(CODE).inner_text()}", **device)
        expect(page.get_by_role("status")).to_have_text(re.compile("You are in|person, or by the forger"))
        return page

    return joined


def answer(pupil: Page, ballot: str) -> None:
    expect(pupil.locator("#play")).to_be_visible(timeout=LIVE_MS)
    for letter in ballot:
        pupil.locator(f"[data-say={letter}]").click()


def test_ten_pupils_play_a_round_and_see_who_was_right(teacher, join):
    pupils = [join() for _ in range(PUPILS)]
    expect(teacher.locator(BAR)).to_contain_text(f"{PUPILS} devices are here")
    teacher.get_by_role("button", name="Round 1").click()
    for number, pupil in enumerate(pupils):
        answer(pupil, "F" * 8 if number % 2 else "RF" * 4)
    expect(pupils[0].get_by_role("status")).to_contain_text("All answered")
    expect(teacher.locator(BAR)).to_contain_text(f"{PUPILS} of {PUPILS} have answered")
    pupils[1].reload()  # it is the same device, with its answers
    expect(pupils[1].get_by_role("status")).to_contain_text("All answered")
    again = pupils[2].context.new_page()  # the tab closed, and opened again
    again.goto(pupils[2].url)
    expect(again.get_by_role("status")).to_contain_text("All answered")
    late = join()
    expect(late.locator("#play")).to_be_visible()
    expect(teacher.locator(BAR)).to_contain_text(f"{PUPILS} of {PUPILS + 1} have answered")
    teacher.get_by_role("button", name="Reveal").click()
    expect(teacher.locator(".room_pictures .fake")).not_to_have_count(0)
    expect(pupils[0].get_by_role("status")).to_have_text(re.compile(r"You had \d of 8 right"))
    expect(late.get_by_role("status")).to_contain_text("This round is over")
    expect(teacher.locator(".lines")).to_be_visible()
    teacher.get_by_role("button", name="End the room").click()
    teacher.get_by_role("button", name="Yes, end it").click()
    expect(teacher.get_by_role("button", name="Open a room")).to_be_visible(timeout=LIVE_MS)
    expect(pupils[0].get_by_role("status")).to_contain_text("The game is over")


def test_a_small_old_phone_joins_by_typing_and_by_keyboard(server, teacher, open_tab):
    phone = open_tab(f"{server.url}/room")
    phone.set_viewport_size({"width": 320, "height": 568})
    phone.get_by_label("The room's code").fill(teacher.locator(CODE).inner_text().lower())
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("You are in")
    teacher.get_by_role("button", name="Round 1").click()
    expect(phone.locator("#play")).to_be_visible(timeout=LIVE_MS)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    assert phone.locator("[data-say=F]").bounding_box()["height"] >= 44
    phone.locator("[data-say=F]").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#where")).to_contain_text("Picture 2 of 8")


def test_a_wrong_code_is_said_and_can_be_typed_again(server, open_tab):
    phone = open_tab(f"{server.url}/room/NOPE")
    expect(phone.get_by_role("status")).to_contain_text("There is no room with this code")
    expect(phone.get_by_label("The room's code")).to_be_visible()


def test_drawings_are_judged_and_the_best_stand_on_the_screen(teacher, join):
    first, second = join(), join()
    second.set_viewport_size({"width": 320, "height": 568})
    teacher.get_by_role("button", name="Fool the detective").click()
    for pupil, strokes in ((first, 1), (second, 3)):
        expect(pupil.get_by_role("status")).to_contain_text("takes for a real one", timeout=LIVE_MS)
        expect(pupil.locator("#all img")).to_have_count(4)  # what real ones look like
        pad = pupil.locator("#pad").bounding_box()
        for stroke in range(strokes):
            pupil.mouse.move(pad["x"] + 100 + 20 * stroke, pad["y"] + 40)
            pupil.mouse.down()
            pupil.mouse.move(pad["x"] + 100 + 20 * stroke, pad["y"] + 160, steps=5)
            pupil.mouse.up()
        pupil.get_by_role("button", name="Send").click()
        expect(pupil.get_by_role("status")).to_contain_text(re.compile(r"detective of epoch \d+.* finds"))
        expect(pupil.locator("#both")).to_contain_text("Your best")
    expect(teacher.locator(".room_pictures li")).to_have_count(2)
    assert second.evaluate("document.documentElement.scrollWidth") <= 320
    expect(first.locator("#device")).to_have_text("You are device 1.")
    first.reload()
    expect(first.locator("#both")).to_contain_text("Your best")
    teacher.get_by_role("button", name="Round 1").click()
    expect(first.locator("#play")).to_be_visible(timeout=LIVE_MS)
    expect(first.locator("#draw")).to_be_hidden()


def test_one_plays_alone_by_tapping(server, open_tab):
    page = open_tab(f"{server.url}/game")
    page.get_by_role("button", name="Play alone").click()
    first = page.locator(".picks button").first
    expect(first).to_have_attribute("aria-pressed", "false", timeout=LIVE_MS)
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator(".room_pictures li")).to_have_count(8)
    expect(page.locator(".room_pictures li").first).to_contain_text(re.compile("fake . seen through|real . fooled you"))


def test_a_drawing_keeps_its_kind_while_the_teacher_asks_for_others(server, open_tab):
    teacher = open_tab(f"{server.url}/pictures")
    teacher.get_by_text("The class", exact=True).click()
    asked = teacher.get_by_label("What the class draws")
    asked.fill("cat, house, cow")
    asked.press("Enter")
    teacher.get_by_role("button", name="Let the class draw").click()
    expect(teacher.locator(CODE)).to_be_visible(timeout=LIVE_MS)
    phone = open_tab(f"{server.url}/room/{teacher.locator(CODE).inner_text()}")
    chosen, send = phone.locator("#kinds [aria-pressed=true]"), phone.locator("#send")
    phone.get_by_role("button", name="house").click()
    phone.locator("#pad").focus()
    for key in (" ", *["ArrowRight"] * 5, *["ArrowDown"] * 5):
        phone.keyboard.press(key)
    expect(send).to_be_enabled()
    asked.fill("house, dog")  # the first is now what was the second
    asked.press("Enter")
    expect(phone.get_by_role("button", name="dog")).to_be_visible(timeout=LIVE_MS)
    expect(chosen).to_have_text("house")
    asked.fill("dog")
    asked.press("Enter")
    expect(phone.get_by_role("button", name="house")).to_have_count(0, timeout=LIVE_MS)
    expect(chosen).to_have_count(0)
    expect(send).to_be_disabled()
    expect(phone.get_by_role("status")).to_contain_text("Choose what you draw")
    phone.get_by_role("button", name="dog").click()
    send.click()
    expect(phone.get_by_role("status")).to_contain_text("Sent: 1")
    expect(teacher.get_by_text("dog · 1")).to_be_visible(timeout=LIVE_MS)
