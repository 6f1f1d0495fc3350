"""The widgets of the settings: a short list that everybody sees, and the rest behind "More settings"."""

import streamlit as st

from gan import data
from gan.parts import choices, nets, stabilisers
from gan.setup import presets
from gan.setup.config import RunConfig, kind_of
from gan.setup.kinds import Choice, Options, Whole, as_text
from pages.shared.settings import controls
from pages.shared.words import plain, say, words

LEARNING_RATES = (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1)
STEPS = {
    "learning_rate": LEARNING_RATES,
    "d_learning_rate": (None, *LEARNING_RATES),
    "learning_rate_decay": (0.0, 0.25, 0.5, 0.75, 0.9, 1.0),
    "latent_size": (1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 200, 256, 512),
    "batch_size": (8, 16, 32, 64, 128, 256, 512),
    "pictures": (0, 50, 100, 200, 500, 1000, 2000, 5000),
    "epochs": (1, 3, 5, 10, 20, 50, 60, 100, 200, 500, 1000),
    "beta1": (0.0, 0.3, 0.5, 0.7, 0.9, 0.95),
    "beta2": (0.9, 0.99, 0.999, 0.9999),
    "d_steps": (1, 2, 3, 4, 5),
    "g_steps": (1, 2, 3, 4, 5),
    "label_smoothing": (0.0, 0.1, 0.2, 0.3),
    "ema": (0.0, 0.9, 0.99, 0.995, 0.999),
}
SWITCHES = ("fresh_fakes", "drop_last")
FILES = {"architecture": nets.__name__, "loss": "gan.parts.losses"}  # choices that are files, with their own words
FIRST = ("learning_rate", "latent_size")
TABS = {
    "Training": ("epochs", "batch_size", "learners", "d_steps", "g_steps", "classes", "seed"),
    "Loss": ("loss", "label_smoothing"),
    "Networks": ("architecture", "ema"),
    "Learning": ("optimizer", "d_learning_rate", "learning_rate_decay", "beta1", "beta2"),
    "Pictures": ("pictures", "picture_size", "pixel_range", "fresh_fakes", "drop_last", "device"),
}
STABILISERS = "Stabilisers"
MORE = tuple(name for names in TABS.values() for name in names)


def first() -> None:
    """The short list that everybody sees."""
    _select("data", data.names(), lambda name: plain(data.get(name).title), controls.forget_classes)
    _select(controls.PRESET, tuple(presets.PRESETS), words.preset_title, controls.take_preset)
    st.caption(words.preset_line(st.session_state[controls.PRESET]))
    for name in FIRST:
        _widget(name)


def more() -> None:
    """All other settings, on a few tabs."""
    config = controls.config()
    controls.hold(config)
    *places, last = st.tabs([*TABS, STABILISERS])
    for place, names in zip(places, TABS.values(), strict=True):
        with place:
            for name, column in _side_by_side(names):
                with column:
                    _widget(name, _refused(config, name))
                    if name == "architecture":
                        _options(config)
    with last:
        st.caption(words.STABILISERS)
        for name, column in _side_by_side(stabilisers.names()):
            with column:
                _stabiliser(name, config)


def _side_by_side(names):
    """Each name with its column of two; a row at a time, so that rows start level."""
    for start in range(0, len(names), 2):
        yield from zip(names[start : start + 2], st.columns(2, gap="medium"), strict=False)


def _widget(name: str, refused: str | None = None) -> None:
    label, line = words.SETTINGS[name]
    keep = {"key": name, "persist_state": "session", "disabled": bool(refused)}
    if name in STEPS:
        options = sorted({*STEPS[name], st.session_state[name]}, key=lambda value: -1 if value is None else value)
        st.select_slider(label, options, format_func=as_text, **keep)
    elif name == "seed":
        kind = kind_of(name)
        st.number_input(label, kind.low, kind.high, step=1, **keep)
    elif name == "classes":
        names = data.get(st.session_state["data"]).class_names
        offered, titles = range(len(names)), [plain(each) for each in names]
        st.multiselect(label, offered, format_func=titles.__getitem__, placeholder="All", **keep)
    elif name in SWITCHES:
        st.toggle(label, **keep)
    elif name in FILES:
        package = FILES[name]
        never = controls.impossible(controls.config(), name, choices.names(package))
        offered = [value for value in choices.names(package) if value not in never]
        st.selectbox(
            label, offered, format_func=lambda value: plain(choices.title(package, value)),
            on_change=controls.take, args=(name,), **keep,
        )  # fmt: skip
        line = say(choices.about(package, st.session_state[name]))
        line += "".join(f" {words.NEVER.format(reason=reason)}" for reason in never.values())
    else:
        titles = words.CHOICES.get
        st.selectbox(label, list(kind_of(name).names()), format_func=lambda value: titles(value, value), **keep)
    st.caption(refused or line)


def _options(config: RunConfig) -> None:
    """The settings that only this architecture has."""
    for name, spec in nets.options(config.architecture).items():
        kind, key = Options.kind(spec), controls.option_key(name)
        label, line = words.OPTIONS.get(name, (name.replace("_", " ").capitalize(), ""))
        if key not in st.session_state:
            st.session_state[key] = config.option(name)
        keep = {"key": key, "persist_state": "session"}
        if isinstance(kind, Choice):
            st.selectbox(label, spec, format_func=lambda value: words.CHOICES.get(value, value), **keep)
        else:
            _number(label, kind, **keep)
        st.caption(line)


def _stabiliser(name: str, config: RunConfig) -> None:
    """A switch, what the stabiliser does, and its strength while it is on."""
    package = stabilisers.__name__
    default, low, high = stabilisers.facts(name)["STRENGTH"]
    refused = None
    if name not in config.strengths:
        refused = controls.refusal(config, stabilisers={**config.stabilisers, name: default})
    title = say(choices.title(package, name))
    st.toggle(title, key=controls.use_key(name), persist_state="session", disabled=bool(refused))
    st.caption(refused or say(choices.about(package, name)))
    if name in config.strengths and (low, high) != (0, default):
        kind = Whole(low, high) if isinstance(default, int) else kind_of("stabilisers").kind(name)
        _number(f"Strength of {title}", kind, controls.strength_key(name), "collapsed")


def _number(label: str, kind, key: str, label_visibility: str = "visible", persist_state: str = "session") -> None:
    step = 1 if isinstance(kind, Whole) else None
    low, high = (kind.low, kind.high) if step else (float(kind.low), float(kind.high))
    st.number_input(
        label, low, high, step=step, key=key,
        label_visibility=label_visibility, persist_state=persist_state, format=None if step else "%g",
    )  # fmt: skip


def _refused(config: RunConfig, name: str) -> str | None:
    """Why a setting cannot be used with the others, if it cannot."""
    if name == "label_smoothing" and not config.label_smoothing:
        return controls.refusal(config, label_smoothing=STEPS[name][1])
    return None


def _select(name: str, options: tuple[str, ...], titles, on_change) -> None:
    label, line = words.SETTINGS[name]
    st.selectbox(label, options, format_func=titles, key=name, on_change=on_change, persist_state="session")
    if line:
        st.caption(line)
