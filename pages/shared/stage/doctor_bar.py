"""What the doctor says about the run on screen, and its cures one tap away."""

import streamlit as st

from gan import doctor
from gan.doctor import Condition, Diagnosis
from gan.messages import Message
from gan.runs import RunState, Snapshot
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.stage.once import once
from pages.shared.tab import session
from pages.shared.words import html, recipes, say, states

CALM = (Condition.HEALTHY, Condition.TOO_EARLY)


def show(snapshot: Snapshot) -> None:
    """One line with the diagnosis and its evidence; the best cure as a button; the rest on demand."""
    found, cures = _found(snapshot)
    text, why, *places = st.columns([7.2, 1.4, *([2.2] if cures else [])], vertical_alignment="center")
    with text:
        st.html(_line(found))
    with why, st.popover(say("doctor.why", "Why?"), width="stretch"):
        st.markdown(say(found.cause))
        for number, (sentence, config) in enumerate(cures[1:], start=1):
            st.markdown(say(sentence))
            _button(say("doctor.try_this", "Try this"), number, config)
    for place in places:
        with place:
            _button(say("doctor.try_cure", "Try a cure"), 0, cures[0][1], say(cures[0][0]))


@once
def _found(snapshot: Snapshot) -> tuple[Diagnosis, list[tuple[Message | str, RunConfig]]]:
    """The diagnosis, and each cure as its sentence and the run to start."""
    found = examine(snapshot)
    return found, [(sentence, snapshot.config.but(**changes)) for sentence, changes in cure_configs(snapshot, found)]


def _line(found: Diagnosis) -> str:
    """What is wrong and where one sees it, as HTML."""
    mood = "calm" if found.name in CALM else "ill"
    condition = states.CONDITIONS[found.name]
    told = html("doctor.says", "**Doctor: {condition}.** {evidence}", condition=condition, evidence=found.evidence)
    return f'<p class="doctor {mood}" role="status">{told}</p>'


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
    return cures


def _button(label: str, number: int, config: RunConfig, tip: str | None = None) -> None:
    st.button(
        label, key=f"cure_{number}", help=tip, width="stretch", icon=":material/healing:",
        on_click=session.ask_to_begin, args=(config,),
    )  # fmt: skip
