"""The five published recipes, against their table: layers, optimisers, pixels, batches, epochs."""

import numpy as np
import pytest
import torch
from torch import nn

from gan import data
from gan.learn.build import build
from gan.learn.trainer import Trainer
from gan.parts import nets
from gan.parts.blocks import Dropout, Pictures
from gan.records import Wish
from gan.setup import presets
from gan.setup.config import RunConfig

SHAPE = (1, 28, 28)


# What the table says, layer by layer. BatchNorm is given with torch's momentum, 0.1 where none is named.
GENERATORS = {
    "deep_mlp_vs_conv": [
        ("Linear", 100, 256), ("BatchNorm1d", 256, 0.8), ("ReLU",),
        ("Linear", 256, 512), ("BatchNorm1d", 512, 0.8), ("ReLU",),
        ("Linear", 512, 1024), ("BatchNorm1d", 1024, 0.8), ("ReLU",),
        ("Linear", 1024, 784), ("Tanh",),
    ],
    "first_gan": [("Linear", 100, 256), ("ReLU",), ("Linear", 256, 784), ("Tanh",)],
    "workshop": [("Linear", 100, 256), ("Linear", 256, 512), ("ReLU",), ("Linear", 512, 784), ("Sigmoid",)],
    "pocket": [("Linear", 100, 128), ("ReLU",), ("Linear", 128, 784), ("Tanh",)],
    "fundamentals": [
        ("Linear", 100, 128), ("LeakyReLU", 0.2),
        ("Linear", 128, 256), ("BatchNorm1d", 256, 0.1), ("LeakyReLU", 0.2),
        ("Linear", 256, 512), ("BatchNorm1d", 512, 0.1), ("LeakyReLU", 0.2),
        ("Linear", 512, 784), ("Tanh",),
    ],
}  # fmt: skip
DISCRIMINATORS = {
    "deep_mlp_vs_conv": [
        ("Conv2d", 1, 64, 4, 2, 1), ("LeakyReLU", 0.2),
        ("Conv2d", 64, 128, 4, 2, 1), ("BatchNorm2d", 128, 0.8), ("LeakyReLU", 0.2),
        ("Linear", 6272, 1),
    ],
    "first_gan": [("Linear", 784, 256), ("LeakyReLU", 0.2), ("Linear", 256, 1)],
    "workshop": [("Linear", 784, 512), ("ReLU",), ("Linear", 512, 256), ("ReLU",), ("Linear", 256, 1)],
    "pocket": [("Linear", 784, 128), ("LeakyReLU", 0.2), ("Linear", 128, 1)],
    "fundamentals": [
        ("Linear", 784, 512), ("LeakyReLU", 0.2), ("Dropout", 0.3),
        ("Linear", 512, 256), ("LeakyReLU", 0.2), ("Dropout", 0.3),
        ("Linear", 256, 1),
    ],
}  # fmt: skip

# Worked out by hand: inputs x outputs + outputs for a Linear, 2 a channel for BatchNorm.
PARAMETERS = {
    "deep_mlp_vs_conv": (1_489_936, 138_817),
    "first_gan": (227_344, 201_217),
    "workshop": (559_632, 533_505),
    "pocket": (114_064, 100_609),
    "fundamentals": (581_264, 533_505),
}

# pixels, batch, Adam's beta1, fresh fakes, epochs, last short batch dropped
SETTINGS = {
    "deep_mlp_vs_conv": ("-1..1", 128, 0.5, False, 50, False),
    "first_gan": ("0..1", 128, 0.9, True, 3, False),
    "workshop": ("0..1", 64, 0.9, False, 100, False),
    "pocket": ("-1..1", 64, 0.9, True, 10, False),
    "fundamentals": ("-1..1", 128, 0.5, False, 20, True),
}


def describe(net):
    """The layers that do something, with the numbers that the table gives."""
    found = []
    for layer in net.modules():
        if isinstance(layer, nn.Linear):
            assert layer.bias is not None
            found.append(("Linear", layer.in_features, layer.out_features))
        elif isinstance(layer, nn.Conv2d):
            (kernel, _), (stride, _), (padding, _) = layer.kernel_size, layer.stride, layer.padding
            found.append(("Conv2d", layer.in_channels, layer.out_channels, kernel, stride, padding))
        elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            found.append((type(layer).__name__, layer.num_features, layer.momentum))
        elif isinstance(layer, nn.LeakyReLU):
            found.append(("LeakyReLU", layer.negative_slope))
        elif isinstance(layer, Dropout | nn.Dropout):
            found.append(("Dropout", layer.p))
        elif isinstance(layer, nn.ReLU | nn.Tanh | nn.Sigmoid):
            found.append((type(layer).__name__,))
        else:
            assert isinstance(layer, nn.Sequential | nn.Flatten | Pictures), layer
    return found


