"""A run of the class's own: the lesson's first run with one thing changed, in the settings beside the lesson."""

import streamlit as st

from gan.messages import Message, msg, msgs
from gan.setup.config import RunConfig, adapt, comes_along
from pages.shared.settings import controls
from pages.shared.tab import session
from pages.shared.words import values


def chosen(first: RunConfig) -> RunConfig:
    """What the settings beside the lesson show, on the first run's device; the first's before they are there."""
    try:
        config = controls.config()
    except (KeyError, ValueError):  # the page has not shown them yet, or will take a choice back
        config = st.session_state.get(controls.HELD, first)
    return config.but(device=first.device) if session.page_of(config) == session.page_of(first) else first


def why_not(first: RunConfig, config: RunConfig) -> Message | None:
    """What is to be done before this may run; None where exactly one thing differs from the first run."""
    changes = config.changes_from(first)
    if not changes:
        return msg("lesson.change_one", "Change one thing in the settings beside this.")
    if any(_with(first, name, value) == config for name, value in changes.items()):
        return None
    told = msgs(
        "lesson.take_back",
        "You have changed {count} thing: {changes}. Take all but one back.",
        "You have changed {count} things: {changes}. Take all but one back.",
        len(changes),
    )
    return told.but(changes=difference(first, config))


def difference(first: RunConfig, config: RunConfig) -> Message:
    """What was changed: "Learning rate 0.002 → 0.02"."""
    before = first.to_dict()
    changes = config.changes_from(first)
    return values.listed([values.change(name, before[name], value) for name, value in changes.items()])


def begin_with(first: RunConfig) -> None:
    """Let the settings show the first run's, to be changed, but for what is locked."""
    controls.take_over(first)


def _with(first: RunConfig, name: str, value: object) -> RunConfig | None:
    """The first run with one thing changed, and what comes along with that; None where that cannot be."""
    try:
        return adapt(first, **comes_along(first, {name: value}), **{name: value})[0]
    except ValueError:
        return None
