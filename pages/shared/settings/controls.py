"""The settings of a run as the page holds them: one widget key a setting, and the link that keeps them.

A widget's key is the setting's name; the parts of `stabilisers` and `options` have a key each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields

import streamlit as st

from gan.messages import Message, message_of
from gan.parts import stabilisers
from gan.runs import Kind
from gan.setup import presets
from gan.setup.config import RunConfig, adapt, check_names, comes_along, known_options
from gan.setup.kinds import as_text
from pages.shared.draw.theme import SETTINGS_OPEN
from pages.shared.settings import hidden, locks
from pages.shared.settings.locks import FIRST, HELD, PRESET, STORED
from pages.shared.tab import link, session
from pages.shared.tab.projector import PROJECTOR
from pages.shared.words import LANGUAGE, LEVEL, say, values

LOADED_LINK = "loaded_link"  # the settings in the link are read once a tab
COMING = "coming"  # the recipe and the settings that the page is to show when it runs next
TAKEN_BACK = "taken_back"  # why the last choice does not go with them
OPEN = SETTINGS_OPEN
LINKED = {PRESET, *(item.name for item in fields(RunConfig))}
KEPT = {"run", "watch", LANGUAGE, LEVEL, PROJECTOR, *link.LESSON, *Kind}  # in the address beside the settings
PARTS = {"stabilisers", "options"}  # settings that are made of several widgets


def use_key(stabiliser: str) -> str:
    return f"use_{stabiliser}"


def strength_key(stabiliser: str) -> str:
    return f"strength_{stabiliser}"


def option_key(option: str) -> str:
    return f"option_{option}"


# The link


def read_link(shown: RunConfig | None = None, page: str = session.PICTURES) -> None:
    """Take the settings that the link names, once a tab; a bad one is left out, and so is what is no setting.

    A link that names none takes those that are `shown`, of a run that is on screen already. What does not belong to
    the `page` gives way to what it showed last.
    """
    if coming := st.session_state.pop(COMING, None):
        put(*coming)
    if not st.session_state.get(LOADED_LINK):
        given = {name: value for name, value in st.query_params.items() if name in LINKED}
        if shown and not given:
            put(presets.nearest_in_any_world(shown), shown)
        else:
            preset, config, reasons = understood({PRESET: FIRST[page]} | given)
            put(preset, config)
            link.leave_out(*reasons)
    now = session.page_of_set(st.session_state["data"])
    if now != page:
        if HELD in st.session_state:
            st.session_state[STORED.format(page=now)] = st.session_state[PRESET], st.session_state[HELD]
        put(*st.session_state.pop(STORED.format(page=page), (FIRST[page], presets.get(FIRST[page]))))


def understood(given: Mapping[str, str]) -> tuple[str, RunConfig, list[Message]]:
    """The recipe and the config of a link, as much of it as can be, and why the rest cannot."""
    given, reasons = dict(given), []
    try:
        preset = link_preset(given)
        presets.get(preset)
    except ValueError as error:
        reasons.append(message_of(error))
        preset = given[PRESET] = "quick"
    taken, left = {PRESET: preset}, {name: value for name, value in given.items() if name != PRESET}
    if not why_not(given):
        taken, left = given, {}
    while fitting := next((name for name in left if not why_not(taken | {name: left[name]})), None):
        taken[fitting] = left.pop(fitting)
    reasons += [why_not(taken | {name: value}) for name, value in left.items()]
    return preset, from_link(taken), reasons


def why_not(given: Mapping[str, str]) -> Message | None:
    """Why a link's settings cannot be used together; None if they can."""
    try:
        from_link(given)
    except ValueError as error:
        return message_of(error)
    return None


def link_preset(given: Mapping[str, str]) -> str:
    return given.get(PRESET, "quick")


def from_link(given: Mapping[str, str]) -> RunConfig:
    """The config of a link such as ?preset=quick&learning_rate=5e-4. Raises ValueError with a sentence."""
    changes = {name: value for name, value in given.items() if name != PRESET}
    check_names(changes)
    recipe = presets.get(link_preset(given))
    return recipe.but(**comes_along(recipe, changes), **changes)


def write_link(config: RunConfig, looks: Mapping[str, str]) -> None:
    """Keep the page's address a link to these settings, and to what is looked at."""
    kept = {name: value for name, value in st.query_params.items() if name in KEPT}
    link.write(to_link(st.session_state[PRESET], config) | kept | looks | hidden.in_link())


def to_link(preset: str, config: RunConfig) -> dict[str, str]:
    """The shortest link of a config: its recipe, and what differs from it and from what comes along as it is read."""
    recipe, whole = presets.get(preset), config.to_dict()
    understood = recipe.to_dict() | recipe.set_along(whole)
    if config.loss != understood["loss"]:
        understood |= comes_along(recipe, {"loss": config.loss})
    changed = {name: value for name, value in whole.items() if value != understood[name]}
    return {PRESET: preset} | {name: as_text(value) for name, value in changed.items()}


# The widgets' values