@pytest.mark.parametrize("name", SETTINGS)
def test_the_layers_are_those_published(name):
    generator, discriminator = build(presets.get(name), SHAPE).values()
    assert describe(generator) == GENERATORS[name]
    assert describe(discriminator) == DISCRIMINATORS[name]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_parameter_counts_are_those_worked_out_by_hand(name):
    counts = [sum(p.numel() for p in net.parameters()) for net in build(presets.get(name), SHAPE).values()]
    assert tuple(counts) == PARAMETERS[name]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_settings_are_those_published(name):
    config = presets.get(name)
    pixels, batch, beta1, fresh, epochs, drop_last = SETTINGS[name]
    assert config == RunConfig(
        architecture=name,
        latent_size=100,
        learning_rate=2e-4,
        d_learning_rate=None,
        batch_size=batch,
        epochs=epochs,
        optimizer="adam",
        beta1=beta1,
        beta2=0.999,
        d_steps=1,
        label_smoothing=0,
        ema=0,
        fresh_fakes=fresh,
        pixel_range=pixels,
        drop_last=drop_last,
        data=config.data,
        seed=config.seed,
        device=config.device,
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_the_optimisers_are_those_published(name, make_pictures):
    trainer = Trainer(presets.get(name).but(device="cpu"), make_pictures(160))
    for optimizer, net in (
        (trainer.learner.optimizers["g_optimizer"], trainer.learner.generator),
        (trainer.learner.optimizers["d_optimizer"], trainer.learner.discriminator),
    ):
        assert type(optimizer) is torch.optim.Adam
        (group,) = optimizer.param_groups
        assert group["lr"] == 2e-4
        assert group["betas"] == (SETTINGS[name][2], 0.999)
        assert (group["eps"], group["weight_decay"], group["amsgrad"]) == (1e-8, 0, False)
        assert [id(p) for p in group["params"]] == [id(p) for p in net.parameters()]
    assert trainer.learner.best_generator is trainer.learner.generator


def test_all_presets_can_be_built():
    for config in presets.PRESETS.values():
        assert config.architecture in nets.of_family(config.family)
        made, packed = build(config, SHAPE), config.strengths.get("packing", 1)
        with torch.no_grad():
            fakes = made["generator"](torch.randn(2 * packed, config.noise_size))
            assert fakes.shape == (2 * packed, *SHAPE)
            if "discriminator" in made:
                assert made["discriminator"](fakes).shape == (2,)


def test_an_unknown_preset_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="preset cannot be 'quik': it must be one of quick, best, best_clothes, "):
        presets.get("quik")


@pytest.mark.parametrize("name", presets.PRESETS)
def test_a_changed_preset_is_still_nearest_to_itself(name):
    config = presets.get(name)
    assert presets.nearest_in_any_world(config) == name
    assert presets.nearest_in_any_world(config.but(seed=5)) == name
    others = ("dots_ring", "dots_moons") if data.get(config.data).is_dots else ("digits", "fashion", "doodles")
    for other in others:
        assert presets.nearest_in_any_world(config.but(data=other)) == name


@pytest.mark.parametrize(
    ("name", "changes", "nearest"),
    [
        ("swings", {"d_learning_rate": 1e-3}, "dcgan"),  # nothing swings any more
        ("swings", {"latent_size": 8, "beta1": 0.0}, "swings"),
        ("collapse", {"learners": "discriminator"}, "dcgan"),  # nobody can collapse who stands still
        ("swings", {"beta1": 0.5}, "dcgan"),  # the doctor's second cure, and those of others
        ("collapse", {"stabilisers": {"instance_noise": 0.5, "minibatch_std": 1}}, "dcgan"),
        ("strong_discriminator", {"d_learning_rate": 1e-4}, "dcgan"),
        ("strong_discriminator", {"label_smoothing": 0.1}, "dcgan"),
        ("weak_discriminator", {"d_steps": 2}, "dcgan"),
        ("by_heart", {"stabilisers": {"diff_augment": 0.6}}, "dcgan"),
        ("explosion", {"stabilisers": {"spectral_norm": 1}}, "dcgan"),
        ("explosion", {"learning_rate": 1e-3}, "dcgan"),
        ("by_heart", {"pictures": 500}, "dcgan"),
        ("collapse", {"g_steps": 1}, "dcgan"),
        ("collapse", {"epochs": 5}, "collapse"),
        ("collapse_cured", {"epochs": 5}, "collapse_cured"),
        ("fundamentals", {"learning_rate": 1e-2, "d_learning_rate": 2e-3, "batch_size": 32}, "fundamentals"),
        ("quick", {"architecture": "mlp", "batch_size": 64}, "quick"),  # not dots
        ("dcgan", {"ema": 0.0, "batch_size": 32}, "dcgan"),  # no cure of anything
        ("dcgan", {"ema": 0.0, "loss": "least_squares"}, "dcgan"),
        ("dcgan", {"ema": 0.0, "epochs": 40, "beta1": 0.5}, "dcgan"),
    ],
)
def test_what_is_nearest_is_neither_a_failure_nor_a_cure_that_is_not_there(name, changes, nearest):
    assert presets.nearest_in_any_world(presets.get(name).but(**changes)) == nearest


