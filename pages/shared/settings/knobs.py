"""The knobs of the drawing: "-" and "+" at the numbers that make the networks as large as they are."""

import streamlit as st

from gan.messages import Message, msg
from gan.parts import choices, nets
from gan.setup.config import RunConfig
from gan.setup.kinds import Options, Whole
from pages.shared.draw.model import Knob
from pages.shared.settings import controls, hidden, widgets
from pages.shared.words import plain, settings

LARGE = 32  # numbers that may become larger than this are halved and doubled, others go one by one


def knobs(config: RunConfig) -> list[Knob]:
    """How many random numbers there are, and what the architecture lets one choose of its layers."""
    found = [_latent_size(config)]
    for name, spec in config.known_options.items():
        kind = Options.kind(spec)
        if isinstance(kind, Whole):
            value, title = config.option(name), nets.option_title(name)
            less, more = _neighbours(value, kind)
            found.append(_knob(config, name, title, value, less, more))
    return found if len(found) > 1 else [*found, _fixed(config)]


def turn(name: str, value: int) -> None:
    """Set what a knob's button offers; anything else that a browser may send is passed over."""
    if any(knob.name == name and value in (knob.less, knob.more) for knob in knobs(controls.config())):
        st.session_state[name if name == "latent_size" else controls.option_key(name)] = value


def _latent_size(config: RunConfig) -> Knob:
    value, steps = config.latent_size, widgets.STEPS["latent_size"]
    less = max((step for step in steps if step < value), default=None)
    more = min((step for step in steps if step > value), default=None)
    return _knob(config, "latent_size", settings.label("latent_size"), value, less, more)


def _neighbours(value: int, kind: Whole) -> tuple[int | None, int | None]:
    less, more = (value // 2, value * 2) if kind.high > LARGE else (value - 1, value + 1)
    less, more = max(less, kind.low), min(more, kind.high)
    return (less if less < value else None), (more if more > value else None)


def _knob(config: RunConfig, name: str, title: Message, value: int, less: int | None, more: int | None) -> Knob:
    least = msg("knob.least", "{setting}: {value} is the least there can be.", setting=title, value=value)
    most = msg("knob.most", "{setting}: {value} is the most there can be.", setting=title, value=value)

    def offered(new: int | None, limit: Message) -> tuple[int | None, str]:
        refused = limit if new is None else controls.refusal(config, **controls.changed(config, name, new))
        if hidden.is_locked("latent_size" if name == "latent_size" else "options"):
            refused = hidden.LOCKED
        told = refused or msg("knob.change", "{setting}: {new} instead of {value}", setting=title, new=new, value=value)
        return (None if refused else new), plain(told)

    (less, less_label), (more, more_label) = offered(less, least), offered(more, most)
    return Knob(name, plain(title), f"{value}", less, more, less_label, more_label)


def _fixed(config: RunConfig) -> Knob:
    """For networks that are what they are: why nothing can be added."""
    title = choices.title(nets.__name__, config.architecture)
    why = plain("knob.fixed", "The layers of these networks are fixed: {architecture}.", architecture=title)
    return Knob("layers", plain("knob.layers", "Layers"), plain("knob.as_they_are", "fixed"), None, None, why, why)
