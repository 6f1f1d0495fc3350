"""Why a config cannot be: what does not go together in it, and what it cannot hold."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gan import data, families
from gan.messages import Message, Refusal, msg
from gan.parts import losses, nets, stabilisers
from gan.setup.kinds import named

if TYPE_CHECKING:
    from gan.setup.config import RunConfig


def clashes(config: "RunConfig") -> list[Message]:
    """Why a config cannot be, in sentences; choices name what they refuse in their own files."""
    chosen = {config.loss: losses, config.architecture: nets} | dict.fromkeys(config.strengths, stabilisers)
    titles = {name: folder.title(name) for name, folder in chosen.items()}
    for name, spec in config.known_options.items():
        if isinstance(spec[0], str):
            titles[f"{name}={config.option(name)}"] = nets.value_title(name, config.option(name))
    if "task" not in families.ignored(config.family):
        titles[f"task={config.task}"] = msg("config.task", "the task {task!r}", task=config.task)
    if config.label_smoothing:
        titles["label_smoothing"] = named("label_smoothing")
    if data.get(config.data).is_dots:
        titles["dots"] = msg("config.dots", "a set of dots")
    return [*_of_other_families(config), *_of_pictures_alone(config)] + [
        msg(
            "config.clash", "{one:name} does not go with {other:name}: {reason}.",
            one=titles[name], other=titles[other], reason=reason,
        )
        for name, folder in chosen.items()
        for other, reason in folder.refusals(name).items()
        if other in titles
    ]  # fmt: skip


def _of_other_families(config: "RunConfig") -> Iterator[Message]:
    """What the config's family does not have."""
    title = families.title(config.family)
    if config.architecture not in nets.of_family(config.family):
        yield msg(
            "config.other_family", "{architecture} cannot be {value!r}: a {family:name} can have {known:list}.",
            architecture=named("architecture"), value=config.architecture, family=title,
            known=nets.of_family(config.family),
        )  # fmt: skip
    for name in families.ignored(config.family):
        if getattr(config, name) != type(config).__dataclass_fields__[name].default:
            yield msg(
                "config.ignored", "{name} cannot be set: a {family:name} has no use for it.",
                name=named(name), family=title,
            )  # fmt: skip


def _of_pictures_alone(config: "RunConfig") -> Iterator[Message]:
    """What only pictures with pixels can have."""
    if data.get(config.data).is_dots and config.picture_size != "own":
        yield msg(
            "config.no_pixels", "{picture_size} cannot be {value!r}: dots have no pixels.",
            picture_size=named("picture_size"), value=config.picture_size,
        )  # fmt: skip


def no_such_option(config: "RunConfig", name: str) -> Refusal:
    """Why a config cannot hold the option `name`, which its architecture has not."""
    here = {"options": named("options"), "name": name, "architecture": config.architecture}
    known = tuple(config.known_options)
    if not known:
        return Refusal(
            "config.no_options",
            "{options} cannot hold {name!r}: the architecture {architecture} has no options.",
            **here,
        )
    return Refusal(
        "config.no_such_option",
        "{options} cannot hold {name!r}: the architecture {architecture} has the options {known:list}.",
        **here,
        known=known,
    )
