"""Every setting takes good values, native or as text, and refuses bad ones with a sentence."""

import dataclasses
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from gan import data, families
from gan.data.catalog import DataSet
from gan.parts import losses
from gan.setup.config import RunConfig, comes_along, kind_of
from gan.setup.kinds import as_text
from gan.setup.presets import PRESETS

NAMES = [item.name for item in dataclasses.fields(RunConfig)]

GOOD = [
    ("data", "fashion", "fashion"),
    ("classes", "3,7", (3, 7)),
    ("classes", " 7, 3 ", (3, 7)),
    ("classes", [7, 3], (3, 7)),
    ("classes", (0, 9), (0, 9)),
    ("classes", ["3", 4.0], (3, 4)),
    ("classes", "", ()),
    ("classes", [], ()),
    ("pictures", "200", 200),
    ("drawing", "", ""),
    ("drawing", "AAD__4CA", "AAD__4CA"),
    ("picture_size", "64", "64"),
    ("family", "gan", "gan"),
    ("task", "outline", "outline"),
    ("architecture", "pocket", "pocket"),
    ("options", "", {}),
    ("options", {}, {}),
    ("loss", "hinge", "hinge"),
    ("stabilisers", "r1=2,packing", {"packing": 2, "r1": 2.0}),
    ("stabilisers", {"r1": "0.5"}, {"r1": 0.5}),
    ("stabilisers", "r1=0", {}),
    ("stabilisers", "", {}),
    ("latent_size", 1, 1),
    ("latent_size", "1024", 1024),
    ("latent_size", 100.0, 100),
    ("noise", "uniform", "uniform"),
    ("learning_rate", "5e-4", 5e-4),
    ("learning_rate", 1, 1.0),
    ("learning_rate", 1e-7, 1e-7),
    ("d_learning_rate", "2e-4", 2e-4),
    ("d_learning_rate", None, None),
    ("d_learning_rate", "same", None),
    ("d_learning_rate", "", None),
    ("learning_rate_decay", "0.5", 0.5),
    ("batch_size", "2", 2),
    ("batch_size", 1024, 1024),
    ("batch_parts", "4", 4),
    ("epochs", "100000", 100_000),
    ("optimizer", "rmsprop", "rmsprop"),
    ("beta1", 0, 0.0),
    ("beta1", "0.999", 0.999),
    ("beta2", "0.9", 0.9),
    ("learners", "generator", "generator"),
    ("d_steps", "5", 5),
    ("g_steps", 3.0, 3),
    ("label_smoothing", "0.1", 0.1),
    ("ema", "0", 0.0),
    ("fresh_fakes", True, True),
    ("fresh_fakes", "yes", True),
    ("fresh_fakes", "OFF", False),
    ("fresh_fakes", 1, True),
    ("drop_last", "false", False),
    ("drop_last", 0, False),
    ("pixel_range", "0..1", "0..1"),
    ("seed", 0, 0),
    ("seed", str(2**31 - 1), 2**31 - 1),
    ("device", "cpu", "cpu"),
]

NOT_NUMBERS = ("x", None, True, False, [], math.nan, math.inf, -math.inf, "nan", "inf", 10**400)
NOT_WORDS = ("", "nothing like it", None, 3, True, ["adam"])
BAD = {
    "data": (*NOT_WORDS, "Digits"),
    "classes": ("25", "-1", "a", "1.5", "3,3", [3, 3], [25], [-1], [True], [None], [[3]], 5, None, True),
    "pictures": (*NOT_NUMBERS, "", -1, 100_001),
    "drawing": (
        *NOT_WORDS[1:],
        "A",
        "AA",
        "AAF",
        "AAAA",
        "AB",
        "AAD_*4CA",
        "AAD/+4CA",
        "AAD__4CA=",
        "AAD__4CA\n",
        "\u00e4AD__4CA",
    ),
    "picture_size": (*NOT_WORDS, "29"),
    "family": (*NOT_WORDS, "GAN"),
    "task": (*NOT_WORDS, "Outline"),
    "architecture": (*NOT_WORDS, "_blocks", "../config"),
    "options": (None, 3, True, ["depth"]),
    "loss": NOT_WORDS,
    "stabilisers": (None, 3, True, ["r1"]),
    "latent_size": (*NOT_NUMBERS, "", 0, 1025, -1, 1.5, "2.5"),
    "noise": (*NOT_WORDS, "gaussian"),
    "learning_rate": (*NOT_NUMBERS, "", "same", 0, -1e-3, 1.01, 1e-8),
    "d_learning_rate": (*(value for value in NOT_NUMBERS if value is not None), 0, 2, "None"),
    "learning_rate_decay": (*NOT_NUMBERS, "", -0.1, 1.1),
    "batch_size": (*NOT_NUMBERS, "", 1, 1025, 2.5),
    "batch_parts": (*NOT_NUMBERS, "", 0, 65, 1.5),
    "epochs": (*NOT_NUMBERS, "", 0, 100_001),
    "optimizer": NOT_WORDS,
    "beta1": (*NOT_NUMBERS, "", -0.1, 1.0),
    "beta2": (*NOT_NUMBERS, "", -0.1, 1.0),
    "learners": (*NOT_WORDS, "Both"),
    "d_steps": (*NOT_NUMBERS, "", 0, 6),
    "g_steps": (*NOT_NUMBERS, "", 0, 6),
    "label_smoothing": (*NOT_NUMBERS, "", -0.1, 0.51),
    "ema": (*NOT_NUMBERS, "", -0.1, 1.0),
    "fresh_fakes": ("", "maybe", None, 2, 1.5, [], math.nan),
    "pixel_range": NOT_WORDS,
    "drop_last": ("", "maybe", None, 2, 1.5, [], math.nan),
    "seed": (*NOT_NUMBERS, "", -1, 2**31, 0.5),
    "device": (*NOT_WORDS, "cuda:0"),
}


