"""The latent space page: each view, on the run that comes with the project and on runs of a visitor's own."""

import csv
import io
import json
import re

import numpy as np
import pytest

from gan import families
from gan.inside import latent, open_moment
from gan.inside.latent.directions import Direction
from gan.learn.trainer import Trainer
from gan.runs import Run, RunState, Snapshot, ThreadRun
from gan.runs.kept.moments import Moments
from gan.runs.server.exhibit import exhibit
from gan.setup.config import RunConfig
from pages.shared.inside import chosen
from pages.shared.inside.latent import desk, directions, map, mixtures, walks, words
from pages.shared.inside.latent.desk import Desk, Made
from tests.pages.test_train import button, texts
from tests.pages.words.screen import said


@pytest.fixture
def page(app):
    app.run()
    return app.switch_page("latent.py")


def looking(page, view: str, **state):
    page.session_state["latent_view"] = view
    for name, value in state.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def sheet(page, name: str) -> dict:
    """What a sheet of pictures was given."""
    found = [each.proto for each in page.get("bidi_component") if each.proto.component_name.endswith("picks")]
    return next(data for data in (json.loads(each.bytes) for each in found) if data["alt"] == name)


def on_desk(page) -> Desk:
    return next(iter(page.session_state["latent_desks"].values()))


def other(**settings) -> Run:
    """A run of these settings that has learned for no time at all."""
    few = {"latent_size": 8} if families.has_latent_space(settings.get("family", "gan")) else {}
    config = RunConfig.from_dict({"epochs": 2, "device": "cpu", **few, **settings})
    moments = Moments()
    moments.add(0, Trainer(config).checkpoint())
    return ThreadRun(Snapshot("other", config, state=RunState.STOPPED), moments=moments)


def test_a_generator_that_no_detective_judged_has_a_space_too(page, monkeypatch):
    run = other(family="vae", architecture="vae_mlp")
    monkeypatch.setattr(chosen, "_find", lambda name: run)
    for view in ("new", "walk", "directions", "mix", "map"):
        looking(page, view)
    colours = next(box for box in page.radio if box.key == map.BY)
    assert str(map.COLOURS[map.WHOSE]) in colours.options and str(map.COLOURS[map.BELIEF]) not in colours.options


def test_a_run_whose_pictures_are_not_made_of_a_few_numbers_has_none_and_says_so(page, monkeypatch):
    run = other(family="diffusion", architecture="denoiser_mlp")
    monkeypatch.setattr(chosen, "_find", lambda name: run)
    page.run()
    assert not page.exception and any(str(chosen.NO_SPACE) in each.value for each in page.info)


def test_it_is_alive_before_anything_was_trained(page):
    shown = looking(page, "new")
    (first,) = [box for box in shown.selectbox if box.label == str(words_of("inside.run"))]
    assert first.options == [str(chosen.EXHIBIT)] and shown.query_params["look"] in ("new", ["new"])
    assert sheet(shown, "64 new fakes of seed 0")["count"] == 64
    assert exhibit().moments.epochs[0] == 0 and len(exhibit().moments.epochs) == 8


def words_of(name: str) -> str:
    from tools import languages

    return languages.messages()[name].english


def test_the_exhibit_is_not_among_the_runs_of_the_library(page, manager):
    looking(page, "new")
    assert exhibit() not in manager.runs() and not exhibit().is_kept


@pytest.mark.parametrize("view", words.VIEWS)
def test_every_view_says_in_a_line_what_it_is(page, view):
    assert str(words.VIEWS[view].about) in texts(looking(page, view))


def test_64_new_ones_at_a_press(page):
    shown = looking(page, "new")
    before = sheet(shown, "64 new fakes of seed 0")["pixels"]
    button(shown, "64 new ones").click().run()
    after = sheet(shown, "64 new fakes of seed 1")["pixels"]
    assert before != after
    shown.number_input(key="latent_seed").set_value(0).run()
    assert sheet(shown, "64 new fakes of seed 0")["pixels"] == before


