"""The latent space in a real browser: tap, drag, hover, save; every view, by mouse and by keyboard."""

import csv
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from gan.runs.live.run import watch_id
from gan.runs.server.exhibit import RUN_ID
from tests.browser.screens.layout import choose

EXHIBIT = watch_id(RUN_ID)
SHELF, NEW = ".st-key-latent_shelf .picks button", ".st-key-latent_new .picks button"


@pytest.fixture
def looking(example, open_tab):
    """`looking(view)` opens a tab on a view of the run that comes with the project."""

    def looking(view: str) -> Page:
        page = open_tab(example("latent", look=view))
        expect(page.locator("[data-testid=stSegmentedControl], [data-testid=stButtonGroup]").first).to_be_visible()
        return page

    return looking


def picture(place: Locator) -> str:
    """The pixels of a picture that the browser drew."""
    return place.evaluate("node => (node.querySelector('canvas') ?? node).toDataURL()")


def letter(page: Page, mark: str) -> Locator:
    return page.locator(f"{SHELF}[data-mark={mark}]")


def saved(page: Page, press: Locator) -> bytes:
    with page.expect_download() as download:
        press.click()
    return download.value.path().read_bytes()


def test_a_tap_picks_a_picture_and_makes_it_a(looking):
    page = looking("new")
    expect(page.locator(NEW)).to_have_count(64)
    expect(page.locator(SHELF)).to_have_count(4)
    tapped, before = page.locator(NEW).nth(20), picture(letter(page, "A"))
    tapped.click()
    expect(page.locator(SHELF)).to_have_count(5)
    assert picture(letter(page, "A")) == picture(tapped) and picture(letter(page, "B")) == before
    expect(tapped).to_have_attribute("aria-pressed", "true")
    tapped.click()  # and puts it back
    expect(page.locator(SHELF)).to_have_count(4)
    expect(tapped).to_have_attribute("aria-pressed", "false")


def test_64_new_ones_as_often_as_one_likes_also_by_keyboard(looking):
    page = looking("new")
    expect(page.locator(NEW)).to_have_count(64)
    seen = {picture(page.locator(NEW).nth(3))}
    for number in (1, 2):
        page.get_by_role("button", name="64 new ones").press("Enter")
        expect(page.get_by_role("spinbutton", name="Seed")).to_have_value(str(number))
        expect(page.locator(NEW).nth(3)).to_have_attribute("aria-label", re.compile(f"seed {number}"))
        seen.add(picture(page.locator(NEW).nth(3)))
    assert len(seen) == 3
    page.locator(NEW).nth(3).press("Space")
    expect(letter(page, "A")).to_have_attribute("aria-label", "seed 2, number 3, A")


def test_picks_are_saved_as_pictures_and_numbers(looking):
    page = looking("new")
    page.get_by_role("button", name="Keep").click()
    sheet = Image.open(io.BytesIO(saved(page, page.get_by_role("button", name="Save as pictures"))))
    assert sheet.size == (4 * 112 + 3 * 2, 112)
    rows = list(
        csv.DictReader(io.StringIO(saved(page, page.get_by_role("button", name="Save their numbers")).decode()))
    )
    assert sorted(row["number"] for row in rows) == ["0", "1", "2", "3"] and len(rows[0]) == 3 + 32


def test_a_walk_follows_the_slider_and_goes_home_as_gif(looking):
    page = looking("walk")
    film = page.locator(".st-key-latent_film .film")
    slider, image = film.locator("input"), film.locator("img")
    slider.fill("0")
    first = image.get_attribute("src")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    seen = set()
    for share in (0.3, 0.5, 0.7, 0.98):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        seen.add(image.get_attribute("src"))
    page.mouse.up()
    assert len(seen) == 4 and first not in seen
    expect(film.locator("output")).to_contain_text("% of the way")
    film_home = Image.open(io.BytesIO(saved(page, page.get_by_role("button", name="Take it home"))))
    assert film_home.format == "GIF" and film_home.n_frames > 20
    page.get_by_text("Three at once").click()
    expect(page.locator("img[alt^='Walk ']")).to_have_count(3)


def test_dragging_a_direction_changes_the_picture_which_can_be_picked(looking):
    page = looking("directions")
    moved = page.locator("img[alt='moved by the sliders']")
    expect(moved).to_be_visible()
    before = moved.get_attribute("src")
    thumb = page.get_by_role("slider", name=re.compile("^1:")).locator("xpath=../..")
    box = thumb.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    expect(moved).not_to_have_attribute("src", before)
    page.get_by_role("button", name="Pick it").click()
    expect(page.locator(SHELF)).to_have_count(5)
    expect(letter(page, "A")).to_have_attribute("aria-label", "made here, A")


def test_a_child_becomes_a_parent(looking):
    page = looking("mix")
    page.get_by_text("Children", exact=True).click()
    children = page.locator(".st-key-latent_children .picks button")
    expect(children).to_have_count(9)
    child = picture(children.nth(4))
    children.nth(4).click()
    expect(page.locator(SHELF)).to_have_count(5)
    assert picture(letter(page, "A")) == child
    page.get_by_text("Kinds", exact=True).click()
    expect(page.locator(".st-key-latent_kinds .picks button")).to_have_count(10)