@pytest.mark.parametrize(("name", "value", "expected"), GOOD)
def test_a_good_value_is_read(name, value, expected):
    read = getattr(RunConfig(**{name: value}), name)
    assert read == expected
    assert isinstance(read, type(expected))


def test_every_setting_is_tried_with_good_and_bad_values():
    assert {name for name, *_ in GOOD} == set(NAMES)
    assert list(BAD) == NAMES


def short(value):
    return repr(value)[:30]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in NAMES for value in BAD[name]], ids=short)
def test_a_bad_value_is_refused_with_field_value_and_what_is_allowed(name, value):
    with pytest.raises(ValueError) as refusal:
        RunConfig(**{name: value})
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} cannot be {value!r}: it must be {kind_of(name).allowed}")
    assert sentence.endswith(".")
    with pytest.raises(ValueError):
        RunConfig().but(**{name: value})
    with pytest.raises(ValueError):
        RunConfig.from_dict({name: value})


def test_what_is_allowed_is_said_in_words():
    def allowed(name):
        return str(kind_of(name).allowed)

    assert allowed("latent_size") == "a whole number from 1 to 1,024"
    assert allowed("learning_rate") == "a number from 1e-07 to 1"
    assert allowed("d_learning_rate") == 'a number from 1e-07 to 1 or "same"'
    assert allowed("optimizer") == "one of adam, rmsprop, sgd"
    assert allowed("fresh_fakes") == "true or false"


def test_a_word_nearly_right_gets_a_hint():
    with pytest.raises(ValueError, match=r"did you mean fashion\?"):
        RunConfig(data="fashon")


@pytest.mark.parametrize("make", [RunConfig.from_dict, lambda values: RunConfig().but(**values)])
def test_an_unknown_setting_is_refused_with_the_nearest_one(make):
    with pytest.raises(ValueError, match=r"no setting called 'learnin_rate'\. Did you mean learning_rate\?"):
        make({"learnin_rate": 1e-3})
    with pytest.raises(ValueError, match=r"no setting called 'self'\. The settings are: data, classes, "):
        make({"self": 1})


def test_classes_beyond_those_of_the_data_set_are_refused(monkeypatch):
    three = DataSet("three", "Three shapes", ("ring", "box", "star"), 30)
    monkeypatch.setattr(data, "SETS", data.SETS | {"three": three})
    assert RunConfig(data="three", classes="0,2").classes == (0, 2)
    with pytest.raises(ValueError, match=r"classes cannot be \(1, 3\): three has the classes 0 to 2\."):
        RunConfig(data="three", classes="1,3")
    with pytest.raises(ValueError, match="three has the classes 0 to 2"):
        RunConfig(classes=[3]).but(data="three")


CONFIGS = [
    *PRESETS.values(),
    RunConfig(classes=(1, 2), d_learning_rate=1e-4, fresh_fakes=True, drop_last=False, seed=0, ema=0.5),
]


@pytest.mark.parametrize("config", CONFIGS)
def test_a_config_survives_its_plain_form_and_json(config):
    plain = config.to_dict()
    assert list(plain) == NAMES
    assert RunConfig.from_dict(plain) == config
    text = json.dumps(plain, allow_nan=False)
    assert json.loads(text) == plain
    assert RunConfig.from_dict(json.loads(text)) == config
    assert hash(RunConfig.from_dict(plain)) == hash(config)


@pytest.mark.parametrize("config", CONFIGS)
def test_a_config_survives_as_text(config):
    assert RunConfig.from_dict({name: as_text(value) for name, value in config.to_dict().items()}) == config


