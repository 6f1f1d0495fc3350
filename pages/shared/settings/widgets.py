"""The widgets of the settings: a short list that everybody sees, and the rest in groups that open."""

from collections.abc import Iterable, Mapping

import streamlit as st

from gan import data, families
from gan.messages import Message, msg, msgs
from gan.parts import choices, nets, stabilisers
from gan.setup import presets
from gan.setup.config import RunConfig, kind_of
from gan.setup.kinds import Choice, Options, Whole
from pages.shared.settings import controls, gallery, hidden
from pages.shared.tab import own_sets, session
from pages.shared.words import plain, recipes, say, settings, values

LEARNING_RATES = (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1)
STEPS = {
    "learning_rate": LEARNING_RATES,
    "d_learning_rate": (None, *LEARNING_RATES),
    "learning_rate_decay": (0.0, 0.25, 0.5, 0.75, 0.9, 1.0),
    "latent_size": (1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 200, 256, 512),
    "batch_size": (8, 16, 32, 64, 128, 256, 512),
    "batch_parts": (1, 2, 4, 8, 16, 32, 64),
    "pictures": (0, 50, 100, 200, 500, 1000, 2000, 5000),
    "epochs": (1, 3, 5, 10, 20, 50, 60, 100, 200, 500, 1000),
    "beta1": (0.0, 0.3, 0.5, 0.7, 0.9, 0.95),
    "beta2": (0.9, 0.99, 0.999, 0.9999),
    "d_steps": (1, 2, 3, 4, 5),
    "g_steps": (1, 2, 3, 4, 5),
    "label_smoothing": (0.0, 0.1, 0.2, 0.3),
    "ema": (0.0, 0.9, 0.99, 0.995, 0.999),
}
OFFERED = "offered_pictures"  # in session state: how the picture sets were called last
DOTS = "dots"  # what refuses this is for pictures alone
SWITCHES = ("fresh_fakes", "drop_last")
FILES = {
    "family": "gan.families",
    "architecture": nets.__name__,
    "loss": "gan.parts.losses",
}  # choices that are files, with their own words
FIRST = ("task", "learning_rate", "latent_size")
FIRST_OF = {session.PICTURES: FIRST, session.DOTS: ("learning_rate", "d_learning_rate")}
TABS = (
    (
        msg("settings.training", "Training"),
        ("epochs", "batch_size", "batch_parts", "learners", "d_steps", "g_steps", "classes", "seed"),
    ),
    (msg("settings.loss", "Loss"), ("loss", "label_smoothing")),
    (msg("settings.networks", "Networks"), ("family", "architecture", "ema")),
    (
        msg("settings.learning", "Learning"),
        ("optimizer", "d_learning_rate", "learning_rate_decay", "beta1", "beta2"),
    ),
    (msg("settings.noise", "Noise"), ("latent_size", "noise")),
    (
        msg("settings.pictures", "Pictures"),
        ("pictures", "picture_size", "pixel_range", "fresh_fakes", "drop_last", "device"),
    ),
)
OF_PICTURES = ("classes", "pictures", "picture_size", "pixel_range", "batch_parts", "fresh_fakes", "drop_last")
STABILISERS = msg("settings.stabilisers", "Stabilisers")
MORE = tuple(dict.fromkeys(name for _, names in TABS for name in names))
PARTS_OF = {TABS[2][0]: ("options",)}


def _pictures(page: str) -> None:
    """The picture sets. The browser knows the chosen one by its words: when they change it is told anew. That one has a
    box without room for its download, of which the page speaks itself.
    """
    chosen = st.session_state.get("data")
    words = {
        name: plain(values.told("data", name) if name == chosen else values.offered(name))
        for name in own_sets.offered(page)
    }
    if st.session_state.get(OFFERED, words) != words:
        st.session_state["data"] = st.session_state["data"]
    st.session_state[OFFERED] = words
    label = msg("settings.dots", "Real dots") if page == session.DOTS else settings.label("data")
    _select("data", tuple(words), words.get, controls.forget_classes, label)


