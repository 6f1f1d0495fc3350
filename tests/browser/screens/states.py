"""Every page in every state, one after another as a visitor brings them about.

Each walk takes `open_tab(path)` and gives pages as they come, with the state's name and the selectors of what must be
seen there without scrolling.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, expect

from gan.records import Scores
from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.runs.live.run import watch_id
from gan.runs.server import exhibit
from gan.runs.state.limits import Limits
from gan.setup import presets
from pages.shared.words import states
from tests.brought import as_file, on_paper, zipped
from tests.browser.contests.test_contests import choose, small
from tests.browser.contests.test_versus import leave_two
from tests.browser.screens.layout import LIVE_MS, POPOVER, open_popover
from tests.browser.test_training import START, STOP, start
from tests.fakes import FakeEyes, FakeTrainer, wait_until

NAVIGATION = "[data-testid=stHeader]"
SHEETS = (".st-key-fakes canvas", ".st-key-reals canvas")
WINNING = (".situation", ".tug", ".rope")
WHAT_NOW = (".st-key-ended p", ".st-key-film button", "[class*=st-key-idea_]:nth-last-child(1) button")
BELOW = {  # what each view shows below the pictures
    "charts": (".st-key-course_of_the_detective .lines", ".st-key-course_of_losses .lines", ".model"),
    "scores": (".st-key-scoreboard .lines", ".st-key-score_numbers [class*=st-key-show_]:last-child button"),
    "networks": (".model.large .net.forger", ".model.large .net.detective"),
    "knobs": (".model.large > .knobs", ".model.large .net.forger"),  # the same view, once the run has ended
    "step": (".step, .st-key-stage [data-testid=stAlert]",),
    "past": ("[class*=st-key-past_]", ".st-key-fork button", ".st-key-course_of_losses .lines"),
}
EYE = {  # what each view of the detective's eye shows
    "why": (".st-key-fakes .pick", ".eye_picture", ".eye_verdict", ".eye_legend"),
    "paint": (".pad canvas", ".pad .undo", ".eye_verdict"),
    "next": (".eye_steps",),
    "layers": (".eye_layers section",),
    "epochs": (".lines",),
    "draw": (".pad canvas", ".pad .undo", ".eye_ladder li"),
}
LANES = "[class*=st-key-lane_] canvas"
CELL = "table.cells tbody tr:last-child button"
PIN = "2580"  # of the desk, on the servers of these walks
KEPT = 4  # runs in the full library


class State(NamedTuple):
    name: str
    page: Page
    essentials: tuple[str, ...] = ()


Open = Callable[[str], Page]
Walk = Callable[[Open], Iterator[State]]


def fill(folder: Path) -> None:
    """Keep a few runs that have ended in a library there."""
    store = open_store(folder)
    manager = RunManager(FakeTrainer, Limits(), store, FakeEyes)
    for number in range(KEPT):
        config = presets.get("quick").but(latent_size=8 * (number + 1), epochs=3)
        run = manager.starting.new(config, f"viewer {number}")
        wait_until(lambda run=run: run.snapshot().reading)
        FakeTrainer.made[-1].scores = Scores(samples=9, realism=12.5 * (number + 1), variety=5.0, precision=0.5)
        FakeTrainer.made[-1].go(3)
        assert run.wait(10)
        store.rename(run.run_id, f"Kept from the lesson on Tuesday, latent size {config.latent_size}")
    manager.stop_all()
    store.close()


def home(open_tab: Open) -> Iterator[State]:
    page = open_tab("/")
    main = ("h1", ".story", ".scene", ".st-key-begin button")
    expect(page.locator(main[-1])).to_be_visible()
    yield State("home", page, (NAVIGATION, *main))
    page.locator(".st-key-begin button").click()
    expect(page.get_by_text("The detective spots")).to_be_visible(timeout=LIVE_MS)
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("button", name="Watch your run")).to_be_visible()
    yield State("home while a run goes on", page, (NAVIGATION, *main))


def classroom(open_tab: Open) -> Iterator[State]:
    """Lessons, their words, and a class that plays on its phones."""
    page = open_tab("/lessons")
    expect(page.locator(".st-key-open_first_look button")).to_be_visible(timeout=LIVE_MS)
    yield State("lessons", page, (NAVIGATION, "h1", ".st-key-open_first_look button"))
    page.locator(".words button").click()
    yield State("the list of words", page, (".words dl",))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="The story since 2014").click()
    expect(page.locator(".st-key-cards_uses button").first).to_be_visible()
    yield State("story", page, (NAVIGATION, "h2", ".st-key-cards_timeline .recipe"))
    page.goto(re.sub("/story.*", "/train?lesson=first_look&step=1&reading_level=scientist", page.url))
    page.locator(".st-key-lesson [role=radiogroup] label").first.click()
    expect(page.locator(".st-key-verdict")).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(SHEETS[0])).to_be_visible(timeout=LIVE_MS)
    yield State("a step that was answered", page, (NAVIGATION, ".st-key-lesson h3", ".st-key-verdict"))
    game = open_tab("/game")
    game.get_by_role("button", name="Open a room").click()
    expect(game.locator(".room_code b")).to_be_visible(timeout=LIVE_MS)
    buttons = (NAVIGATION, ".room_code b", ".st-key-room_bar [data-testid=stBaseButton-primary]")
    yield State("a room", game, (*buttons, "img.qr"))
    phone = open_tab(f"/room/{game.locator('.room_code b').inner_text()}")
    expect(phone.get_by_role("status")).to_contain_text("You are in")
    game.get_by_role("button", name="Round 1").click()
    expect(phone.locator("#play")).to_be_visible(timeout=LIVE_MS)
    yield State("a phone in a round", phone)
    phone.locator("[data-say=F]").click()
    expect(game.locator(".room_pictures")).to_be_visible(timeout=LIVE_MS)
    yield State("a round", game, (*buttons, ".room_pictures"))
    game.get_by_role("button", name="Reveal").click()
    expect(game.locator(".lines")).to_be_visible(timeout=LIVE_MS)
    yield State("a round that was revealed", game, (*buttons, ".room_pictures"))
    expect(phone.get_by_role("status")).to_contain_text("right")
    yield State("a phone after a round", phone)
    game.get_by_role("button", name="Fool the detective").click()
    phone.locator("#pad").click(timeout=LIVE_MS)
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#both")).to_contain_text("Your best", timeout=LIVE_MS)
    yield State("a phone after a drawing", phone)
    expect(game.locator(".room_pictures li")).to_have_count(1, timeout=LIVE_MS)
    yield State("the best drawings of a room", game, (*buttons, ".room_pictures"))


def our_pictures(open_tab: Open) -> Iterator[State]:
    """Nothing was brought; then some, of two kinds, one picked; and the pad."""
    page, begin = open_tab("/pictures"), ".st-key-own_train button"
    expect(page.locator(begin)).to_be_visible(timeout=LIVE_MS)
    yield State("our pictures", page, (NAVIGATION, begin))
    drawings = {
        f"{kind}/{n}.png": as_file(on_paper(kind, (60 + n, 60))) for kind in ("ring", "cross") for n in range(9)
    }
    file = {"name": "set.zip", "mimeType": "application/zip", "buffer": zipped(drawings | {"notes.txt": b"no picture"})}
    page.locator("input[type=file]").set_input_files([file])
    page.locator(".picks button").first.click(timeout=LIVE_MS)
    expect(page.locator(".picks button[aria-pressed=true]")).to_be_visible(timeout=LIVE_MS)
    yield State("our pictures on the table", page, (NAVIGATION, begin, ".picks"))
    page.get_by_role("radio", name="Draw", exact=True).click()
    expect(page.locator(".pad canvas")).to_be_visible(timeout=LIVE_MS)
    yield State("our pictures, drawn", page, (NAVIGATION, begin, ".picks"))
    page.get_by_role("radio", name="The class").click()
    asked = page.get_by_label("What the class draws")
    asked.fill("ring, cross")
    asked.press("Enter")
    page.get_by_role("button", name="Let the class draw").click()
    expect(page.locator(".room_code b")).to_be_visible(timeout=LIVE_MS)
    yield State("our pictures, from the class", page, (NAVIGATION, begin, ".picks", "img.qr"))
    phone = open_tab(f"/room/{page.locator('.room_code b').inner_text()}")
    phone.locator("#pad").click(timeout=LIVE_MS)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("status")).to_contain_text("Sent: 1")
    expect(page.locator(".picks button")).to_have_count(19, timeout=LIVE_MS)
    yield State("a phone that draws", phone)


def desk(open_tab: Open) -> Iterator[State]:
    """The teacher's desk, with a run and a room to stop."""
    game = open_tab("/game")
    game.get_by_role("button", name="Open a room").click()
    start(open_tab("/train?epochs=500"))
    page = open_tab("/desk")
    pin = page.get_by_label("PIN", exact=True)
    expect(pin).to_be_visible(timeout=LIVE_MS)
    yield State("before the desk", page, (NAVIGATION, "h1", ".st-key-desk_gate button"))
    pin.fill(PIN)
    page.keyboard.press("Enter")
    page.locator(".st-key-plan_start button").click()
    expect(page.locator(".plan_clock b")).to_be_visible(timeout=LIVE_MS)
    yield State("the desk, a lesson plan", page, (NAVIGATION, ".st-key-desk_bar"))
    sides = page.locator(".st-key-desk_side button")
    sides.nth(3).click()
    expect(page.locator(".st-key-desk_sheets")).to_be_visible(timeout=LIVE_MS)
    yield State("the desk, what to print", page, (NAVIGATION, ".st-key-desk_bar"))
    sides.nth(1).click()
    stop = page.locator("[class*=st-key-desk_stop_] button")
    expect(stop.first).to_be_visible(timeout=LIVE_MS)
    yield State("the desk, what goes on", page, (NAVIGATION, ".st-key-desk_bar", ".st-key-desk_stop_all button"))
    page.get_by_role("button", name="Ready for the next class").click()
    expect(page.locator(".st-key-desk_reset_do button")).to_be_visible()
    yield State("the end of a class", page, (".st-key-desk_reset_do button", ".st-key-desk_reset_leave button"))
    page.locator(".st-key-desk_reset_do button").click()
    expect(page.get_by_text("All is ready for the next class.")).to_be_visible(timeout=LIVE_MS)
    sides.nth(2).click()
    expect(page.locator(".st-key-desk_may_start")).to_be_visible(timeout=LIVE_MS)
    yield State("the desk, visitors", page, (NAVIGATION, ".st-key-desk_bar", ".st-key-desk_may_download"))
    page = open_tab("/train?projector=on")
    expect(page.locator(SHEETS[0])).to_be_visible(timeout=LIVE_MS)
    yield State("the projector view", page, (SHEETS[0], ".projector_bar"))
    page.keyboard.press("PageDown")
    expect(page.locator(SHEETS[1])).to_be_hidden()
    yield State("one thing alone", page, (".projector_bar",))


