"""The pad in a real browser: mouse, finger, stylus and keyboard, also where a page has no secure connection."""

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.screens.layout import LIVE_MS, choose, place_of

PAD = ".pad canvas"
# What phones at http://192.168... lack.
WITHOUT = "delete PointerEvent.prototype.getCoalescedEvents; delete Crypto.prototype.randomUUID;"


def opened(open_tab, example, view="draw", **options):
    page = open_tab(example("detective", eye=view), **options)
    expect(page.locator(PAD)).to_be_visible(timeout=LIVE_MS)
    place_of(page.locator(PAD))
    return page


def ink(page):
    """How many of the canvas's pixels are not as its corner is."""
    return page.locator(PAD).evaluate(
        """(canvas) => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const pixels = new Uint32Array(data.buffer);
            return pixels.filter((pixel) => pixel !== pixels[0]).length / pixels.length;
        }"""
    )


def stroke(page, *points):
    """Draw through these points, 0..1 both ways, with the mouse."""
    box = page.locator(PAD).bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def answered(page):
    """The verdict that follows the newest stroke; how many drawings were judged so far."""
    sent = page.locator(".pad").evaluate("(root) => root.pad.n")
    expect(page.locator(f".eye_verdict[data-n='{sent}']")).to_be_visible(timeout=LIVE_MS)
    return sent


SEVEN = ((0.25, 0.2), (0.7, 0.2), (0.45, 0.85))


def test_a_drawing_is_judged_stroke_by_stroke(example, open_tab):
    page = opened(open_tab, example)
    expect(page.locator(".eye_ladder li").first).to_be_visible()
    stroke(page, *SEVEN)
    first = answered(page)
    expect(page.get_by_text("The referee reads a 7")).to_be_visible()
    expect(page.get_by_text(re.compile(r"You fool \d of \d detectives"))).to_be_visible()
    assert page.locator(".eye_ladder li span").count() == page.locator(".eye_ladder li").count()
    stroke(page, (0.4, 0.5), (0.65, 0.5))
    assert answered(page) > first
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Draw something with mouse, finger or pen.")).to_be_visible()
    assert ink(page) == 0
    page.get_by_role("button", name="Undo").click()
    answered(page)
    assert ink(page) > 0.01


@pytest.mark.parametrize("kind", ["mouse", "touch", "pen"])
def test_pointers_without_a_secure_page(example, open_tab, kind):
    page = open_tab("about:blank")
    page.add_init_script(WITHOUT)
    page.goto(example("detective", eye="draw"))
    expect(page.locator(PAD)).to_be_visible(timeout=LIVE_MS)
    assert page.evaluate(
        "[PointerEvent.prototype.getCoalescedEvents, crypto.randomUUID].every((it) => it === undefined)"
    )
    pointer(page, kind, pressure=0.5)
    answered(page)
    assert ink(page) > 0.005


def pointer(page, kind, pressure):
    page.locator(PAD).evaluate(
        """(canvas, [pointerType, pressure]) => {
            canvas.setPointerCapture = () => {};  // made up pointers cannot be captured
            const box = canvas.getBoundingClientRect();
            const send = (name, x, y) => canvas.dispatchEvent(new PointerEvent(name, {
                pointerId: 7, pointerType, pressure, button: name === 'pointermove' ? -1 : 0,
                clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
            send('pointerdown', 0.2, 0.5);
            for (let n = 1; n <= 20; n++) send('pointermove', 0.2 + 0.03 * n, 0.5);
            send('pointerup', 0.8, 0.5);
        }""",
        [kind, pressure],
    )


def test_a_stylus_draws_thicker_where_it_is_pressed(example, open_tab):
    page = opened(open_tab, example)
    pointer(page, "pen", 0.1)
    light = ink(page)
    page.get_by_role("button", name="Clear").click()
    pointer(page, "pen", 0.9)
    assert ink(page) > 1.5 * light > 0


