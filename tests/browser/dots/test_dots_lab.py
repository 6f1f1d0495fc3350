"""The dots lab in a real browser: a run that moves in place, dots drawn and pointed at, layers, steps in parts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from gan.data import dots
from tests.browser.screens.checks import bars, fits, what_fails
from tests.browser.screens.layout import LIVE_MS, SETTLE_MS, insist, place_of, settle
from tests.browser.screens.states import NAVIGATION, State
from tests.browser.test_training import START, STOP

PLANE = ".dots .plane canvas"
SAYS = ".dots .says"
WITHOUT_COALESCED = "delete PointerEvent.prototype.getCoalescedEvents"  # as where a page comes over plain http


def step(page: Page) -> int:
    """The step of the moment on screen."""
    return int(page.locator(PLANE).get_attribute("data-step") or -1)


def later(page: Page, than: int) -> None:
    page.wait_for_function(
        f"than => Number(document.querySelector('{PLANE}')?.dataset.step) > than", arg=than, timeout=LIVE_MS
    )


def start(page: Page) -> Page:
    page.locator(START).click()
    page.locator(STOP).wait_for(timeout=LIVE_MS)
    later(page, 0)
    return page


def picture(page: Page) -> str:
    return page.locator(PLANE).evaluate("canvas => canvas.toDataURL()")


@pytest.fixture
def lab(server, open_tab):
    page = open_tab(f"{server.url}/dots?preset=dots")
    page.locator(PLANE).wait_for(timeout=LIVE_MS)
    return page


@pytest.fixture
def still(lab):
    """A run that rests."""
    start(lab)
    lab.get_by_role("button", name="Pause").click()
    lab.get_by_role("button", name="Go on").wait_for(timeout=LIVE_MS)
    lab.wait_for_function("document.querySelector('.dots')?.queue.length === 0")
    settle(lab)
    return lab


def test_a_recorded_run_moves_before_the_first_start(lab):
    before = step(lab)
    lab.wait_for_function(f"before => document.querySelector('{PLANE}').dataset.step !== `${{before}}`", arg=before)
    assert "earlier run" in lab.locator(PLANE).get_attribute("aria-label")


def test_a_run_moves_in_place(lab):
    start(lab)
    lab.locator(PLANE).evaluate("canvas => { globalThis.first = canvas; }")
    seen = lab.evaluate(
        f"""async () => {{
          const canvas = document.querySelector('{PLANE}'), steps = new Set();
          const look = new MutationObserver(() => steps.add(canvas.dataset.step));
          look.observe(canvas, {{ attributeFilter: ['data-step'] }});
          while (steps.size < 20) await new Promise((done) => setTimeout(done, 50));
          return [...steps].map(Number);
        }}"""
    )
    assert seen == sorted(seen)
    assert lab.evaluate(f"document.querySelector('{PLANE}') === globalThis.first")
    expect(lab.locator(".progress")).to_contain_text("of 100", timeout=LIVE_MS)
    told = re.compile(r"250 fakes in the plane after [\d,]+ steps")
    expect(lab.locator(PLANE)).to_have_attribute("aria-label", told, timeout=LIVE_MS)
    lab.locator(STOP).click()
    expect(lab.get_by_text("Stopped after")).to_be_visible(timeout=LIVE_MS)


def test_layers_are_switched_at_once_and_found_again(still):
    before, chip = picture(still), still.locator(".chip[data-layer=heat]")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    still.wait_for_function(f"before => document.querySelector('{PLANE}').toDataURL() !== before", arg=before)
    still.locator(".chip[data-layer=wiring]").click()
    expect(still.locator(".dots .wiring")).to_be_hidden()
    expect(still).to_have_url(re.compile("layers=reals(,|%2C)fakes(,|%2C)arrows(&|$)"), timeout=LIVE_MS)
    still.reload()
    still.locator(PLANE).wait_for(timeout=LIVE_MS)
    expect(still.locator(".chip[data-layer=heat]")).to_have_attribute("aria-pressed", "false")
    expect(still.locator(".dots .wiring")).to_be_hidden()


def test_a_dot_that_is_pointed_at_says_what_it_is(still):
    fake = still.evaluate("[...document.querySelector('.dots').moment.fakes.slice(0, 2)]")
    box = still.locator(PLANE).bounding_box()
    x, y = ((place / 1.04 + 1) / 2 for place in (fake[0], -fake[1]))
    still.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    expect(still.locator(SAYS)).to_have_text(
        re.compile(r"A fake from the random numbers -?[\d.]+; -?[\d.]+\. .* \d+% real")
    )
    still.locator(PLANE).focus()
    still.keyboard.press("ArrowLeft")
    expect(still.locator(SAYS)).to_have_text(re.compile(r"\d+% real"))


def test_pointing_at_the_forger_bends_noise_into_its_map(still):
    still.locator(".chip[data-layer=map]").click()
    still.locator(".node.forger").hover()
    still.wait_for_function("document.querySelector('.dots').morphing === true")
    expect(still.locator(SAYS)).to_contain_text("random numbers")
    still.wait_for_function("!document.querySelector('.dots').morphing")


def test_who_wants_less_motion_sees_the_noise_as_it_is_laid_out(server, open_tab):
    page = open_tab(f"{server.url}/dots?preset=dots", reduced_motion="reduce")
    page.locator(PLANE).wait_for(timeout=LIVE_MS)
    later(page, 0)  # the film stands at its last moment
    before = step(page)
    page.locator(".node.forger").hover()
    page.wait_for_function("document.querySelector('.dots').shown")
    grid = page.evaluate("[...document.querySelector('.dots').shown.grid.slice(0, 4)]")
    assert grid == pytest.approx([-0.9, 0.9, -0.81, 0.9], abs=1e-5) and step(page) == before
    page.mouse.move(2, 2)
    page.wait_for_function("!document.querySelector('.dots').shown")


def test_one_step_is_shown_part_by_part(still):
    still.get_by_role("button", name="1 step").click()
    parts = still.locator(".dots .parts button")
    expect(parts).to_have_count(9, timeout=LIVE_MS)
    parts.nth(1).click()
    expect(parts.nth(1)).to_have_attribute("aria-current", "step")
    expect(still.locator(SAYS)).to_have_text(re.compile(r"2 of 9\. The detective finds the real ones \d+% real"))
    assert still.locator(".node.detective").evaluate("node => node.classList.contains('lit')")
    still.get_by_role("button", name="Go on").click()
    expect(still.locator(".dots .parts")).to_be_hidden(timeout=LIVE_MS)
    expect(still.locator(SAYS)).to_have_text("")


def test_what_is_turned_is_felt_by_the_run(lab):
    start(lab)
    lab.get_by_role("radio", name="Only the detective").click()
    expect(lab.get_by_role("radio", name="Only the detective")).to_be_checked()
    lab.get_by_role("button", name="Pause").click()
    lab.get_by_role("button", name="1 step").click()
    expect(lab.locator(".dots .parts button")).to_have_count(5, timeout=LIVE_MS)  # the forger has no turn


def test_slow_motion_takes_step_after_step(lab):
    start(lab)
    lab.get_by_text("Slow motion").click()
    parts = lab.locator(".dots .parts button")
    expect(parts).to_have_count(9, timeout=LIVE_MS)
    expect(lab.get_by_role("button", name="Go on")).to_be_visible()
    expect(lab.locator(SAYS)).to_have_text(re.compile(r"^2 of 9\."), timeout=LIVE_MS)  # by itself
    lab.get_by_text("Slow motion").click()
    expect(lab.locator(".dots .parts")).to_be_hidden(timeout=LIVE_MS)
    rested = step(lab)
    later(lab, rested)


def test_its_past_is_gone_back_to_and_forked(still):
    still.get_by_role("button", name="1 epoch").click()  # it may rest within its first one, and have no past yet
    now, ran = step(still), still.evaluate("document.querySelector('.dots').run")
    slider = still.get_by_role("slider", name="Back to epoch")
    insist(still.get_by_role("radio", name="Past").click, lambda: slider.wait_for(timeout=SETTLE_MS))
    slider.focus()
    still.keyboard.press("Home")
    expect(still.locator(PLANE)).to_have_attribute("data-step", "0", timeout=LIVE_MS)
    assert now > 0 and "after 0 steps" in still.locator(PLANE).get_attribute("aria-label")
    still.get_by_role("button", name="Fork from here").click()
    expect(still.get_by_role("button", name="Pause")).to_be_visible(timeout=LIVE_MS)
    still.get_by_role("radio", name="Now").click()
    still.wait_for_function(
        "ran => !document.querySelector('.dots').run.startsWith(ran) && document.querySelector('.dots').moves", arg=ran
    )
    later(still, 0)


def test_an_exhibit_begins_with_one_press_before_and_beside_a_run(lab):
    lab.locator(".st-key-begin_dots_collapse button").click()
    lab.locator(STOP).wait_for(timeout=LIVE_MS)
    later(lab, 0)
    expect(lab).to_have_url(re.compile("preset=dots_collapse(&|$)"))
    ran = lab.evaluate("document.querySelector('.dots').run")
    lab.get_by_role("button", name="Exhibits").click()
    lab.locator(".st-key-begin_dots_collapse_cured button").click()
    lab.wait_for_function("ran => document.querySelector('.dots').run !== ran", arg=ran, timeout=LIVE_MS)
    later(lab, 0)
    expect(lab).to_have_url(re.compile("preset=dots_collapse_cured(&|$)"))


PARTS = {  # what a link can hide, and where it stands beside a run
    "exhibits": "[class*=st-key-exhibits]",
    "slow": ".st-key-slow_motion",
    "layers": ".chip:visible",
    "past": ".st-key-view",
    "scores": ".st-key-scoreboard",
    "charts": ".st-key-line_dots_losses",
    "doctor": ".st-key-doctor_bar",
    "draw": ".st-key-draw",
}


@pytest.mark.parametrize("hides", [False, True], ids=["shown", "hidden"])
def test_what_a_link_hides_is_not_there(server, open_tab, hides):
    page = open_tab(f"{server.url}/dots?preset=dots" + (f"&hide={','.join(PARTS)}" if hides else ""))
    page.locator(PLANE).wait_for(timeout=LIVE_MS)
    start(page)
    expect(page.locator(".progress")).to_contain_text("of 100", timeout=LIVE_MS)
    if not hides:
        for part in PARTS.values():
            expect(page.locator(part).first).to_be_visible(timeout=LIVE_MS)
        return
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on").wait_for(timeout=LIVE_MS)
    settle(page)
    expect(page.locator(", ".join(PARTS.values()))).to_have_count(0)
    expect(page).to_have_url(re.compile("hide="))


def test_one_number_of_noise_lies_along_a_line(server, open_tab):
    page = open_tab(f"{server.url}/dots?preset=dots&latent_size=1", reduced_motion="reduce")
    page.locator(PLANE).wait_for(timeout=LIVE_MS)
    start(page)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on").wait_for(timeout=LIVE_MS)
    page.wait_for_function("document.querySelector('.dots')?.queue.length === 0")
    settle(page)
    assert page.evaluate("document.querySelector('.dots').noise.length") == 250
    fake = page.evaluate("[...document.querySelector('.dots').moment.fakes.slice(0, 2)]")
    box = place_of(page.locator(PLANE))
    x, y = ((place / 1.04 + 1) / 2 for place in (fake[0], -fake[1]))
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    expect(page.locator(SAYS)).to_have_text(re.compile(r"^A fake from the random numbers -?[\d.]+\. "))
    page.locator(".node.forger").hover()
    page.wait_for_function("document.querySelector('.dots').shown")
    grid, dots = page.evaluate("(({ grid, fakes }) => [[...grid], [...fakes]])(document.querySelector('.dots').shown)")
    for laid_out in (grid, dots):
        assert set(laid_out[1::2]) == {0} and len(set(laid_out[::2])) > 40


class TestDrawing:
    @pytest.fixture(params=["a secure page", "plain http"])
    def pad(self, server, open_tab, request):
        page = open_tab("about:blank")
        if request.param == "plain http":
            page.add_init_script(WITHOUT_COALESCED)
        page.goto(f"{server.url}/dots?preset=dots")
        page.locator(".st-key-draw button").click()
        expect(page.locator(".dots.draws")).to_be_visible(timeout=LIVE_MS)
        return page

    def test_the_whole_pad_comes_into_sight(self, server, open_tab):
        """The button for it stands below all settings."""
        page = open_tab(f"{server.url}/dots?preset=dots")
        page.locator(".st-key-draw button").scroll_into_view_if_needed()
        page.locator(".st-key-draw button").click()
        expect(page.locator(".dots.draws")).to_be_visible(timeout=LIVE_MS)
        box = place_of(page.locator(PLANE))
        assert box["y"] >= page.locator("header").first.bounding_box()["height"] and box["y"] + box["height"] <= 768

    def test_a_drawing_is_what_is_learned(self, pad):
        self.draw(pad.locator(PLANE), pad)
        expect(pad.locator(SAYS)).to_have_text(re.compile(r"Dots drawn: \d\d"))
        expect(pad).to_have_url(re.compile("drawing="), timeout=LIVE_MS)
        points = dots.points_of(re.search("drawing=([^&]+)", pad.url)[1])
        assert len(points) >= 10 and points[:, 0].min() < -0.4 and points[:, 0].max() > 0.4
        pad.get_by_role("button", name="Undo").click()
        expect(pad.locator(SAYS)).to_have_text(re.compile(r"^Dots drawn: 0\."))
        pad.locator(PLANE).focus()
        for key in ("ArrowRight", "Space", "Shift+ArrowUp", "Space"):
            pad.keyboard.press(key)
        expect(pad.locator(SAYS)).to_have_text(re.compile(r"^Dots drawn: 2\."))
        pad.get_by_role("button", name="Done").click()
        expect(pad.locator(".dots.draws")).to_have_count(0, timeout=LIVE_MS)
        start(pad)
        learned = pad.evaluate("[...document.querySelector('.dots').reals]")
        assert max(map(abs, learned)) < 0.35  # the dots lie about the two that were put near the middle

    @pytest.fixture
    def plain_pad(self, server, open_tab):
        page = open_tab(f"{server.url}/dots?preset=dots")
        page.locator(".st-key-draw button").click()
        expect(page.locator(".dots.draws")).to_be_visible(timeout=LIVE_MS)
        place_of(page.locator(PLANE))
        return page

    def test_a_second_finger_does_not_disturb_the_first(self, plain_pad):
        plain_pad.locator(PLANE).evaluate(
            """(canvas) => {
              canvas.setPointerCapture = () => {};  // made up pointers cannot be captured
              const box = canvas.getBoundingClientRect();
              const send = (name, pointerId, x, y) => canvas.dispatchEvent(new PointerEvent(name, {
                pointerId, pointerType: 'touch', button: name === 'pointermove' ? -1 : 0,
                clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
              send('pointerdown', 1, 0.2, 0.5);
              send('pointerdown', 2, 0.8, 0.2);
              for (const x of [0.3, 0.4]) { send('pointermove', 1, x, 0.5); send('pointermove', 2, 0.8, x); }
              send('pointerup', 2, 0.8, 0.4);
              send('pointermove', 1, 0.5, 0.5);
              send('pointerup', 1, 0.5, 0.5);
            }"""
        )
        (stroke,) = self.strokes(plain_pad)
        assert len(stroke) == 4 and all(abs(y) < 0.02 for _, y in stroke)
        assert [x for x, _ in stroke] == sorted(x for x, _ in stroke)
        expect(plain_pad.locator(SAYS)).to_have_text(re.compile(r"^Dots drawn: 4\."))

    def test_a_pen_draws(self, plain_pad):
        at, pen = self.places(plain_pad), self.sender(plain_pad, "Input.dispatchMouseEvent")
        told = {"pointerType": "pen", "button": "left", "force": 0.5}
        pen(type="mousePressed", buttons=1, **told, **at(0.2, 0.5))
        for x in (0.3, 0.4, 0.5):
            pen(type="mouseMoved", buttons=1, **told, **at(x, 0.5))
        pen(type="mouseReleased", buttons=0, **told, **at(0.5, 0.5))
        assert [len(stroke) for stroke in self.strokes(plain_pad)] == [4]
        expect(plain_pad.locator(SAYS)).to_have_text(re.compile(r"^Dots drawn: 4\."))

    def test_a_right_click_draws_nothing(self, plain_pad):
        at = self.places(plain_pad)
        plain_pad.mouse.move(*at(0.3, 0.5).values())
        plain_pad.mouse.down(button="right")
        plain_pad.mouse.move(*at(0.6, 0.5).values(), steps=5)
        plain_pad.mouse.up(button="right")
        assert self.strokes(plain_pad) == []
        plain_pad.mouse.click(*at(0.7, 0.5).values())
        expect(plain_pad.locator(SAYS)).to_have_text(re.compile(r"^Dots drawn: 1\."))

    def places(self, page: Page):
        """Where parts of the plane, 0..1 both ways, lie on screen."""
        box = page.locator(PLANE).bounding_box()
        return lambda x, y: {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}

    def sender(self, page: Page, what: str):
        """The browser's own way to real pointers that Playwright has no hands for."""
        session = page.context.new_cdp_session(page)
        return lambda **told: session.send(what, told)

    def strokes(self, page: Page) -> list:
        return page.evaluate("document.querySelector('.dots').pen.strokes")

    def draw(self, plane: Locator, page: Page) -> None:
        box = place_of(plane)
        page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.4 * box["height"], steps=30)
        page.mouse.up()


def states(open_tab) -> Iterator[State]:
    page = open_tab("/dots?preset=dots&epochs=1000")  # it must not end while every screen is looked at
    for part in (PLANE, START):
        page.locator(part).wait_for(timeout=LIVE_MS)
    yield State("dots before", page, (NAVIGATION, START, PLANE))
    start(page)
    page.locator(".st-key-score_numbers button").first.wait_for(timeout=LIVE_MS)
    yield State("dots during", page, (NAVIGATION, STOP, PLANE))
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible(timeout=LIVE_MS)
    yield State("dots ended", page, (NAVIGATION, PLANE))


def test_it_fits_every_screen_and_keeps_nobody_out(server, open_tab):
    assert what_fails(states, lambda path: open_tab(server.url + path), fits, bars) == {}
