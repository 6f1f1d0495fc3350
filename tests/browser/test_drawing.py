"""The drawing of both networks in a real browser: what is seen, what a tap does, and that it rests for who asks."""

import re

import pytest
from playwright.sync_api import expect

from pages.shared.words import states
from tests.browser.screens.layout import place_of

LIVE_MS = 60_000
MOVES = "() => document.getAnimations().filter(a => a.effect.target?.closest('.model')).length"


def before(open_tab, server, link="", **options):
    page = open_tab(f"{server.url}/train?{link}", **options)
    expect(page.locator(".model .drawing")).to_be_visible(timeout=LIVE_MS)
    return page


def is_lit(page, name):
    """Whether something that is not all one colour is drawn on every canvas."""
    return page.evaluate(
        """(name) => [...document.querySelectorAll(name)].every((canvas) => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size > 1;
        })""",
        name,
    )


def test_the_networks_are_seen_small_and_a_tap_shows_them_large(server, open_tab):
    page = before(open_tab, server, "preset=quick")
    page.get_by_role("button", name="Start training").click()
    band = page.locator(".model:not(.large)")
    expect(band.locator(".box.forger canvas")).to_have_count(4, timeout=LIVE_MS)
    expect(band.locator(".box.detective canvas")).to_have_count(4)  # two layers, for the fake and for the real one
    assert is_lit(page, ".model .box.detective canvas")
    expect(band).to_be_in_viewport(ratio=1)
    picture = band.get_by_role("img")
    seen = picture.get_attribute("aria-label")
    assert "The forger turns 32 random numbers into a fake" in seen and "a real picture" in seen
    expect(picture).not_to_have_attribute("aria-label", seen, timeout=LIVE_MS)  # with the next readings
    page.get_by_role("button", name="Show both networks large").click()
    page.set_viewport_size({"width": 1366, "height": 900})  # on a lower screen there is no room for sizes
    large = page.locator(".model.large")
    expect(large.get_by_role("button", name="Makes it larger 16 feature maps of 14 x 14")).to_be_visible(
        timeout=LIVE_MS
    )
    large.get_by_role("button", name="Looks for patterns").first.focus()
    expect(large.locator(".about")).to_contain_text("Each map is bright where its small pattern is found")
    expect(large.locator(".knob")).to_have_count(0)  # the networks of a run stay as they are
    page.get_by_role("button", name="Stop").click()


def test_plus_and_minus_change_the_settings(server, open_tab):
    page = before(open_tab, server, "architecture=mlp&options=depth=1&latent_size=32")
    expect(page.locator(".box.forger")).to_have_count(2)
    less = page.get_by_role("button", name="1 is the least there can be")
    expect(less).to_have_attribute("aria-disabled", "true")
    less.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".model .about")).to_contain_text("is the least there can be")
    page.get_by_role("button", name="2 instead of 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".box.forger")).to_have_count(3, timeout=LIVE_MS)
    expect(page.locator(".box.detective")).to_have_count(3)
    assert page.evaluate("() => document.activeElement.closest('.knob')")  # where the focus was
    page.get_by_role("button", name="16 instead of 32").click()
    expect(page.locator(".model .noise .name")).to_contain_text("16 random numbers", timeout=LIVE_MS)
    page.wait_for_url("**latent_size=16**")


def test_after_a_run_plus_and_minus_build_the_networks_of_the_next(server, open_tab):
    page = before(open_tab, server, "architecture=mlp&options=depth=2&pictures=60&epochs=1")
    page.locator(".st-key-start button").click()
    expect(page.get_by_text("Finished after")).to_be_visible(timeout=LIVE_MS)
    page.locator(".st-key-view button").nth(list(states.VIEWS).index(states.NETWORKS)).click()
    large = page.locator(".model.large")
    expect(large.locator(".box.forger")).to_have_count(3, timeout=LIVE_MS)  # as the run has left them
    expect(page.get_by_text("As this run left them")).to_be_visible()
    more = large.get_by_role("button", name="3 instead of 2")
    lies = place_of(more)
    more.click()
    expect(page.get_by_text("Built for the next run, and untrained")).to_be_visible(timeout=LIVE_MS)
    expect(large.locator(".box.forger")).to_have_count(4, timeout=LIVE_MS)
    assert place_of(large.get_by_role("button", name="4 instead of 3")) == lies  # a second press meets it again
    expect(page).to_have_url(re.compile("depth%3D3"))
    large.get_by_role("button", name="2 instead of 3").click()
    expect(page.get_by_text("As this run left them")).to_be_visible(timeout=LIVE_MS)
    expect(large.locator(".box.forger")).to_have_count(3)


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_who_wants_no_motion_sees_all_at_once(server, open_tab, motion, moves):
    page = before(open_tab, server, "preset=pocket", reduced_motion=motion)
    if moves:
        page.wait_for_function(MOVES)
    else:
        page.wait_for_function("() => document.querySelector('.model .verdict b').textContent")
        assert page.evaluate(MOVES) == 0
    assert is_lit(page, ".model .box.forger canvas")


CUT = """(width) => {
    const root = document.querySelector('.model'), edge = root.getBoundingClientRect();
    if (innerWidth !== width || edge.right > width) return null;  // not laid out yet
    const parts = [...root.querySelectorAll('.box, .picture, .verdict, .knob, .noise')];
    return parts.filter((node) => {
        const box = node.getBoundingClientRect();
        return box.left < edge.left - 1 || box.right > edge.right + 1 || node.scrollWidth > node.clientWidth + 1;
    }).map((node) => `${node.className}: ${node.textContent}`).join() || 'nothing';
}"""
SMALL = "(button) => Math.min(button.getBoundingClientRect().width, button.getBoundingClientRect().height) < 24"


@pytest.mark.parametrize("link", ["architecture=conditional", "architecture=mlp&options=depth=6", "architecture=style"])
def test_nothing_is_cut_at_any_width(server, open_tab, link):
    page = before(open_tab, server, link)
    for width in (320, 390, 768, 1024, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.wait_for_function(CUT, arg=width).json_value() == "nothing", width
        assert not any(button.evaluate(SMALL) for button in page.locator(".model button").all())
