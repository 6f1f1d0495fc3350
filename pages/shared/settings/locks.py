"""What is locked holds wherever a run begins: it has each locked setting as this tab's page of settings shows it."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import lru_cache
from typing import NamedTuple, ParamSpec, TypeVar

import streamlit as st

from gan.messages import Message, Refusal, message_of
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.settings import hidden
from pages.shared.tab import session

PRESET = "preset"
HELD = "held"  # in session state: the settings that the page showed last, which go together
STORED = "stored_{page}"  # a recipe and the settings of the pages that show something else
FIRST = {session.PICTURES: "quick", session.DOTS: "dots"}  # the recipe to begin with

P, T = ParamSpec("P"), TypeVar("T")


class Shown(NamedTuple):
    preset: str
    config: RunConfig


def shown(page: str) -> Shown:
    """What this page of settings shows, or would if it was turned to."""
    held = st.session_state.get(HELD)
    if held and session.page_of(held) == page:
        return Shown(st.session_state[PRESET], held)
    return Shown(*st.session_state.get(STORED.format(page=page), (FIRST[page], presets.get(FIRST[page]))))


def kept(after: RunConfig) -> RunConfig:
    """This, with what is locked as it is shown, where that goes with the rest."""
    for name, value in _as_shown(after).items():
        try:
            after = after.but(**{name: value})
        except ValueError:
            continue
    return after


def why_not(*configs: RunConfig) -> Message | None:
    """Why this visitor may not begin runs of these; None where they may."""
    if any(getattr(config, name) != value for config in configs for name, value in _as_shown(config).items()):
        return hidden.LOCKED
    if hidden.is_locked(PRESET) and any(map(_is_another_recipe, configs)):
        return hidden.LOCKED
    return None


def planned(make: Callable[[], Iterable[RunConfig]]) -> tuple[tuple[RunConfig, ...], Message | None]:
    """The runs that `make` makes, none where it raises ValueError, and why this visitor may not begin them."""
    try:
        configs = tuple(make())
    except ValueError as error:
        return (), message_of(error)
    return configs, why_not(*configs)


def heeded(start: Callable[P, T], *configs: RunConfig) -> Callable[P, T]:
    """`start`, which begins runs of these, raising Refusal where this visitor may not."""

    def begin(*args: P.args, **options: P.kwargs) -> T:
        if refused := why_not(*configs):
            raise Refusal(refused)
        return start(*args, **options)

    return begin


def _as_shown(config: RunConfig) -> dict[str, object]:
    """The locked settings on the page that such a config belongs to."""
    locked = {item.name for item in fields(RunConfig)}.intersection(hidden.locked())
    return {name: getattr(shown(session.page_of(config)).config, name) for name in locked}


def _is_another_recipe(config: RunConfig) -> bool:
    """Whether these are the settings of a recipe, and not of the one that is chosen."""
    names = _recipes(config)
    return bool(names) and shown(session.page_of(config)).preset not in names


@lru_cache(maxsize=256)  # every look at a run asks it, of each cure
def _recipes(config: RunConfig) -> tuple[str, ...]:
    """The recipes whose settings these are, whatever their pictures, seed, device and length."""
    page = session.page_of(config)
    return tuple(name for name in presets.PRESETS if session.page_of(presets.get(name)) == page and _is(name, config))


def _is(name: str, config: RunConfig) -> bool:
    try:
        return presets.with_same_world(presets.get(name), config).but(epochs=config.epochs) == config
    except ValueError:  # it cannot be had with these pictures
        return False
