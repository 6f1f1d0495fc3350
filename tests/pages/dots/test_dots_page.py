"""The dots lab: before a run, during one, after it, steered, drawn on, and by links."""

import json
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from gan import data
from gan.data import dots
from gan.export import moments
from gan.messages import Refusal
from gan.records import Scores, StepTrace
from gan.runs.live.control import Control
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.dots import drawing, lab, slow, steer
from pages.shared.draw import plane
from pages.shared.server import feed
from pages.shared.settings import controls, hidden
from pages.shared.tab import session
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts


@pytest.fixture
def dots_page(app):
    app.run()
    return app.switch_page("dots.py").run()


def started(page, manager):
    button(page, "Start training").click().run()
    run = manager.runs()[-1]
    wait_until(lambda: run.snapshot().reading)
    page.run()
    return run, FakeTrainer.made[-1]


def measured(page, manager, monkeypatch):
    """A run whose dots were measured after its first epoch."""
    monkeypatch.setattr(FakeTrainer, "scores", Scores(samples=2000, js=0.25, kl=1.5, kinds=2, high_quality=0.75))
    monkeypatch.setattr(FakeTrainer, "floor", Scores(samples=2000, js=0.0625, kl=0.125, kinds=2, high_quality=1.0))
    run, trainer = started(page, manager)
    trainer.go()
    wait_until(lambda: run.snapshot().scores)
    return page.run()


@pytest.fixture
def scored(dots_page, manager, monkeypatch):
    return measured(dots_page, manager, monkeypatch)


def shown(page) -> dict:
    """What the drawing is given."""
    (component,) = components(page, "dots")
    return json.loads(component.proto.bytes)


def components(page, name: str) -> list:
    return [each for each in page.get("bidi_component") if each.proto.component_name == name]


class TestBeforeARun:
    def test_a_recorded_run_plays_and_one_button_starts(self, dots_page):
        assert not dots_page.exception and not dots_page.error
        seen = shown(dots_page)
        assert seen["moves"] == "film" and len(seen["frames"]) > 10
        assert labels(dots_page).count("Start training") == 1 and "recorded earlier" in texts(dots_page)

    def test_only_what_makes_sense_for_dots_is_offered(self, dots_page):
        offered = dots_page.selectbox(key="data").options
        assert len(offered) == len(dots.NAMES)
        assert "Convolutional (DCGAN)" not in dots_page.selectbox(key="architecture").options
        keys = {each.key for kind in ("selectbox", "select_slider", "toggle") for each in dots_page.get(kind)}
        assert not keys & {"picture_size", "pixel_range", "pictures", "use_diff_augment"}
        assert {"noise", "latent_size", "optimizer", "loss", "d_steps", "learners"} <= keys

    def test_each_page_keeps_its_own_settings(self, dots_page):
        dots_page.select_slider(key="learning_rate").set_value(5e-4).run()
        dots_page.switch_page("train.py").run()
        assert dots_page.selectbox(key="data").value == "digits"
        dots_page.select_slider(key="learning_rate").set_value(1e-2).run()
        dots_page.switch_page("dots.py").run()
        assert dots_page.select_slider(key="learning_rate").value == 5e-4
        dots_page.switch_page("train.py").run()
        assert dots_page.select_slider(key="learning_rate").value == 1e-2

    def test_a_link_brings_settings_and_layers(self, app):
        for name, value in {"preset": "dots", "data": "dots_ring", "noise": "uniform", "layers": "reals,map"}.items():
            app.query_params[name] = value
        app.switch_page("dots.py").run()
        assert not app.exception
        assert app.selectbox(key="data").value == "dots_ring" and app.selectbox(key="noise").value == "uniform"
        assert [layer["name"] for layer in shown(app)["layers"] if layer["on"]] == ["reals", "map"]

    @pytest.mark.parametrize("name", [name for name in presets.PRESETS if data.get(presets.get(name).data).is_dots])
    def test_an_exhibit_begins_with_one_press(self, dots_page, manager, name):
        dots_page.button(key=f"begin_{name}").click().run()
        assert not dots_page.exception
        assert manager.runs()[-1].config == presets.get(name)

    @pytest.mark.parametrize("key", ["begin_dots_collapse", "start"])
    def test_what_begins_stands_before_the_settings_where_there_is_little_room(self, dots_page, key):
        dots_page.toggle(key=controls.OPEN).set_value(True).run()
        dots_page.button(key=key).click().run()
        assert dots_page.toggle(key=controls.OPEN).value is False