def put(preset: str, config: RunConfig) -> None:
    """Set every widget to the config's value; the link is not asked any more."""
    st.session_state[LOADED_LINK] = True
    st.session_state[PRESET] = preset
    for item in fields(RunConfig):
        if item.name not in PARTS:
            value = getattr(config, item.name)
            st.session_state[item.name] = list(value) if item.name == "classes" else value
    for name in stabilisers.names():
        strength = config.strengths.get(name, 0)
        st.session_state[use_key(name)] = bool(strength)
        st.session_state[strength_key(name)] = strength or stabilisers.facts(name)["STRENGTH"][0]
    for name in config.known_options:
        st.session_state[option_key(name)] = config.option(name)


def put_next(preset: str, config: RunConfig) -> None:
    """Set every widget, once more when the page runs next: a look of the browser's that comes in between would bring
    the values that it still shows.
    """
    put(preset, config)
    st.session_state[COMING] = preset, config


def take_over(config: RunConfig, preset: str | None = None) -> None:
    """Have the page show these settings, of this recipe or the nearest one, but for what is locked."""
    after = locks.kept(config)
    if hidden.is_locked(PRESET):
        preset = locks.shown(session.page_of(after)).preset
    put_next(preset or presets.nearest_in_any_world(after), after)


def config() -> RunConfig:
    """The config that the widgets show."""
    state = st.session_state
    plain = {item.name: state[item.name] for item in fields(RunConfig) if item.name not in PARTS}
    strengths = {name: state[strength_key(name)] * state[use_key(name)] for name in stabilisers.names()}
    options = {name: state[option_key(name)] for name in known_options(state["family"], state["architecture"])}
    return RunConfig(**plain, stabilisers=strengths, options=options)


def take_preset() -> None:
    """The recipe was chosen: all of its settings but on which computer and, unless it is made for certain pictures,
    what one learns from.
    """
    put(st.session_state[PRESET], locks.kept(recipe()))


def recipe() -> RunConfig:
    """The recipe that is chosen, on this page's computer and, unless it is made for certain pictures, on its own."""
    found = presets.get(st.session_state[PRESET])
    there = st.session_state["data"] if found.data == RunConfig().data else found.data
    return presets.on(found, there, **{name: st.session_state[name] for name in ("seed", "device")})


def reset(name: str | None = None) -> None:
    """For a button's on_click: a setting, or all of them, as the recipe has it, without what does not go with it."""
    after, own = recipe(), config()
    if name:
        changes = {name: getattr(after, name)} | (
            {"options": after.options} if name in ("architecture", "family") else {}
        )
        after, _ = adapt(own, **changes)
    put(st.session_state[PRESET], locks.kept(after))


def take(name: str) -> None:
    """A choice was made: what it brings along is set, what does not go with it is switched off, and both are said."""
    held = st.session_state[HELD]
    key = option_key(name) if name in held.known_options else name
    changes = changed(held, name, st.session_state[key])
    along = comes_along(held, changes, presets.get(st.session_state[PRESET]))
    after, dropped = adapt(held, **changes, **along)
    put(st.session_state[PRESET], after)
    if along:
        told = values.pairs([*along], [*along.values()])
        told = say("settings.brought", "Set along with it: {settings}.", settings=told)
        st.toast(told, icon=":material/info:", duration="long")
    for message in dropped:
        told = say("settings.dropped", "Switched off, because {reason}", reason=message)
        st.toast(told, icon=":material/info:", duration="long")


def settle() -> None:
    """Before the widgets: of settings that do not go together the last choice is taken back, and `refused` says why."""
    try:
        now = config()
    except ValueError as error:
        st.session_state[TAKEN_BACK] = message_of(error)
        put(st.session_state[PRESET], st.session_state[HELD])
        return
    if now != st.session_state.get(HELD):
        st.session_state.pop(TAKEN_BACK, None)
    st.session_state[HELD] = now


def show_taken_back() -> None:
    """Say why the last choice was taken back, until there is another."""
    if TAKEN_BACK in st.session_state:
        told = say("settings.taken_back", "That choice was taken back: {reason}", reason=st.session_state[TAKEN_BACK])
        st.warning(told, icon=":material/block:")


def forget_classes() -> None:
    st.session_state["classes"] = []


def impossible(config: RunConfig, name: str, values: Iterable[str]) -> dict[str, Message]:
    """The values of a choice that do not go with the other choices, each with the reason."""
    alone = {"stabilisers": {}, "label_smoothing": 0.0}  # what is only switched on goes, if it has to
    reasons = {value: refusal(config, **changed(config, name, value), **alone) for value in values}
    return {value: reason for value, reason in reasons.items() if reason}


def changed(config: RunConfig, name: str, value: object) -> dict[str, object]:
    """The change that gives a setting, or an option of the architecture or the family, this value."""
    if name in config.known_options:
        return {"options": {**config.options, name: value}}
    return {name: value}


def refusal(config: RunConfig, **changes: object) -> Message | None:
    """Why these changes do not go with the config; None if they do."""
    try:
        config.but(**changes)
    except ValueError as error:
        return message_of(error)
    return None
