"""How a page lies on screens of every size: `layout.js` says what is wrong, this asks it, size by size."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

LOOK = (Path(__file__).parent / "layout.js").read_text()
TO_THE_TOP = "document.querySelector('.stMain')?.scrollTo(0, 0)"
POPOVER = "[data-testid=stPopoverBody]"
PROJECTOR, LAPTOP = (1024, 768), (1366, 768)
ZOOMED = (683, 384)  # a laptop at 200 %
DESKTOP = (LAPTOP, PROJECTOR, (1920, 1080), ZOOMED)
HANDHELD = ((768, 1024), (430, 932), (390, 844), (320, 640))  # a tablet, and phones
CLIPPED = ["Cut off:", "Beyond the screen:", "The page is"]
SETTLE_MS = 5_000  # for what slides into its place
REST_MS = 500  # in which nothing moves
LIVE_MS = 60_000  # until a slow machine has trained some epochs


@contextmanager
def screens(page: Page) -> Iterator[Callable[[tuple[int, int]], None]]:
    """What puts the page on a screen of a size, fine and touched by a finger where such are; it is not loaded anew."""
    session = page.context.new_cdp_session(page)

    def put_on(size: tuple[int, int]) -> None:
        fine = 2 if size == ZOOMED or size in HANDHELD else 1
        session.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": fine, "mobile": size in HANDHELD},
        )

    try:
        yield put_on
    finally:
        session.send("Emulation.clearDeviceMetricsOverride")
        session.detach()


def settle(page: Page) -> None:
    """Wait until the page has been drawn."""
    expect(page.locator("[data-testid=stSpinner]")).to_have_count(0, timeout=LIVE_MS)
    expect(page.locator("[data-testid=stApp][data-test-script-state=running]")).to_have_count(0, timeout=LIVE_MS)


def place_of(element: Locator) -> FloatRect:
    """Where the element lies, once it has come to rest: parts of a page that come late push others aside."""
    element.evaluate(
        """async (node, ms) => {
          let last = "", since = 0;
          do {
            const { x, y, width, height } = node.getBoundingClientRect(), place = [x, y, width, height].join();
            if (place !== last) [last, since] = [place, performance.now()];
            await new Promise(requestAnimationFrame);
          } while (performance.now() - since < ms);
        }""",
        REST_MS,
    )
    return element.bounding_box()


def insist(press: Callable[[], object], follows: Callable[[], object]) -> None:
    """Press until what follows is there: a page that is drawn anew in that moment shuts what has just been opened."""
    until = monotonic() + LIVE_MS / 1000
    while True:
        press()
        try:
            follows()
            return
        except TimeoutError:
            if monotonic() > until:
                raise


def choose(box: Locator, option: str) -> None:
    """Choose an option of a list."""
    found = box.page.get_by_role("option", name=option, exact=True)
    insist(box.click, lambda: found.click(timeout=SETTLE_MS))


def open_popover(button: Locator, inside: str = "*") -> None:
    """Open a popover that is shut, until what is `inside` can be seen."""
    page = button.page

    def press() -> None:
        page.keyboard.press("Escape")
        page.locator(POPOVER).wait_for(state="detached")
        button.click()

    insist(press, lambda: page.locator(f"{POPOVER} {inside}").first.wait_for(timeout=SETTLE_MS))


def faults(page: Page, essentials: Sequence[str] = ()) -> list[str]:
    """What is wrong now, and stays wrong for a while; `essentials` are what must be seen without scrolling."""
    try:
        page.wait_for_function(f"essentials => !({LOOK})(essentials).length", arg=list(essentials), timeout=SETTLE_MS)
    except TimeoutError:
        return page.evaluate(LOOK, list(essentials))
    return []


def clipped(page: Page) -> list[str]:
    """Of these, the texts that do not fit, and still do not after a while; what is chosen in a list may be longer than
    the list.
    """
    look = f"kinds => ({LOOK})([]).filter((fault) => kinds.some((kind) => fault.startsWith(kind)))"
    try:
        page.wait_for_function(f"kinds => !({look})(kinds).length", arg=CLIPPED, timeout=SETTLE_MS)
    except TimeoutError:
        return page.evaluate(look, CLIPPED)
    return []


def on_every_screen(page: Page, essentials: Sequence[str] = ()) -> dict[tuple[int, int], list[str]]:
    """What is wrong at each size at which something is."""
    found = {}
    with screens(page) as put_on:
        for size in DESKTOP + HANDHELD:
            put_on(size)
            page.evaluate(TO_THE_TOP)
            found[size] = faults(page, essentials if size in (PROJECTOR, LAPTOP) else ())
    return {size: faults for size, faults in found.items() if faults}
