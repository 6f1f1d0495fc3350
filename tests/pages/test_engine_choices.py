"""The Train page and the wide engine: choices, refusals, scores, doctor, wishes."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from gan import doctor
from gan.doctor import Condition, Cure, Diagnosis, advice
from gan.messages import verbatim
from gan.parts import nets, stabilisers
from gan.records import Point, Scores, Wish
from gan.runs import RunState
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.settings import controls
from pages.shared.stage import doctor_bar
from pages.shared.words import comparisons, plain, readings, recipes, settings, states
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, started, texts

GOOD = Scores(samples=1000, realism=12.5, variety=9.5, shares=(0.1,) * 10, precision=0.6, recall=0.4, copying=1.25)
FLOOR = Scores(samples=1000, realism=0.7, variety=10.0, shares=(0.1,) * 10, precision=0.85, recall=0.9, copying=1.0)


def toggle(app, name):
    return app.toggle(key=controls.use_key(name))


def test_a_stabiliser_that_is_switched_on_is_trained_with(train_page, manager):
    toggle(train_page, "r1").set_value(True).run()
    train_page.number_input(key=controls.strength_key("r1")).set_value(0.5).run()
    run, _ = started(train_page, manager)
    assert run.config == presets.get("quick").but(stabilisers="r1=0.5")
    assert "stabilisers=r1%3D0.5" in str(train_page.query_params) or "r1=0.5" in str(train_page.query_params)


def test_a_loss_brings_its_stabilisers_and_takes_them_away(train_page, manager):
    train_page.selectbox(key="loss").set_value("wgan_gp").run()
    assert toggle(train_page, "gradient_penalty").value
    train_page.selectbox(key="loss").set_value("hinge").run()
    assert not toggle(train_page, "gradient_penalty").value
    run, _ = started(train_page, manager)
    assert run.config == presets.get("quick").but(loss="hinge")


def test_a_loss_brings_its_papers_settings_which_the_widgets_show_and_a_note_names(train_page, manager):
    train_page.selectbox(key="loss").set_value("wasserstein").run()
    assert train_page.select_slider(key="d_steps").value == 5
    assert train_page.select_slider(key="learning_rate").value == 5e-5
    assert train_page.selectbox(key="optimizer").value == "rmsprop"
    assert "5e-05" in train_page.toast[0].value and "RMSprop" in train_page.toast[0].value
    train_page.select_slider(key="d_steps").set_value(3).run()
    run, _ = started(train_page, manager)
    assert run.config == presets.get("quick").but(
        loss="wasserstein", optimizer="rmsprop", learning_rate=5e-5, d_steps=3
    )
    assert controls.from_link(controls.to_link("quick", run.config)) == run.config


def test_a_link_to_a_loss_brings_its_papers_settings_unless_it_says_otherwise():
    config = controls.from_link({"preset": "quick", "loss": "wgan_gp", "d_steps": "2"})
    assert (config.d_steps, config.learning_rate, config.beta2) == (2, 1e-4, 0.9)
    assert controls.to_link("quick", config) == {"preset": "quick", "loss": "wgan_gp", "d_steps": "2"}
    bare = presets.get("quick").but(loss="wgan_gp")
    assert controls.from_link(controls.to_link("quick", bare)) == bare


def test_what_does_not_go_together_is_disabled_with_its_reason(train_page):
    train_page.selectbox(key="architecture").set_value("conditional").run()
    assert toggle(train_page, "packing").disabled
    assert "judges one picture with one class" in texts(train_page)
    train_page.selectbox(key="loss").set_value("hinge").run()
    assert train_page.select_slider(key="label_smoothing").disabled
    assert "there is nothing to smooth" in texts(train_page)
    assert not train_page.exception


def test_a_choice_that_cannot_work_is_not_offered_and_the_reason_is_told(train_page):
    train_page.selectbox(key="preset").set_value("deep_mlp_vs_conv").run()
    assert "Wasserstein with gradient penalty (WGAN-GP)" not in train_page.selectbox(key="loss").options
    assert "Gradient penalty does not go with Plain against looking" in texts(train_page)
    train_page.selectbox(key="architecture").set_value("dcgan").run()
    train_page.selectbox(key="loss").set_value("wgan_gp").run()
    assert not train_page.exception
    options = train_page.selectbox(key="architecture").options
    assert len(options) == len(nets.of_family("gan")) - 1


def test_a_choice_switches_off_what_it_refuses_and_says_so(train_page):
    train_page.selectbox(key="preset").set_value("dcgan").run()
    toggle(train_page, "packing").set_value(True).run()
    train_page.select_slider(key="label_smoothing").set_value(0.1).run()
    train_page.selectbox(key="architecture").set_value("acgan").run()
    assert not toggle(train_page, "packing").value and train_page.select_slider(key="label_smoothing").value == 0.1
    assert "Packing (PacGAN)" in train_page.toast[0].value
    train_page.selectbox(key="loss").set_value("wasserstein").run()
    assert train_page.select_slider(key="label_smoothing").value == 0.0
    assert not train_page.exception


def test_an_option_switches_off_what_it_refuses_and_is_not_offered_where_the_loss_needs_that(train_page):
    train_page.selectbox(key="preset").set_value("dcgan").run()
    toggle(train_page, "r1").set_value(True).run()
    train_page.selectbox(key=controls.option_key("d_norm")).set_value("batch").run()
    assert not toggle(train_page, "r1").value and toggle(train_page, "r1").disabled
    assert "R1 penalty does not go with Batch norm" in train_page.toast[0].value
    assert "Wasserstein with gradient penalty (WGAN-GP)" not in train_page.selectbox(key="loss").options
    train_page.selectbox(key=controls.option_key("d_norm")).set_value("none").run()
    train_page.selectbox(key="loss").set_value("wgan_gp").run()
    assert train_page.selectbox(key=controls.option_key("d_norm")).options == ["None"]
    assert "Gradient penalty does not go with Batch norm" in texts(train_page)
    assert not train_page.exception and not train_page.error


@pytest.mark.parametrize("architecture", nets.of_family("gan"))
def test_every_architecture_shows_its_options(train_page, architecture):
    train_page.selectbox(key="architecture").set_value(architecture).run()
    assert not train_page.exception
    for name in nets.options(architecture):
        assert controls.option_key(name) in train_page.session_state
        assert plain(settings.OPTION_LINES.get(name, "")) in texts(train_page), name


def test_options_belong_to_the_run_and_to_the_link(train_page, manager):
    train_page.selectbox(key="architecture").set_value("mlp").run()
    train_page.number_input(key=controls.option_key("depth")).set_value(4).run()
    run, _ = started(train_page, manager)
    assert run.config.option("depth") == 4
    assert controls.from_link(controls.to_link("quick", run.config)) == run.config


@pytest.mark.parametrize("name", stabilisers.names())
def test_every_stabiliser_survives_the_link(name):
    config = RunConfig(loss="least_squares", stabilisers=name)
    assert controls.from_link(controls.to_link("quick", config)) == config


class TestWhatDoesNotGoTogether:
    """A setting that cannot be with the others goes back to what it was, and the page says why."""

    def said(self, app):
        return " ".join(warning.value for warning in app.warning)

    def test_more_pictures_in_a_step_than_there_are(self, train_page):
        train_page.selectbox(key="preset").set_value("by_heart").run()
        train_page.select_slider(key="batch_size").set_value(64).run()
        assert not train_page.exception
        assert train_page.select_slider(key="batch_size").value == 8
        assert "Batch size cannot be 64: it must be at most 50" in self.said(train_page)

    def test_more_parts_than_a_batch_has_pairs_of_pictures(self, train_page):
        train_page.select_slider(key="batch_parts").set_value(8).run()
        assert train_page.query_params["batch_parts"] == "8" and not train_page.warning
        for setting, value, before in (("batch_parts", 16, 8), ("batch_size", 8, 16)):
            train_page.select_slider(key=setting).set_value(value).run()
            assert not train_page.exception
            assert train_page.select_slider(key=setting).value == before
            assert "so that each part of a batch of" in self.said(train_page)

    def test_fewer_pictures_than_a_step_takes(self, train_page):
        train_page.select_slider(key="batch_size").set_value(512).run()
        train_page.multiselect(key="classes").set_value([3]).run()
        assert not train_page.exception
        assert train_page.multiselect(key="classes").value == []
        assert "Batch size cannot be 512: it must be at most 438" in self.said(train_page)


class TestTheDoctor:
    ILL = Diagnosis(
        Condition.MODE_COLLAPSE,
        verbatim("9 of 10 fakes are a 1."),
        advice.CAUSE_MODE_COLLAPSE,
        (Cure(advice.MINIBATCH_STD, {"stabilisers": {"minibatch_std": 1}}), Cure(advice.G_SMALLER, {"epochs": 5})),
    )

    def test_stands_below_the_charts_in_the_words_of_the_classroom(self, train_page, manager, monkeypatch):
        monkeypatch.setattr(doctor, "diagnose", lambda *_, **__: self.ILL)
        started(train_page, manager)
        text = texts(train_page)
        assert "Doctor: Mode collapse." in text and "9 of 10 fakes are a 1." in text
        assert "The forger has found a picture that works" in text and "Tell the discriminator" not in text

    CHANGE = "Stabilisers None → Batch variety"

    def sick(self, train_page, manager, monkeypatch):
        monkeypatch.setattr(doctor, "diagnose", lambda *_, **__: self.ILL)
        run, trainer = started(train_page, manager)
        trainer.go()
        wait_until(lambda: run.snapshot().records)
        train_page.run()
        return run

    def test_says_what_a_cure_changes_and_what_becomes_of_this_run_before_it_begins(
        self, train_page, manager, monkeypatch
    ):
        sick = self.sick(train_page, manager, monkeypatch)
        assert f"Cure: {self.CHANGE}" in " ".join(each.proto.popover.label for each in train_page.get("popover"))
        text = texts(train_page)
        assert "Epochs 60 → 5" in text and "Side by side, this run goes on. Alone, it stops, and is kept." in text
        monkeypatch.setattr(manager, "ahead", lambda *_, **__: 3)
        train_page.run()
        text = texts(train_page)
        assert "this one stops, and is kept." in text and "the cure waits as number 3." in text
        assert sick.is_live and manager.runs() == [sick]

    def test_cures_alone(self, train_page, manager, monkeypatch):
        sick = self.sick(train_page, manager, monkeypatch)
        train_page.button(key="cure_0").click().run()
        assert not train_page.exception
        cured = manager.runs()[-1]
        assert cured is not sick and sick.wait(5)
        assert cured.config == sick.config.but(stabilisers="minibatch_std")
        assert toggle(train_page, "minibatch_std").value

    def test_cures_beside_the_sick_run_and_shows_both(self, train_page, manager, monkeypatch):
        sick = self.sick(train_page, manager, monkeypatch)
        train_page.button(key="beside_0").click().run()
        train_page.switch_page("contests/compare.py").run()
        cured = manager.runs()[-1]
        assert not train_page.exception and str(comparisons.LOST_RUNS) not in texts(train_page)
        assert train_page.multiselect(key="compared").value == [sick.watch_id, cured.watch_id]
        assert sick.is_live and sick.lease.is_watched and cured.lease.is_watched
        train_page.switch_page("train.py").run()
        train_page.select_slider(key="latent_size").set_value(64).run()
        started(train_page, manager)
        assert sick.wait(5) and cured.wait(5), "a new run takes the place of both"

    def test_keeps_the_sick_run_where_there_is_no_place_for_both(self, train_page, manager, monkeypatch):
        sick = self.sick(train_page, manager, monkeypatch)
        monkeypatch.setattr(manager, "ahead", lambda *_, **__: 1)
        train_page.button(key="beside_0").click().run()
        train_page.switch_page("contests/compare.py").run()
        assert sick.wait(5) and manager.runs()[-1].is_live
        assert train_page.multiselect(key="compared").value == [run.watch_id for run in manager.runs()]

    def test_has_no_button_for_those_who_only_watch(self, app, train_page, manager, monkeypatch):
        sick = self.sick(train_page, manager, monkeypatch)
        watcher = AppTest.from_file(app._script_path, default_timeout=60).run()
        watcher.switch_page("train.py")
        watcher.query_params["watch"] = sick.watch_id
        watcher.run()
        assert self.CHANGE in texts(watcher)
        assert not {"cure_0", "beside_0"} & {each.key for each in watcher.button}

    @pytest.mark.parametrize("failure", presets.CURES)
    def test_the_recipe_follows_a_cure(self, train_page, manager, failure):
        train_page.selectbox(key="preset").set_value(failure).run()
        _, trainer = started(train_page, manager)
        trainer.fail(FloatingPointError("a loss was no longer a finite number by step 20"))
        assert manager.runs()[-1].wait(5)
        train_page.run()
        train_page.button(key="cure_0").click().run()
        assert train_page.query_params["preset"] in (presets.CURES[failure], [presets.CURES[failure]])
        assert manager.runs()[-1].config == presets.get(presets.CURES[failure])

    def test_its_settings_come_although_the_browser_still_sends_the_old_ones(self, train_page):
        train_page.session_state[controls.COMING] = "pocket", presets.get("pocket")
        train_page.select_slider(key="learning_rate").set_value(1e-2).run()
        assert train_page.selectbox(key="preset").value == "pocket"
        assert train_page.select_slider(key="learning_rate").value == presets.get("pocket").learning_rate
        train_page.select_slider(key="learning_rate").set_value(1e-2).run()
        assert train_page.select_slider(key="learning_rate").value == 1e-2, "once"

    def test_says_of_a_young_run_that_it_is_too_early(self, train_page, manager):
        started(train_page, manager)
        assert "Doctor: Too early to say." in texts(train_page)
        assert "Cure" not in " ".join(labels(train_page))

    def test_names_a_divergence(self, train_page, manager):
        run, trainer = started(train_page, manager)
        trainer.fail(FloatingPointError("a loss was no longer a finite number by step 20"))
        assert run.wait(5)
        train_page.run()
        assert "Doctor: Divergence." in texts(train_page) and "Cure alone" in labels(train_page)
        assert "before the first step" not in texts(train_page) and "Go on from" not in " ".join(labels(train_page))

    def test_says_who_stands_still_and_offers_that_both_learn(self):
        points = [Point(epoch=n / 10, weight=50, d_loss=0.02, g_loss=5, d_real=0.99, d_fake=0.01) for n in range(1, 41)]
        snapshot = SimpleNamespace(
            config=presets.get("collapse").but(learners="discriminator"), points=points, scores=(), floor=None,
            state=RunState.RUNNING, fault=None,
        )  # fmt: skip
        found = doctor_bar.examine(snapshot)
        assert found.name is Condition.ONE_SIDED and "The generator stands still" in str(found.evidence)
        assert [changes for _, changes in doctor_bar.cure_configs(snapshot, found)] == [{"learners": "both"}]

    def test_every_condition_has_words(self):
        assert set(states.CONDITIONS) == set(Condition)

    @pytest.mark.parametrize("failure", presets.CURES)
    def test_offers_the_proven_cure_of_a_failure_first(self, train_page, manager, failure):
        train_page.selectbox(key="preset").set_value(failure).run()
        run, _ = started(train_page, manager)
        snapshot = run.snapshot()
        (sentence, changes), *_ = doctor_bar.cure_configs(snapshot, self.ILL)
        assert snapshot.config.but(**changes) == presets.get(presets.CURES[failure])
        assert sentence == recipes.line(presets.CURES[failure])


class TestTheScores:
    def show(self, train_page, manager, monkeypatch, scores, floor=FLOOR):
        monkeypatch.setattr(FakeTrainer, "scores", scores)
        monkeypatch.setattr(FakeTrainer, "floor", floor)
        run, trainer = started(train_page, manager)
        trainer.go(2)
        wait_until(lambda: len(run.snapshot().records) == 2)
        train_page.segmented_control(key="view").set_value(states.SCORES).run()
        assert not train_page.exception
        return "\n".join([texts(train_page), *labels(train_page)])

    def test_are_charts_with_the_sample_count(self, train_page, manager, monkeypatch):
        text = self.show(train_page, manager, monkeypatch, GOOD)
        assert all(plain(title) in text for title, _ in readings.SCORES.values())
        assert "1,000 new fakes" in text and plain(readings.NO_REFEREE) not in text

    def test_without_a_referee_say_so(self, train_page, manager, monkeypatch):
        alone = replace(GOOD, realism=None, variety=None, shares=(), precision=None, recall=None)
        text = self.show(train_page, manager, monkeypatch, alone, replace(FLOOR, realism=None))
        assert plain(readings.NO_REFEREE) in text
        assert "Copying" in text and "Realism" not in text

    def test_that_are_not_there_yet_are_announced(self, train_page, manager, monkeypatch):
        self.show(train_page, manager, monkeypatch, None)
        assert "The first scores come after the first epoch." in [item.value for item in train_page.info]

    def test_are_told_to_those_who_cannot_see(self):
        told = plain(readings.score_alt("realism", [(3.0, GOOD)], FLOOR))
        assert told == "Realism after 3 epochs: 12.5. Real pictures get 0.7."


class TestWishes:
    def test_draw_me_a_seven(self, train_page, manager):
        run, trainer = started(train_page, manager)
        train_page.selectbox(key="draw_me").set_value(7).run()
        assert run.wished == Wish(label=7, seed=0)  # the small drawing follows a vector too
        trainer.go()
        wait_until(lambda: trainer.wish == Wish(label=7, seed=0))
        button(train_page, "Stop").click().run()
        assert run.wait(5)
        train_page.run()
        train_page.selectbox(key="draw_me").set_value(3).run()
        assert (run.snapshot().reading.samples == 203).all()  # drawn anew although the run has ended

    def test_only_conditional_networks_are_asked(self, train_page, manager):
        train_page.selectbox(key="preset").set_value("dcgan").run()
        started(train_page, manager)
        assert not [box for box in train_page.selectbox if box.key == "draw_me"]

    def test_a_vector_can_be_followed(self, train_page, manager):
        run, _ = started(train_page, manager)
        train_page.segmented_control(key="view").set_value(states.NETWORKS).run()
        train_page.number_input(key="follow_seed").set_value(12).run()
        assert run.wished == Wish(seed=12)
        train_page.segmented_control(key="view").set_value(states.CHARTS).run()
        assert run.wished == Wish(seed=12)  # in small