def train(open_tab: Open) -> Iterator[State]:
    page = open_tab("/train?epochs=500")
    expect(page.locator(SHEETS[0])).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(".model .net.detective")).to_be_visible(timeout=LIVE_MS)
    networks = (".model .net.forger", ".model .net.detective", ".knob:last-child button")
    yield State("train", page, (NAVIGATION, START, *SHEETS, *networks))
    start(page)
    expect(page.locator(".rope i")).to_be_visible(timeout=LIVE_MS)
    steering = (STOP, ".st-key-pause button")
    yield from _views(page, "train during", steering, "scores", "networks", "step", "past", "charts")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".st-key-one_step button").first).to_be_visible()
    buttons = (".st-key-pause button", STOP, ".st-key-one_step button", ".st-key-one_epoch button", ".st-key-now")
    yield State("train paused", page, (NAVIGATION, *buttons, *SHEETS, *WINNING, *BELOW["charts"]))
    page.locator(STOP).click()
    expect(page.get_by_text("Stopped after")).to_be_visible()
    yield from _views(page, "train ended", (START, *WHAT_NOW), "scores", "knobs", "charts")


def _views(page: Page, name: str, buttons: tuple[str, ...], *views: str) -> Iterator[State]:
    """One view after the other."""
    for view in views:
        place = list(states.VIEWS).index("networks" if view == "knobs" else view)
        page.locator(".st-key-view button").nth(place).click()
        expect(page.locator(BELOW[view][0]).first).to_be_visible(timeout=LIVE_MS)
        yield State(f"{name}, {view}", page, (NAVIGATION, *buttons, *SHEETS, *WINNING, *BELOW[view]))


