"""A setting with its value in words: "learning rate 0.002", "on Clothes", "networks DCGAN"."""

from collections.abc import Mapping, Sequence
from typing import Any

from gan import data
from gan.messages import Message, msg, verbatim
from gan.parts import choices, stabilisers
from gan.setup.kinds import as_text
from pages.shared.words import plain, settings

FILES = {
    "family": "gan.families",
    "architecture": "gan.parts.nets",
    "loss": "gan.parts.losses",
}  # settings whose values are files

# A setting and its value within a sentence.
PAIRS = {
    "data": msg("pair.data", "on {value}"),
    "learning_rate": msg("pair.learning_rate", "learning rate {value}"),
    "latent_size": msg("pair.latent_size", "latent size {value}"),
    "classes": msg("pair.classes", "only these kinds {value}"),
    "pictures": msg("pair.pictures", "pictures {value}"),
    "picture_size": msg("pair.picture_size", "picture size {value}"),
    "family": msg("pair.family", "model {value}"),
    "architecture": msg("pair.architecture", "networks {value}"),
    "options": msg("pair.options", "options of the networks {value}"),
    "loss": msg("pair.loss", "loss {value}"),
    "stabilisers": msg("pair.stabilisers", "stabilisers {value}"),
    "d_learning_rate": msg("pair.d_learning_rate", "detective's learning rate {value}"),
    "learning_rate_decay": msg("pair.learning_rate_decay", "learning rate decay {value}"),
    "batch_size": msg("pair.batch_size", "batch size {value}"),
    "batch_parts": msg("pair.batch_parts", "parts of a batch {value}"),
    "epochs": msg("pair.epochs", "epochs {value}"),
    "optimizer": msg("pair.optimizer", "optimiser {value}"),
    "beta1": msg("pair.beta1", "beta 1 (momentum) {value}"),
    "beta2": msg("pair.beta2", "beta 2 {value}"),
    "learners": msg("pair.learners", "who learns {value}"),
    "d_steps": msg("pair.d_steps", "detective steps in a turn {value}"),
    "g_steps": msg("pair.g_steps", "forger steps in a turn {value}"),
    "label_smoothing": msg("pair.label_smoothing", "label smoothing {value}"),
    "ema": msg("pair.ema", "average {value}"),
    "fresh_fakes": msg("pair.fresh_fakes", "fresh fakes for the forger {value}"),
    "pixel_range": msg("pair.pixel_range", "pixel range {value}"),
    "drop_last": msg("pair.drop_last", "skip the last, short batch {value}"),
    "seed": msg("pair.seed", "seed {value}"),
    "device": msg("pair.device", "computer part (device) {value}"),
}
OTHER = msg("pair.other", "{setting} {value}")  # of a setting that has no sentence here yet
CHANGE = msg("pair.change", "{setting} {before} → {after}")
NONE = msg("value.none", "None")
ALL = msg("value.all_pictures", "All")
WORDS = {
    "true": msg("value.true", "True"),
    "false": msg("value.false", "False"),
    "same": msg("value.same", "Same"),
}


def pair(setting: str, value: Any) -> Message:
    """A setting and its value within a sentence."""
    return _around(setting).but(value=told(setting, value))


def name_alone(setting: str) -> Message:
    """A setting as `pair` calls it, without a value."""
    return _around(setting).but(value="")


def several(setting: str, values: Sequence[Any]) -> Message:
    """A setting and several values of it: "latent size 2, 8"."""
    return _around(setting).but(value=listed([told(setting, value) for value in values]))


def _around(setting: str) -> Message:
    return PAIRS.get(setting, OTHER.but(setting=settings.label(setting)))


def pairs(settings: Sequence[str], values: Sequence[Any]) -> Message:
    """Several settings with their values: "latent size 8, learning rate 0.002"."""
    return listed([pair(setting, value) for setting, value in zip(settings, values, strict=True)])


def change(setting: str, before: Any, after: Any) -> Message:
    """A change of a setting: "Learning rate 0.01 → 0.001"."""
    told_before, told_after = told(setting, before), told(setting, after)
    return CHANGE.but(setting=settings.label(setting), before=told_before, after=told_after)


def told(setting: str, value: Any) -> Message:
    """A value of a setting; `value` may be its text."""
    if setting == "stabilisers":
        return _stabilisers(value)
    text = as_text(value)
    if setting in FILES and text in choices.names(FILES[setting]):
        return choices.title(FILES[setting], text)
    if setting == "pictures" and text == "0":
        return ALL
    if setting == "data":
        return shown(data.get(text).title)
    return WORDS.get(text) or shown(settings.VALUES.get(text) or _decimal(text))


def offered(name: str) -> Message:
    """A picture set in a list where one picks it; one that is not here says so first: lists cut long entries."""
    item = data.get(name)
    if data.is_here(name) or not item.download_mb:
        return shown(item.title)
    return msg("data.to_download", "Download of {megabytes} MB: {title}", title=item.title, megabytes=item.download_mb)


def _decimal(text: str) -> Message | str:
    """A number with the language's own sign for decimals."""
    try:
        return Message("", "{value}", {"value": float(text)}) if "." in text else text
    except ValueError:
        return text


def listed(parts: Sequence[Message]) -> Message:
    """Several messages one after the other, with the commas of the language."""
    return Message("", "{each:list}", {"each": tuple(parts)})


def number(value: float, spec: str) -> Message:
    """A number alone, such as ".1f" writes it."""
    return Message("", f"{{value:{spec}}}", {"value": value})


def signs() -> str:
    """The language's signs for decimals and for thousands."""
    both = plain(number(1000.5, ",.1f"))
    return both[-2] + both[1]


def shown(text: Message | str) -> Message:
    """A name as a message: some are the same in all languages."""
    return text if isinstance(text, Message) else verbatim(text)


def in_a_row(first: Message, *others: Message) -> Message:
    """Whole sentences one after the other."""
    for each in others:
        first = msg("words.in_a_row", "{first} {next}", first=first, next=each)
    return first


def _stabilisers(value: Any) -> Message:
    chosen = value if isinstance(value, Mapping) else dict.fromkeys(part for part in str(value).split(",") if part)
    known = [choices.title(stabilisers.__name__, name) for name in chosen if name in stabilisers.names()]
    return listed(known) if known else NONE if not chosen else verbatim(value)