def test_few_pictures_are_told_their_kinds_where_there_are_some():
    one, three = (presets.few(f"own-28-{counts}-0123456789abcdef") for counts in ("60", "20.20.20"))
    assert (one.architecture, three.architecture) == ("dcgan", "conditional") and one.epochs == three.epochs == 2000
    for config in (one, three, one.but(stabilisers={}), three.but(learning_rate=1e-3)):
        assert presets.nearest_in_any_world(config) == "few_pictures"
    many = presets.few("own-28-4800-0123456789abcdef")
    assert many.epochs * (many.picture_count // many.batch_size) == pytest.approx(2000 * (60 // 8), rel=0.05)
    assert presets.few("own-28-5-0123456789abcdef").batch_size == 5


def test_a_recipe_takes_as_few_pictures_as_there_are():
    few = presets.on(presets.get("fundamentals"), "own-28-20-0123456789abcdef")
    parted = presets.on(presets.get("fundamentals").but(batch_parts=16), "own-28-20-0123456789abcdef")
    assert (parted.batch_size, parted.batch_parts) == (20, 10)
    assert few.batch_size == 20 and presets.on(few, "digits") == few.but(data="digits")


def test_a_recipe_of_two_kinds_takes_all_where_there_are_no_such():
    recipe = presets.get("collapse")
    assert presets.on(recipe, "fashion").classes == (0, 1)  # clothes have kinds of these numbers
    assert presets.on(recipe, "own-28-20-0123456789abcdef").classes == ()
    assert presets.on(recipe, "own-28-20.20.20-0123456789abcdef").classes == ()  # all that people brought
    assert presets.on(recipe.but(data="critters", classes=(7, 11)), "digits").classes == ()


def test_a_preset_for_certain_pictures_is_nearest_with_those():
    between = presets.get("best_critters").but(data="digits", epochs=5, options={"width": 32})
    assert presets.nearest_in_any_world(between.but(data="critters")) == "best_critters"
    plain = presets.get("quick").but(latent_size=64, stabilisers={"minibatch_std": 1})
    assert presets.nearest_in_any_world(plain) == "quick"


@pytest.mark.parametrize("name", ["quick", "best", "best_clothes", "best_critters", "best_photos"])
def test_the_rate_of_our_own_recipes_falls_so_that_more_steps_are_not_wasted(name, make_pictures):
    trainer = Trainer(presets.get(name).but(data="digits", device="cpu"), make_pictures(64))
    trainer.learner.tell(1.0)
    for optimizer, rate in (
        (trainer.learner.optimizers["g_optimizer"], trainer.config.learning_rate),
        (trainer.learner.optimizers["d_optimizer"], trainer.config.discriminator_learning_rate),
    ):
        assert float(optimizer.param_groups[0]["lr"]) == pytest.approx(rate / 10)


class TestExhibitsOfDots:
    PAIRS = presets.EXHIBITS.items()

    @pytest.mark.parametrize(("broken", "cured"), PAIRS)
    def test_differ_from_their_cure_in_one_thing(self, broken, cured):
        broken, cured = presets.get(broken), presets.get(cured)
        changed = broken.changes_from(cured).keys()
        assert cured.data == broken.data and cured.seed == broken.seed
        assert len(changed - {"d_learning_rate", "learning_rate"}) <= 1 and changed

    @pytest.mark.parametrize(("broken", "cured"), PAIRS)
    def test_are_cured_on_their_own_dots_whatever_the_seed(self, broken, cured):
        config = presets.get(broken).but(seed=7, device="cpu")
        assert presets.cure_of(config) == cured and presets.cure_of(presets.get(cured)) is None
        assert presets.cure_of(config.but(data="dots_line")) is None

    @pytest.mark.parametrize("name", [name for name, recipe in presets.PRESETS.items() if name.startswith("dots")])
    def test_a_run_of_dots_is_called_after_one_of_dots(self, name):
        config = presets.get(name).but(seed=7, epochs=5)
        assert presets.nearest_in_any_world(config) == name
        other = presets.nearest_in_any_world(config.but(data="dots_spiral", drawing="AAE", latent_size=7))
        assert other.startswith("dots")

    @pytest.mark.parametrize("name", ["dots_strong", "dots_nowhere"])
    def test_the_arrows_die_at_once_where_the_detective_is_too_strong_and_live_where_it_is_cured(self, name):
        belief, arrows = self.after_two_epochs(name)
        assert belief < 0.01 and arrows < 0.01
        belief, arrows = self.after_two_epochs(presets.EXHIBITS[name])
        assert belief > 0.3 and arrows > 0.1

    def after_two_epochs(self, name) -> tuple[float, float]:
        """D's mean belief in the fakes, and the median length of their arrows."""
        trainer = Trainer(presets.get(name).but(device="cpu"))
        records = trainer.epochs()
        next(records)
        trainer.wish = Wish(plane=True)
        plane = next(records).plane
        return plane.beliefs.mean(), np.median(np.linalg.norm(plane.arrows, axis=1))

    def test_a_run_of_pictures_never_is(self):
        assert not presets.nearest_in_any_world(RunConfig(architecture="mlp", options={"width": 64})).startswith("dots")