class TestARun:
    def test_the_plane_with_the_real_dots_stands_while_it_gets_ready(self, dots_page, manager, monkeypatch):
        made = threading.Event()
        monkeypatch.setattr(FakeTrainer, "readings", lambda *_: made.wait(60) and iter(()))
        button(dots_page, "Start training").click().run()
        seen = shown(dots_page)
        made.set()
        assert (
            not dots_page.exception
            and seen["frames"] == []
            and [info.value for info in dots_page.info] == ["Getting ready ..."]
        )

    def test_shows_its_newest_moments(self, dots_page, manager):
        run, trainer = started(dots_page, manager)
        trainer.go(3)
        wait_until(lambda: run.snapshot().reading.epoch == 3)
        dots_page.run()
        seen = shown(dots_page)
        assert seen["moves"] == "live" and seen["frames"][-1]["step"] == 30
        assert "250 fakes in the plane after 30 steps" in seen["alt"] and "50% real" in seen["alt"]
        assert "takes 125 of them for real" in seen["alt"]
        assert run.run_id not in json.dumps(seen)  # by which one could stop it

    def test_says_while_it_goes_on_what_both_networks_do(self, dots_page, manager):
        started(dots_page, manager)
        told = [caption.value for caption in dots_page.caption]
        assert any("forger moves its fakes" in each and "detective colours the plane" in each for each in told)
        assert not any("several dots at once" in each for each in told)

    def test_says_where_the_detective_judges_several_dots_at_once(self, app, manager):
        app.query_params["stabilisers"] = "packing=2"
        started(app.switch_page("dots.py").run(), manager)
        assert any("several dots at once" in caption.value for caption in app.caption)

    def test_the_browser_asks_for_its_moments_as_long_as_it_moves(self, dots_page, manager):
        run, trainer = started(dots_page, manager)
        trainer.go(1)
        wait_until(lambda: run.snapshot().reading.epoch == 1)
        dots_page.run()
        assert shown(dots_page)["feed"] == feed.address(run)
        assert shown(dots_page)["run"] == feed.name_of(run.snapshot())
        dots_page.segmented_control(key="view").set_value("past").run()
        assert shown(dots_page)["feed"] is None
        dots_page.segmented_control(key="view").set_value("charts").run()
        run.stop()
        assert run.wait(10)
        dots_page.run()
        assert shown(dots_page)["feed"] is None and not dots_page.exception

    def test_tells_its_scores_beside_what_real_dots_get(self, scored):
        told = "\n".join(labels(scored))
        assert "**0.25** JS" in told and "**2 of 2** kinds" in told and "**0.75** quality" in told
        assert "JS divergence" in texts(scored) and "referee" not in texts(scored)
        charts = [json.loads(each.proto.bytes) for each in components(scored, "lines")]
        assert [chart["guide"] for chart in charts if chart["guide_label"]] == [0.0625]

    @pytest.mark.parametrize(("name", "floor"), [("kl", 0.125), ("js", 0.0625)])
    def test_each_divergence_is_drawn_with_what_other_real_dots_get(self, scored, name, floor):
        scored.button(key=f"show_{name}").click().run()
        charts = [json.loads(each.proto.bytes) for each in components(scored, "lines")]
        (chart,) = [chart for chart in charts if chart["guide_label"]]
        assert chart["guide"] == floor and chart["guide_label"] == f"real {floor:.3g}"

    def test_a_press_that_follows_at_once_loses_nothing_that_was_turned(self, dots_page, manager, monkeypatch):
        run, _ = started(dots_page, manager)
        dots_page.run()
        with monkeypatch.context() as patch:  # the next press stops the script before it has given the run anything
            patch.setattr(steer, "at_once", lambda *_: None)
            dots_page.select_slider(key="learning_rate").set_value(1e-4).run()
        dots_page.run()
        assert run.config.learning_rate == 1e-4

    def test_what_it_can_take_is_given_to_it_at_once(self, dots_page, manager):
        run, trainer = started(dots_page, manager)
        dots_page.select_slider(key="learning_rate").set_value(5e-3).run()
        wait_until(lambda: trainer.config.learning_rate == 5e-3)
        dots_page.selectbox(key="learners").set_value("discriminator").run()
        wait_until(lambda: trainer.config.learners == "discriminator")
        assert manager.runs() == [run]

    def test_who_learns_is_said_on_the_stage_too(self, dots_page, manager):
        run, trainer = started(dots_page, manager)
        dots_page.run()
        dots_page.segmented_control(key="who_learns").set_value("generator").run()
        wait_until(lambda: trainer.config.learners == "generator")
        assert dots_page.selectbox(key="learners").value == "generator"
        dots_page.selectbox(key="learners").set_value("both").run()
        assert dots_page.segmented_control(key="who_learns").value == "both"
        run.stop()
        assert run.wait(10)
        dots_page.run()
        assert [each.key for each in dots_page.segmented_control] == ["view"]

    def test_what_somebody_else_has_set_stays(self, dots_page, manager):
        run, trainer = started(dots_page, manager)
        run.change(learning_rate=1e-4)
        dots_page.select_slider(key="d_learning_rate").set_value(5e-3).run()
        wait_until(lambda: trainer.config.d_learning_rate == 5e-3)
        assert trainer.config.learning_rate == 1e-4

    def test_other_networks_need_a_new_run(self, dots_page, manager):
        _, trainer = started(dots_page, manager)
        dots_page.select_slider(key="latent_size").set_value(1).run()
        assert trainer.config.latent_size == 2 and "Start training" in labels(dots_page)

    def test_its_past_is_seen_in_the_plane_and_forked(self, dots_page, manager):
        run, trainer = started(dots_page, manager)
        trainer.go(3)
        wait_until(lambda: len(run.snapshot().records) == 3)
        button(dots_page, "Stop").click().run()
        assert run.wait(5)
        dots_page.run()
        dots_page.segmented_control(key="view").set_value("past").run()
        for epoch in (0, 2):
            dots_page.select_slider[-1].set_value(epoch).run()
            assert not dots_page.exception and shown(dots_page)["frames"][-1]["step"] == 10 * epoch
        dots_page.button(key="fork").click().run()
        fork = manager.runs()[-1]
        assert fork is not run and fork.snapshot().forked_at == 2

    def test_the_train_page_does_not_show_it_and_keeps_its_own(self, dots_page, manager):
        started(dots_page, manager)
        dots_page.switch_page("train.py").run()
        assert not dots_page.exception and "Stop" not in labels(dots_page)
        dots_page.switch_page("dots.py").run()
        assert "Stop" in labels(dots_page)

    def test_a_slider_turned_as_the_run_ends_harms_nothing(self, dots_page, manager, monkeypatch):
        run, _ = started(dots_page, manager)

        def over(**_):
            raise Refusal("run.over", "This run has ended: its settings cannot change any more.")

        monkeypatch.setattr(run, "change", over)
        dots_page.select_slider(key="learning_rate").set_value(5e-3).run()
        assert not dots_page.exception and not dots_page.error and "frames" in shown(dots_page)

    def test_slow_motion_takes_one_step_after_the_other(self, dots_page, manager):
        run, _ = started(dots_page, manager)
        dots_page.toggle(key="slow_motion").set_value(True).run()
        assert run.control.is_held and run.wished.trace
        dots_page.toggle(key="slow_motion").set_value(False).run()
        assert not run.control.is_held and not dots_page.exception

    def test_its_switch_is_set_for_the_browser_only_where_somebody_else_goes_on(self, dots_page, manager):
        """What is set on its way to the browser undoes a press there."""
        run, _ = started(dots_page, manager)
        dots_page.run()
        assert not dots_page.toggle(key="slow_motion").proto.set_value
        dots_page.toggle(key="slow_motion").set_value(True).run()
        assert not dots_page.toggle(key="slow_motion").proto.set_value
        run.control.go_on()
        dots_page.run()
        switch = dots_page.toggle(key="slow_motion")
        assert switch.proto.set_value and not switch.value