def test_a_forger_that_was_told_kinds_can_be_asked_for_one(page):
    shown = looking(page, "new")
    shown.selectbox(key="latent_kind").set_value(7).run()
    assert not shown.exception
    made = desk.new(moment_of(exhibit(), 60), 0, 4, 7)
    assert [each.kind for each in made] == [7] * 4


def moment_of(run: Run, epoch: int):
    return open_moment(run.config, run.moments.read(epoch))


def test_a_walk_has_both_ends_and_as_many_pictures_as_asked(page):
    shown = looking(page, "walk", latent_steps=7)
    assert "Along the arc" in texts(shown) and "Straight" in texts(shown)
    moment, own = moment_of(exhibit(), 60), on_desk(shown)
    strip = walks._walk(moment, [(own.a, own.b)], 7, "spherical")[0]
    ends = desk.draw(moment, [own.a, own.b])
    assert len(strip) == 7 and np.abs(strip[[0, -1]].astype(int) - ends).max() <= 1
    assert walks.gif([strip[None][:, step] for step in range(7)])[:6] == b"GIF89a"


def test_three_walks_at_once(page):
    shown = looking(page, "walk", latent_between=walks.THREE)
    assert texts(shown).count('alt="Walk') == 3
    before = texts(shown)
    button(shown, "Three others").click().run()
    assert texts(shown) != before
    arcs = re.findall(r"data:image/png;base64,[^'\"]+", texts(shown))
    shown.segmented_control(key="latent_way").set_value("straight").run()
    lines = re.findall(r"data:image/png;base64,[^'\"]+", texts(shown))
    assert not shown.exception and len(arcs) == len(lines) == 3 and not set(arcs) & set(lines)


@pytest.mark.parametrize("how", directions.HOW)
def test_each_direction_is_a_slider_that_moves_the_picture(page, how):
    shown = looking(page, "directions", latent_how=how)
    found = latent.directions_of(moment_of(exhibit(), 60), how)
    sliders = [slider for slider in shown.slider if slider.key.startswith(f"latent_{how}")]
    assert len(sliders) == len(found) == 6
    assert any("thicker" in slider.label or "leans" in slider.label for slider in sliders)
    before = texts(shown)
    sliders[0].set_value(3.0).run()
    assert texts(shown) != before
    picks = len(on_desk(shown).picks)
    button(shown, "Pick it").click().run()
    assert len(on_desk(shown).picks) == picks + 1
    button(shown, "All back to 0").click().run()
    assert [slider.value for slider in shown.slider if slider.key.startswith(f"latent_{how}")] == [0.0] * 6


@pytest.mark.parametrize(("name", "expected"), (("digits", "more like 8"), ("fashion", "more like bag")))
def test_a_direction_that_the_referee_can_tell_is_named_by_the_kind(name, expected):
    direction = Direction(np.eye(1, 8, dtype=np.float32)[0], share=0.5, spread=1.0, kind=8)
    assert str(words.change(RunConfig(data=name), direction)) == expected


def test_its_slider_says_so(page, monkeypatch):
    vector = np.eye(1, 32, dtype=np.float32)[0]
    monkeypatch.setattr(latent, "directions_of", lambda *_: [Direction(vector, 0.5, 1.0, kind=8)])
    sliders = [slider.label for slider in looking(page, "directions").slider if slider.key.startswith("latent_weights")]
    assert sliders == ["1: more like 8"]


def test_sums_of_averages(page):
    shown = looking(page, "mix")
    assert "average of 16 that are thick" in texts(shown) and "average of 16 that are thin" in texts(shown)
    shown.selectbox(key="latent_plus").set_value(("most", "slant")).run()
    assert not shown.exception and "average of 16 that are slanted" in texts(shown)
    shown.selectbox(key="latent_minus").set_value(mixtures.NOTHING).run()
    assert not shown.exception and "average of 0" not in texts(shown)


