"""The drawing of both networks: what it is given is what the networks make, in words that need no dictionary."""

import base64
import json

import numpy as np
import pytest
import torch

from gan.data import Pictures
from gan.learn.build import build
from gan.look.networks import Networks
from gan.look.way import way_through
from gan.parts import nets, stabilisers
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.draw import model as drawing
from pages.shared.settings import knobs
from pages.shared.stage import model
from pages.shared.words import layers
from tests.fakes import FakeTrainer, wait_until

BOTH = model.turns(RunConfig())


def walked(**settings):
    config = RunConfig(**{"latent_size": 20, **settings})
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    pictures = Pictures(noise, np.arange(20) % 10)
    return way_through(Networks(build(config, (1, 28, 28)), torch.zeros(())), config, 3, pictures=pictures)


def drawn(walk, large=True, **others):
    return json.loads(drawing.encode(walk, "light", BOTH, large=large, **others))


def shown(page):
    """What the drawing on a page is given; None where there is none."""
    told = [component.proto for component in page.get("bidi_component")]
    found = [each for each in told if each.component_name.endswith("model")]
    return json.loads(found[0].bytes) if found else None


def pixels(maps):
    return np.frombuffer(base64.b64decode(maps["pixels"]), np.uint8).reshape(
        maps["count"], maps["height"], maps["width"]
    )


class TestData:
    def test_each_layer_that_computes_has_a_box_that_says_what_it_does(self):
        data = drawn(walked())
        does = [[(box["does"], box["term"], box["size"]) for box in data[role]] for role in ("forger", "detective")]
        assert does == [
            [
                ("Mixes all numbers", "Linear", "32 feature maps of 7 x 7"),
                ("Makes it larger", "Transposed convolution", "16 feature maps of 14 x 14"),
                ("Makes it larger", "Transposed convolution", "1 map of 28 x 28"),
            ],
            [
                ("Looks for patterns", "Convolution", "16 feature maps of 14 x 14"),
                ("Looks for patterns", "Convolution", "32 feature maps of 7 x 7"),
                ("Adds up the clues", "Linear to 1", "1 number"),
            ],
        ]
        assert "Batch norm, ReLU" in data["forger"][0]["about"]

    def test_maps_and_pictures_are_those_of_the_walk(self):
        walk = walked()
        data = drawn(walk)
        (made,) = data["forger"][1]["maps"]
        stage = [stage for stage in walk.generator if stage.shape == (16, 14, 14)][-1]
        assert np.array_equal(pixels(made)[5], stage.image[14:28, 14:28])  # the second in the second row of four
        fake, real = data["detective"][1]["maps"]
        assert not np.array_equal(pixels(fake), pixels(real))
        assert [base64.b64decode(each["pixels"]) for each in data["pictures"]] == [
            walk.picture.tobytes(), walk.real.picture.tobytes(),
        ]  # fmt: skip
        assert data["beliefs"] == [round(walk.belief, 3), round(walk.real.belief, 3)]
        assert data["detective"][-1]["numbers"] == [f"{walk.logit:+.1f}", f"{walk.real.logit:+.1f}"]
        assert data["noise"] == [round(number, 2) for number in walk.noise[:12]]

    def test_a_sentence_says_what_is_seen(self):
        walk = walked()
        assert drawn(walk)["alt"] == (
            "The forger turns 20 random numbers into a fake, through 3 layers. "
            f"The detective finds it {walk.belief:.0%} real, and a real picture {walk.real.belief:.0%} real."
        )

    def test_without_the_real_picture_only_the_fake_is_judged(self):
        config = RunConfig(latent_size=20)
        data = drawn(way_through(Networks(build(config, (1, 28, 28)), torch.zeros(())), config, 3))
        assert len(data["pictures"]) == len(data["beliefs"]) == len(data["detective"][0]["maps"]) == 1
        assert "real picture" not in data["alt"]

    @pytest.mark.parametrize("architecture", nets.of_family("gan"))
    def test_small_it_is_a_few_kilobytes_for_every_architecture(self, architecture):
        walk = walked(architecture=architecture)
        assert len(drawing.encode(walk, "light", BOTH)) < 30_000
        assert len(drawing.encode(walk, "light", BOTH, large=True)) < 100_000

    def test_a_large_colour_picture_is_sent_smaller_beside_the_charts(self):
        config = RunConfig(data="cifar10", picture_size="64", options={"width": 64})
        walk = way_through(Networks(build(config, (3, 64, 64)), torch.zeros(())), config, 0)
        assert drawn(walk, large=False)["pictures"][0] | {"pixels": ""} == {
            "height": 32, "width": 32, "channels": 3, "pixels": "",
        }  # fmt: skip
        assert len(drawing.encode(walk, "light", BOTH)) < 30_000

    @pytest.mark.parametrize("architecture", nets.of_family("gan"))
    def test_every_layer_is_described(self, architecture):
        config = {name: stabilisers.facts(name)["STRENGTH"][0] for name in ("packing", "minibatch_std")}
        for extras in ({}, {"stabilisers": config}, {"stabilisers": "minibatch_discrimination"}):
            try:
                walk = walked(architecture=architecture, **extras)
            except ValueError:
                continue  # they do not go together
            for stage in (*walk.generator, *walk.discriminator):
                assert layers.words(stage.kind).does.id or layers.is_quiet(stage.kind), stage.kind

    def test_a_layer_that_nobody_has_described_goes_by_its_name(self):
        assert str(layers.words("Wavelet").does) == str(layers.terms(["Wavelet"])) == "Wavelet"

    def test_before_the_first_walk_nothing_is_said(self):
        assert "words" not in drawn(None)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (1, 1)), ({"d_steps": 3}, (3, 1)), ({"g_steps": 2}, (1, 2)),
        ({"learners": "generator"}, (0, 1)), ({"learners": "discriminator"}, (1, 0)),
    ],
)  # fmt: skip
def test_who_learns_is_what_a_training_step_does(settings, expected):
    turns = model.turns(RunConfig(**settings))
    assert (turns.detective, turns.forger) == expected