def test_missing_settings_take_their_defaults():
    assert RunConfig.from_dict({}) == RunConfig()
    assert RunConfig.from_dict({"seed": 5}) == RunConfig(seed=5) != RunConfig()


def test_but_changes_a_copy():
    config = RunConfig(seed=1)
    changed = config.but(seed=2, learning_rate="5e-4")
    assert (config.seed, changed.seed, changed.learning_rate) == (1, 2, 5e-4)
    assert changed.but(seed=1, learning_rate=config.learning_rate) == config
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 3
    with pytest.raises(TypeError):
        RunConfig("digits")


@pytest.mark.parametrize(("size", "most"), [(2, 1), (3, 1), (8, 4), (9, 4), (1024, 64)])
def test_each_part_of_a_batch_holds_two_pictures_or_more(size, most):
    config = RunConfig(batch_size=size, batch_parts=most)
    assert config.part_size >= 2
    if most < 64:
        said = (
            f"batch_parts cannot be {most + 1}: it must be at most {most}, so that each part of a batch of {size} "
            "holds 2 pictures or more. Choose fewer parts, or a larger batch_size."
        )
        with pytest.raises(ValueError) as refusal:
            config.but(batch_parts=most + 1)
        assert str(refusal.value) == said


@pytest.mark.parametrize("family", [name for name in families.names() if name != "gan"])
def test_other_families_have_no_use_for_parts(family):
    with pytest.raises(ValueError, match=r"batch_parts cannot be set: a .* has no use for it"):
        RunConfig().but(family=family, batch_parts=2)
    assert RunConfig(batch_parts=2).but(family=family).batch_parts == 1


def test_parts_may_change_while_a_run_goes_on_and_the_batch_may_not():
    config = RunConfig(batch_size=32, batch_parts=4)
    assert config.steered(batch_parts=2).part_size == 16
    with pytest.raises(ValueError, match="batch_size cannot change"):
        config.steered(batch_size=64)


def test_options_belong_to_their_architecture():
    config = RunConfig(architecture="mlp", options="depth=5,activation=relu")
    assert (config.option("depth"), config.option("activation")) == (5, "relu")
    assert RunConfig(architecture="mlp", options={"depth": 2}) == RunConfig(architecture="mlp")  # the default
    assert config.but(seed=2).options == config.options
    assert config.but(architecture="pocket").options == {}
    with pytest.raises(ValueError, match=r"options cannot hold 'deep': the architecture mlp has the options depth"):
        config.but(options={"deep": 1})
    with pytest.raises(ValueError, match=r"options depth cannot be 9: it must be a whole number from 1 to 6\."):
        config.but(options={"depth": 9})
    with pytest.raises(TypeError):
        config.options["depth"] = 2


def test_a_loss_brings_stabilisers_that_can_be_changed():
    config = RunConfig(loss="relativistic_pairing")
    assert config.stabilisers == {} and config.strengths == {"r1": 1.0, "r2": 1.0}
    assert config.but(stabilisers="r1=0.5").strengths == {"r1": 0.5, "r2": 1.0}
    assert config.but(stabilisers="r2=0").strengths == {"r1": 1.0}
    assert config.but(stabilisers="r1=1") == config


def test_a_stabiliser_without_a_number_takes_its_usual_strength():
    assert RunConfig(stabilisers="packing").strengths == {"packing": 2}
    with pytest.raises(ValueError, match=r"stabilisers packing cannot be '9': it must be a whole number from 0 to 4"):
        RunConfig(stabilisers="packing=9")
    with pytest.raises(ValueError, match=r"stabilisers cannot be 'pakking'.*did you mean packing\?"):
        RunConfig(stabilisers="pakking")


def test_what_cannot_go_together_is_refused_with_the_reason():
    with pytest.raises(ValueError, match=r"hinge does not go with label_smoothing: this loss has a margin"):
        RunConfig(loss="hinge", label_smoothing=0.1)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"pictures": 1}, "pictures cannot be 1: a step learns from at least 2."),
        (
            {"pictures": 50, "batch_size": 64},
            "batch_size cannot be 64: it must be at most 50, the number of pictures to learn from.",
        ),
        (
            {"classes": "3", "batch_size": 512},
            "batch_size cannot be 512: it must be at most 438, the number of pictures to learn from.",
        ),
        (
            {"classes": "3", "pictures": 500, "batch_size": 450},
            "batch_size cannot be 450: it must be at most 438, the number of pictures to learn from.",
        ),
    ],
)
def test_more_pictures_in_a_step_than_there_are_is_refused_before_any_is_loaded(settings, sentence, monkeypatch):
    monkeypatch.setattr(data, "load", None)
    with pytest.raises(ValueError) as refusal:
        RunConfig(**settings)
    assert str(refusal.value) == sentence


