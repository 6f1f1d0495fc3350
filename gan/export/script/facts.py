"""What a script is made for: the settings by their names in it, and facts about the choices among them."""

from collections.abc import Sequence
from typing import Any

from gan import data
from gan.parts import stabilisers
from gan.records import Change
from gan.setup.config import RunConfig

COMMENTS = {  # beside the settings at the top of a script
    "LATENT_SIZE": "numbers in one noise vector",
    "LEARNING_RATE": "of the generator",
    "D_LEARNING_RATE": "of the discriminator",
    "LEARNING_RATE_DECAY": "share of both learning rates that is gone at the end",
    "BATCH_SIZE": "pictures a step",
    "BATCH_PARTS": "that a batch is worked through in, one at a time",
    "EPOCHS": "passes over the pictures",
    "BETA1": "memory of the slope",
    "BETA2": "memory of the squared slope",
    "LEARNERS": "both, generator or discriminator; the other one stands still",
    "D_STEPS": "discriminator steps before the generator has its turn",
    "G_STEPS": "generator steps in a turn",
    "LABEL_SMOOTHING": "real pictures are labelled 1 minus this",
    "EMA": "decay of the averaged generator",
    "PIXEL_RANGE": "how the discriminator is shown real pictures",
    "SEED": "the start of all random numbers",
    "CLASS_COUNT": "kinds of pictures there are",
    "CLASSES": "the kinds that are learned from; () = all",
    "NEEDS_REAL": "whether the generator's loss looks at real pictures too",
    "STABILISED": "whether there are stabilisers",
    "DEVICE": "where it is computed",
    "THREADS": "that compute; with others the last digits differ",
}
OPTION = "an option of these networks"
UNUSED = {"check", "d_penalty", "after_d_step"}  # hooks that a script never calls whose discriminator stands still
IN_THE_CODE = ("data", "architecture", "options", "loss", "stabilisers", "pictures", "picture_size", "drawing")


def settings(config: RunConfig) -> dict[str, Any]:
    """The settings by their names in a script, but for those that its code and its pictures are made by."""
    values = {name: getattr(config, name) for name in config.to_dict() if name not in IN_THE_CODE}
    values |= {name: config.option(name) for name in config.known_options}
    from gan.learn.device import cores
    from gan.learn.threads import threads_for
    from gan.parts import objective

    values |= {
        "d_learning_rate": config.discriminator_learning_rate,
        "class_count": config.class_count,
        "threads": threads_for(config, cores()),
        "stabilised": bool(config.strengths),
        "needs_real": objective.needs_real(config.loss, stabilisers.make(config.strengths)),
    }
    return {name.upper(): value for name, value in values.items()}


def configs_of(config: RunConfig, changes: Sequence[Change]) -> list[RunConfig]:
    """The config that a run begins with, and those after each change. Raises ValueError for one that cannot be."""
    found = [config]
    for change in changes:
        found.append(found[-1].steered(**change.settings))
    return found


def facts(trainer, configs: Sequence[RunConfig]) -> dict[str, Any]:
    """What is true of a trainer's networks, and of any of the configs that its run goes through."""
    from gan.parts.blocks import Chancy, Timed

    learner = trainer.learner

    def has(kind: type) -> bool:
        return any(isinstance(layer, kind) for net in learner.nets.values() for layer in net.modules())

    values = [settings(config) for config in configs]
    decays = configs[0].learning_rate_decay > 0
    known = {
        "CONDITIONAL": learner.is_conditional,
        "DOTS": data.get(configs[0].data).is_dots,
        "BATCH_NORM": learner.needs_several,
        "LAYERS_OF_CHANCE": has(Chancy),
        "TIMED_LAYERS": has(Timed),
        "IS_TIMED": decays or bool(learner.timed),
        "NETWORKS": set(learner.nets),
        "OPTIMISERS": set(learner.optimizers),
        "WHOLE": any(config.batch_parts == 1 for config in configs),
        "IN_PARTS": any(config.batch_parts > 1 for config in configs),
        "KNOWN_OPTIONS": {name.upper() for name in configs[0].known_options},
        "CHANGED": {name for name in values[0] if any(value[name] != values[0][name] for value in values)},
    } | stabilisers_facts(configs)
    if learner.discriminator:
        known |= judge_facts(learner)
    return known | {"IS_TIMED": known["IS_TIMED"] or known["TIMED_STABILISERS"]}


def at_work(configs: Sequence[RunConfig]) -> list[str]:
    """The stabilisers that any of the configs has, but for those that only change how D learns where it never does."""
    from gan.parts.hooks import Base

    used = sorted({name for config in configs for name in config.strengths})
    if any(config.learners != "generator" for config in configs):
        return used
    called = hooks_of(Base).keys() - UNUSED
    return [name for name in used if called & hooks_of(stabilisers.get(name).Stabiliser).keys()]


def stabilisers_facts(configs: Sequence[RunConfig]) -> dict[str, Any]:
    """What is true of the stabilisers that any of the configs has."""
    used = sorted({name for config in configs for name in config.strengths})
    hooks = [hooks_of(stabilisers.get(name).Stabiliser) for name in used]
    return {
        "STRENGTHS": bool(at_work(configs)),
        "BUILT_IN": any(stabilisers.facts(name).get("BUILT_IN", False) for name in used),
        "HOOKS": {name for each in hooks for name in each},
        "TIMED_STABILISERS": any("progress" in hook.__code__.co_names for each in hooks for hook in each.values()),
    }


def judge_facts(learner) -> dict[str, Any]:
    """What is true of the discriminator of a learner that has one."""
    from gan.parts.blocks import Discriminator

    judge = type(learner.discriminator)
    return {
        "NAMES_CLASSES": judge.class_loss is not Discriminator.class_loss,
        "FADES_REALS": judge.reals is not Discriminator.reals,
        "ONE_PASS": learner.one_pass,
    }


def hooks_of(stabiliser: type) -> dict[str, Any]:
    """The hooks (`gan.parts.hooks.Base`) that a stabiliser's class defines itself."""
    return {name: value for name, value in vars(stabiliser).items() if callable(value) and not name.startswith("__")}
