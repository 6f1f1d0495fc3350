"""Named configs: `quick`, made for a school laptop, the five published classroom recipes, and more."""

from functools import lru_cache
from typing import Any

from gan import data
from gan.data import own
from gan.data.shares import shares
from gan.messages import msg
from gan.setup.config import RunConfig, kind_of, most_parts
from gan.setup.kinds import Choice

FEW = 60  # pictures, with which the recipe for few of them was tried

_PUBLISHED = RunConfig(
    architecture="fundamentals",
    latent_size=100,
    learning_rate=2e-4,
    batch_size=128,
    beta1=0.9,
    beta2=0.999,
    ema=0.0,
    drop_last=False,
)

# At a rate that does not fall, more steps would make it worse.
_QUICK = RunConfig(architecture="conditional", batch_size=16, ema=0.999, learning_rate_decay=0.9)
_PATIENT = _QUICK.but(latent_size=64, batch_size=32)

PRESETS: dict[str, RunConfig] = {
    "quick": _QUICK,
    "best": _QUICK.but(batch_size=32, stabilisers={"diff_augment": 0.3}, epochs=180),
    "best_clothes": _PATIENT.but(
        data="fashion",
        options={"width": 24},
        stabilisers={"diff_augment": 0.6, "minibatch_std": 1},
        epochs=90,
    ),
    "best_critters": _PATIENT.but(data="critters", options={"width": 24}, stabilisers={"minibatch_std": 1}, epochs=170),
    "best_photos": _PATIENT.but(data="cifar10", stabilisers={"minibatch_std": 1}, d_learning_rate=1e-3, epochs=14),
    # So few that the detective would know each by heart if it saw it twice in the same way.
    "few_pictures": RunConfig(stabilisers={"diff_augment": 1.0}, epochs=2000),
    "dcgan": RunConfig(batch_size=16, ema=0.999),
    "biggan": _QUICK.but(architecture="biggan", loss="hinge", stabilisers={"orthogonal": 1e-4}, epochs=20),
    "deep_mlp_vs_conv": _PUBLISHED.but(architecture="deep_mlp_vs_conv", beta1=0.5, epochs=50),
    "first_gan": _PUBLISHED.but(architecture="first_gan", pixel_range="0..1", fresh_fakes=True, epochs=3),
    "workshop": _PUBLISHED.but(architecture="workshop", pixel_range="0..1", batch_size=64, epochs=100),
    "pocket": _PUBLISHED.but(architecture="pocket", batch_size=64, fresh_fakes=True, epochs=10),
    "fundamentals": _PUBLISHED.but(beta1=0.5, drop_last=True, epochs=20),
}

# Other families, of the same pictures.

PRESETS |= {
    "vae": RunConfig.from_dict({"family": "vae", "architecture": "vae_class", "epochs": 60}),
    "vae_plane": RunConfig.from_dict({"family": "vae", "latent_size": 2, "epochs": 60}),
    "vae_gan": RunConfig.from_dict({"family": "vae_gan", "architecture": "vae_gan_class", "epochs": 60}),
    "diffusion": RunConfig.from_dict({"family": "diffusion", "epochs": 60}),
    "outlines": RunConfig.from_dict({"family": "translation", "epochs": 60}),
    # Held to what they are, shoes become boots more slowly: 15 % in 30 s, without the identity loss 86 % (one seed).
    "boots": RunConfig.from_dict(
        {
            "architecture": "cycle_gan",
            "options": {"identity_weight": 0.0},
            "task": "kinds",
            "data": "fashion",
            "classes": [7, 9],
            "batch_size": 8,
            "epochs": 200,
        }
    ),
}

# Made to fail, each in one way, and the same settings with one or two of them mended.