def failed(open_tab: Open) -> Iterator[State]:
    page = open_tab("/train?preset=explosion&optimizer=sgd&learning_rate=1&beta1=0.9")
    page.locator(START).click()
    expect(page.locator("[data-testid=stAlert]").first).to_be_visible(timeout=LIVE_MS)
    charts = BELOW["charts"][:2]
    yield State("train failed", page, (NAVIGATION, START, "[data-testid=stAlert]", *SHEETS, *WINNING, *charts))
    for name in ("Why?", "Cure:"):
        open_popover(page.get_by_role("button", name=name))
        yield State(f"train failed, {name}", page, (f"{POPOVER} p",))
        page.keyboard.press("Escape")
        page.locator(POPOVER).wait_for(state="detached")


def popovers(open_tab: Open) -> Iterator[State]:
    page = open_tab("/train")
    expect(page.locator(START)).to_be_enabled()
    for opens in (".st-key-share button", "[data-testid=stMainMenuButton]"):
        page.locator(opens).first.click()
        yield State(f"popover {opens}", page)
        page.keyboard.press("Escape")


def watching(open_tab: Open) -> Iterator[State]:
    teacher = open_tab("/train?epochs=500")
    start(teacher)
    teacher.locator(".st-key-share button").click()
    teacher.get_by_text("Watch this run", exact=True).click()
    link = teacher.locator(".st-key-shared code").inner_text()
    yield State("share a run", teacher, ("img.qr",))
    pupil = open_tab(re.sub("^https?://[^/]+", "", link))
    expect(pupil.locator(SHEETS[0])).to_be_visible(timeout=LIVE_MS)
    yield State("watching by a link", pupil, SHEETS)
    teacher.keyboard.press("Escape")
    teacher.locator(STOP).click()