class TestDrawing:
    def test_draws_what_is_learned(self, dots_page):
        dots_page.button(key="draw").click().run()
        assert shown(dots_page)["pen"] == {"drawn": "", "most": dots.MOST}
        assert "arrow keys" in shown(dots_page)["alt"]

    def test_takes_dots_and_nothing_else(self, monkeypatch):
        state = {"drawing": "", "data": "dots_ring", "classes": [0], drawing.OF: None}
        monkeypatch.setattr("streamlit.session_state", state)
        for bad in (None, 7, "no dots", "AAA" * 400):
            drawing.take(bad, False)
        assert state["drawing"] == "" and state["data"] == "dots_ring"
        text = dots.text_of(np.array([[0.5, -0.5], [0.25, 1.0]]))
        drawing.take(text, False)
        assert state["drawing"] == text and state["data"] == "dots_drawn" and state["classes"] == []
        drawing.take(None, True)
        assert drawing.OF not in state

    def test_a_run_that_begins_is_to_be_seen_instead_of_the_pad(self, dots_page, manager):
        dots_page.button(key="draw").click().run()
        started(dots_page, manager)
        assert not shown(dots_page)["pen"]
        dots_page.button(key="draw").click().run()
        assert shown(dots_page)["pen"]
        dots_page.selectbox(key="data").set_value("dots_spiral").run()
        assert shown(dots_page)["pen"]
        started(dots_page, manager)
        assert not shown(dots_page)["pen"] and not dots_page.exception


