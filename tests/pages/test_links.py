"""What a link may hold: settings and looks are taken as far as they can be, all else is nobody's concern."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gan.runs import Kind
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.settings import controls
from pages.shared.tab import looks
from pages.shared.words import states
from tests.fakes import wait_until
from tests.pages.test_train import started, texts

FRAME = Path(__file__).parents[2] / "pages/frame.py"


@pytest.fixture
def open_link():
    """Opens a link in a tab that knows nothing yet, as F5 and other people do."""

    def open_link(**query):
        tab = AppTest.from_file(FRAME, default_timeout=60).run()
        tab.switch_page("train.py")
        for name, value in query.items():
            tab.query_params[name] = value
        return tab.run()

    return open_link


def query(page) -> dict[str, str]:
    """What stands in a tab's address."""
    return {name: page.query_params[name] for name in page.query_params}


def left_out(page) -> list[str]:
    """What is said of values that were not taken: the first is of all, each other is of one."""
    assert not page.exception and not page.error
    return [part for warning in page.warning for part in warning.value.split("\n\n")]


class TestSettings:
    @pytest.mark.parametrize("name", ["fbclid", "utm_source", "latent_siz", "__proto__", "embed_", "view_"])
    def test_what_is_no_setting_is_ignored_and_stays_out(self, open_link, name):
        page = open_link(latent_size="8", **{name: "IwAR0x"})
        assert not left_out(page) and page.select_slider(key="latent_size").value == 8
        page.select_slider(key="latent_size").set_value(16).run()
        assert query(page) == {"preset": "quick", "latent_size": "16"}

    def test_a_bad_value_alone_is_left_out(self, open_link):
        page = open_link(preset="pocket", learning_rate="99", latent_size="8", classes="3,7", fbclid="x")
        assert left_out(page)[1:] == ["Learning rate cannot be '99': it must be a number from 1e-07 to 1."]
        assert page.selectbox(key="preset").value == "pocket" and page.multiselect(key="classes").value == [3, 7]
        assert page.select_slider(key="latent_size").value == 8
        assert page.select_slider(key="learning_rate").value == presets.get("pocket").learning_rate
        assert page.query_params["latent_size"] == "8" and "learning_rate" not in page.query_params

    def test_each_bad_value_has_its_sentence(self, open_link):
        page = open_link(preset="slow", data="cats", latent_size="8", beta1="many")
        first, *each = left_out(page)
        assert first == "This link asks for something that cannot be. All else in it was taken."
        assert [told.split(" cannot be ")[0] for told in each] == ["Recipe", "Pictures", "Beta 1 (momentum)"]
        assert page.selectbox(key="preset").value == "quick" and page.select_slider(key="latent_size").value == 8

    def test_of_values_that_do_not_go_together_as_many_as_can_be_are_taken(self, open_link):
        page = open_link(batch_size="512", latent_size="8", classes="3")
        _, told = left_out(page)
        assert "the number of pictures to learn from" in told
        assert page.select_slider(key="latent_size").value == 8

    def test_the_order_of_values_does_not_matter(self):
        link = controls.to_link("quick", presets.get("quick").but(architecture="mlp", options={"depth": 2}))
        there_and_back = [controls.understood(dict(order)) for order in (link.items(), reversed(link.items()))]
        assert there_and_back[0] == there_and_back[1] and not there_and_back[0][2]
        told = [controls.understood({"options": "depth=2", "architecture": "mlp", "beta1": "x"})[1:] for _ in "ab"]
        config, (reason,) = told[0]
        assert config.architecture == "mlp" and config.option("depth") == 2 and "beta1" in str(reason)

    @pytest.mark.parametrize("name", presets.PRESETS)
    def test_a_good_link_is_taken_whole(self, name):
        config = presets.get(name).but(seed=7)
        assert controls.understood(controls.to_link("quick", config)) == ("quick", config, [])

    @pytest.mark.parametrize("recipe", presets.PRESETS)
    def test_any_settings_come_back_whatever_the_recipe(self, recipe):
        for name, config in presets.PRESETS.items():
            assert controls.understood(controls.to_link(recipe, config)) == (recipe, config, []), name

    def test_what_was_set_after_another_family_survives_f5(self, open_link, train_page):
        train_page.selectbox(key="family").set_value("vae").run()
        assert query(train_page) == {"preset": "quick", "family": "vae"}
        train_page.select_slider(key="latent_size").set_value(32).run()
        page = open_link(**query(train_page.run()))
        assert not left_out(page) and page.select_slider(key="latent_size").value == 32

    def test_nothing_else_in_the_address_has_a_settings_name(self):
        others = {*controls.KEPT, *Kind, "view", "draw", "vector", "past"}
        assert not others & {controls.PRESET, *RunConfig.__dataclass_fields__}


