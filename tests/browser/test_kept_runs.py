"""A run outlives its server, and travels as a file, in a real browser."""

import re

from playwright.sync_api import expect

from tests.browser.test_training import STOP, start
from tools.real_server import Server

OPEN = '[class*="st-key-open_"] button:has-text("Open")'


def test_a_run_outlives_a_killed_server_and_travels_as_a_file(open_tab, tmp_path):
    servers = [Server(GAN_STUDIO_LIBRARY=str(tmp_path))]
    try:
        page = open_tab(f"{servers[0].url}/train?preset=pocket&epochs=100000")
        start(page)
        expect(page.locator(".progress")).to_contain_text(re.compile(r"[2-9]\d* of 100000"))  # an epoch is done
        servers[0].kill()

        servers.append(Server(GAN_STUDIO_LIBRARY=str(tmp_path)))
        page = open_tab(f"{servers[1].url}/library")
        expect(page.get_by_text(re.compile("Interrupted · .* epoch"))).to_be_visible()
        expect(page.locator(OPEN)).to_have_accessible_name(re.compile("^Open Pocket"))  # it says which run
        page.locator(OPEN).click()
        go_on = page.get_by_role("button", name=re.compile("Go on from epoch"))
        kept = int(go_on.inner_text().split()[-1])
        go_on.click()
        page.locator(STOP).wait_for()
        expect(page.locator(".progress")).not_to_contain_text(f"{kept} of 100000")
        page.locator(STOP).click()
        expect(page.get_by_text(re.compile("Stopped after"))).to_be_visible()

        page.get_by_role("link", name="Library").click()
        page.locator('[class*="st-key-run_"] [data-testid="stPopover"] button').click()
        with page.expect_download() as saving:
            page.get_by_role("button", name="Save as a file").click()
        assert re.fullmatch(r"Pocket.*\.ganrun", saving.value.suggested_filename)
        file = tmp_path / "taken home.ganrun"
        saving.value.save_as(file)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Bring in").click()
        page.locator('input[type="file"]').set_input_files(file)
        expect(page.get_by_text("The run is in the library now.")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(OPEN)).to_have_count(2)

        sought = page.get_by_label("Search")
        sought.focus()
        page.keyboard.type("unicorn")  # nothing but letters
        expect(page.locator(OPEN)).to_have_count(0)
        expect(sought).to_be_focused()
        for _ in "unicorn":
            page.keyboard.press("Backspace")
        page.keyboard.type("pocket")
        expect(page.locator(OPEN)).to_have_count(2)

        settings = tmp_path / "settings.json"
        settings.write_text('{"latent_size": 16, "data": "doodles"}')
        page.get_by_role("button", name="Bring in").click()
        page.locator('input[type="file"]').set_input_files(settings)
        expect(page).to_have_url(re.compile("/train.*data=doodles.*latent_size=16"))
        expect(page.get_by_text("The settings from the file are on this page now.")).to_be_visible()
    finally:
        for server in servers:
            server.stop()
