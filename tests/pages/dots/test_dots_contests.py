"""Races, sweeps and comparisons of dots: measured by how alike fakes and real dots are."""

import json

import pytest

from gan import data
from gan.records import Scores
from gan.runs import RunState, Snapshot
from gan.runs.server.contest_rules import RULES, leaders, standings
from gan.setup import presets
from pages.shared.contests import race_setup
from pages.shared.tab import contest_tab
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts


def finished(js: float | None, kinds: int | None) -> Snapshot:
    scores = ((3.0, Scores(samples=9, js=js, kinds=kinds)),)
    return Snapshot("run", presets.get("dots"), RunState.FINISHED, scores=scores)


def test_the_most_alike_wins_and_so_do_the_most_blobs():
    runs = [finished(0.25, 7), finished(0.125, 4), finished(None, None)]
    assert leaders(standings(RULES["alike"], runs)) == [1]
    assert leaders(standings(RULES["kinds"], runs)) == [0]


@pytest.mark.parametrize(
    ("pictures", "rules"),
    [
        ("dots_ring", ["alike", "kinds", "d_fake"]),
        ("digits", ["realism", "speed", "variety", "d_fake"]),
        ("kmnist", ["d_fake"]),
    ],
)
def test_each_rule_fits_what_it_measures(pictures, rules):
    assert [name for name, rule in RULES.items() if rule.fits(data.get(pictures))] == rules


def test_a_race_of_dots_is_told_by_js(app, manager, monkeypatch):
    scores = property(lambda self: Scores(samples=9, js=self.config.learning_rate, kinds=2))
    monkeypatch.setattr(FakeTrainer, "scores", scores)
    app.run()
    page = app.switch_page("contests/race.py").run()
    page.selectbox(key="race_data").set_value("dots_two_gaussians").run()
    assert not page.exception and page.selectbox(key="race_preset").value == "dots"
    assert page.selectbox(key="race_rule").options[0] == "Most alike" and "No referee" not in texts(page)
    button(page, "Start the race").click().run()
    runs = contest_tab.contests().runs(contest_tab.contests().get(page.query_params["race"]))
    wait_until(lambda: all(run.snapshot().reading for run in runs))
    made = {trainer.config: trainer for trainer in FakeTrainer.made}
    for run in runs:
        made[run.config].go(race_setup.DEFAULT_EPOCHS)
        assert run.wait(5)
    page.run()
    assert not page.exception
    slowest = min(runs, key=lambda run: run.config.learning_rate)
    assert f"wins</b> with learning rate {slowest.config.learning_rate:g}" in texts(page).replace(
        "Learning", "learning"
    )
    titles = [
        json.loads(each.proto.bytes)["y_label"] for each in page.get("bidi_component") if b"y_label" in each.proto.bytes
    ]
    assert "JS divergence" in titles
    button(page, "Compare").click().run()
    assert not page.exception and "JS divergence" in str(page.segmented_control(key="series").options)


def test_a_sweep_of_dots_is_told_by_js(app, manager, monkeypatch):
    monkeypatch.setattr(FakeTrainer, "scores", Scores(samples=9, js=0.125, kinds=2))
    app.run()
    page = app.switch_page("contests/sweep.py").run()
    page.selectbox(key="sweep_data").set_value("dots_two_gaussians").run()
    button(page, "Start the sweep").click().run()
    runs = contest_tab.contests().runs(contest_tab.contests().get(page.query_params["sweep"]))
    wait_until(lambda: runs[0].snapshot().reading)
    next(trainer for trainer in FakeTrainer.made if trainer.config == runs[0].config).go(runs[0].config.epochs)
    assert runs[0].wait(5)
    page.run()
    assert not page.exception and "JS 0.125" in texts(page)
    assert "Stop all" in labels(page)


def test_the_race_that_a_run_of_dots_leads_to_is_won_by_js(app, manager, monkeypatch):
    monkeypatch.setattr(FakeTrainer, "scores", property(lambda self: Scores(samples=9, js=0.25, kinds=2)))
    app.run()
    page = app.switch_page("dots.py").run()
    button(page, "Start training").click().run()
    run = manager.runs()[-1]
    wait_until(lambda: run.snapshot().reading)
    FakeTrainer.made[-1].go(run.config.epochs)
    assert run.wait(5)
    page.run()
    button(page, "Race two learning rates").click().run()
    assert not page.exception
    (race,) = contest_tab.contests().all()
    assert race.rule == "alike"