def race(open_tab: Open) -> Iterator[State]:
    page = open_tab("/race")
    page.locator(LANES).nth(2).wait_for(timeout=LIVE_MS)
    yield State("race before", page, (NAVIGATION, ".st-key-start_race button", LANES, ".st-key-race_guess"))
    choose(page, "race_learning_rate_D", "0.01")
    page.locator(LANES).nth(3).wait_for(timeout=LIVE_MS)
    yield State("race of four before", page, (NAVIGATION, ".st-key-start_race button", LANES, ".st-key-race_guess"))
    page.get_by_role("button", name="Start the race").click()
    page.locator(".st-key-line_race_realism canvas").wait_for(timeout=LIVE_MS)
    seen = (NAVIGATION, ".standing", LANES, ".st-key-line_race_realism canvas")
    yield State("race during", page, (*seen, ".st-key-stop_race button"))
    page.get_by_role("button", name="Stop all").click()
    page.get_by_role("button", name="New race").wait_for(timeout=LIVE_MS)
    yield State("race after", page, (*seen, ".st-key-new_race button"))


def versus(open_tab: Open) -> Iterator[State]:
    page = open_tab("/versus")
    page.locator("table.versus").wait_for(timeout=LIVE_MS)
    yield State("versus before", page, (NAVIGATION, ".st-key-start_versus button", LANES))
    leave_two(page)
    page.get_by_role("button", name="Start the comparison").click()
    page.locator(".standing", has_text="is ahead at the moment").wait_for(timeout=LIVE_MS)
    seen = (NAVIGATION, ".standing", LANES, ".st-key-stop_versus button", ".st-key-line_versus_realism canvas")
    yield State("versus during", page, seen)
    page.get_by_role("button", name="Stop all").click()
    page.get_by_role("button", name="New comparison").wait_for(timeout=LIVE_MS)
    yield State("versus after", page, (NAVIGATION, ".st-key-new_versus button", LANES, "table.versus"))


def sweep(open_tab: Open) -> Iterator[State]:
    page = open_tab("/sweep")
    page.locator("table.cells button").nth(8).wait_for(timeout=LIVE_MS)
    yield State("sweep before", page, (NAVIGATION, ".st-key-start_sweep button", CELL))
    small(page, "sweep")
    for key in ("sweep_learning_rate_3", "sweep_latent_size_3"):
        choose(page, key, "0.01" if "rate" in key else "16")
    page.locator("table.cells button").nth(15).wait_for(timeout=LIVE_MS)
    yield State("sweep of sixteen before", page, (NAVIGATION, ".st-key-start_sweep button", CELL))
    page.get_by_role("button", name="Start the sweep").click()
    page.locator("table.cells img:not([hidden])").first.wait_for(timeout=LIVE_MS)
    yield State("sweep during", page, (NAVIGATION, ".standing", ".st-key-stop_sweep button", CELL))
    page.get_by_role("button", name="Stop all").click()
    page.get_by_role("button", name="New sweep").wait_for(timeout=LIVE_MS)
    yield State("sweep after", page, (NAVIGATION, ".standing", ".st-key-new_sweep button", CELL))