def test_as_many_pictures_in_a_step_as_there_are_is_fine():
    for settings in ({"pictures": 50, "batch_size": 50}, {"classes": "3", "batch_size": 438}):
        assert RunConfig(**settings).picture_count == settings["batch_size"]
    assert RunConfig(data="mnist", classes="5").picture_count == 5421  # the fewest of its classes
    assert RunConfig(batch_size=1024).picture_count == 5000 - 256


def test_where_nobody_knows_how_many_pictures_there_are_none_is_refused(monkeypatch):
    some = DataSet("some", "Some", ("ring", "box", "star"), 3000)
    monkeypatch.setattr(data, "SETS", data.SETS | {"some": some})
    assert RunConfig(data="some", classes="1", batch_size=1024).picture_count is None


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_the_catalogue_counts_the_pictures_of_each_class_right(name):
    labels = data.load(name).labels
    assert data.get(name).class_counts == tuple((labels == number).sum() for number in range(10))
    assert data.get(name).count == len(labels)


def test_the_catalogue_counts_every_picture_once():
    assert all(sum(data.get(name).class_counts) == data.get(name).count for name in data.names())


def test_the_discriminator_learns_at_the_generators_rate_unless_told():
    config = RunConfig(learning_rate=1e-3)
    assert config.learning_rate == config.discriminator_learning_rate == 1e-3
    config = config.but(d_learning_rate=2e-4)
    assert (config.learning_rate, config.discriminator_learning_rate) == (1e-3, 2e-4)


@pytest.mark.parametrize(
    "module", ["gan.setup.config", "gan.setup.presets", "gan.records", "gan.data", "gan.parts.nets", "gan.export"]
)
def test_settings_can_be_read_without_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3]).returncode == 0


class TestWhatALossBringsAlong:
    """As the papers train: Arjovsky et al. 2017, algorithm 1; Gulrajani et al. 2017, algorithm 1."""

    QUICK = PRESETS["quick"]

    def test_is_what_its_paper_trains_it_with(self):
        config = RunConfig(optimizer="sgd", beta1=0.5, beta2=0.999, d_learning_rate=1e-3)
        found = config.but(**comes_along(config, {"loss": "wasserstein"}), loss="wasserstein")
        assert (found.d_steps, found.optimizer, found.beta2) == (5, "rmsprop", 0.99)
        assert found.learning_rate == found.discriminator_learning_rate == 5e-5
        found = config.but(**comes_along(config, {"loss": "wgan_gp"}), loss="wgan_gp")
        assert (found.d_steps, found.optimizer, found.beta1, found.beta2) == (5, "adam", 0.0, 0.9)
        assert found.learning_rate == found.discriminator_learning_rate == 1e-4

    def test_is_only_what_differs_and_was_not_asked_for_otherwise(self):
        changes = {"loss": "wgan_gp", "learning_rate": "2e-3", "d_steps": 1}
        assert comes_along(self.QUICK, changes) == {"beta2": 0.9}

    @pytest.mark.parametrize("loss", ["non_saturating", "hinge", "no such loss"])
    def test_is_nothing_for_others(self, loss):
        assert comes_along(self.QUICK, {"loss": loss}) == {}

    def test_is_nothing_for_the_loss_that_is_there_already(self):
        config = RunConfig(loss="wgan_gp")
        assert comes_along(config, {"loss": "wgan_gp"}) == comes_along(config, {"d_steps": 2}) == {}

    def test_goes_with_its_loss_but_for_what_was_changed_since(self):
        critic = self.QUICK.but(**comes_along(self.QUICK, {"loss": "wgan_gp"}), loss="wgan_gp").but(learning_rate=3e-4)
        after = critic.but(**comes_along(critic, {"loss": "hinge"}, self.QUICK), loss="hinge")
        assert after == self.QUICK.but(loss="hinge", learning_rate=3e-4)

    def test_gives_way_to_what_the_next_loss_brings(self):
        critic = self.QUICK.but(**comes_along(self.QUICK, {"loss": "wgan_gp"}), loss="wgan_gp")
        after = critic.but(**comes_along(critic, {"loss": "wasserstein"}, self.QUICK), loss="wasserstein")
        assert after == self.QUICK.but(**comes_along(self.QUICK, {"loss": "wasserstein"}), loss="wasserstein")

    def test_a_config_that_is_written_out_stays_as_it_is(self):
        config = RunConfig(loss="wasserstein")
        assert RunConfig.from_dict(config.to_dict()) == config and config.d_steps == 1

    def test_can_be_settings_of_every_loss(self):
        for loss in losses.names():
            RunConfig(loss=loss, **losses.own_settings(loss))
