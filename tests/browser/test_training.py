"""A person at a real browser: start, watch, reload, share, stop, take home."""

import csv
import io
import json
import re
import zipfile

import numpy as np
import onnx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.screens.layout import LIVE_MS, choose

START, STOP = ".st-key-start button", ".st-key-stop button"
SCORES = ".st-key-line_scores canvas"
SHEETS = "canvas[role=img]"


def start(page: Page) -> None:
    """Press Start on the Train page and wait until the run has made its first step."""
    page.locator(START).click()
    expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(SCORES)).to_be_visible()


def alt(page: Page) -> str:
    """What the chart of beliefs says to somebody who cannot see it; it changes with every reading."""
    return page.locator(".st-key-line_scores [aria-label]").first.get_attribute("aria-label")


def wait_for_change(page: Page, script: str) -> None:
    """Wait until the value of a script in the page is no longer what it is now."""
    expect(page.locator(SCORES)).to_be_visible(timeout=LIVE_MS)
    page.wait_for_function(f"before => ({script}) !== before", arg=page.evaluate(script), timeout=LIVE_MS)


PIXELS = f"document.querySelector('{SHEETS}').toDataURL()"
CHART = f"document.querySelector('{SCORES}').toDataURL()"


def test_the_first_button_leads_to_digits_that_move_in_place(server, open_tab):
    page = open_tab(server.url)
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(SCORES)).to_be_visible()
    page.evaluate(f"document.querySelectorAll('{SHEETS}, {SCORES}').forEach(node => node.marked = true)")
    for _ in range(3):
        wait_for_change(page, PIXELS)
        wait_for_change(page, CHART)
    marks = page.evaluate(f"[...document.querySelectorAll('{SHEETS}, {SCORES}')].map(node => node.marked)")
    assert marks == [True, True, True]
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


def test_zoom_is_kept_while_the_run_moves(server, open_tab):
    page = open_tab(f"{server.url}/train")
    start(page)
    wait_for_change(page, CHART)
    box = page.locator(SCORES).bounding_box()
    labels = axis_pixels(page)
    page.mouse.move(box["x"] + 70, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 80, steps=4)
    page.mouse.up()
    page.wait_for_function(f"before => {AXIS} !== before", arg=labels)
    zoomed = axis_pixels(page)
    wait_for_change(page, PIXELS)
    wait_for_change(page, PIXELS)
    assert axis_pixels(page) == zoomed
    page.locator(STOP).click()


# The strip under the plot, where the numbers of the epochs stand; they change with the zoom alone.
AXIS = f"""(() => {{
    const canvas = document.querySelector('{SCORES}'), ratio = canvas.width / canvas.clientWidth;
    const copy = document.createElement('canvas');
    copy.width = canvas.width; copy.height = 20 * ratio;
    copy.getContext('2d').drawImage(canvas, 0, -(canvas.clientHeight - 42) * ratio);
    return copy.toDataURL();
}})()"""


def axis_pixels(page: Page) -> str:
    return page.evaluate(AXIS)


def test_reload_second_tab_and_other_pages_find_the_run_again(server, open_tab):
    page = open_tab(f"{server.url}/train")
    start(page)
    link = page.url
    assert "run=" in link
    page.reload()
    expect(page.locator(STOP)).to_be_visible()
    assert page.url == link

    other = open_tab(link)
    expect(other.locator(STOP)).to_be_visible()
    wait_for_change(other, PIXELS)

    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Watch your run").click()
    expect(page.locator(STOP)).to_be_visible()

    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()
    expect(other.get_by_text("Stopped after")).to_be_visible()


def test_settings_survive_other_pages_and_reload(server, open_tab):
    page = open_tab(f"{server.url}/train")
    page.get_by_role("slider", name="Latent size").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**latent_size=50**")
    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Start training").wait_for()
    page.get_by_role("link", name="Train").click()
    size = page.locator(".st-key-latent_size").get_by_text("50", exact=True)
    expect(size).to_be_visible(timeout=LIVE_MS)
    page.wait_for_url("**/train?**latent_size=50**")
    page.reload()
    expect(size).to_be_visible(timeout=LIVE_MS)


