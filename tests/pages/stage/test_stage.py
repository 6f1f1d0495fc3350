"""The Train page's states: what each says, what it offers next, and what one looks at meanwhile."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from gan import data
from gan.doctor import Condition
from gan.messages import Refusal
from gan.records import Scores
from gan.runs import Kind, RunState, Snapshot
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.draw import film, pictures
from pages.shared.kept import waiting
from pages.shared.settings import gallery
from pages.shared.stage import next_runs, now
from pages.shared.tab import contest_tab
from pages.shared.words import states
from tests.fakes import FakeEyes, wait_until
from tests.pages.test_train import button, started, texts


def ended(page, manager, epochs=2):
    run, trainer = started(page, manager)
    trainer.go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    button(page, "Stop").click().run()
    assert run.wait(5)
    page.run()
    return run


class TestTheDock:
    def test_marks_what_differs_from_the_recipe_and_takes_it_back(self, train_page):
        assert not [each.key for each in train_page.button if each.key and each.key.startswith("reset")]
        train_page.select_slider(key="latent_size").set_value(8).run()
        train_page.select_slider(key="batch_size").set_value(64).run()
        assert "Not quite this recipe: latent size 8, batch size 64." in texts(train_page)
        assert "Training ● 1 changed" in [each.label for each in train_page.expander]
        train_page.button(key="reset_latent_size").click().run()
        assert train_page.select_slider(key="latent_size").value == presets.get("quick").latent_size
        assert train_page.select_slider(key="batch_size").value == 64
        train_page.button(key="reset").click().run()
        assert train_page.select_slider(key="batch_size").value == presets.get("quick").batch_size
        assert "Small networks. You say what to draw." in texts(train_page)

    def test_what_the_recipe_says_follows_the_networks(self, train_page):
        train_page.selectbox(key="architecture").set_value("pocket").run()
        assert "You say what to draw." not in texts(train_page)

    @pytest.mark.parametrize("name", ["architecture", "loss", "optimizer"])
    def test_one_choice_goes_back_whatever_came_along(self, train_page, name):
        box = train_page.selectbox(key=name)
        other = next(option for option in box.options if option != box.format_func(box.value))
        box.select(other).run()
        if f"reset_{name}" in [each.key for each in train_page.button]:
            train_page.button(key=f"reset_{name}").click().run()
        assert train_page.selectbox(key=name).value == getattr(presets.get("quick"), name)
        assert not train_page.exception


class TestARunThatRests:
    def test_a_paused_one_says_so(self, train_page, manager):
        started(train_page, manager)
        button(train_page, "Pause").click().run()
        assert "**Paused.** Nothing is lost" in texts(train_page)

    def test_one_step_opens_the_step(self, train_page, manager):
        started(train_page, manager)
        button(train_page, "Pause").click().run()
        button(train_page, "1 step").click().run()
        assert train_page.segmented_control(key="view").value == states.STEP

    def test_one_that_goes_on_says_from_where(self, train_page, manager, store):
        run = ended(train_page, manager)
        button(train_page, "Go on from epoch 2").click().run()
        wait_until(lambda: manager.get(run.run_id).snapshot().reading)
        train_page.run()
        assert "**Goes on** from epoch 2" in texts(train_page) and not train_page.exception
        after_f5 = AppTest.from_file(train_page._script_path, default_timeout=60)
        after_f5.query_params["run"] = run.run_id
        after_f5.run().switch_page("train.py")
        after_f5.query_params["run"] = run.run_id
        assert "**Goes on** from epoch 2" in texts(after_f5.run()) and not after_f5.exception


class TestItsName:
    def test_stands_on_the_page_and_can_be_changed(self, train_page, manager, store):
        run, _ = started(train_page, manager)
        assert train_page.text_input(key=f"run_name_{run.watch_id}").placeholder == "Quick"
        train_page.text_input(key=f"run_name_{run.watch_id}").set_value("Our  first run").run()
        assert store.name(run.run_id) == "Our first run" and not train_page.exception
        assert train_page.text_input(key=f"run_name_{run.watch_id}").value == "Our first run"

    def test_cannot_be_changed_where_runs_are_not_kept(self, train_page, manager):
        started(train_page, manager)
        assert "**Quick**" in texts(train_page)
        assert not [each for each in train_page.text_input if each.key.startswith("run_name")]


class TestTheQueue:
    def test_says_its_place_and_shows_a_recording(self, train_page, manager, monkeypatch):
        monkeypatch.setattr(manager.engine._places, "_at_once", 1)
        started(train_page, manager)
        other = AppTest.from_file(train_page._script_path, default_timeout=60).run().switch_page("train.py").run()
        button(other, "Start training").click().run()
        first, run = manager.runs()
        wait_until(lambda: run.snapshot().state is RunState.QUEUED)
        other.run()
        assert "number 1 in the queue" in other.info[0].value and first.is_live
        assert "**A recording, meanwhile.**" in texts(other) and not other.exception

    def test_shows_the_run_that_one_watched_by_the_sheet_that_its_viewers_share(self, train_page, manager, monkeypatch):
        monkeypatch.setattr(manager.engine._places, "_at_once", 1)
        first, trainer = started(train_page, manager)
        trainer.go()
        wait_until(lambda: first.snapshot().records)
        train_page.run()
        encoded = []
        encode = pictures.encode
        monkeypatch.setattr(
            pictures, "encode", lambda images, *rest: encoded.append(images) or encode(images, *rest)
        )  # not that of the real pictures alone
        for _ in range(2):
            pupil = AppTest.from_file(train_page._script_path, default_timeout=60).run().switch_page("train.py")
            pupil.query_params["watch"] = first.watch_id
            button(pupil.run(), "Start training").click().run()
            assert "**Meanwhile: the run that you watched.**" in texts(pupil) and not pupil.exception
        assert not [images for images in encoded if images is first.snapshot().reading.samples]

    @pytest.mark.parametrize(
        ("place", "left", "seconds"),
        [
            (1, [30, 10], 10),
            (2, [30, 10], 30),
            (3, [30, 10], 40),
            (1, [], None),
            (1, [None, 10], None),
            (None, [5], None),
        ],
    )
    def test_the_wait_follows_from_the_runs_before(self, place, left, seconds):
        assert waiting.estimate(place, left) == seconds

    @pytest.mark.parametrize(("budget", "seconds"), [(None, 100), (60, 210)], ids=["a race", "in turn"])
    def test_runs_that_share_a_place_leave_it_together(self, budget, seconds):
        """Those of a race train side by side, those of a comparison one after the other."""

        def snapshot(left: float) -> SimpleNamespace:
            return SimpleNamespace(budget=budget, seconds_left=left)

        assert waiting._together([snapshot(left) for left in (10, 40, 60, 100)]) == seconds
        assert waiting._together([snapshot(10), snapshot(None)]) is None

    def test_which_runs_share_a_place(self, monkeypatch):
        """Those of a race, but for one that goes on by itself; not those of a sweep."""

        def run(name: str, left: float, **other) -> SimpleNamespace:
            seen = SimpleNamespace(state=RunState.RUNNING, seconds_left=left, budget=None, resumed_at=None, **other)
            return SimpleNamespace(run_id=name, snapshot=lambda: seen)

        race, sweep = (SimpleNamespace(contest_id=kind.name, kind=kind) for kind in (Kind.RACE, Kind.SWEEP))
        of = {"race 1": race, "race 2": race, "again": race, "cell 1": sweep, "cell 2": sweep}
        runs = [run(name, left) for name, left in zip([*of, "alone"], (10, 100, 5, 20, 30, 40), strict=True)]
        runs[2].snapshot().resumed_at = 1
        waits = run("waits", 0)
        monkeypatch.setattr(waiting, "contests", lambda: SimpleNamespace(of=of.get))
        monkeypatch.setattr(waiting.session, "manager", lambda: SimpleNamespace(runs=lambda: [*runs, waits]))
        assert sorted(waiting._left(waits)) == [5, 20, 30, 40, 100]

    def test_the_recording_is_a_run_of_quick(self):
        played = json.loads(film._recorded("quick", ("en", "")))
        assert played["epochs"][0] == 0 and played["epochs"][-1] == presets.get("quick").epochs
        assert len(played["sheets"]) == len(played["epochs"]) == len(played["told"])


def snapshot(config=None, realism=(), state=RunState.FINISHED) -> Snapshot:
    scores = tuple((float(epoch), Scores(samples=1000, realism=value)) for epoch, value in enumerate(realism, 1))
    return Snapshot("run", config or presets.get("quick"), state, scores=scores)


class TestWhatNow:
    def test_is_offered_after_a_run_and_starts_one(self, train_page, manager):
        run = ended(train_page, manager)
        assert "**What now?**" in texts(train_page)
        button(train_page, "Latent size 2").click().run()
        assert manager.runs()[-1].config == run.config.but(latent_size=2)
        assert train_page.select_slider(key="latent_size").value == 2

    def test_two_rates_race(self, train_page, manager):
        run = ended(train_page, manager)
        button(train_page, "Race two learning rates").click().run()
        assert not train_page.exception
        rates = [each.config.learning_rate for each in manager.runs()[-2:]]
        assert rates == pytest.approx([run.config.learning_rate, run.config.learning_rate / 10])

    @pytest.mark.parametrize(("has_referee", "rule"), [(True, "realism"), (False, "d_fake")])
    def test_their_race_can_be_won(self, train_page, manager, monkeypatch, has_referee, rule):
        if not has_referee:
            monkeypatch.setitem(data.SETS, "digits", replace(data.get("digits"), referee=None))
        ended(train_page, manager)
        button(train_page, "Race two learning rates").click().run()
        assert contest_tab.contests().all()[0].rule == rule

    def test_where_nobody_can_win_no_race_is_offered(self, monkeypatch):
        monkeypatch.setitem(data.SETS, "digits", replace(data.get("digits"), referee=None))
        found = next_runs.ideas(snapshot(presets.get("vae")), Condition.HEALTHY, None)
        assert found and all(len(idea.configs) == 1 for idea in found)

    def test_an_ill_run_is_cured_first(self):
        cure = presets.get("collapse_cured")
        found = next_runs.ideas(snapshot(presets.get("collapse")), Condition.MODE_COLLAPSE, ("why", cure))
        assert found[0].configs == (cure,) and len(found) > 1

    def test_one_that_still_got_better_goes_on_for_longer(self):
        longer = next_runs.ideas(snapshot(realism=[90, 60, 40, 20]), Condition.HEALTHY, None)
        assert longer[0].configs[0].epochs == 3 * presets.get("quick").epochs
        same = next_runs.ideas(snapshot(realism=[40, 20, 20, 20]), Condition.HEALTHY, None)
        stopped = next_runs.ideas(snapshot(realism=[90, 60, 40, 20], state=RunState.STOPPED), Condition.HEALTHY, None)
        assert same[0].configs[0].latent_size == stopped[0].configs[0].latent_size == 2

    @pytest.mark.parametrize("name", presets.PRESETS)
    @pytest.mark.parametrize("condition", Condition)
    def test_every_idea_can_be_started(self, name, condition):
        found = next_runs.ideas(snapshot(presets.get(name)), condition, None)
        assert 2 <= len(found) <= next_runs.MOST
        for idea in found:
            assert all(isinstance(config, RunConfig) for config in idea.configs)
            assert presets.get(name) not in idea.configs or len(idea.configs) == 2


def test_the_film_holds_every_kept_moment(train_page, manager):
    ended(train_page, manager, 3)
    train_page.button(key="film").click().run()
    assert not train_page.exception
    assert "Save as a GIF" in [each.label for each in train_page.get("download_button")]


def test_the_film_of_a_long_run_is_spread_over_its_moments(train_page, manager, monkeypatch):
    """What is remembered of it has a limit, however many moments are kept."""
    run, seen = ended(train_page, manager, 5), []
    look_back = run.look_back
    monkeypatch.setattr(now, "FRAMES", 3)
    monkeypatch.setattr(run, "look_back", lambda epoch: seen.append(epoch) or look_back(epoch))
    train_page.button(key="film").click().run()
    assert not train_page.exception and seen == [0, 2, 5]


@pytest.mark.parametrize("trouble", [data.NotDownloaded, Refusal])
def test_a_film_that_cannot_be_shown_says_why(train_page, manager, monkeypatch, trouble):
    ended(train_page, manager, 3)

    def gone(config, moment, wish):
        raise trouble("test.gone", "These pictures were taken away.")

    monkeypatch.setattr(FakeEyes, "look_back", gone)
    train_page.button(key="film").click().run()
    assert not train_page.exception and "These pictures were taken away." in [each.value for each in train_page.info]
    assert "Save as a GIF" not in [each.label for each in train_page.get("download_button")]
    assert "Race two learning rates" in [each.label for each in train_page.button]


class TestTheGallery:
    def test_holds_every_recipe_for_pictures_once(self):
        shown = [name for names in gallery.groups().values() for name in names]
        of_pictures = [name for name, recipe in presets.PRESETS.items() if not data.get(recipe.data).is_dots]
        assert sorted(shown) == sorted(of_pictures)

    def test_a_tap_takes_a_recipe(self, train_page):
        train_page.button(key="all_recipes").click().run()
        assert not train_page.exception
        train_page.button(key="take_pocket").click().run()
        assert train_page.selectbox(key="preset").value == "pocket"
        assert train_page.selectbox(key="architecture").value == "pocket"
        assert "take_pocket" not in [each.key for each in train_page.button]

    def test_stays_open_while_the_page_is_drawn_anew(self, train_page):
        train_page.button(key="all_recipes").click().run()
        train_page.run()
        assert "take_pocket" in [each.key for each in train_page.button]

    def test_each_has_a_picture_whose_set_comes_with_the_project(self):
        shown = [name for names in gallery.groups().values() for name in names]
        assert [name for name in shown if "img" not in gallery.thumbnail(name)] == ["best_photos"]

    def test_what_stands_beside_a_recipe_is_a_picture_of_it(self):
        assert "data:image/png" in gallery.thumbnail("quick") and "img" not in gallery.thumbnail("no such recipe")