class TestSlowMotion:
    """It goes on by itself, by a clock that the test turns."""

    @pytest.fixture
    def looks(self, monkeypatch):
        """`looks(seconds, step)` is a look at a resting run, so long after the one before; how many steps it took."""
        clock, taken, control = [0.0], [], Control()
        monkeypatch.setattr("streamlit.session_state", {slow.SLOW: True})
        monkeypatch.setattr(slow, "monotonic", lambda: clock[0])
        monkeypatch.setattr(control, "one_step", lambda: taken.append(clock[0]))
        control.pause()

        def looks(seconds: float, step: int, resting: bool = True, forger: bool = True, told: bool = True) -> int:
            clock[0] += seconds
            control.is_resting = resting
            reading = SimpleNamespace(step=step, trace=trace(step, forger) if told else None)
            slow.go_on(SimpleNamespace(run_id="run", control=control), SimpleNamespace(reading=reading))
            return len(taken)

        looks.control = control
        return looks

    @pytest.mark.parametrize(("forger", "parts"), [(True, 9), (False, 5)])
    def test_the_next_step_is_taken_once_all_parts_were_seen(self, looks, forger, parts):
        assert len(slow.parts(trace(7, forger))) == parts
        seen = parts * slow.PART_SECONDS + slow.REST_SECONDS
        assert looks(50, 7, forger=forger) == 0  # seen for the first time
        assert looks(seen - 0.5, 7, forger=forger) == 0
        assert looks(1, 7, forger=forger) == 1
        assert looks(1, 8, forger=forger) == 1  # another step, from its first part on
        assert looks(seen - 0.5, 8, forger=forger) == 1 and looks(1, 8, forger=forger) == 2

    def test_a_step_whose_parts_nobody_asked_for_is_left_for_the_next(self, looks):
        assert looks(0, 7, told=False) == 0
        assert looks(slow.REST_SECONDS + 0.1, 7, told=False) == 1

    def test_not_while_the_run_moves_nor_when_somebody_pressed_go_on(self, looks):
        looks(0, 7)
        assert looks(100, 7, resting=False) == 0
        looks.control.go_on()
        assert looks(100, 7) == 0


def trace(step: int, forger: bool = True) -> StepTrace:
    places = np.zeros((8, 1, 2), np.float32)
    return StepTrace(
        step=step, reals=places, fakes=places, real_beliefs=(0.7,) * 8, fake_beliefs=(0.2,) * 8, d_loss=0.5,
        d_change=0.01, noise=(0.1, 0.2), drawn=places if forger else None, drawn_beliefs=(0.3,) * 8, g_loss=1.5,
        g_change=0.01,
    )  # fmt: skip


PARTS = {  # of the page beside a run, by their names in a link
    "exhibits": lambda page: any(each.key.startswith("begin_dots") for each in page.button if each.key),
    "slow": lambda page: "slow_motion" in {each.key for each in page.toggle},
    "doctor": lambda page: "Doctor:" in texts(page),
    "scores": lambda page: "show_js" in {each.key for each in page.button},
    "charts": lambda page: "**How wrong each one is**" in texts(page),
    "past": lambda page: "view" in {each.key for each in page.get("button_group")},
    "data": lambda page: "data" in {each.key for each in page.selectbox},
    "layers": lambda page: shown(page)["chips"],
    "draw": lambda page: "draw" in {each.key for each in page.button},
}


