"""The choices before a sweep: what all runs share, and the two settings of which every pair is tried."""

from dataclasses import dataclass

import streamlit as st

from gan.runs.server.contest import FEWEST, sweep_configs
from gan.setup.config import RunConfig
from gan.setup.kinds import as_text
from pages.shared.contests import race_setup
from pages.shared.contests.race_setup import NO_LANE
from pages.shared.draw import cells
from pages.shared.words import contest_words, words

AXES = {"latent_size": (2, 8, 32), "learning_rate": (2e-4, 2e-3, 2e-2)}  # rows, columns
EPOCHS = 3


@dataclass(frozen=True)
class Plan:
    """A sweep as it is chosen on the page."""

    base: RunConfig
    axes: dict[str, tuple[str, ...]]
    refusal: str | None


def choose() -> Plan:
    """All choices, top to bottom."""
    st.session_state.setdefault("sweep_epochs", EPOCHS)
    base = race_setup.base_config("sweep")
    axes = {name: _values(name) for name in reversed(AXES)}
    axes = {name: axes[name] for name in AXES}
    try:
        sweep_configs(base, axes)
    except ValueError as error:
        return Plan(base, axes, words.plain(str(error)))
    return Plan(base, axes, None)


def _values(setting: str) -> tuple[str, ...]:
    first = [*map(as_text, AXES[setting]), NO_LANE]
    places, found = [*st.columns(2, gap="small"), *st.columns(2, gap="small")], []
    for number, place in enumerate(places):
        with place:
            key, label = f"sweep_{setting}_{number}", f"{contest_words.label(setting)} {number + 1}"
            found.append(race_setup.value(setting, key, label, first[number], optional=number >= FEWEST))
    return tuple(each for each in found if each != NO_LANE)


def explain(plan: Plan) -> None:
    """What a sweep is, and the empty table."""
    st.markdown(f"#### {contest_words.ABOUT_SWEEP}")
    if plan.refusal:
        st.warning(plan.refusal, icon=":material/block:")
        return
    rows, columns = plan.axes.values()
    count = len(rows) * len(columns)
    st.markdown(contest_words.SWEEP_PLAN.format(count=count, epochs=plan.base.epochs))
    heads = [[contest_words.told(name, each) for each in plan.axes[name]] for name in ("learning_rate", "latent_size")]
    corner = contest_words.CORNER
    cells.table(corner, *heads, [cells.Cell(number="?")] * count, key="plan", alt=contest_words.ABOUT_SWEEP)
    st.markdown(contest_words.LOOK_SWEEP)