_FAILING = RunConfig(ema=0.0, epochs=60)
# Noise leaves the discriminator the large shapes alone, so the one picture of a generator in a rush is of strokes; of
# two kinds it is mostly one that anybody reads.
_COLLAPSE = _FAILING.but(
    classes=(0, 1),
    loss="hinge",
    g_steps=5,
    d_learning_rate=3e-4,
    ema=0.9,
    stabilisers={"instance_noise": 0.5},
    epochs=300,
)
_STRONG = _FAILING.but(
    loss="minimax", d_steps=5, learning_rate=1e-4, d_learning_rate=2e-3, batch_size=32, beta1=0.5, epochs=100
)
_WEAK = _FAILING.but(d_learning_rate=1e-5, epochs=40)
_SWINGS = _FAILING.but(d_learning_rate=2e-2)
_EXPLOSION = _FAILING.but(loss="least_squares", learning_rate=0.5)
_BY_HEART = _FAILING.but(pictures=50, d_steps=3, epochs=2000)

PRESETS |= {
    "collapse": _COLLAPSE,
    "collapse_cured": _COLLAPSE.but(g_steps=1, d_learning_rate=None),
    "strong_discriminator": _STRONG,
    "strong_discriminator_cured": _STRONG.but(loss="non_saturating", d_steps=1, learning_rate=2e-3),
    "weak_discriminator": _WEAK,
    "weak_discriminator_cured": _WEAK.but(d_learning_rate=None),
    "swings": _SWINGS,
    "swings_cured": _SWINGS.but(d_learning_rate=None),
    "explosion": _EXPLOSION,
    "explosion_cured": _EXPLOSION.but(learning_rate=2e-3),
    "by_heart": _BY_HEART,
    "by_heart_cured": _BY_HEART.but(pictures=0, d_steps=1),
}

# Dots in a plane: everything about the game can be seen at once.

_DOTS = RunConfig(
    data="dots_two_gaussians",
    architecture="mlp",
    options={"width": 64},
    latent_size=2,
    batch_size=64,
    learning_rate=1e-3,
    ema=0.0,
    epochs=100,
)

# Exhibits: each goes wrong in one way, and beside it stands the same with one thing mended.
_EXHIBIT = _DOTS.but(learning_rate=5e-3, d_learning_rate=1e-3, beta1=0.5, beta2=0.999, epochs=60)
_ONE_BLOB = _EXHIBIT.but(data="dots_grid_9", learning_rate_decay=0.9)
_CHASE = _EXHIBIT.but(data="dots_ring")
# Far from all real dots the detective is sure before the forger has moved: three layers begin with all fakes in the
# middle, and noise without tails leaves none outside.
_FAR = _EXHIBIT.but(loss="minimax", d_steps=5, d_learning_rate=1e-2, noise="uniform", options={"width": 64, "depth": 3})
_ARROWS_DIE = _FAR.but(data="dots_three_blobs", learning_rate=3e-5, epochs=30)
# Momentum as WGAN-GP's paper has it: with more, its arrows swing all to one side and back.
_NOWHERE = _FAR.but(data="dots_ring", learning_rate=1e-4, learning_rate_decay=0.9, beta1=0.0, beta2=0.9, epochs=40)

PRESETS |= {
    "dots": _DOTS,
    "dots_collapse": _ONE_BLOB,
    "dots_collapse_cured": _ONE_BLOB.but(stabilisers={"packing": 2}),
    "dots_chase": _CHASE,
    "dots_chase_cured": _CHASE.but(learning_rate=1e-3, d_learning_rate=None),
    "dots_strong": _ARROWS_DIE,
    "dots_strong_cured": _ARROWS_DIE.but(d_steps=1, learning_rate=1e-3, d_learning_rate=None),
    "dots_nowhere": _NOWHERE,
    "dots_nowhere_cured": _NOWHERE.but(loss="wgan_gp"),
}


FAILURES = {  # what the doctor calls it -> a preset that shows it; the cure's name is CURES'
    "mode_collapse": "collapse",
    "discriminator_too_strong": "strong_discriminator",
    "generator_too_strong": "weak_discriminator",
    "oscillation": "swings",
    "divergence": "explosion",
    "overfitting": "by_heart",
}
CURES = {failure: f"{failure}_cured" for failure in FAILURES.values()}
_OF_DOTS = ("dots_collapse", "dots_chase", "dots_strong", "dots_nowhere")
EXHIBITS = {name: f"{name}_cured" for name in _OF_DOTS}  # the same of dots
_PAIRS = CURES | EXHIBITS