class TestHiding:
    @pytest.mark.parametrize("hides", [(), *((name,) for name in PARTS), tuple(PARTS)], ids="-".join)
    def test_a_link_hides_what_it_names_and_nothing_else(self, app, manager, monkeypatch, hides):
        app.query_params["preset"], app.query_params["hide"] = "dots", ",".join(hides)
        app.switch_page("dots.py").run()
        measured(app, manager, monkeypatch)
        assert not app.exception
        assert [name for name, is_there in PARTS.items() if not is_there(app)] == list(hides)

    def test_a_link_hides_controls(self, app):
        named = ("preset", "learning_rate", "d_learning_rate", "epochs", "batch_size", "seed", "loss", "architecture")
        named += (
            "options",
            "optimizer",
            "beta1",
            "beta2",
            "learning_rate_decay",
            "ema",
            "stabilisers",
            "draw",
            "layers",
        )
        app.query_params["preset"], app.query_params["hide"] = "dots", ",".join(named)
        app.switch_page("dots.py").run()
        keys = {each.key for kind in ("selectbox", "select_slider", "toggle", "button") for each in app.get(kind)}
        assert not app.exception and not keys & {*named, "use_pack"} and "latent_size" in keys
        assert not shown(app)["chips"]
        app.select_slider(key="latent_size").set_value(1).run()
        assert app.query_params["hide"] == ",".join(named)

    def test_there_is_enough_to_hide(self):
        assert len(hidden.everything()) >= 15

    def test_what_is_no_control_is_told(self, app):
        app.query_params["preset"], app.query_params["hide"] = "dots", "walls,beta1"
        app.switch_page("dots.py").run()
        assert "no control called" in texts(app) and "walls" in texts(app)

    def test_it_works_on_the_train_page_too(self, app):
        app.query_params["hide"] = "latent_size"
        app.switch_page("train.py").run()
        assert "latent_size" not in {each.key for each in app.select_slider}


class TestTheDrawing:
    def test_places_come_through_whole(self):
        moment = plane.Plane(
            step=7, fakes=np.array([[0.5, -1.0], [np.nan, 9.0]], np.float32), noise=np.zeros((2, 2), np.float32),
            beliefs=np.array([1.0, np.nan], np.float32), arrows=np.array([[3.0, 4.0], [0.0, 0.0]], np.float32),
            heat=np.zeros((40, 40), np.uint8), grid=np.zeros((0, 2), np.float32),
        )  # fmt: skip
        frame = moments.frame(moment)
        read = lambda name: np.frombuffer(__import__("base64").b64decode(frame[name]), "<i2") / moments.UNIT  # noqa: E731
        assert read("fakes")[:2] == pytest.approx([0.5, -1.0]) and abs(read("fakes")).max() <= 2
        longest = np.hypot(*read("arrows")[:2])
        assert longest == pytest.approx(moments.LONGEST * 5 / (5 + moments.HALF_AS_STEEP), abs=1e-3)

    def test_layers_that_nobody_knows_are_passed_over(self):
        assert lab._known(["map", "walls", "reals"]) == ("reals", "map") and lab._known("map") == ()


def test_dots_and_pictures_have_their_own_pages():
    assert session.page_of(RunConfig()) == "train.py" and session.page_of(presets.get("dots")) == "dots.py"
    assert {controls.FIRST[page] for page in (session.PICTURES, session.DOTS)} == {"quick", "dots"}


def test_who_watches_sees_it_and_cannot_steer(app, manager):
    run = manager.starting.new(presets.get("dots"), "somebody")
    wait_until(lambda: run.snapshot().reading)
    app.query_params["watch"] = run.watch_id
    app.switch_page("dots.py").run()
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: run.snapshot().planes)
    app.run()
    assert not app.exception and shown(app)["frames"][-1]["step"] == 20
    assert not {"Stop", "Pause", "Exhibits"} & set(labels(app)) and run.run_id not in json.dumps(shown(app))
    assert "slow_motion" not in {each.key for each in app.toggle}


def test_the_library_opens_it_here(app, store, manager):
    run = manager.starting.new(presets.get("dots").but(epochs=1), "somebody")
    wait_until(lambda: run.snapshot().reading)
    FakeTrainer.made[-1].go()
    assert run.wait(5)
    app.run()
    app.switch_page("library.py").run()
    app.button(key=f"open_{run.run_id}").click().run()
    assert not app.exception and shown(app)["run"] == feed.name_of(run.snapshot())
    assert app.selectbox(key="data").value == "dots_two_gaussians"
