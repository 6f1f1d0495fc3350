"""The choices before a sweep: what all runs share, and the two settings of which every pair is tried."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from gan import families
from gan.messages import Message
from gan.runs.server.contest import FEWEST, sweep_configs
from gan.setup.config import RunConfig
from gan.setup.kinds import as_text
from pages.shared.contests import race_setup
from pages.shared.contests.race_setup import NO_LANE
from pages.shared.draw import cells
from pages.shared.settings import hidden, locks
from pages.shared.words import plain, say, settings, sweeps, values

AXES = {"latent_size": (2, 8, 32), "learning_rate": (2e-4, 2e-3, 2e-2)}  # rows, columns
EPOCHS = 3


@dataclass(frozen=True)
class Plan:
    """A sweep as it is chosen on the page."""

    base: RunConfig
    axes: dict[str, tuple[str, ...]]
    configs: tuple[RunConfig, ...]  # empty when something does not go
    refusal: Message | None


def choose() -> Plan:
    """All choices, top to bottom."""
    st.session_state.setdefault("sweep_epochs", EPOCHS)
    base = race_setup.base_config("sweep", suits=lambda config: not set(AXES) & set(families.ignored(config.family)))
    axes = {name: _values(base, name) for name in reversed(AXES)}
    axes = {name: axes[name] for name in AXES}
    return Plan(base, axes, *locks.planned(partial(sweep_configs, base, axes)))


def _values(base: RunConfig, setting: str) -> tuple[str, ...]:
    first = [*map(as_text, AXES[setting]), NO_LANE]
    places, found = [*st.columns(2, gap="small"), *st.columns(2, gap="small")], []
    for number, place in enumerate(places):
        with place:
            key, name = f"sweep_{setting}_{number}", settings.label(setting)
            label = say("sweep.value", "{setting} {number}", setting=name, number=number + 1)
            found.append(race_setup.value(base, setting, key, label, first[number], optional=number >= FEWEST))
    if race_setup.is_locked(base, setting):
        st.caption(say(hidden.LOCKED))
    return tuple(each for each in found if each != NO_LANE)


def explain(plan: Plan) -> bool:
    """What a sweep is, and the empty table; returns whether the sweep can begin."""
    st.markdown(f"#### {say(sweeps.ABOUT)}")
    if not race_setup.previews([plan.base], plan.refusal):
        return False
    rows, columns = plan.axes.values()
    count = len(rows) * len(columns)
    st.markdown(say(sweeps.plan(count, plan.base.epochs)))
    heads = [[plain(values.told(name, each)) for each in plan.axes[name]] for name in ("learning_rate", "latent_size")]
    unknown = [cells.Cell(number="?")] * count
    cells.table(plain(sweeps.CORNER), *heads, unknown, key="sweep_plan", alt=plain(sweeps.ABOUT))
    st.markdown(say(sweeps.LOOK))
    return True