def cure_of(config: RunConfig) -> str | None:
    """The preset that cures a failure made on purpose; pictures, seed and device do not matter, but of dots the set."""
    for name, cure in _PAIRS.items():
        there = PRESETS[name]
        is_there = config.data == there.data if name in EXHIBITS else not _is_of_dots(config)
        if is_there and with_same_world(config, there) == there:
            return cure
    return None


# What the doctor turns against a failure: with one of these changed it may be none any more. Not the batch size, which
# is smaller wherever there are few pictures.
CURING = {
    "learning_rate", "d_learning_rate", "learners", "d_steps", "g_steps", "beta1", "optimizer", "loss",
    "stabilisers", "label_smoothing",
}  # fmt: skip
WORLD = {"data", "drawing", "seed", "device"}  # what a run stands in; not every config goes with every other's


def with_same_world(config: RunConfig, other: RunConfig) -> RunConfig:
    """The config with what another's run stands in: its pictures, seed and device. Both are of pictures, or of dots."""
    return on(config, other.data, **{name: getattr(other, name) for name in WORLD - {"data"}})


def on(config: RunConfig, name: str, **changes: Any) -> RunConfig:
    """The config with the pictures of the set `name`: all of them where there are fewer than one step asks for, and all
    kinds where its own are not among them.
    """
    there = data.get(kind_of("data").read("data", name))
    if own.is_own(name) or any(kind >= len(there.class_names) for kind in config.classes):
        changes = {"classes": ()} | changes
    count = shares(there.count, config.pictures, there.is_a_part)[0]
    size = max(kind_of("batch_size").low, min(config.batch_size, count))
    parts = min(config.batch_parts, most_parts(size))
    return config.but(data=name, batch_size=size, batch_parts=parts, **changes)


def few(name: str) -> RunConfig:
    """The recipe for few pictures, on those of the set `name`, for as many steps as with 60: about three minutes.

    Where there are kinds, one says which to draw. With a single one that would do harm: of 60 doodles, told and not
    told their kind, the distance was 4.4 and 1.4 after as many steps.
    """
    recipe, there = PRESETS["few_pictures"], data.get(name)
    count = shares(there.count, 0, there.is_a_part)[0]
    config = on(recipe, name, **({"architecture": "conditional"} if len(there.class_names) > 1 else {}))
    steps = recipe.epochs * (FEW // recipe.batch_size)
    return config.but(epochs=max(1, round(steps / (count // config.batch_size))))


@lru_cache(maxsize=256)  # a page asks it of the same few configs with each of its runs
def nearest_in_any_world(config: RunConfig) -> str:
    """The preset with the same networks that differs in the fewest settings, whatever its pictures, seed and device
    are; any preset where none has them. Of dots for dots, and of pictures for pictures.

    One that is made for certain pictures is meant for others only as it stands. One that is made to fail is not meant
    where what makes it fail is missing or something is turned against it, nor a cure where anything but its length
    differs: without its failure it is nothing to speak of.
    """

    def distance(name: str) -> tuple[bool, bool, bool, int]:
        recipe = PRESETS[name]
        changed = config.changes_from(recipe).keys() - WORLD
        if name in _PAIRS:
            is_none = bool(changed & (CURING | recipe.changes_from(PRESETS[_PAIRS[name]]).keys()))
        else:
            is_none = name in _PAIRS.values() and not changed <= {"epochs"}
        has_others = config.data != recipe.data != RunConfig().data
        is_far = config.architecture != recipe.architecture or (has_others and bool(changed))
        if name == "few_pictures":  # for pictures of one's own with either architecture (`few`), or as it stands
            is_mine = own.is_own(config.data) and config.architecture in ("dcgan", "conditional")
            is_far = bool(changed) and not is_mine
        return _is_of_dots(recipe) != _is_of_dots(config), is_none, is_far, len(changed) + has_others

    return min(PRESETS, key=distance)


def _is_of_dots(config: RunConfig) -> bool:
    return data.get(config.data).is_dots


def get(name: str) -> RunConfig:
    """The preset called `name`; raises ValueError with the names there are."""
    return PRESETS[Choice(lambda: PRESETS).read(msg("setting.preset", "preset"), name)]
