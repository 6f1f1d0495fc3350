"""The choices before a race: what all share, the one thing that differs, and who is to win."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from gan import data, families
from gan.messages import Message, message_of, msg
from gan.parts import nets, stabilisers
from gan.records import Preview
from gan.runs.server.contest import FEWEST, MOST, race_configs
from gan.runs.server.contest_rules import RULES, rules_for
from gan.setup import presets
from gan.setup.config import RunConfig, kind_of
from gan.setup.kinds import Choice, Options, as_text
from pages.shared.contests import lane
from pages.shared.draw import pictures
from pages.shared.draw.theme import theme
from pages.shared.settings import controls, hidden, locks, widgets
from pages.shared.stage import panels
from pages.shared.tab import own_sets, session
from pages.shared.words import plain, races, recipes, say, settings, values
from pages.shared.words.races import LETTERS

EPOCHS = (3, 5, 8, 10, 15, 20, 30, 50, 100)
DEFAULT_EPOCHS = 8  # a class sees the end in two to three minutes on two cores
TARGETS = (200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0)
RACED = {  # the settings that can differ, and the values that are offered first
    "learning_rate": (2e-4, 2e-3, 2e-2),
    "latent_size": (1, 8, 64),
    "batch_size": (8, 32, 128),
    "loss": ("non_saturating", "minimax", "hinge"),
    "architecture": ("conditional", "dcgan", "mlp"),
    "stabilisers": ("", "instance_noise", "r1"),
    "optimizer": ("adam", "rmsprop", "sgd"),
    "d_learning_rate": (None, 2e-4, 2e-2),
    "ema": (0.0, 0.99, 0.999),
    "label_smoothing": (0.0, 0.1, 0.3),
    "beta1": (0.0, 0.5, 0.9),
    "d_steps": (1, 2, 5),
    "g_steps": (1, 2, 5),
    "pictures": (50, 500, 0),
    "learning_rate_decay": (0.0, 0.5, 1.0),
    "seed": (1, 2, 3),
    # Options that only some families have.
    "beta": (0.5, 1.0, 4.0),
    "warm_up": (0.0, 0.1, 0.5),
    "likelihood": ("bernoulli", "gaussian"),
    "draws_from": ("fitted", "prior"),
    "likeness": (0.001, 0.01, 0.1),
    "process": ("flow", "ddpm"),
    "predicts": ("picture", "velocity", "noise"),
    "guidance": (0.0, 1.0, 3.0),
    "sampler_steps": (1, 5, 25),
    "l1_weight": (0.0, 10.0, 100.0),
    "cycle_weight": (0.0, 1.0, 10.0),
    "identity_weight": (0.0, 0.5, 5.0),
}
SETTINGS = RunConfig.__dataclass_fields__
NO_LANE = "-"
NO_RULE = msg("race.no_rule", "Nobody could say who wins with these pictures and this recipe. Choose other pictures.")
MINE = "mine"  # in place of a recipe: all settings of the Train page


@dataclass(frozen=True)
class Plan:
    """A race as it is chosen on the page."""

    base: RunConfig
    setting: str
    values: tuple[str, ...]
    rule: str
    target: float | None
    configs: tuple[RunConfig, ...]  # empty when something does not go
    refusal: Message | None


def choose() -> Plan:
    """All choices, top to bottom."""
    base = base_config("race", suits=rules_for)
    if not rules_for(base):  # a locked recipe goes with all pictures
        return Plan(base, "", (), "", None, (), NO_RULE)
    can_differ = [name for name in raced(base) if not is_locked(base, name)]
    if not can_differ:
        return Plan(base, "", (), "", None, (), hidden.LOCKED)
    if st.session_state.get("race_setting") not in can_differ:
        st.session_state.pop("race_setting", None)
    setting = st.selectbox(
        say("race.what_differs", "What differs"), can_differ, format_func=lambda each: plain(settings.label(each)),
        key="race_setting", persist_state="session",
    )  # fmt: skip
    chosen = _values(base, setting)
    rule, target = _rule(base)
    return Plan(base, setting, chosen, rule, target, *locks.planned(partial(race_configs, base, setting, chosen)))


def is_locked(base: RunConfig, name: str) -> bool:
    """Whether this visitor may not have a setting, or an option of the base's, differ."""
    return hidden.is_locked("options" if name in base.known_options else name)


def raced(base: RunConfig) -> list[str]:
    """The settings, and the options, in which runs of the base's family can differ."""
    ignored = families.ignored(base.family)
    return [name for name in RACED if name in base.known_options or (name in SETTINGS and name not in ignored)]


