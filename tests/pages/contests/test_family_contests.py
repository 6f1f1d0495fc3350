"""Races, sweeps and comparisons of families other than the GAN: offered with what they have, and without the rest."""

from dataclasses import replace

import pytest

from gan import data
from gan.records import Scores
from gan.runs.server.contest import race_configs
from gan.runs.server.contest_rules import RULES
from gan.setup import presets
from pages.shared.contests import race_setup, sweep_setup
from pages.shared.draw import charts
from pages.shared.tab import contest_tab
from pages.shared.words import races, recipes, settings
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts

FAMILIES = {
    "vae": "beta",
    "vae_gan": "likeness",
    "diffusion": "guidance",
    "outlines": "l1_weight",
    "boots": "cycle_weight",
}


@pytest.fixture(autouse=True)
def scored(monkeypatch):
    """The smallest latent size and the largest batch draw best; a VAE reads its two losses."""
    monkeypatch.setattr(
        FakeTrainer, "scores", property(lambda self: Scores(samples=9, realism=float(self.config.latent_size)))
    )
    reading = FakeTrainer._reading

    def own(self, kind, epoch):
        found = reading(self, kind, epoch)
        return replace(found, own={"reconstruction": 90.0, "kl": 12.5}) if self.config.family == "vae" else found

    monkeypatch.setattr(FakeTrainer, "_reading", own)


@pytest.fixture
def race_page(app):
    app.run()
    return app.switch_page("contests/race.py").run()


def begun(page, kind="race"):
    button(page, f"Start the {kind}").click().run()
    runs = contest_tab.contests().runs(contest_tab.contests().get(page.query_params[kind]))
    wait_until(lambda: any(run.snapshot().reading for run in runs))
    page.run()
    return runs


@pytest.mark.parametrize(("recipe", "setting"), FAMILIES.items())
def test_every_family_can_race_in_what_only_it_has(race_page, recipe, setting):
    race_page.selectbox(key="race_preset").set_value(recipe).run()
    race_page.selectbox(key="race_setting").set_value(setting).run()
    assert not race_page.exception and not race_page.warning
    assert not button(race_page, "Start the race").disabled
    offered = race_page.selectbox(key="race_rule").options
    assert (str(races.RULES["d_fake"].title) in offered) == (recipe == "vae_gan")


@pytest.mark.parametrize("recipe", FAMILIES)
def test_all_that_is_offered_can_differ(recipe):
    base = presets.get(recipe)
    for setting in race_setup.raced(base):
        first, second, *_ = race_setup.offered(base, setting)
        try:
            race_configs(base, setting, [first, second])
        except ValueError as error:
            assert str(error).endswith("."), error
    assert "loss" not in race_setup.raced(base) or recipe == "vae_gan"
    assert ("latent_size" in race_setup.raced(base)) == recipe.startswith("vae")


def test_a_race_over_beta_says_so_and_draws_the_readings_by_name(race_page):
    race_page.selectbox(key="race_preset").set_value("vae").run()
    race_page.selectbox(key="race_setting").set_value("beta").run()
    runs = begun(race_page)
    base = presets.get("vae").but(epochs=race_setup.DEFAULT_EPOCHS)
    assert [run.config for run in runs] == [base.varied({"beta": beta}) for beta in (0.5, 1.0, 4.0)]
    assert [run.config.option("beta") for run in runs] == [0.5, 1.0, 4.0]
    shown = race_page.selectbox(key="race_other").options
    assert "What got lost" in shown and not {"D(fake)", "Right answers", "Forger's loss"} & set(shown)
    race_page.selectbox(key="race_other").set_value("reconstruction").run()
    assert str(races.series("reconstruction").look) in texts(race_page) and not race_page.exception
    for trainer in FakeTrainer.made:
        trainer.go(race_setup.DEFAULT_EPOCHS)
    assert all(run.wait(5) for run in runs)
    race_page.run()
    assert "share the first place" in texts(race_page) and not race_page.exception
    button(race_page, "Compare").click().run()
    assert not race_page.exception and "D(fake)" not in texts(race_page)
    assert "D(fake)" not in race_page.segmented_control(key="series").options


def test_a_curve_is_found_by_the_name_that_the_family_reads(race_page):
    race_page.selectbox(key="race_preset").set_value("vae").run()
    run, *_ = begun(race_page)
    next(trainer for trainer in FakeTrainer.made if trainer.config == run.config).go()
    wait_until(lambda: run.snapshot().records)
    assert charts.curve(run.snapshot(), "kl")[-1][1] == 12.5
    assert charts.curve(run.snapshot(), "denoising") == []
    assert charts.unit("reconstruction") is charts.LOSS and charts.unit("js") != charts.LOSS


def test_a_sweep_over_the_latent_size_of_a_vae(app, manager):
    app.run()
    page = app.switch_page("contests/sweep.py").run()
    offered = page.selectbox(key="sweep_preset").options
    page.selectbox(key="sweep_preset").set_value("vae").run()
    runs = begun(page, "sweep")
    base = presets.get("vae").but(epochs=sweep_setup.EPOCHS)
    pairs = [(size, rate) for size in (2, 8, 32) for rate in (2e-4, 2e-3, 2e-2)]
    assert [run.config for run in runs] == [base.but(latent_size=size, learning_rate=rate) for size, rate in pairs]
    assert "Stop all" in labels(page) and not page.exception
    assert not {str(recipes.title(name)) for name in ("diffusion", "outlines", "boots")} & set(offered)


def test_who_has_no_detective_and_no_referee_cannot_race():
    without = next((name for name in data.names() if not data.get(name).referee and not data.get(name).is_dots), None)
    pictures = replace(data.get("digits"), referee=None) if without is None else data.get(without)
    assert [name for name, rule in RULES.items() if rule.fits(pictures, "vae")] == []
    assert [name for name, rule in RULES.items() if rule.fits(pictures, "vae_gan")] == ["d_fake"]


def test_an_option_is_called_as_the_settings_call_it():
    assert str(settings.label("beta")) == "Beta" and settings.label("learning_rate").id == "setting.learning_rate"
    assert "250 fakes" in str(races.fairness("realism", presets.get("diffusion")))
    assert "1,000 fakes" in str(races.fairness("realism", presets.get("quick")))
