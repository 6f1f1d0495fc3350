"""A person at a real browser: a small race from Start to the winner, a sweep, and runs side by side."""

import re

from playwright.sync_api import Page, expect

LIVE_MS = 90_000  # until a slow machine has trained some epochs
SHEETS = "[class*=st-key-lane_] canvas[role=img]"
FAKES = "[class*=st-key-sheet_] canvas[role=img]"  # of the lanes that train
CHART = ".st-key-line_race_realism canvas"


def fits(page: Page) -> bool:
    return page.evaluate("(node => node.scrollHeight - node.clientHeight)(document.querySelector('.stMain'))") <= 0


def choose(page: Page, key: str, value: str) -> None:
    """Type a value into a box."""
    box = page.locator(f".st-key-{key} input")
    box.click()
    box.fill(value)
    page.keyboard.press("Enter")


def small(page: Page, prefix: str) -> None:
    """The fewest epochs of the smallest recipe."""
    choose(page, f"{prefix}_preset", "Pocket")
    slider = page.get_by_role("slider", name="Epochs")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(f".st-key-{prefix}_epochs").get_by_text("3", exact=True).first).to_be_visible()


def race_of_two(page: Page) -> None:
    """Small, and ready to start."""
    page.locator(SHEETS).nth(2).wait_for(timeout=LIVE_MS)
    small(page, "race")
    choose(page, "race_learning_rate_C", "none")
    expect(page.locator(SHEETS)).to_have_count(2, timeout=LIVE_MS)


def sweep_of_four(page: Page) -> None:
    """Small, and ready to start."""
    page.locator("table.cells button").nth(8).wait_for(timeout=LIVE_MS)
    small(page, "sweep")
    for key in ("sweep_learning_rate_2", "sweep_latent_size_2"):
        choose(page, key, "none")
    expect(page.locator("table.cells button")).to_have_count(4, timeout=LIVE_MS)


def test_a_race_from_start_to_the_winner_and_on_to_the_comparison(server, open_tab):
    page = open_tab(f"{server.url}/race")
    race_of_two(page)
    page.locator(".st-key-race_guess").get_by_text("B", exact=True).click()
    page.get_by_role("button", name="Start the race").click()
    page.get_by_role("button", name="Stop all").wait_for(timeout=LIVE_MS)
    expect(page.locator(FAKES)).to_have_count(2, timeout=LIVE_MS)
    expect(page.locator(CHART)).to_be_visible(timeout=LIVE_MS)
    page.evaluate(f"document.querySelectorAll('{FAKES}, {CHART}').forEach(node => node.marked = true)")
    assert fits(page)

    told = re.compile("[AB] wins? |share the first place")
    expect(page.locator(".standing", has_text=told)).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(".standing", has_text="You had guessed")).to_be_visible()
    marks = page.evaluate(f"[...document.querySelectorAll('{FAKES}, {CHART}')].map(node => node.marked)")
    assert marks == [True, True, True], "everything changes in place"
    assert fits(page)
    told = page.locator(".st-key-line_race_realism [aria-label]").first.get_attribute("aria-label")
    assert re.search(r"Realism over the epochs. Newest: A \d", told)
    page.reload()
    expect(page.locator(".standing", has_text="You had guessed")).to_be_visible(timeout=LIVE_MS)

    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".js-plotly-plot .scatterlayer path").first).to_be_visible(timeout=LIVE_MS)
    expect(page.get_by_role("rowheader", name="Learning rate")).to_be_visible()
    assert fits(page)


def test_a_race_goes_on_while_its_tab_looks_at_one_lane(server, open_tab):
    page = open_tab(f"{server.url}/race")
    page.locator(SHEETS).nth(2).wait_for(timeout=LIVE_MS)
    page.get_by_role("button", name="Start the race").click()
    page.locator(".st-key-open_B button").first.click(timeout=LIVE_MS)
    expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    assert "run=" in page.url and "race=" in page.url
    page.wait_for_timeout(6_000)  # no condition to wait for: the grace time, 4 seconds here, must pass
    page.get_by_role("link", name="Race").click()
    page.get_by_role("button", name="Stop all").click(timeout=LIVE_MS)
    page.get_by_role("button", name="New race").wait_for(timeout=LIVE_MS)
    assert page.get_by_text("out: stopped early").count() == 3, "none had been left alone"


STYLE = "(node, [name, pseudo]) => getComputedStyle(node, pseudo)[name]"
PAGE_COLOUR = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"

HAS_THEME = f"theme => parseInt(({PAGE_COLOUR})().match(/\\d+/)[0]) > 127 === (theme === 'light')"


def style(node, name: str, pseudo: str = "") -> str:
    return node.evaluate(STYLE, [name, pseudo or None])


def light(colour: str) -> float:
    """How light a colour is to the eye, 0 to 1 (WCAG's relative luminance)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def expect_the_best_to_stand_out(page) -> None:
    """Its frame against the page around it, and what parts the frame from the cell against both."""
    best = page.locator("table.cells button.best").first
    around, frame = light(page.evaluate(PAGE_COLOUR)), light(style(best, "borderTopColor"))
    bright, dark = max(around, frame), min(around, frame)
    assert (bright + 0.05) / (dark + 0.05) > 7 and style(best, "borderTopWidth") == "4px"
    assert "inset" in style(best, "boxShadow")


def expect_cells_to_look_clickable(page) -> None:
    cell = page.locator("table.cells button").first
    assert style(cell, "cursor") == "pointer" and style(cell, "content", "::after").startswith('"↗"')
    assert cell.get_attribute("title") == "Open this run"
    cell.hover()
    assert style(cell, "outlineStyle") == "solid" and style(cell.locator("b"), "textDecorationLine") == "underline"
    page.mouse.move(1, 1)
    cell.focus()
    page.keyboard.press("Tab")
    after = page.locator("table.cells button").nth(1)
    expect(after).to_be_focused()
    assert style(after, "outlineWidth") == "3px"


def test_a_sweep_fills_its_cells_and_each_leads_to_its_run(server, open_tab):
    page = open_tab(f"{server.url}/sweep")
    sweep_of_four(page)
    page.get_by_role("button", name="Start the sweep").click()
    expect(page.locator(".standing", has_text="Best: latent size")).to_be_visible(timeout=LIVE_MS)
    assert fits(page) and page.locator("table.cells img:not([hidden])").count() == 4
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(HAS_THEME, arg=theme)  # the page follows a moment later than its cells
        expect_the_best_to_stand_out(page)
    expect_cells_to_look_clickable(page)
    page.locator("table.cells button").first.click()
    expect(page.get_by_text("Finished after 3 epochs")).to_be_visible(timeout=LIVE_MS)
    page.wait_for_url(re.compile("latent_size=2&|latent_size=2$"))