class TestLooks:
    @pytest.fixture
    def run(self, train_page, manager):
        run, trainer = started(train_page, manager)
        trainer.go(3)
        wait_until(lambda: run.moments.epochs == (0, 1, 2, 3))
        return run

    @pytest.mark.parametrize("view", states.VIEWS)
    def test_the_view_survives_other_pages_and_f5(self, open_link, train_page, run, view):
        train_page.segmented_control(key=looks.VIEW).set_value(view).run()
        assert query(train_page).get("view", states.CHARTS) == view
        assert open_link(**query(train_page)).segmented_control(key=looks.VIEW).value == view
        train_page.switch_page("library.py").run()
        train_page.switch_page("train.py").run()
        assert train_page.segmented_control(key=looks.VIEW).value == view

    def test_the_chosen_view_stays_chosen(self, train_page, run):
        assert train_page.segmented_control(key=looks.VIEW).proto.required

    def test_what_to_draw_and_to_follow_survive(self, open_link, train_page, run):
        train_page.segmented_control(key=looks.VIEW).set_value(states.NETWORKS).run()
        train_page.selectbox(key=looks.DRAW_ME).set_value(7).run()
        train_page.number_input(key=looks.VECTOR).set_value(12).run()
        assert {"draw": "7", "vector": "12", "view": "networks"}.items() <= query(train_page).items()
        fresh = open_link(**query(train_page))
        assert (run.wished.label, run.wished.seed) == (7, 12)
        train_page.switch_page("home.py").run()
        train_page.switch_page("train.py").run()
        for page in (fresh, train_page):
            assert page.selectbox(key=looks.DRAW_ME).value == 7 and page.number_input(key=looks.VECTOR).value == 12

    def test_the_epoch_gone_back_to_survives(self, open_link, train_page, run):
        train_page.segmented_control(key=looks.VIEW).set_value(states.PAST).run()
        train_page.select_slider(key=looks.past_key(run)).set_value(1).run()
        assert train_page.query_params["past"] == "1"
        assert open_link(**query(train_page)).select_slider(key=looks.past_key(run)).value == 1
        train_page.switch_page("home.py").run()
        train_page.query_params.clear()  # as a turn to another page does
        train_page.switch_page("train.py").run()
        assert train_page.query_params["past"] == "1"
        assert train_page.select_slider(key=looks.past_key(run)).value == 1
        assert "epoch 1." in texts(train_page)

    def test_an_epoch_that_is_not_kept_is_the_nearest_one(self, open_link, run):
        page = open_link(run=run.run_id, view="past", past="50")
        assert page.select_slider(key=looks.past_key(run)).value == 3

    def test_another_run_is_not_asked_for_a_kind_that_it_does_not_know(self, train_page, manager, run):
        train_page.selectbox(key=looks.DRAW_ME).set_value(7).run()
        train_page.multiselect(key="classes").set_value([1, 2]).run()
        second, _ = started(train_page, manager)
        assert second is not run and train_page.selectbox(key=looks.DRAW_ME).value == looks.ALL
        assert "draw" not in train_page.query_params

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("view", "x-ray", "View cannot be 'x-ray': it must be one of charts, scores, networks, step, past, own."),
            ("draw", "seven", "Draw me cannot be 'seven': it must be a whole number from 0 to 9."),
            ("vector", "-1", "Random vector cannot be '-1': it must be a whole number from 0 to 9,999."),
        ],
    )
    def test_a_bad_one_is_left_out(self, open_link, run, name, value, said):
        page = open_link(run=run.run_id, latent_size="8", **{name: value})
        assert left_out(page)[1:] == [said] and page.select_slider(key="latent_size").value == 8
        page.run()
        assert name not in page.query_params
