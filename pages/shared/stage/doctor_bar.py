"""What the doctor says about the run on screen; each cure says what it changes, and asks before it begins."""

from functools import partial
from typing import NamedTuple, NoReturn

import streamlit as st

from gan import doctor
from gan.doctor import Condition, Diagnosis
from gan.doctor.cures import MOST_CURES
from gan.messages import Message
from gan.runs import Run, RunState, Snapshot
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.draw.read_out import read_out
from pages.shared.settings import hidden, locks
from pages.shared.stage.once import once
from pages.shared.tab import chosen_runs, session
from pages.shared.words import html, recipes, say, states, values

CALM = (Condition.HEALTHY, Condition.TOO_EARLY, Condition.ONE_SIDED)  # somebody wanted the last one so


class Cure(NamedTuple):
    """A cure as it is offered."""

    why: Message | str  # what it does, in a sentence
    told: Message  # what it changes
    config: RunConfig  # of the run to start


def show(snapshot: Snapshot) -> None:
    """One line with the diagnosis and its evidence, where it comes from, and what the best cure changes."""
    found, cures = _found(snapshot)
    cures = sorted(cures, key=lambda cure: locks.why_not(cure.config) is not None)  # what may be begun comes first
    with st.container(key="doctor_bar", horizontal=True, vertical_alignment="center", gap="small"):
        tell(found)
        with st.popover(say("doctor.why", "Why?")):
            st.markdown(say(found.cause))
        if cures:
            label = say("doctor.cure", "Cure: {change}", change=cures[0].told)
            with st.popover(label, icon=":material/healing:", key="cures", wrap=True):
                _ask(snapshot, cures)


@once
def _found(snapshot: Snapshot) -> tuple[Diagnosis, list[Cure]]:
    """The diagnosis, and the cures, the best one first."""
    found, before = examine(snapshot), snapshot.config.to_dict()
    cures = []
    for why, changes in cure_configs(snapshot, found):
        config = snapshot.config.but(**changes)
        told = [values.change(name, before[name], value) for name, value in changes.items()]
        cures.append(Cure(why, values.listed(told), config))
    return found, cures


def tell(found: Diagnosis) -> None:
    """What is wrong and where one sees it; read out is what is wrong alone, since the evidence has moving numbers."""
    condition, mood = states.CONDITIONS[found.name], "calm" if found.name in CALM else "ill"
    read_out(html("doctor.finds", "Doctor: {condition}.", condition=condition))
    told = html("doctor.says", "**Doctor: {condition}.** {evidence}", condition=condition, evidence=found.evidence)
    st.html(f'<p class="doctor {mood}">{told}</p>')


def examine(snapshot: Snapshot) -> Diagnosis:
    """The doctor's word on a run as it stands."""
    diverged = snapshot.state is RunState.FAILED and bool(snapshot.fault) and snapshot.fault.is_divergence
    return doctor.diagnose(snapshot.config, snapshot.points, snapshot.scores, snapshot.floor, diverged=diverged)


def cure_configs(snapshot: Snapshot, found: Diagnosis) -> list[tuple[Message | str, dict]]:
    """Each cure as its sentence and its changes; a failure made on purpose begins with its proven one."""
    cures = [(cure.why, cure.changes) for cure in found.cures]
    proven = presets.cure_of(snapshot.config)
    if proven and found.name not in CALM:
        cured = presets.with_same_world(presets.get(proven), snapshot.config)
        cures.insert(0, (recipes.line(proven), cured.changes_from(snapshot.config)))
    return cures[:MOST_CURES]


def _ask(snapshot: Snapshot, cures: list[Cure]) -> None:
    """Each cure with its two buttons, and before them what becomes of this run and when the cure begins."""
    run = session.manager().get(snapshot.run_id)
    steers = not session.only_watches() and run is not None
    if steers:
        st.caption(" ".join(_what_comes(run)))
    for number, cure in enumerate(cures):
        st.markdown(say("doctor.cure_and_why", "**{change}**: {why}", change=cure.told, why=cure.why))
        if locks.why_not(cure.config):
            st.caption(say(hidden.LOCKED))
        elif steers:
            with st.container(horizontal=True, gap="small"):
                _button(say("doctor.beside", "Cure and compare side by side"), f"beside_{number}", cure, run)
                _button(say("doctor.alone", "Cure alone"), f"cure_{number}", cure, None)


def _what_comes(run: Run) -> list[str]:
    """What a cure does to the run on screen, and whether it would have to wait."""
    told = []
    if run.is_live and session.ahead():
        told.append(say("doctor.no_place_for_both", "There is no place for two runs: this one stops, and is kept."))
    elif run.is_live:
        told.append(say("doctor.goes_on", "Side by side, this run goes on. Alone, it stops, and is kept."))
    if place := session.ahead(instead_of=run):
        told.append(say("doctor.waits", "All places are taken: the cure waits as number {place}.", place=place))
    return told


def _button(label: str, key: str, cure: Cure, beside: Run | None) -> None:
    begin = partial(_begin_beside, cure.config, beside) if beside else partial(session.begin, cure.config)
    st.button(label, key=key, on_click=session.ask, args=(cure.config, begin))


def _begin_beside(config: RunConfig, other: Run) -> NoReturn:
    chosen_runs.turn_to([other, session.begin_beside(config, other)])