def test_children_and_others(page):
    shown = looking(page, "mix", latent_what=mixtures.CHILDREN)
    before = sheet(shown, "Nine children of A and B")
    assert before["count"] == 9
    button(shown, "Nine others").click().run()
    assert sheet(shown, "Nine children of A and B")["pixels"] != before["pixels"]


def test_kinds_and_what_lies_between_two(page):
    shown = looking(page, "mix", latent_what=mixtures.KINDS)
    assert sheet(shown, "The same noise as every kind")["count"] == 10
    assert "From 3 to 8 in 9 steps" in texts(shown)


def test_how_ordinary(page):
    shown = looking(page, "mix", latent_what=mixtures.ORDINARY)
    before = texts(shown)
    shown.slider(key="latent_truncation").set_value(0).run()
    assert texts(shown) != before and not shown.exception


@pytest.mark.parametrize("by", map.COLOURS)
def test_the_map_and_its_numbers(page, by):
    shown = looking(page, "map", latent_map_by=by)
    atlas = latent.chart(moment_of(exhibit(), 60))
    assert f"**{atlas.believable.mean():.0%}** of the fakes" in texts(shown)
    assert f"**{atlas.reached.mean():.0%}** of the real" in texts(shown)
    assert len(shown.get("plotly_chart")) == 1
    fakes = map.EPOCHS * 200 if by == map.EPOCH else 2_000  # of some kept epochs 200 each
    assert f"A map of 1,000 real pictures and {fakes:,} fakes" in "\n".join(said(shown))


@pytest.mark.parametrize("lost", ["moments", "pictures"])
def test_a_past_that_cannot_be_seen_any_more_leaves_the_map_as_it_is(page, monkeypatch, lost):
    """Thinned out, damaged, or let go of, after the page was opened."""
    open_one, asked = chosen.open_moment, []

    def open_the_first_alone(run, epoch):
        asked.append(epoch)
        return open_one(run, epoch) if len(asked) == 1 else None

    if lost == "moments":
        monkeypatch.setattr(chosen, "open_moment", open_the_first_alone)
    else:
        monkeypatch.setattr(latent, "history", lambda moments: None)
    shown = looking(page, "map", latent_map_by=map.EPOCH)
    assert "Diamonds are fakes, rings" not in texts(shown) and "Large rings are real pictures" in texts(shown)
    assert "A map of 1,000 real pictures and 2,000 fakes" in "\n".join(said(shown))


def test_how_much_is_added_stays_across_views(page):
    looking(page, "mix").slider(key="latent_strength").set_value(2.0).run()
    looking(page, "mix", latent_what=mixtures.CHILDREN)
    assert looking(page, "mix", latent_what=mixtures.SUM).slider(key="latent_strength").value == 2.0


def test_an_untrained_forger_misses_kinds(page):
    atlas = latent.chart(moment_of(exhibit(), 0))
    assert len(atlas.missing) >= 7
    found = map._sentences(moment_of(exhibit(), 0), atlas)
    assert "Missing kinds: **" in str(found[2]) and atlas.believable.mean() < 0.05


def test_the_nearest_real_pictures_beside_each_pick(page):
    shown = looking(page, "copies")
    assert texts(shown).count("Its own") + texts(shown).count("Very near") + texts(shown).count("A copy") == 8


def test_all_picks_of_a_full_desk_are_compared(page):
    own = on_desk(looking(page, "copies"))
    for each in desk.new(moment_of(exhibit(), 60), 3, desk.MOST):
        own.take(each)
    assert len(own.picks) == desk.MOST and texts(page.run()).count("data-what='Nearest real ones, pixel") == desk.MOST


