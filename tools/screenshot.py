"""Make docs/train.png: the Train page in the third epoch. Needs a Chromium on the machine.

It waits for the epoch rather than for some seconds, so that a busy machine takes no other picture than an idle one.

python -m tools.screenshot
"""

from playwright.sync_api import sync_playwright

from tools.real_server import CHROMIUM_FLAGS, ROOT, Server


def main() -> None:
    server = Server()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
            page = browser.new_page(viewport={"width": 1366, "height": 768}, color_scheme="light")
            page.goto(f"{server.url}/train")
            page.locator(".st-key-start button").click(timeout=60_000)
            page.locator(".progress b", has_text="3 of 60").wait_for(timeout=300_000)
            page.wait_for_timeout(3_000)  # some more points, and the pictures of this epoch
            page.screenshot(path=ROOT / "docs" / "train.png")
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