class TestKnobs:
    def offered(self, **settings):
        return {knob.name: (knob.less, knob.value, knob.more) for knob in knobs.knobs(RunConfig(**settings))}

    def test_layers_go_one_by_one_and_widths_double(self):
        found = self.offered(architecture="mlp", options={"depth": 3, "width": 100})
        assert found == {"latent_size": (16, "32", 50), "depth": (2, "3", 4), "width": (50, "100", 200)}

    def test_at_the_limits_there_is_a_reason(self):
        config = RunConfig(architecture="mlp", options={"depth": 6, "width": 16}, latent_size=512)
        latent, depth, width = knobs.knobs(config)
        assert latent.more is depth.more is width.less is None
        assert depth.more_label == "Layers (depth): 6 is the most there can be."
        assert width.less_label == "Width: 16 is the least there can be."
        assert width.more_label == "Width: 32 instead of 16"

    def test_published_networks_say_why_nothing_can_be_added(self):
        *_, layers = knobs.knobs(RunConfig(architecture="pocket"))
        assert layers.less is layers.more is None and "fixed: Pocket" in layers.more_label

    def test_every_architecture_offers_what_its_config_takes(self):
        for name in nets.of_family("gan"):
            config = RunConfig(architecture=name)
            for knob in knobs.knobs(config):
                for value in {knob.less, knob.more} - {None}:
                    if knob.name == "latent_size":
                        assert config.but(latent_size=value).latent_size == value
                    else:
                        assert config.but(options={knob.name: value}).option(knob.name) == value


class TestPage:
    def test_before_the_start_the_untrained_networks_are_at_work(self, train_page):
        from gan.learn.preview import preview

        data, walk = shown(train_page), preview(presets.get("quick")).walk
        assert data["large"] and data["moves"] == "always"
        assert data["beliefs"] == [round(walk.belief, 3), round(walk.real.belief, 3)]
        assert [knob["name"] for knob in data["knobs"]] == ["latent_size", "width", "extra_layers"]

    def test_a_run_is_asked_to_follow_one_vector_from_the_start(self, train_page, manager):
        train_page.button(key="start").click().run()
        (run,) = manager.runs()
        assert run.wished.seed == 0
        wait_until(lambda: FakeTrainer.made and run.snapshot().reading)
        data = shown(train_page.run())
        assert not data["large"] and data["moves"] == "once" and not data["knobs"]
        assert not train_page.exception
