"""A person at a real browser: a recorded comparison, then one's own from Start to the table."""

from playwright.sync_api import Page, expect

LIVE_MS = 180_000  # two times ten seconds of training, and drawing and measuring on a slow machine
SHEETS = "[class*=st-key-versus_] canvas[role=img]"
CHART = ".st-key-line_versus_realism canvas"


def leave_two(page: Page) -> None:
    """Of the four that are chosen."""
    for name in ("Diffusion", "Autoencoder with a detective (VAE-GAN)"):
        page.get_by_label(f"Remove {name}").click()
        expect(page.get_by_label(f"Remove {name}")).to_have_count(0)


def test_a_comparison_from_the_recorded_one_to_ones_own_table(server, open_tab):
    page = open_tab(f"{server.url}/versus")
    page.locator("table.versus thead th").nth(3).wait_for(timeout=LIVE_MS)
    page.locator(SHEETS).nth(2).wait_for()
    leave_two(page)
    slider = page.get_by_role("slider", name="Seconds of training for each")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".st-key-versus_seconds").get_by_text("10", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Start the comparison").click()

    page.get_by_role("button", name="Stop all").wait_for(timeout=LIVE_MS)
    expect(page.locator(SHEETS)).to_have_count(2, timeout=LIVE_MS)
    expect(page.locator(".standing", has_text="is ahead at the moment")).to_be_visible(timeout=LIVE_MS)
    page.evaluate(f"document.querySelectorAll('{SHEETS}, {CHART}').forEach(node => node.marked = true)")
    expect(page.locator(".lane span", has_text="9 of 10 s").first).to_be_visible(timeout=LIVE_MS)
    marks = page.evaluate(f"[...document.querySelectorAll('{SHEETS}, {CHART}')].map(node => node.marked)")
    assert marks == [True, True, True], "everything changes in place"

    page.get_by_role("button", name="New comparison").wait_for(timeout=LIVE_MS)
    expect(page.locator("table.versus thead th")).to_have_count(3)
    sharpness = page.locator("table.versus tbody tr").nth(1).locator("td")
    told = sharpness.nth(1).locator("[role=tooltip]")
    expect(told).to_be_hidden()
    sharpness.nth(1).click()
    expect(told).to_be_visible()
    box, screen = told.bounding_box(), page.viewport_size
    assert box["x"] >= 0 and box["x"] + box["width"] <= screen["width"]
    assert page.evaluate("(node => node.scrollHeight - node.clientHeight)(document.querySelector('.stMain'))") <= 0
    page.reload()
    expect(page.locator("table.versus thead th")).to_have_count(3, timeout=LIVE_MS)
