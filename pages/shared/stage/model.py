"""The two networks on the Train page: small beside the charts, large on a tap, with knobs while no run goes on."""

from functools import partial

import streamlit as st

from gan.messages import msg
from gan.records import Preview
from gan.runs import Snapshot
from gan.setup.config import RunConfig
from pages.shared.draw import model
from pages.shared.draw.theme import theme
from pages.shared.settings import knobs
from pages.shared.stage.once import once
from pages.shared.tab import looks
from pages.shared.words import states

BEFORE, LARGE = "model_before", "model_large"


def before_start(config: RunConfig, start: Preview) -> None:
    """The untrained networks, large."""
    model.load()
    drawn = model.encode(start.walk, theme(), turns(config), large=True, moves="always", knobs=knobs.knobs(config))
    model.show(drawn, BEFORE, opened=_nothing, changed=partial(_turn, BEFORE))


load = model.load  # before a run is shown, outside of what is redrawn


def small(snapshot: Snapshot) -> None:
    """A band; a tap shows the networks large."""
    if model.show(_encoded(snapshot, theme(), False), "model_small", opened=_open, changed=_nothing).opened:
        st.rerun()  # also what stands outside of this fragment


def large(snapshot: Snapshot) -> None:
    model.show(_encoded(snapshot, theme(), True), LARGE, opened=_nothing, changed=_nothing)


def after_end(snapshot: Snapshot, config: RunConfig, start: Preview | None) -> None:
    """The networks of a run that has ended, large, or untrained those of the settings, `start`, if they are others.
    The knobs turn the settings, which stand outside of this fragment.
    """
    offered = knobs.knobs(config)
    if start is None:
        note = msg("model.trained", "As this run left them: \u2212 and + build the next one's.")
        walk, taught, moves = snapshot.reading.walk, snapshot.config, "never"
    else:
        note = msg("model.untrained", "Built for the next run, and untrained: Start training teaches them.")
        walk, taught, moves = start.walk, config, "always"
    drawn = model.encode(walk, theme(), turns(taught), large=True, moves=moves, knobs=offered, note=note)
    if model.show(drawn, LARGE, opened=_nothing, changed=partial(_turn, LARGE)).changed:
        st.rerun()


@once
def _encoded(snapshot: Snapshot, theme: str, large: bool) -> bytes:
    moves = "once" if snapshot.state.is_live else "never"
    return model.encode(snapshot.reading.walk, theme, turns(snapshot.config), large=large, moves=moves)


def turns(config: RunConfig) -> model.Turns:
    """Whose turn it is after the verdict, as a training step has it."""
    if config.learners == "discriminator":
        return model.Turns(1, 0, msg("model.only_detective", "After each verdict only the detective learns."))
    if config.learners == "generator":
        return model.Turns(0, 1, msg("model.only_forger", "After each verdict only the forger learns."))
    if config.d_steps == config.g_steps == 1:
        return model.Turns(1, 1, msg("model.both", "After each verdict the detective learns, then the forger."))
    told = msg(
        "model.in_turn", "The detective learns from its verdicts {detective} times, then the forger {forger} times.",
        detective=config.d_steps, forger=config.g_steps,
    )  # fmt: skip
    return model.Turns(config.d_steps, config.g_steps, told)


def _turn(drawing: str) -> None:
    """A knob of a drawing was turned: its name and the value that its button offered."""
    changed = st.session_state.get(drawing, {}).get("changed")
    if isinstance(changed, list) and len(changed) == 2:
        knobs.turn(*changed)


def _open() -> None:
    st.session_state[looks.VIEW] = states.NETWORKS


def _nothing() -> None:
    pass
