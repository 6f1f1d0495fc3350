"""The Train page by the room it has, for who steers a run and for who watches one."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.screens.layout import place_of
from tests.browser.test_training import LIVE_MS, PIXELS, START, STOP, start
from tests.browser.test_watching import shared
from tools.real_server import Server

DOCK, SETTINGS = ".st-key-dock", ".st-key-settings_open label"
PICTURES = (".st-key-fakes", ".st-key-reals")


@pytest.fixture
def narrow_server():
    """A server that trains one run at a time."""
    server = Server(GAN_STUDIO_RUNS_AT_ONCE="1")
    yield server
    server.stop()


def overlap(page, first: str, second: str) -> bool:
    one, other = page.locator(first).bounding_box(), page.locator(second).bounding_box()
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 1


def shades(page) -> tuple[bool, bool]:
    """Whether the settings have a shadow at their upper and at their lower edge, where nothing is written."""
    drawn = Image.open(io.BytesIO(page.locator(DOCK).screenshot())).convert("L")
    above, below = (drawn.getpixel((1, row)) for row in (1, drawn.height - 2))
    return above < 240, below < 240


def test_the_settings_never_cover_the_pictures(server, open_tab):
    page = open_tab(f"{server.url}/train?latent_size=8")
    expect(page.locator(DOCK)).to_be_visible()
    expect(page.locator(".st-key-fakes canvas")).to_be_visible(timeout=LIVE_MS)
    height = place_of(page.locator(DOCK))["height"]
    page.locator(".st-key-group_training summary").click()
    place_of(page.locator(".st-key-epochs"))
    assert page.locator(DOCK).bounding_box()["height"] == height
    assert shades(page) == (False, True), "there is more below"
    page.locator(DOCK).evaluate("dock => dock.scrollTo(0, dock.scrollHeight)")
    assert shades(page) == (True, False), "and now above"
    assert not any(overlap(page, DOCK, pictures) for pictures in PICTURES)
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(page.locator(DOCK)).not_to_be_visible()
    page.locator(SETTINGS).click()
    expect(page.locator(DOCK)).to_be_visible()
    assert not any(overlap(page, DOCK, pictures) for pictures in PICTURES)


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)])
def test_what_matters_is_on_the_first_screen(server, open_tab, size):
    page = open_tab(f"{server.url}/train")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    start(page)
    for essential in (*PICTURES, ".rope", ".doctor", STOP, ".st-key-pause button"):
        expect(page.locator(essential).first).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-line_scores canvas")).to_be_in_viewport()
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


def test_a_pupil_on_a_phone_sees_pictures_first_and_starts_nothing_by_mistake(server, open_tab):
    teacher = open_tab(f"{server.url}/train?epochs=500")
    start(teacher)
    phone = open_tab(shared(teacher, "Watch this run"))
    phone.set_viewport_size({"width": 390, "height": 844})
    shown = (*PICTURES, ".rope", ".st-key-line_scores canvas")
    for each in shown:
        expect(phone.locator(each).first).to_be_visible(timeout=LIVE_MS)
    # All at one moment: what is drawn anew meanwhile has no place.
    tops = phone.evaluate("names => names.map(name => document.querySelector(name).getBoundingClientRect().y)", shown)
    assert tops == sorted(tops) and tops[0] < 300
    expect(phone.locator(START)).not_to_be_visible()
    expect(phone.locator(DOCK)).not_to_be_visible()
    phone.get_by_text("Train one yourself").click()
    expect(phone.locator(START)).to_be_visible()
    teacher.locator(STOP).click()
    expect(teacher.get_by_text("Stopped after")).to_be_visible()


def test_who_waits_sees_a_recorded_run(narrow_server, open_tab):
    first = open_tab(f"{narrow_server.url}/train?epochs=500")
    start(first)
    second = open_tab(f"{narrow_server.url}/train")
    second.locator(START).click()
    expect(second.get_by_text("number 1 in the queue")).to_be_visible(timeout=LIVE_MS)
    expect(second.get_by_role("img", name="fakes of a recorded run")).to_be_visible()
    second.get_by_role("slider", name="Moment of the film").focus()
    second.keyboard.press("End")
    expect(second.get_by_text("epoch 60", exact=True)).to_be_visible()
    assert first.evaluate(PIXELS)
