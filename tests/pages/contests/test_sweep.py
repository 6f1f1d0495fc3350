"""The Sweep page: before, during and after, with cells that fail, and found again from elsewhere."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from gan.messages import Refusal, msg
from gan.records import Scores
from gan.runs import Contest, Kind, RunState
from gan.setup import presets
from pages.shared.contests import sweep_setup
from pages.shared.draw import charts
from pages.shared.tab import contest_tab, session
from pages.shared.words import sweeps
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts


@pytest.fixture(autouse=True)
def scored(monkeypatch):
    """Each fake run is scored by its latent size: the largest is best."""
    monkeypatch.setattr(
        FakeTrainer, "scores", property(lambda self: Scores(samples=9, realism=320 / self.config.latent_size))
    )


@pytest.fixture
def sweep_page(app):
    app.run()
    return app.switch_page("contests/sweep.py").run()


def begun(page, manager):
    """Press Start; the runs of the sweep, cell by cell."""
    button(page, "Start the sweep").click().run()
    runs = contest_tab.contests().runs(contest_tab.contests().get(page.query_params["sweep"]))
    wait_until(lambda: any(run.snapshot().reading for run in runs))
    page.run()
    return runs


def end(run, epochs=sweep_setup.EPOCHS):
    """Let a fake run go to its end, once it has its place."""
    wait_until(lambda: run.snapshot().reading)
    next(trainer for trainer in FakeTrainer.made if trainer.config == run.config).go(epochs)
    assert run.wait(5)


def cells(page) -> list[dict]:
    """What the table was told to show."""
    told = [json.loads(component.proto.json or "{}") for component in page.get("bidi_component")]
    return next(each["cells"] for each in told if "cells" in each)


def test_before_the_start_it_says_what_a_sweep_is(sweep_page):
    text = texts(sweep_page)
    assert str(sweeps.ABOUT) in text and str(sweeps.LOOK) in text
    assert "9 runs of 3 epochs each" in text and [cell["number"] for cell in cells(sweep_page)] == ["?"] * 9
    assert labels(sweep_page) == ["Start the sweep"] and not sweep_page.exception


def test_start_queues_every_pair_row_by_row(sweep_page, manager):
    runs = begun(sweep_page, manager)
    base = presets.get("quick").but(epochs=sweep_setup.EPOCHS)
    pairs = [(size, rate) for size in (2, 8, 32) for rate in (2e-4, 2e-3, 2e-2)]
    assert [run.config for run in runs] == [base.but(latent_size=size, learning_rate=rate) for size, rate in pairs]
    assert sum(run.snapshot().state is RunState.QUEUED for run in runs) == 1, "eight have places here"
    assert cells(sweep_page)[-1]["note"] == "Waiting" and "Stop all" in labels(sweep_page)
    assert "0 of 9 done.</p>" in texts(sweep_page), "no time is told before the first run has ended"


def test_cells_fill_in_and_the_best_is_told(sweep_page, manager):
    runs = begun(sweep_page, manager)
    end(runs[4])
    sweep_page.run()
    assert "1 of 9 done. About" in texts(sweep_page)
    assert "<b>Best so far: latent size 8, learning rate 0.002</b> (realism 40.0)." in texts(sweep_page)
    assert [cell["number"] for cell in cells(sweep_page)] == ["", "", "", "", "40.0", "", "", "", ""]
    for run in (*runs[:4], *runs[5:]):
        end(run)
    sweep_page.run()
    shown = cells(sweep_page)
    assert [cell["best"] for cell in shown] == [False] * 6 + [True] * 3, "equal numbers share the first place"
    assert shown[8]["number"] == "10.0" and shown[8]["picture"] and shown[8]["id"] == runs[8].watch_id
    assert "Best: latent size 32, learning rate 0.0002 and latent size 32" in texts(sweep_page)
    assert "New sweep" in labels(sweep_page) and not sweep_page.exception


def test_a_cell_that_fails_says_so(sweep_page, manager):
    runs = begun(sweep_page, manager)
    next(trainer for trainer in FakeTrainer.made if trainer.config == runs[2].config).fail(FloatingPointError("inf"))
    assert runs[2].wait(5)
    sweep_page.run()
    assert cells(sweep_page)[2]["note"] == "blew up" and not cells(sweep_page)[2]["number"]
    assert not sweep_page.exception


def test_stop_all_ends_those_that_wait_too(sweep_page, manager):
    runs = begun(sweep_page, manager)
    button(sweep_page, "Stop all").click().run()
    assert all(run.wait(5) for run in runs)
    sweep_page.run()
    assert {cell["note"] for cell in cells(sweep_page)} == {"stopped"}
    assert "Every cell has ended without a number." in texts(sweep_page)
    button(sweep_page, "New sweep").click().run()
    assert "Start the sweep" in labels(sweep_page)


def test_the_best_two_and_the_worst_are_compared(sweep_page, manager):
    runs = begun(sweep_page, manager)
    for run in runs:
        end(run)
    sweep_page.run()
    button(sweep_page, "Compare").click().run()
    sweep_page.switch_page("contests/compare.py").run()
    chosen = [manager.find_watched(name).config.latent_size for name in sweep_page.multiselect(key="compared").value]
    assert chosen == [32, 32, 2]


def test_cells_that_are_out_are_not_compared(sweep_page, manager, monkeypatch):
    """Whatever they had measured before they were stopped."""
    runs = begun(sweep_page, manager)
    for run in runs[-2:]:
        end(run)
    for run in runs[:-2]:
        if run.snapshot().reading:
            next(trainer for trainer in FakeTrainer.made if trainer.config == run.config).go(1)
            wait_until(lambda run=run: run.snapshot().scores)
        run.stop()
        assert run.wait(5)
    sweep_page.run()
    button(sweep_page, "Compare").click().run()
    sweep_page.switch_page("contests/compare.py").run()
    assert set(sweep_page.multiselect(key="compared").value) == {run.watch_id for run in runs[-2:]}


def test_one_cell_alone_is_not_compared(sweep_page, manager):
    runs = begun(sweep_page, manager)
    end(runs[0])
    button(sweep_page.run(), "Stop all").click().run()
    assert all(run.wait(5) for run in runs)
    assert button(sweep_page.run(), "Compare").disabled


def test_a_number_is_read_out_with_the_digits_of_its_measure():
    def alt(preset: str, number: float) -> str:
        base = presets.get(preset)
        sweep = Contest("a", Kind.SWEEP, base, ("latent_size", "learning_rate"), ((2, 2e-3), (8, 2e-3)), ("x", "y"))
        return str(sweeps.cell_alt(sweep, 0, msg("sweep.js", "JS"), number))

    assert alt("dots", 0.043).endswith("JS 0.043") and alt("quick", 12.34).endswith("JS 12.3")


def test_the_sweep_goes_on_while_the_tab_is_elsewhere_and_a_link_finds_it(sweep_page, manager, app):
    runs = begun(sweep_page, manager)
    sweep_page.switch_page("home.py").run()
    assert all(run.lease.is_watched for run in runs)
    fresh = AppTest.from_file(app._script_path, default_timeout=60).run()
    fresh.query_params["sweep"] = sweep_page.query_params["sweep"]
    fresh.switch_page("contests/sweep.py").run()
    assert "Stop all" in labels(fresh) and not fresh.exception


def test_a_full_queue_is_told(sweep_page, manager, monkeypatch):
    monkeypatch.setattr(session, "visitor", lambda: "me")
    for number in range(17):
        manager.starting.new(presets.get("pocket").but(seed=number), f"tab {number}", owner="me")
    button(sweep_page, "Start the sweep").click().run()
    assert "runs in the queue already" in sweep_page.warning[0].value and not sweep_page.exception


def test_a_sweep_that_is_not_known_is_told(sweep_page):
    sweep_page.query_params["sweep"] = "deadbeef"
    sweep_page.run()
    assert sweep_page.info[0].value == str(sweeps.LOST)


class TestHeat:
    def test_the_lowest_is_brightest_and_nothing_has_no_colour(self):
        numbers = [100.0, None, 1.0, 10.0]
        assert charts.heat(100.0, numbers) == ("#00204D", "#FFFFFF")
        assert charts.heat(1.0, numbers) == ("#FFEA46", "#111827")
        assert charts.heat(10.0, numbers)[0] == "#7C7B78", "half way on a logarithmic scale"
        assert charts.heat(None, numbers)[0] == "transparent"

    def test_a_single_number_is_the_best(self):
        assert charts.heat(5.0, [5.0])[0] == "#FFEA46"


def test_what_shows_only_with_the_pictures_at_hand_is_told_too(sweep_page, monkeypatch):
    def refuses(config):
        raise Refusal("test.colour", "These networks need colour.")

    monkeypatch.setattr(sweep_setup.race_setup.panels, "cached_preview", refuses)
    sweep_page.run()
    assert [warning.value for warning in sweep_page.warning] == ["These networks need colour."]
    assert button(sweep_page, "Start the sweep").disabled and not sweep_page.exception and not sweep_page.error
