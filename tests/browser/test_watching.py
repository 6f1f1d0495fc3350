"""A teacher shares a run, a pupil watches it, in two real browsers."""

import io
import re

import segno
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_training import LIVE_MS, PIXELS, SCORES, START, STOP, start, wait_for_change

VIEWS = {  # each with what only it shows
    "Scores": ".st-key-line_score_realism canvas",
    "Nets": ".st-key-model_large",
    "Step": "text=A step is shown here while",
    "Past": "text=of 24 spotted",
    "Charts": SCORES,
}
SHARE, CODE = ".st-key-share button", "img.qr"


def shared(page: Page, what: str) -> str:
    """Open Share; the link there, as this machine's browser may open it."""
    page.locator(SHARE).click()
    page.get_by_text(what, exact=True).click()
    expect(page.locator(CODE)).to_be_visible()
    link = page.locator(".st-key-shared code").inner_text()
    check_code(page, link)
    page.keyboard.press("Escape")
    expect(page.locator(CODE)).to_have_count(0)
    return re.sub("//[^:/]+", "//localhost", link)


def check_code(page: Page, link: str) -> None:
    """The pixels on the screen are this link's QR code, large, and whole in the window."""
    code = page.locator(CODE)
    expect(code).to_have_attribute("alt", link)
    expect(code).to_be_in_viewport(ratio=1)
    assert code.bounding_box()["height"] > 450
    picture = Image.open(io.BytesIO(code.screenshot())).convert("L")
    squares = [list(row) for row in segno.make(link, micro=False).matrix_iter(border=4)]
    count, size = len(squares), picture.width
    for y, row in enumerate(squares):
        for x, is_dark in enumerate(row):
            centre = picture.getpixel((int((x + 0.5) * size / count), int((y + 0.5) * size / count)))
            assert (centre < 64) if is_dark else (centre > 192), (x, y)


def test_a_pupil_watches_and_cannot_stop_the_run(server, open_tab):
    teacher = open_tab(f"{server.url}/train?epochs=500")
    start(teacher)
    run_id = re.search("run=([0-9a-f]+)", teacher.url)[1]
    link = shared(teacher, "Watch this run")
    assert run_id not in link

    pupil = open_tab("about:blank")
    received = []
    pupil.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    pupil.goto(link)
    expect(pupil.get_by_text("You are watching.")).to_be_visible()
    wait_for_change(pupil, PIXELS)
    expect(pupil.locator(START)).not_to_be_visible()
    assert pupil.locator(STOP).count() == 0 and pupil.get_by_role("button", name="Pause").count() == 0
    for view, there in VIEWS.items():
        pupil.get_by_text(view, exact=True).first.click()
        expect(pupil.locator(there).first).to_be_visible(timeout=LIVE_MS)
    pupil.reload()
    expect(pupil.get_by_text("You are watching.")).to_be_visible()
    pupil.get_by_role("link", name="Home").click()
    pupil.get_by_role("button", name="Watch the run").click()
    expect(pupil.get_by_text("You are watching.")).to_be_visible()
    assert link.split("?")[1] in pupil.url and "run=" not in pupil.url

    teacher.locator(STOP).click()
    expect(pupil.get_by_text("Stopped after")).to_be_visible(timeout=LIVE_MS)
    assert len(received) > 10 and not [frame for frame in received if run_id.encode() in _bytes(frame)]

    pupil.get_by_text("Train one yourself").click()
    pupil.locator(START).click()
    expect(pupil.locator(STOP)).to_be_visible(timeout=LIVE_MS)
    pupil.wait_for_url("**run=*")
    assert "watch=" not in pupil.url
    pupil.locator(STOP).click()
    expect(pupil.get_by_text("Stopped")).to_be_visible()


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


def test_shared_settings_open_elsewhere_as_they_are(server, open_tab):
    here = open_tab(f"{server.url}/train?preset=pocket&classes=3,7&stabilisers=r1=0.5&latent_size=50")
    here.locator(START).wait_for()
    there = open_tab(shared(here, "These settings"))
    expect(there.locator(".st-key-latent_size").get_by_text("50", exact=True)).to_be_visible(timeout=LIVE_MS)
    there.locator(".st-key-group_training summary").click()
    expect(there.locator(".st-key-classes").get_by_text("3", exact=True)).to_be_visible()
    there.locator(".st-key-group_stabilisers summary").click()
    expect(there.locator(".st-key-use_r1 input")).to_be_checked()
    assert there.url == here.url