def show(page: str = session.PICTURES) -> None:
    """All settings that make sense on the page and that no link hides: the recipe and what everybody sees, then the
    rest in groups. What differs from the recipe is marked, and goes back on a tap.
    """
    _pictures(page)
    offered = tuple(name for name, recipe in presets.PRESETS.items() if session.page_of(recipe) == page)
    _select(controls.PRESET, offered, lambda name: plain(recipes.title(name)), controls.take_preset)
    config = controls.config()
    changed = config.changes_from(controls.recipe())
    if page == session.PICTURES and hidden.is_shown(controls.PRESET):
        gallery.offer()
    st.caption(say(recipes.told(st.session_state[controls.PRESET], changed)))
    # Always there: what comes and goes must not move the settings below it, which would lose the focus.
    place = st.empty()
    if changed:
        place.button(
            say("settings.reset", "Back to the recipe"), key="reset", icon=":material/undo:", width="stretch",
            on_click=controls.reset,
        )  # fmt: skip
    with st.empty():
        controls.show_taken_back()
    ignored = families.ignored(config.family)
    for name in filter(hidden.is_shown, FIRST_OF[page]):
        if name not in ignored:
            _setting(name, config, changed)
    for title, names in TABS:
        shown = [name for name in names if _is_offered(name, page) and name not in ignored]
        if shown:
            with _group(title, [name for name in changed if name in (*shown, *PARTS_OF.get(title, ()))]):
                for name in shown:
                    _setting(name, config, changed)
    if not hidden.is_shown("stabilisers") or "stabilisers" in ignored:
        return
    with _group(STABILISERS, ["stabilisers"] if "stabilisers" in changed else []):
        about = say(
            "settings.about_stabilisers",
            "Tricks that keep the game between forger and detective fair. Each one helps against something else.",
        )
        st.caption(about)
        for name in _sensible(stabilisers.__name__, stabilisers.names(), page):
            _stabiliser(name, config)
        _reset("stabilisers", changed)


def _is_offered(name: str, page: str) -> bool:
    """Whether a setting stands in its group."""
    return hidden.is_shown(name) and name not in FIRST_OF[page] and not (page == session.DOTS and name in OF_PICTURES)


def _sensible(package: str, names: Iterable[str], page: str) -> list[str]:
    """What of this is not for pictures alone, on the page of dots."""
    return [
        name for name in names if page != session.DOTS or DOTS not in choices.facts(package, name).get("REFUSES", {})
    ]


def _group(title: Message, changed: list[str]):
    """Settings that open on a tap; closed, it says how many of them differ from the recipe."""
    label = say(title)
    if changed:
        label = say(
            msgs(
                "settings.changed", "{group} ● {count} changed", "{group} ● {count} changed", len(changed), group=title
            )
        )
    return st.expander(label, key=f"group_{title.id.rpartition('.')[2]}")


def _setting(name: str, config: RunConfig, changed: Mapping[str, object]) -> None:
    """A setting; one that differs from the recipe has a mark, and a button back."""
    with st.container(key=f"setting_{name}"):
        _widget(name, _refused(config, name))
        _reset(name, changed)
    if name == "architecture" and hidden.is_shown("options"):
        with st.container(key="setting_options"):
            _options(config)
            if config.architecture == controls.recipe().architecture:
                _reset("options", changed)


def _reset(name: str, changed: Mapping[str, object]) -> None:
    if name in changed and not hidden.is_locked(name):
        recipe = getattr(controls.recipe(), name)
        told = say("settings.reset_one", "Recipe: {value}", value=values.told(name, recipe))
        st.button(
            told, key=f"reset_{name}", icon=":material/undo:", type="tertiary", on_click=controls.reset, args=(name,)
        )


def _widget(name: str, refused: Message | None = None) -> None:
    label, line = say(settings.label(name)), say(settings.line(name))
    keep = {"key": name, "persist_state": "session", "disabled": bool(refused)}
    if name in STEPS:
        options = sorted({*STEPS[name], st.session_state[name]}, key=lambda value: -1 if value is None else value)
        st.select_slider(label, options, format_func=_value, **keep)
    elif name == "seed":
        kind = kind_of(name)
        st.number_input(label, kind.low, kind.high, step=1, **keep)
    elif name == "classes":
        names = data.get(st.session_state["data"]).class_names
        everything = plain("settings.all_classes", "All")
        st.multiselect(
            label, range(len(names)), format_func=lambda number: plain(names[number]), placeholder=everything, **keep
        )
    elif name in SWITCHES:
        st.toggle(label, **keep)
    elif name in FILES:
        line = _file(name, label, keep)
    else:
        st.selectbox(label, list(kind_of(name).names()), format_func=_value, **keep)
    st.caption(say(refused) if refused else line)