def base_config(prefix: str, suits: Callable[[RunConfig], object]) -> RunConfig:
    """What all runs share: pictures, recipe or all settings of the Train page, epochs; `prefix` begins the keys.

    A recipe has to be one that `suits`, on the pictures that were chosen.
    """
    data_key, recipe_key, epochs_key = (f"{prefix}_{name}" for name in ("data", "preset", "epochs"))
    state, keep, mine = st.session_state, {"persist_state": "session"}, _of_train_page(suits)
    here = own_sets.offered(only_here=True)
    if hidden.is_locked("data"):
        here = [name for name in here if name in {locks.shown(page).config.data for page in locks.FIRST}] or here
    if state.get(data_key) not in here:
        state.pop(data_key, None)
    chosen = state.get(data_key, here[0])
    page = session.page_of_set(chosen)
    fitting = [each for each, recipe in presets.PRESETS.items() if session.page_of(recipe) == page]
    fitting = [each for each in fitting if _goes(presets.get(each), chosen, suits)]
    if hidden.is_locked(controls.PRESET):
        fitting = [locks.shown(page).preset]
    recipes = [*([MINE] if mine else []), *fitting]
    if state.get(recipe_key) not in recipes:
        state.pop(recipe_key, None)
    state.setdefault(recipe_key, fitting[0] if hidden.is_locked(controls.PRESET) else controls.FIRST[page])
    is_mine = state[recipe_key] == MINE
    if is_mine:
        state[data_key] = mine.data
    left, right = st.columns(2, gap="small")
    with left:
        name = st.selectbox(
            say(settings.label("data")), here, format_func=lambda each: plain(data.get(each).title), key=data_key,
            disabled=is_mine, **keep,
        )  # fmt: skip
    with right:
        is_shut = hidden.is_locked(controls.PRESET) and len(recipes) == 1
        recipe = st.selectbox(
            say(settings.PRESET), recipes, format_func=lambda each: plain(_recipe(each)), key=recipe_key,
            disabled=is_shut, **keep,
        )  # fmt: skip
        if is_shut:
            st.caption(say(hidden.LOCKED))
    base = mine if is_mine else presets.on(presets.get(recipe), name)
    return locks.kept(base.but(epochs=_epochs(epochs_key, page)))


def _epochs(key: str, page: str) -> int:
    is_locked = hidden.is_locked("epochs")
    if is_locked:
        st.session_state[key] = locks.shown(page).config.epochs
    epochs = st.session_state.setdefault(key, DEFAULT_EPOCHS)
    chosen = st.select_slider(
        say(settings.label("epochs")), sorted({*EPOCHS, epochs}), key=key, persist_state="session", disabled=is_locked
    )
    if is_locked:
        st.caption(say(hidden.LOCKED))
    return chosen


def _recipe(name: str) -> Message | str:
    return races.MINE if name == MINE else recipes.title(name)


def _of_train_page(suits: Callable[[RunConfig], object]) -> RunConfig | None:
    """The settings of the Train page where they are a recipe's no more and can be raced; else None."""
    if controls.PRESET not in st.session_state:
        return None
    try:
        config = controls.config()
    except ValueError:
        return None
    changed = config.changes_from(presets.get(st.session_state[controls.PRESET])).keys() - {"data", "epochs"}
    return config if changed and data.is_here(config.data) and suits(config) else None


def _goes(recipe: RunConfig, pictures: str, suits: Callable[[RunConfig], object]) -> bool:
    """Whether a recipe goes with a picture set, and suits there; one of a game does wherever it can be taken at all."""
    if families.judges(recipe.family):
        return bool(suits(recipe))
    try:
        return bool(suits(presets.on(recipe, pictures)))
    except ValueError:
        return False


def _kind(base: RunConfig, setting: str):
    """The kind of a setting, or of an option of the base's."""
    known = base.known_options
    return Options.kind(known[setting]) if setting in known else kind_of(setting)


def offered(base: RunConfig, setting: str) -> list[str]:
    """The values of a setting that one need not type."""
    if setting == "stabilisers":
        return ["", *stabilisers.names()]
    if setting == "architecture":
        return list(nets.of_family(base.family))
    kind = _kind(base, setting)
    if isinstance(kind, Choice):
        return list(kind.names())
    steps = widgets.STEPS.get(setting, ())
    found = {*steps, *RACED.get(setting, ())}
    return [as_text(value) for value in sorted(found, key=lambda value: -1 if value is None else value)]