def test_a_second_finger_does_not_disturb_the_first(example, open_tab):
    page = opened(open_tab, example)
    page.locator(PAD).evaluate(
        """(canvas) => {
            canvas.setPointerCapture = () => {};
            const box = canvas.getBoundingClientRect();
            const send = (name, pointerId, x) => canvas.dispatchEvent(new PointerEvent(name, { pointerId,
                pointerType: 'touch', clientX: box.left + x * box.width, clientY: box.top + 100 }));
            send('pointerdown', 1, 0.1);
            send('pointerdown', 2, 0.9);
            send('pointermove', 2, 0.8);
            send('pointermove', 1, 0.2);
            send('pointerup', 1, 0.2);
        }"""
    )
    right = """(canvas) => {
        const half = canvas.width / 2, { data } = canvas.getContext('2d').getImageData(half, 0, half, canvas.height);
        return data.some((level, at) => at % 4 < 3 && level);
    }"""
    assert ink(page) > 0 and not page.locator(PAD).evaluate(right)


def test_the_keyboard_draws_too(example, open_tab):
    page = opened(open_tab, example)
    page.locator(PAD).focus()
    page.keyboard.press("Space")
    expect(page.locator(".pad .pen")).to_have_text("The pen is down.")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".pad .pen")).to_have_text("The pen is up.")
    answered(page)
    line = ink(page)
    assert line > 0.005
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    assert ink(page) == line  # the pen was up
    page.keyboard.press("Delete")
    assert ink(page) == 0
    page.keyboard.press("Control+z")
    assert ink(page) == line


def test_inks_and_thickness(example, open_tab):
    page = opened(open_tab, example)
    stroke(page, (0.2, 0.3), (0.8, 0.3))
    thin = ink(page)
    page.get_by_role("slider", name="Thickness").fill("24")
    stroke(page, (0.2, 0.6), (0.8, 0.6))
    assert ink(page) > 2.5 * thin
    page.get_by_role("button", name="paper (rubs out)").click()
    for row in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        stroke(page, (0.0, row), (1.0, row))
    assert ink(page) < thin


def test_a_painted_pixel_moves_the_score_and_stays_in_other_views(example, open_tab):
    page = opened(open_tab, example, "paint")
    before = pixels(page)
    stroke(page, (0.5, 0.1), (0.5, 0.9))
    answered(page)
    after = pixels(page)
    changed = int((before != after).sum())
    assert 10 <= changed <= 28 and set(np.flatnonzero((before != after).any(0))) == {14}  # one column of whole pixels
    expect(page.get_by_text(f"You have changed {changed} of 784 pixels.")).to_be_visible()
    score = page.locator(".eye_verdict b").inner_text()
    page.locator(".st-key-eye_view").get_by_text("Why?").click()
    expect(page.get_by_text("You have painted on this picture.")).to_be_visible()
    expect(page.locator(".eye_verdict b")).to_have_text(score)
    page.locator(".st-key-eye_view").get_by_text("Paint").click()
    expect(page.get_by_text(f"You have changed {changed} of 784 pixels.")).to_be_visible()
    assert np.array_equal(pixels(page), after)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("You have changed 0 of 784 pixels.")).to_be_visible()
    assert np.array_equal(pixels(page), before)


def pixels(page):
    """The pad's pixels as it would send them."""
    sent = page.locator(".pad").evaluate("(root) => root.pad.pixels()")
    return np.frombuffer(base64.b64decode(sent), np.uint8).reshape(28, 28)


def test_a_drawing_outlives_another_page_and_another_language(example, open_tab):
    page = opened(open_tab, example)
    stroke(page, *SEVEN)
    answered(page)
    drawn = ink(page)
    page.get_by_role("link", name="Library").click()
    page.locator(".st-key-search input").wait_for()
    page.get_by_role("link", name="Detective").click()
    expect(page.locator(PAD)).to_be_visible(timeout=LIVE_MS)
    expect(page.get_by_text("The referee reads a 7")).to_be_visible(timeout=LIVE_MS)
    assert ink(page) == pytest.approx(drawn, rel=0.3)  # it comes back a little coarser
    choose(page.locator(".st-key-language input"), "Español")
    expect(page.get_by_role("button", name="Deshacer")).to_be_visible(timeout=LIVE_MS)
    assert ink(page) > 0.01
