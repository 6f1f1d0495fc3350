"""The detective's page: every view of it, for every kind of run."""

import copy
import json
import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import numpy as np
import pytest

from gan import inside
from gan.data.remembered import forget_all
from gan.inside import Subject
from gan.runs.kept.moments import Moments
from gan.runs.server import exhibit
from gan.runs.state.history import spread
from pages.shared.draw import pad
from pages.shared.inside.eye import course, drawn, ladder, paint, picking, words
from tests.pages.inside.eye.conftest import KINDS, sent
from tests.pages.test_train import button, texts


def shown(page):
    """All that is on the page, also what is written as HTML."""
    assert not page.exception, page.exception
    return unescape(re.sub(r"<[^>]+>", " ", texts(page)))


def link(page, name):
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


def moment_of(run, epoch=2):
    return inside.open_moment(run.snapshot().as_of(epoch)[0].config, run.moments.read(epoch))


@pytest.mark.parametrize("view", words.VIEWS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_view_works_for_every_kind_of_run(open_page, manager, parcels, kind, view):
    page = open_page(manager.unwrap(parcels[kind]), eye=view, picture="real-1")
    assert shown(page) and link(page, "eye") == view
    if view != words.DRAW:
        assert link(page, "picture") == "real-1"


def test_without_a_run_of_ones_own_there_is_the_example(open_page):
    page = open_page()
    assert "% real" in shown(page)
    assert page.selectbox(key="inside_run").options == ["An example that comes along"]


def test_a_lost_run_is_said_to_be_lost(open_page, run):
    page = open_page(inside="0123456789")
    assert "The run in this link is not on this computer any more." in shown(page)
    assert link(page, "inside") == run.watch_id  # the newest instead


def test_the_score_is_what_the_detective_says(open_page, run):
    moment = moment_of(run)
    belief = inside.fakes(moment, 4).beliefs[3]
    page = open_page(run, picture="fake-3")
    assert f"{belief:.0%} real" in shown(page) and "This is a fake." in shown(page)


def test_the_epoch_can_be_gone_back_to(open_page, run):
    page = open_page(run, picture="real-0", epoch="0")
    belief = inside.reals(moment_of(run, 0), 1).beliefs[0]
    assert f"{belief:.0%} real" in shown(page) and link(page, "epoch") == "0"
    page.select_slider(key=f"inside_epoch_{run.watch_id}").set_value(2).run()
    belief = inside.reals(moment_of(run, 2), 1).beliefs[0]
    assert f"{belief:.0%} real" in shown(page) and link(page, "epoch") == "2"


def test_both_ways_of_finding_out_are_named_and_explained(open_page, run):
    page = open_page(run)
    assert "Integrated gradients (Sundararajan et al. 2017)" in shown(page)
    page.segmented_control(key="eye_method").set_value(inside.OCCLUSION).run()
    assert "Occlusion (Zeiler and Fergus 2014)" in shown(page)


def test_a_critic_says_what_its_share_means(open_page, manager, parcels):
    page = open_page(manager.unwrap(parcels["critic"]))
    assert "This detective is a critic" in shown(page)


def test_a_detective_of_packs_says_how_many_it_looks_at(open_page, manager, parcels):
    assert "This detective looks at 2 pictures at once." in shown(open_page(manager.unwrap(parcels["packing"])))


def test_growing_pictures_are_said_to_be_coarse(open_page, run, monkeypatch):
    monkeypatch.setitem(vars(moment_of(run)), "is_coarse", True)
    assert "is shown real pictures and drawings coarser" in shown(open_page(run))


def test_a_conditional_detective_is_told_a_kind(open_page, manager, parcels):
    page = open_page(manager.unwrap(parcels["conditional"]), eye="draw")
    assert page.selectbox(key="eye_told").options[:3] == ["as it is read", "0", "1"]


def test_the_forgers_next_step_is_for_its_own_pictures(open_page, run):
    page = open_page(run, eye="next", picture="fake-0")
    assert "The forger learns once more." in shown(page) and "If the picture itself could move." in shown(page)
    page.segmented_control(key="eye_steps").set_value(20).run()
    assert "The forger learns 20 times more." in shown(page)
    page.session_state["eye_picture"] = "real-0"
    page.run()
    assert "Pick a fake to see its next step." in shown(page) and "If the picture itself could move." in shown(page)


def test_what_was_painted_is_judged_in_all_views(open_page, run):
    moment = moment_of(run)
    original = inside.fakes(moment, 1).pictures[0]
    painted = original.copy()
    painted[5:20, 5:20] = 255
    belief = inside.judge(moment, Subject(painted, False)).belief
    page = open_page(run, picture="fake-0")
    page.session_state[paint.PAINTINGS] = {original.tobytes(): painted}
    page.run()
    assert f"{belief:.0%} real" in shown(page) and "You have painted on this picture." in shown(page)
    page.segmented_control(key="eye_view").set_value(words.PAINT).run()
    changed = int((painted != original).sum())
    assert f"{belief:.0%} real" in shown(page) and f"You have changed {changed} of 784 pixels." in shown(page)


def test_other_pictures_come_at_a_tap(open_page, run):
    page = open_page(run, picture="real-0")
    belief = inside.reals(moment_of(run), 1, 18).beliefs[0]
    button(page, "Other pictures").click().run()
    assert f"{belief:.0%} real" in shown(page) and link(page, "picture") == "real-0-1"


def test_a_link_to_one_of_the_other_pictures_shows_it(open_page, run):
    """As F5 does."""
    moment = moment_of(run)
    belief = inside.fakes(moment, 4, picking._seed(moment, 2)).beliefs[3]
    page = open_page(run, picture="fake-3-2")
    assert f"{belief:.0%} real" in shown(page) and link(page, "picture") == "fake-3-2"
    button(page, "Other pictures").click().run()
    assert link(page, "picture") == "fake-3-3"


@pytest.mark.parametrize(("kind", "told"), [("fake", "Fake 7"), ("real", "Real picture 7")])
def test_a_picture_that_nobody_judges_is_named_without_a_share(kind, told):
    assert picking._alt(kind, 7, float("nan")) == told and "50% real" in picking._alt(kind, 7, 0.5)


def test_paintings_go_with_the_class(open_page, run):
    picture = inside.fakes(moment_of(run), 1).pictures[0]
    page = open_page(run, picture="fake-0")
    page.session_state[paint.PAINTINGS] = {picture.tobytes(): 255 - picture}
    page.run()
    assert "You have painted on this picture." in shown(page)
    forget_all()
    page.run()
    assert "You have painted on this picture." not in shown(page) and paint.PAINTINGS in page.session_state


def test_other_fakes_are_not_the_runs_own_once_more(run):
    moment = moment_of(run)
    sheets = [picking.sheets(moment, moment.name, more)[0].pictures.tobytes() for more in range(4)]
    assert run.config.seed == 1 and len(set(sheets)) == 4


@pytest.mark.parametrize(
    "picture",
    [
        "fake-99",
        "real--1",
        "dog-1",
        "fake-x",
        "",
        "fake-1000000000000",
        "fake-1-x",
        "real-1-2-3",
        "fake-1-1000",
        "fake--1",
    ],
)
def test_a_link_to_no_picture_shows_the_first(open_page, run, picture):
    page = open_page(run, picture=picture)
    assert link(page, "picture") == "fake-0" and shown(page)


def test_a_single_epoch_has_no_line(open_page, run, monkeypatch):
    run.moments.rewind(0)
    page = open_page(run, eye="epochs")
    assert "This run has kept a single epoch." in shown(page)


def test_of_very_many_epochs_some_are_asked_and_that_is_said(open_page, run, monkeypatch):
    content, many = run.moments.read(2), Moments(budget=2**29)
    monkeypatch.setattr(run, "moments", many)
    for epoch in range(course.MOST + 6):
        many.add(epoch, content)
    page = open_page(run, eye="epochs")
    assert "after 40 of its 46 kept epochs, evenly spread." in shown(page) and len(many.epochs) == 46
    (chart,) = [json.loads(each.proto.bytes) for each in page.get("bidi_component") if b"guide" in each.proto.bytes]
    assert len(chart["x"]) == course.MOST and (chart["x"][0], chart["x"][-1]) == (0, 45)


def test_numbers_that_ran_away_are_said_to_have(open_page, run, monkeypatch):
    broken = inside.Verdict(float("nan"), float("nan"))
    monkeypatch.setattr(inside, "judge", lambda moment, subject: broken)
    assert "This detective's numbers have run away" in shown(open_page(run, eye="paint"))


def test_pictures_that_are_not_here_leave_the_fakes(open_page, run, monkeypatch):
    moment_of(run)
    from gan.inside import moment as moments

    moments._opened.clear()
    monkeypatch.setattr(moments.data, "is_here", lambda name: False)
    assert "The real pictures are not on this computer." in shown(open_page(run))
    moments._opened.clear()


def test_the_ladder_grows_stricter(run):
    taken = [rung.taken for rung in ladder.rungs(run)]
    assert len(taken) == 3 and taken == sorted(taken, reverse=True)


def test_epochs_are_spread_evenly():
    assert spread(range(5), 6) == (0, 1, 2, 3, 4) and spread(range(101), 6) == (0, 20, 40, 60, 80, 100)
    assert np.ptp(spread((0, 1, 2, 4, 8, 16, 32), 2)) == 32


@pytest.mark.parametrize("number", [10**400, -(10**400), 0, -1, 2**31, float("nan"), float("inf"), "1", None, [1], {}])
def test_a_pad_passes_over_numbers_that_it_did_not_send(number):
    paper = np.zeros((4, 4), np.uint8)
    assert pad._read(sent(paper + 9, "sheet", number), "sheet", paper) is None


@pytest.mark.parametrize("pixels", ["", "AAAA", "A" * 1000, "\u00e9", 5, None, ["AAAA"]])
def test_a_pad_passes_over_pixels_that_are_not_its_own(pixels):
    paper = np.zeros((4, 4), np.uint8)
    assert pad._read({"id": "sheet", "n": 1, "pixels": pixels}, "sheet", paper) is None


@pytest.mark.parametrize("content", [None, b"", b"broken"])
def test_without_the_example_one_is_asked_to_train(open_page, monkeypatch, tmp_path, content):
    monkeypatch.setattr(exhibit, "FOLDER", tmp_path)
    if content is not None:
        (tmp_path / "quick.ganrun").write_bytes(content)
    exhibit.exhibit.cache_clear()
    try:
        page = open_page()
        assert "There is no trained run yet." in shown(page) and button(page, "Train one")
    finally:
        exhibit.exhibit.cache_clear()


def test_what_is_remembered_of_a_ladder_holds_no_networks(run, monkeypatch):
    measured = []
    known = ladder._measured
    monkeypatch.setattr(ladder, "_measured", lambda *args: measured.append(known(*args)) or measured[-1])
    rungs = ladder.rungs(run)
    assert all(type(each) is int for each in measured[0]) and sorted(measured[0]) == sorted(r.taken for r in rungs)


def test_all_epochs_are_opened_one_after_the_other(run, monkeypatch):
    opened = []
    monkeypatch.setattr(inside, "open_moment", lambda config, content: opened.append(content) or object())
    next(iter(ladder.detectives(run, run.moments.epochs)))
    assert len(opened) == 1


def test_a_run_whose_epochs_are_all_damaged_says_so(open_page, run, monkeypatch):
    monkeypatch.setattr(course.ladder, "detectives", lambda *_: iter(()))
    assert "None of this run's epochs can be opened any more." in shown(open_page(run, eye="epochs"))


@pytest.mark.parametrize("view", words.VIEWS)
def test_networks_that_ran_away_are_shown_without_a_number_that_is_none(open_page, run, monkeypatch, view):
    moment = moment_of(run)
    lost = copy.deepcopy(moment.discriminator)
    for weights in lost.parameters():
        weights.data.fill_(float("nan"))
    broken = replace(moment, discriminator=lost, name="run away")
    monkeypatch.setattr(inside, "open_moment", lambda *_: broken)
    assert "nan" not in shown(open_page(run, eye=view)).lower()


def test_a_drawing_that_no_referee_can_read_is_said_to_be_so(run):
    moment = moment_of(run)
    assert drawn._read(moment, None) is None  # nothing is drawn yet
    without = SimpleNamespace(referee=None, config=moment.config)
    assert "There is no referee" in str(drawn._read(without, None))