def test_a_desk_keeps_two_letters_on_what_was_tapped_last():
    one, two, three = (Made(np.full(2, number, np.float32)) for number in range(3))
    own = Desk()
    for each in (one, two, three):
        own.take(each)
    assert (own.a, own.b) == (three, two) and own.marks == {2: "A", 1: "B"}
    own.take(one)
    assert (own.a, own.b) == (one, three)
    own.take(one)
    assert (own.a, own.b) == (one, three)
    own.drop(one)
    assert (own.a, own.b) == (three, two) and len(own.picks) == 2
    own.drop(three)
    assert (own.a, own.b) == (two, None)
    for number in range(30):
        own.take(Made(np.full(2, 9 + number, np.float32)))
    assert len(own.picks) == desk.MOST and own.a is own.picks[-1]


def test_picks_are_saved_as_pictures_and_as_numbers():
    moment = moment_of(exhibit(), 60)
    made = desk.new(moment, 5, 3)
    assert desk.png(moment, made)[:4] == b"\x89PNG"
    rows = list(csv.DictReader(io.StringIO(desk.numbers(made))))
    assert [row["number"] for row in rows] == ["0", "1", "2"] and rows[0]["seed"] == "5"
    np.testing.assert_allclose([float(rows[1][f"z{n}"]) for n in range(32)], made[1].noise, rtol=1e-5)


@pytest.mark.parametrize(
    "settings",
    (
        {"architecture": "style", "data": "critters"},
        {"architecture": "progressive", "data": "fashion"},
        {"architecture": "pocket", "data": "doodles", "loss": "wasserstein"},
        {"architecture": "acgan", "classes": (3, 7)},
        {"architecture": "dcgan", "picture_size": "32", "pictures": 30},
        {"architecture": "vae_class", "family": "vae"},
        {"architecture": "vae_gan_class", "family": "vae_gan", "data": "fashion"},
    ),
    ids=lambda settings: settings["architecture"],
)
def test_every_view_works_for_other_networks_and_pictures(page, settings, monkeypatch):
    run = other(**settings)
    monkeypatch.setattr(chosen, "choose", lambda *_: (run, 0))
    for view in words.VIEWS:
        looking(page, view)
    for what in mixtures.WHAT:
        looking(page, "mix", latent_what=what)


def test_what_makes_no_sense_for_some_networks_says_why(page, monkeypatch):
    run = other(architecture="progressive")
    monkeypatch.setattr(chosen, "choose", lambda *_: (run, 0))
    assert "same length" in texts(looking(page, "mix", latent_what=mixtures.ORDINARY))
    assert "was never told what a picture shows" in texts(looking(page, "mix", latent_what=mixtures.KINDS))


def test_real_pictures_that_are_gone_are_told_of(page, monkeypatch):
    run = other(architecture="pocket")
    monkeypatch.setattr(chosen, "choose", lambda *_: (run, 0))
    monkeypatch.setattr(latent, "nearest", lambda *_: {})
    monkeypatch.setattr(latent, "chart", lambda *_: None)
    assert "not on this computer" in texts(looking(page, "copies"))
    assert "not on this computer" in texts(looking(page, "map"))


def test_picks_are_in_the_link_and_come_from_it(page, app):
    shown = looking(page, "new")
    moment, own = moment_of(exhibit(), 60), on_desk(shown)
    own.take(desk.new(moment, 7, 13, 3)[-1])
    own.take(Made(np.zeros(32, np.float32), 5))  # made here: no seed says what it is
    shown.run()
    link = dict(shown.query_params)["picks"]
    assert "".join(link) == "0.3.3_0.2.2_0.1.1_0.0.0_7.12.3"
    other = type(app).from_file(app._script_path, default_timeout=60).run().switch_page("latent.py")
    other.query_params["picks"] = "0.1.1_9.3.77_x_1.99.2_4.5_0.7.7_7.12.3"
    other.run()
    assert not other.exception
    again = on_desk(other)
    assert [(pick.seed, pick.number, pick.kind) for pick in again.picks] == [(0, 1, 1), (0, 7, 7), (7, 12, 3)]
    assert again.a.number == 12 and again.b.number == 7
    assert np.array_equal(again.a.noise, desk.new(moment, 7, 13, 3)[-1].noise)