def test_the_map_shows_the_picture_under_the_pointer_and_zooms(looking):
    page = looking("map")
    plot = page.locator(".st-key-latent_map .js-plotly-plot")
    plot.locator(".nsewdrag").wait_for(timeout=60_000)
    # Where a point is on screen, Plotly alone knows.
    place = plot.evaluate(
        """node => { const { xaxis, yaxis } = node._fullLayout, { x, y } = node._fullData[1];
            const box = node.querySelector('.nsewdrag').getBoundingClientRect();
            return [box.x + xaxis.l2p(x[0]), box.y + yaxis.l2p(y[0])]; }"""
    )
    card = page.locator(".on-map")
    expect(card).to_be_hidden()
    page.mouse.move(place[0] - 3, place[1])
    page.mouse.move(*place)
    expect(card).to_be_visible()
    number = int(card.locator("canvas").get_attribute("data-place"))
    assert 0 <= number < 2000 and len(set(picture(card.locator("canvas")))) > 10
    before = plot.evaluate("node => node._fullLayout.xaxis.range.slice()")
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        "range => { const now = document.querySelector('.st-key-latent_map .js-plotly-plot')._fullLayout.xaxis.range;"
        " return now[1] - now[0] < 0.95 * (range[1] - range[0]); }",
        arg=before,
    )
    page.get_by_text("Kind", exact=True).click()
    expect(page.get_by_text("Diamonds are fakes, rings are real pictures.")).to_be_visible()


def test_each_hand_of_mix_walk_and_map_changes_what_is_seen(looking):
    page = looking("mix")

    def changes(shown: Locator, act, what: str = "src") -> None:
        before = shown.get_attribute(what)
        act()
        expect(shown).not_to_have_attribute(what, before)

    def tab(name: str) -> None:
        page.get_by_text(name, exact=True).click()

    # Sums: what is added, what is taken away, how much
    result = page.locator(".sum figure img").last
    changes(result, lambda: choose(page.locator(".st-key-latent_plus input"), "slanted"))
    expect(page.get_by_text("average of 16 that are slanted")).to_be_visible()
    changes(result, lambda: choose(page.locator(".st-key-latent_minus input"), "nothing"))
    changes(result, lambda: page.get_by_role("slider", name="How much").press("End"))

    # Children: others, and mutants
    tab("Children")
    child = page.locator(".st-key-latent_children .picks button").nth(4)
    for act in (
        lambda: page.get_by_role("button", name="Nine others").click(),
        lambda: page.get_by_role("slider", name="Mutation").press("End"),
    ):
        before = picture(child)
        act()
        page.wait_for_function(
            "before => document.querySelectorAll('.st-key-latent_children .picks canvas')[4]?.toDataURL() !== before",
            arg=before,
        )

    # Kinds: from one to another
    tab("Kinds")
    blend = page.locator("img[alt='From 3 to 8 in 9 steps']")
    expect(blend).to_be_visible()
    three = blend.get_attribute("src")
    choose(page.locator(".st-key-latent_kind_from input"), "1")
    choose(page.locator(".st-key-latent_kind_to input"), "7")
    expect(page.locator("img[alt='From 1 to 7 in 9 steps']")).not_to_have_attribute("src", three)

    tab("How ordinary")
    fakes = page.locator("img[alt='64 fakes at this distance']")
    changes(fakes, lambda: page.get_by_role("slider", name="Distance from the middle").press("Home"))

    tab("Walk")
    tab("Three at once")
    walk = page.locator("img[alt^='Walk ']").first
    changes(walk, lambda: page.get_by_role("button", name="Three others").click())
    changes(walk, lambda: page.locator(".st-key-latent_way").get_by_text("Straight", exact=True).click())

    tab("Map")
    page.locator(".st-key-latent_map .js-plotly-plot .nsewdrag").wait_for(timeout=60_000)
    # Nothing while one map makes way for the next.
    colours = """() => {
      const chart = document.querySelector('.st-key-latent_map .js-plotly-plot');
      return chart?.data && JSON.stringify(chart.data.map((dots) => dots.marker));
    }"""
    seen = [page.wait_for_function(colours).json_value()]
    for by, legend in (
        ("How sure the referee is", "Yellow: all of it."),
        ("What the detective believes", "Yellow: all of it."),
        ("Epoch", "Dark blue: fakes of epoch 0."),
    ):
        page.locator(".st-key-latent_map_by").get_by_text(by, exact=True).click()
        expect(page.get_by_text(legend)).to_be_visible(timeout=60_000)
        new = f"(seen) => {{ const now = ({colours})(); return now && !seen.includes(now) && now; }}"
        seen.append(page.wait_for_function(new, arg=seen, timeout=60_000).json_value())


def test_the_nearest_real_pictures_and_the_view_after_f5(looking):
    page = looking("new")
    page.get_by_text("Copied?", exact=True).click()
    expect(page.locator("table.copies tbody tr")).to_have_count(4)
    expect(page).to_have_url(re.compile("look=copies"))
    page.reload()
    expect(page.locator("table.copies tbody tr")).to_have_count(4)
    expect(page).to_have_url(re.compile(f"inside={EXHIBIT}.*"))


def test_at_another_epoch_the_same_noise_shows_what_was_drawn_then(looking):
    page = looking("new")
    expect(page.locator(NEW)).to_have_count(64)
    before = picture(letter(page, "A"))
    page.get_by_role("slider", name="After epoch").press("Home")
    expect(page).to_have_url(re.compile("epoch=0"))
    page.wait_for_function(
        "before => document.querySelector('.st-key-latent_shelf [data-mark=A] canvas').toDataURL() !== before",
        arg=before,
    )
    expect(letter(page, "A")).to_have_attribute("aria-label", "seed 0, number 0, A")