def test_two_tabs_train_two_runs(server, open_tab):
    first, second = open_tab(f"{server.url}/train"), open_tab(f"{server.url}/train?preset=pocket")
    start(first)
    start(second)
    assert first.url != second.url
    wait_for_change(first, PIXELS)
    second.locator(STOP).click()
    expect(second.get_by_text("Stopped after")).to_be_visible()
    wait_for_change(first, PIXELS)
    first.locator(STOP).click()
    expect(first.get_by_text("Stopped after")).to_be_visible()


def test_a_run_that_nobody_watches_ends_after_the_grace_time(server, open_tab):
    page = open_tab(f"{server.url}/train")
    start(page)
    link = page.url
    page.context.close()
    # A look at another page does not count as watching the run.
    elsewhere = open_tab(server.url)
    elsewhere.wait_for_timeout(8_000)  # no condition to wait for: the grace time itself, 4 seconds here, must pass
    again = open_tab(link)
    expect(again.get_by_text("nobody was watching")).to_be_visible()


def test_everything_can_be_taken_home(server, open_tab, tmp_path):
    page = open_tab(f"{server.url}/train?preset=quick&epochs=2&classes=1&seed=7")
    start(page)
    expect(page.get_by_text("Finished after 2 epochs")).to_be_visible(timeout=LIVE_MS)

    page.get_by_role("button", name="Take it home").click()

    def take(label: str) -> bytes:
        with page.expect_download() as download:
            page.locator(".st-key-take_home").get_by_role("button", name=label, exact=True).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path.read_bytes()

    grid = np.asarray(Image.open(io.BytesIO(take("Pictures"))))
    assert grid.shape[0] >= 8 * 28 and grid.shape[1] >= 8 * 28 and grid.std() > 10
    assert Image.open(io.BytesIO(take("Film"))).n_frames >= 3
    rows = list(csv.DictReader(io.StringIO(take("Numbers").decode())))
    assert [row["epoch"] for row in rows] == ["1", "2"] and 0 < float(rows[1]["d_fake"]) < 1
    settings = json.loads(take("Settings"))
    assert settings["seed"] == 7 and settings["classes"] == [1] and settings["epochs"] == 2
    assert b"SEED = 7 " in unpacked(take("Code"))["train.py"]
    threads = {"threads": settings["threads"]}  # a run has them, a generator has not
    assert json.loads(unpacked(take("Forger"))["config.json"]) | threads == settings
    model = onnx.load_from_string(take("Forger as ONNX"))
    assert [each.name for each in model.graph.input] == ["noise", "label"]
    assert json.loads(unpacked(take("Whole run"))["run.json"])["settings"] == settings


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return {name: files.read(name) for name in files.namelist()}


def test_the_code_can_be_had_before_anything_is_trained(server, open_tab):
    page = open_tab(f"{server.url}/train?preset=pocket&pictures=50&batch_size=8")
    with page.expect_download() as download:
        page.get_by_role("button", name="Code", exact=True).click()
    assert download.value.suggested_filename == "Pocket-pictures-50-batch-size-8-code.zip"
    with zipfile.ZipFile(download.value.path()) as files:
        assert b"BATCH_SIZE = 8 " in files.read("train.py")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_stage_fits_a_school_laptop(server, open_tab, scheme):
    page = open_tab(f"{server.url}/train?preset=quick&epochs=2&classes=1", color_scheme=scheme)
    start(page)
    expect(page.get_by_text("Finished after")).to_be_visible(timeout=LIVE_MS)
    expect(page.get_by_role("button", name="Take it home")).to_be_in_viewport(ratio=1)
    for item in page.locator("canvas[role=img], .st-key-line_scores, .st-key-line_losses").all():
        expect(item).to_be_in_viewport(ratio=1)
    scroll = page.evaluate("(node => node.scrollHeight - node.clientHeight)(document.querySelector('.stMain'))")
    assert scroll <= 0
    for picture in page.locator(SHEETS).all():
        assert picture.get_attribute("aria-label")
    assert "D(real)" in alt(page)
    page.get_by_role("button", name="Take it home").click()
    for item in page.locator(".st-key-take_home button, .st-key-take_home p").all():
        expect(item).to_be_in_viewport(ratio=1)


def test_the_keyboard_is_enough(server, open_tab):
    page = open_tab(f"{server.url}/train")
    page.locator(START).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    page.locator(STOP).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stopped after")).to_be_visible()


def test_a_link_to_a_page_works_on_a_server_that_nobody_has_visited(fresh_server, open_tab):
    page = open_tab(f"{fresh_server.url}/train?preset=pocket")
    expect(page.get_by_text("114,064")).to_be_visible(timeout=LIVE_MS)
    assert page.get_by_text("Page not found").count() == 0
    expect(page.get_by_role("link", name="Home")).to_be_visible()