def _file(name: str, label: str, keep: dict) -> str:
    """A choice among files; returns what the one that is chosen does, and why others are not to be had."""
    package = FILES[name]
    config = controls.config()
    names = nets.of_family(config.family) if name == "architecture" else choices.names(package)
    sensible = _sensible(package, names, session.page_of(config))
    never = controls.impossible(config, name, sensible)
    offered = [value for value in sensible if value not in never]
    st.selectbox(
        label, offered, format_func=lambda value: plain(choices.title(package, value)),
        on_change=controls.take, args=(name,), **keep,
    )  # fmt: skip
    return _with_reasons(choices.about(package, st.session_state[name]), never.values())


def _with_reasons(about: Message | str, reasons: Iterable[Message]) -> str:
    """What the chosen value does, and why others are not to be had."""
    for reason in reasons:
        about = msg("settings.never", "{about} Not to be had now: {reason}", about=about, reason=reason)
    return say(about)


def _value(raw: object) -> str:
    return plain(settings.value(raw))


def _options(config: RunConfig) -> None:
    """The settings that only this architecture, or this family, has."""
    is_locked = hidden.is_locked("options")
    for name, spec in config.known_options.items():
        kind, key, label = Options.kind(spec), controls.option_key(name), say(nets.option_title(name))
        if key not in st.session_state:
            st.session_state[key] = config.option(name)
        keep, never = {"key": key, "persist_state": "session", "disabled": is_locked}, {}
        if isinstance(kind, Choice):
            never = controls.impossible(config, name, spec)
            offered = [value for value in spec if value not in never]
            st.selectbox(label, offered, format_func=_value, on_change=controls.take, args=(name,), **keep)
        else:
            _number(label, kind, **keep)
        line = _with_reasons(settings.OPTION_LINES.get(name, ""), never.values())
        st.caption(say(hidden.LOCKED) if is_locked else line)


def _stabiliser(name: str, config: RunConfig) -> None:
    """A switch, what the stabiliser does, and its strength while it is on."""
    package = stabilisers.__name__
    default, low, high = stabilisers.facts(name)["STRENGTH"]
    is_locked = hidden.is_locked("stabilisers")
    refused = hidden.LOCKED if is_locked else None
    if name not in config.strengths and not is_locked:
        refused = controls.refusal(config, stabilisers={**config.stabilisers, name: default})
    title = choices.title(package, name)
    st.toggle(say(title), key=controls.use_key(name), persist_state="session", disabled=bool(refused))
    st.caption(say(refused or choices.about(package, name)))
    if name in config.strengths and (low, high) != (0, default):
        kind = Whole(low, high) if isinstance(default, int) else kind_of("stabilisers").kind(name)
        strength = say("settings.strength", "Strength of {stabiliser}", stabiliser=title)
        _number(strength, kind, controls.strength_key(name), label_visibility="collapsed", disabled=is_locked)


def _number(
    label: str,
    kind,
    key: str,
    label_visibility: str = "visible",
    persist_state: str = "session",
    disabled: bool = False,
) -> None:
    step = 1 if isinstance(kind, Whole) else None
    low, high = (kind.low, kind.high) if step else (float(kind.low), float(kind.high))
    st.number_input(
        label, low, high, step=step, key=key, disabled=disabled,
        label_visibility=label_visibility, persist_state=persist_state, format=None if step else "%g",
    )  # fmt: skip


def _refused(config: RunConfig, name: str) -> Message | None:
    """Why a setting cannot be changed, or not be used with the others, if it cannot."""
    if hidden.is_locked(name):
        return hidden.LOCKED
    if name == "label_smoothing" and not config.label_smoothing:
        return controls.refusal(config, label_smoothing=STEPS[name][1])
    return None


def _select(name: str, options: tuple[str, ...], titles, on_change, label: Message | None = None) -> None:
    if not hidden.is_shown(name):
        return
    label, is_locked = say(label or settings.label(name)), hidden.is_locked(name)
    st.selectbox(
        label, options, format_func=titles, key=name, on_change=on_change, persist_state="session", disabled=is_locked
    )
    if is_locked:
        st.caption(say(hidden.LOCKED))
    elif name in settings.LINES:
        st.caption(say(settings.line(name)))