def compare(open_tab: Open) -> Iterator[State]:
    page = open_tab("/compare")
    expect(page.locator("[data-testid=stMultiSelect] input")).to_be_visible()
    yield State("compare without runs", page, (NAVIGATION, "[data-testid=stMultiSelect]"))
    page = open_tab("/library")
    page.locator(".st-key-search input").fill("from the lesson")
    page.keyboard.press("Enter")
    rows = page.locator("[class*=st-key-run_]").filter(has_text="from the lesson")
    expect(rows).to_have_count(KEPT)
    keys = rows.evaluate_all("rows => rows.map(row => [...row.classList].find(name => name.startsWith('st-key-run_')))")
    names = [key.removeprefix("st-key-run_") for key in keys]
    for count in (2, KEPT):
        page = open_tab(f"/compare?runs={','.join(names[:count])}")
        expect(page.locator(".js-plotly-plot .scatterlayer path").first).to_be_attached(timeout=LIVE_MS)
        seen = (".js-plotly-plot", "table.compare", LANES)
        yield State(f"compare {count} runs", page, (NAVIGATION, *seen))


def detective(open_tab: Open) -> Iterator[State]:
    """All views of the example run; a drawing is made first."""
    for view, seen in EYE.items():
        page = open_tab(f"/detective?inside={watch_id(exhibit.RUN_ID)}&eye={view}&picture=fake-1")
        expect(page.locator(seen[-1]).first).to_be_visible(timeout=LIVE_MS)
        if view == "draw":
            page.locator(seen[0]).click()
            expect(page.locator(".eye_shown img")).to_be_visible(timeout=LIVE_MS)
        yield State(f"detective, {view}", page, (NAVIGATION, ".st-key-eye_view", *seen))


def library(open_tab: Open) -> Iterator[State]:
    page = open_tab("/library")
    expect(page.locator("[class*=st-key-run_]").first).to_be_visible(timeout=LIVE_MS)
    yield State("library", page, (NAVIGATION, ".st-key-search input", "[class*=st-key-open_] button"))
    for place in ("[class*=st-key-run_] [data-testid=stPopover] button", ".stMain [data-testid=stPopover] button"):
        open_popover(page.locator(place).first)
        yield State(f"library, popover {place[:20]}", page)
        page.keyboard.press("Escape")
        expect(page.locator(POPOVER)).to_have_count(0)
    page.locator(".st-key-search input").fill("nothing is called this")
    page.keyboard.press("Enter")
    expect(page.locator("[class*=st-key-run_]")).to_have_count(0)
    yield State("library, nothing found", page, (NAVIGATION, ".st-key-search input"))


def latent(open_tab: Open) -> Iterator[State]:
    page = open_tab(f"/latent?inside={watch_id(exhibit.RUN_ID)}")
    shelf = ".st-key-latent_shelf .picks"
    seen = {
        "New ones": (shelf, ".st-key-latent_more button", ".st-key-latent_new .picks"),
        "Walk": (shelf, "img.crisp"),
        "Directions": (shelf, ".sum img", ".stSlider"),
        "Mix": (shelf, ".sum img"),
        "Map": (".st-key-latent_map .js-plotly-plot .nsewdrag",),
        "Copied?": (shelf, "table.copies img"),
    }
    for view, parts in seen.items():
        page.get_by_text(view, exact=True).click()
        for part in parts:
            expect(page.locator(part).first).to_be_visible(timeout=LIVE_MS)
        yield State(f"latent space, {view}", page, (NAVIGATION, *parts))
        if view == "Mix":
            for what in ("Children", "Kinds", "How ordinary"):
                page.get_by_text(what, exact=True).click()
                expect(page.locator("[data-testid=stApp][data-test-script-state=running]")).to_have_count(0)
                yield State(f"latent space, {what}", page, (NAVIGATION, shelf))
    open_popover(page.locator(".st-key-shelf [data-testid=stPopover] button"))
    yield State("latent space, what to keep", page)


def empty_library(open_tab: Open) -> Iterator[State]:
    page = open_tab("/library")
    expect(page.get_by_role("button", name="Train one")).to_be_visible()
    yield State("library without runs", page, (NAVIGATION, ".st-key-search input", ".stMain .stButton button"))