def test_a_failure_is_named_and_its_cure_says_what_it_changes(server, open_tab):
    page = open_tab(f"{server.url}/train?preset=explosion")
    page.locator(START).click()
    expect(page.locator(".doctor", has_text="Doctor: Divergence.")).to_be_visible(timeout=2 * LIVE_MS)
    page.get_by_role("button", name="Cure: Learning rate 0.5 → 0.002").click()
    page.get_by_role("button", name="Cure alone").first.click()
    expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    page.wait_for_url(re.compile("preset=explosion_cured"))
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


def test_numbers_that_blow_up_are_told_and_the_cure_is_in_sight(server, open_tab):
    page = open_tab(f"{server.url}/train?preset=explosion&optimizer=sgd&learning_rate=1&beta1=0.9")
    page.locator(START).click()
    expect(page.get_by_text("The numbers blew up")).to_be_visible(timeout=LIVE_MS)
    expect(page.get_by_text("Something went wrong in the first steps.")).to_be_visible()
    cure = page.get_by_role("button", name=re.compile("Cure: "))
    expect(cure).to_be_in_viewport()
    expect(page.get_by_role("button", name=re.compile("Go on from"))).to_have_count(0)


def test_draw_me_a_seven_and_follow_a_vector_while_the_run_moves(server, open_tab):
    page = open_tab(f"{server.url}/train")
    start(page)
    before = page.evaluate(PIXELS)
    choose(page.locator(".st-key-draw_me input"), "a 7")
    page.wait_for_function(f"before => ({PIXELS}) !== before", arg=before, timeout=LIVE_MS)
    page.get_by_text("Nets", exact=True).first.click()
    networks = page.get_by_role("group", name=re.compile("The forger turns 32 random numbers into a fake"))
    expect(networks.locator(".picture.fake canvas")).to_be_visible(timeout=LIVE_MS)
    page.get_by_text("Scores", exact=True).first.click()
    expect(page.locator(".st-key-line_score_realism canvas")).to_be_visible(timeout=LIVE_MS)
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


def test_a_run_can_be_paused_stepped_changed_and_gone_on_with(server, open_tab):
    page = open_tab(f"{server.url}/train?epochs=500")
    start(page)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="1 step").wait_for()
    page.get_by_text("Step", exact=True).first.click()
    page.get_by_text("The next step is shown here").wait_for()
    told = page.locator(".step .turn > p").first
    page.get_by_role("button", name="1 step").click()
    expect(told).to_contain_text("Step ", timeout=LIVE_MS)
    before = told.inner_text()
    page.get_by_role("button", name="1 step").click()
    expect(told).not_to_have_text(before, timeout=LIVE_MS)
    number = int(re.search(r"Step ([\d,]+)", before)[1].replace(",", ""))
    expect(told).to_contain_text(f"Step {number + 1:,}")
    assert page.locator(".step li").count() == 9

    page.get_by_text("Charts", exact=True).first.click()
    page.get_by_role("slider", name="Learning rate").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Use now").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Pause").wait_for()
    expect(page.locator(".st-key-line_losses [role=img]")).to_have_attribute(
        "aria-label", re.compile("Learning rate 0.001"), timeout=LIVE_MS
    )
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()


def test_one_can_go_back_and_fork(server, open_tab):
    page = open_tab(f"{server.url}/train?epochs=500&pictures=200")
    start(page)
    page.get_by_text("Past", exact=True).first.click()
    slider = page.get_by_role("slider", name="Back to epoch")
    slider.wait_for(timeout=LIVE_MS)
    expect(page.get_by_text("of 24 spotted")).to_be_visible(timeout=LIVE_MS)
    newest = page.evaluate(PIXELS)
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("epoch 0. ")).to_be_visible(timeout=LIVE_MS)
    page.wait_for_function(f"newest => ({PIXELS}) !== newest", arg=newest, timeout=LIVE_MS)
    before = page.url
    page.get_by_role("button", name="Fork from here").click()
    page.wait_for_function("before => location.href !== before", arg=before)
    expect(page.get_by_text("The run before").first).to_be_visible(timeout=LIVE_MS)
    page.locator(STOP).click()
    expect(page.locator(START)).to_be_visible()
