"""The settings of a run as widgets. A widget's key is the setting's name, all the way."""

from collections.abc import Mapping
from dataclasses import fields

import streamlit as st

from app_pages.shared import words
from gan import data, presets
from gan.config import RunConfig, check_names, kind_of

PRESET = "preset"
LOADED_LINK = "loaded_link"  # the settings in the link are read once a tab
LINK_ERROR = "link_error"
NOT_SETTINGS = {"run"}

LEARNING_RATES = (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1)
STEPS = {
    "learning_rate": LEARNING_RATES,
    "d_learning_rate": (None, *LEARNING_RATES),
    "latent_size": (1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 200, 256, 512),
    "batch_size": (8, 16, 32, 64, 128, 256, 512),
    "epochs": (1, 3, 5, 10, 20, 50, 60, 100, 200, 500, 1000),
    "beta1": (0.0, 0.3, 0.5, 0.7, 0.9, 0.95),
    "beta2": (0.9, 0.99, 0.999, 0.9999),
    "d_steps": (1, 2, 3, 4, 5),
    "label_smoothing": (0.0, 0.1, 0.2, 0.3),
    "ema": (0.0, 0.9, 0.99, 0.995, 0.999),
}
FIRST = ("learning_rate", "latent_size")
MORE = (
    "epochs", "batch_size", "classes",
    "architecture", "d_learning_rate", "optimizer", "beta1", "beta2",
    "d_steps", "label_smoothing", "ema", "seed",
    "device", "pixel_range", "fresh_fakes", "drop_last",
)  # fmt: skip


def read_link() -> None:
    """Take the settings that the link names, once a tab; a bad one is reported and none is taken."""
    if st.session_state.get(LOADED_LINK):
        return
    st.session_state[LOADED_LINK] = True
    given = {name: value for name, value in st.query_params.items() if name not in NOT_SETTINGS}
    try:
        put(link_preset(given), from_link(given))
    except ValueError as error:
        st.session_state[LINK_ERROR] = str(error)
        put("quick", presets.get("quick"))


def show_link_error() -> None:
    """Say what was wrong with the settings in the link, until the page is loaded anew."""
    if LINK_ERROR in st.session_state:
        st.warning(words.BAD_LINK.format(error=st.session_state[LINK_ERROR]), icon=":material/link_off:")


def link_preset(given: Mapping[str, str]) -> str:
    return given.get(PRESET, "quick")


def from_link(given: Mapping[str, str]) -> RunConfig:
    """The config of a link such as ?preset=quick&learning_rate=5e-4. Raises ValueError with a sentence."""
    changes = {name: value for name, value in given.items() if name != PRESET}
    check_names(changes)
    return presets.get(link_preset(given)).but(**changes)


def write_link(config: RunConfig) -> None:
    """Keep the page's address a link to these settings."""
    kept = {name: value for name, value in st.query_params.items() if name in NOT_SETTINGS}
    wanted = to_link(st.session_state[PRESET], config) | kept
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def to_link(preset: str, config: RunConfig) -> dict[str, str]:
    """The shortest link of a config: its recipe, and what differs from it."""
    base = presets.get(preset).to_dict()
    changed = {name: value for name, value in config.to_dict().items() if value != base[name]}
    exact = {name: repr(value) if isinstance(value, float) else _as_text(value) for name, value in changed.items()}
    return {PRESET: preset} | exact


def put(preset: str, config: RunConfig) -> None:
    """Set every widget to the config's value."""
    st.session_state[PRESET] = preset
    for item in fields(RunConfig):
        value = getattr(config, item.name)
        st.session_state[item.name] = list(value) if item.name == "classes" else value


def config() -> RunConfig:
    """The config that the widgets show."""
    return RunConfig(**{item.name: st.session_state[item.name] for item in fields(RunConfig)})


def first() -> None:
    """The short list that everybody sees."""
    _select("data", data.names(), lambda name: data.get(name).title, on_change=_forget_classes)
    _select(PRESET, tuple(presets.PRESETS), lambda name: words.title(words.PRESETS, name), on_change=_take_preset)
    for name in FIRST:
        _widget(name)


def more() -> None:
    """All other settings, two beside each other."""
    columns = st.columns(2, gap="medium")
    for number, name in enumerate(MORE):
        with columns[number % 2]:
            _widget(name)


def _take_preset() -> None:
    preset = st.session_state[PRESET]
    kept = {name: st.session_state[name] for name in ("data", "seed", "device")}
    put(preset, presets.get(preset).but(**kept))


def _forget_classes() -> None:
    st.session_state["classes"] = []


def _widget(name: str) -> None:
    label, line = words.SETTINGS[name]
    keep = {"key": name, "persist_state": "session"}
    if name in STEPS:
        options = sorted({*STEPS[name], st.session_state[name]}, key=lambda value: -1 if value is None else value)
        st.select_slider(label, options, format_func=_as_text, **keep)
    elif name == "seed":
        kind = kind_of(name)
        st.number_input(label, kind.low, kind.high, step=1, **keep)
    elif name == "classes":
        names = data.get(st.session_state["data"]).class_names
        st.multiselect(label, range(len(names)), format_func=names.__getitem__, placeholder="All", **keep)
    elif name in ("fresh_fakes", "drop_last"):
        st.toggle(label, **keep)
    else:
        st.selectbox(label, list(kind_of(name).names()), format_func=lambda value: _choice(name, value), **keep)
    st.caption(line)


def _select(name: str, options: tuple[str, ...], titles, on_change) -> None:
    label, line = words.SETTINGS[name]
    st.selectbox(label, options, format_func=titles, key=name, on_change=on_change, persist_state="session")
    st.caption(line)


def _choice(name: str, value: str) -> str:
    return words.title(words.ARCHITECTURES, value) if name == "architecture" else words.CHOICES.get(value, value)


def _as_text(value: object) -> str:
    """A setting as a slider and a link show it."""
    if value is None:
        return "same"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
