"""The choices before a comparison of recipes, beside one that was recorded."""

from dataclasses import dataclass
from functools import lru_cache, partial

import streamlit as st

from gan import data, families
from gan.messages import Message
from gan.runs.server.contest import MOST, versus_configs
from gan.runs.state.comparison import Comparison
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.contests.versus import view, words
from pages.shared.draw.theme import ASSETS
from pages.shared.settings import locks
from pages.shared.tab import own_sets, session
from pages.shared.words import plain, recipes, say, settings

SECONDS = (10, 20, 30, 60, 90, 120, 180, 300, 600)
USUAL_SECONDS = 30
FIRST = ("quick", "vae", "vae_gan", "diffusion")
RECORDING = ASSETS / "recordings" / "versus.npz"


@dataclass(frozen=True)
class Plan:
    """A comparison as it is chosen on the page."""

    recipes: tuple[str, ...]
    pictures: str
    seconds: float
    configs: tuple[RunConfig, ...]  # empty when something does not go
    refusal: Message | None  # why it cannot begin


def offered() -> list[str]:
    """The recipes that draw pictures out of noise, but for those that are made to fail and their cures."""
    apart = {*presets.FAILURES.values(), *presets.CURES.values()}
    return [
        name
        for name, config in presets.PRESETS.items()
        if name not in apart and not data.get(config.data).is_dots and not families.translates(config.family)
    ]


def choose() -> Plan:
    """All choices, top to bottom."""
    keep = {"persist_state": "session"}
    here = own_sets.offered(session.PICTURES, only_here=True)
    pictures = st.selectbox(
        say(settings.label("data")),
        here,
        format_func=lambda each: plain(data.get(each).title),
        key="versus_data",
        **keep,
    )
    st.session_state.setdefault("versus_recipes", [name for name in FIRST if name in offered()])
    chosen = st.multiselect(
        say("versus.choose", "Recipes to compare"), offered(), format_func=lambda each: plain(recipes.title(each)),
        key="versus_recipes", max_selections=MOST, **keep,
    )  # fmt: skip
    st.session_state.setdefault("versus_seconds", USUAL_SECONDS)
    seconds = st.select_slider(
        say("versus.seconds_each", "Seconds of training for each"), SECONDS, key="versus_seconds", **keep
    )
    st.caption(say(words.FAIR))
    return Plan(tuple(chosen), pictures, float(seconds), *_configs(chosen, pictures))


def _configs(chosen: list[str], pictures: str) -> tuple[tuple[RunConfig, ...], Message | None]:
    """What is compared, and why that cannot be."""
    if data.get(pictures).referee is None:
        return (), words.NO_REFEREE
    return locks.planned(partial(versus_configs, chosen, pictures))


def explain(plan: Plan) -> bool:
    """What a comparison is, and one that was recorded; returns whether the chosen one can begin."""
    st.markdown(f"#### {say(words.ABOUT)}")
    if plan.refusal:
        st.warning(say(plan.refusal), icon=":material/block:")
    found = recording()
    if found:
        st.markdown(say(words.recorded(found)))
        view.draw(found, is_over=True)
    return plan.refusal is None


@lru_cache(maxsize=1)
def recording() -> Comparison | None:
    """The comparison that ships with the project."""
    return Comparison.from_bytes(RECORDING.read_bytes()) if RECORDING.exists() else None