def value(base: RunConfig, setting: str, key: str, label: str, first: str, optional: bool = False) -> str:
    """A box with the values of a setting; numbers may be typed. Shut where the setting is locked."""
    st.session_state.setdefault(key, first)
    is_number = setting != "stabilisers" and not isinstance(_kind(base, setting), Choice)
    options = [*([NO_LANE] if optional else []), *offered(base, setting)]
    if st.session_state[key] not in options:
        options.append(st.session_state[key])
    chosen = st.selectbox(
        label, options, key=key, accept_new_options=is_number, persist_state="session",
        disabled=is_locked(base, setting),
        format_func=lambda each: plain(races.NO_LANE if each == NO_LANE else values.told(setting, each)),
    )  # fmt: skip
    return chosen.replace(values.signs()[0], ".") if is_number else chosen  # typed as it is written in the language


def _values(base: RunConfig, setting: str) -> tuple[str, ...]:
    first = [as_text(each) if each != "" else "" for each in RACED[setting]]
    begins = f"race_{setting}"
    if setting == "architecture":
        first, begins = [each for each in first if each in offered(base, setting)], f"{begins}_{base.family}"
        first += [each for each in offered(base, setting) if each not in first][: MOST - 1 - len(first)]
    found, places = [], [*st.columns(2, gap="small"), *st.columns(2, gap="small")]
    for number, (letter, place) in enumerate(zip(LETTERS, places, strict=True)):
        with place:
            default = first[number] if number < len(first) else NO_LANE
            found.append(value(base, setting, f"{begins}_{letter}", letter, default, optional=number >= FEWEST))
    assert len(found) == MOST
    return tuple(each for each in found if each != NO_LANE)


def _rule(base: RunConfig) -> tuple[str, float | None]:
    names = rules_for(base)
    if st.session_state.get("race_rule") not in names:
        st.session_state.pop("race_rule", None)
    left, right = st.columns([3, 2], gap="small")
    with left:
        rule = st.selectbox(
            say("race.who_wins", "Who wins"), names, format_func=lambda name: plain(races.RULES[name].title),
            key="race_rule", persist_state="session",
        )  # fmt: skip
    if not RULES[rule].has_target:
        return rule, None
    st.session_state.setdefault("race_target", 20.0)
    with right:
        target = st.selectbox(
            say("race.mark", "Mark"), TARGETS, format_func=lambda each: plain(values.number(each, "g")),
            key="race_target", persist_state="session",
        )  # fmt: skip
    return rule, target


def previews(configs: Sequence[RunConfig], refusal: Message | None) -> list[Preview]:
    """What runs start from; says why there is none if one of them cannot be."""
    try:
        if not refusal:
            return [panels.cached_preview(config) for config in configs]
    except ValueError as error:  # some things show only when the pictures and the networks are there
        refusal = message_of(error)
    st.warning(say(refusal), icon=":material/block:")
    return []


def explain(plan: Plan) -> tuple[int | None, bool]:
    """The lanes before the start, and what the class expects; returns the guess, and whether the race can begin."""
    st.markdown(f"#### {say(races.ABOUT)}")
    untrained = [preview.fakes for preview in previews(plan.configs, plan.refusal)]
    if not untrained:
        return None, False
    starts = {fakes.tobytes() for fakes in untrained}
    st.markdown(say(races.ABOUT_START if len(starts) == 1 else races.ABOUT_STARTS))
    columns = {2: 6, 3: 4, 4: 3}[len(plan.configs)]
    for number, place in enumerate(lane.places(len(plan.configs))):
        letter, told = LETTERS[number], values.told(plan.setting, plan.values[number])
        with place, st.container(key=f"lane_{number}"):
            st.html(lane.head(letter, told))
            alt = plain("race.start_alt", "Fakes of {lane} before training", lane=letter)
            pictures.bare(untrained[number], alt, theme(), f"start_{letter}", columns, 2 * columns)
    st.markdown(say("race.rule", "**Rule.** {rule}", rule=races.rule(plan.rule, plan.target)))
    st.markdown(say(values.in_a_row(races.fairness(plan.rule, plan.base), races.TO_THE_END)))
    if not (data.get(plan.base.data).referee or data.get(plan.base.data).is_dots):
        st.caption(say(races.ONLY_BELIEF))
    letters = LETTERS[: len(plan.configs)]
    guess = st.segmented_control(say(races.GUESS), list(letters), key="race_guess")
    return (letters.index(guess) if guess else None), True
