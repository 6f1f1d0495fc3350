"""The buttons of a run that goes on: stop, pause, single steps, and other settings without starting anew."""

import streamlit as st

from gan.runs import Run
from gan.setup.config import RunConfig
from pages.shared.tab import session
from pages.shared.words import words


def show(run: Run) -> None:
    """Stop and pause; while it rests, how far to go next. Who only watches is told so."""
    held = run.control.is_held
    if session.only_watches():
        st.markdown(f"{words.RESTING} {words.WATCHING}" if held else words.WATCHING)
        return
    left, right = st.columns(2, gap="small")
    with left:
        label, icon, ask = ("Go on", "play_arrow", run.control.go_on) if held else ("Pause", "pause", run.control.pause)
        st.button(label, key="pause", icon=f":material/{icon}:", width="stretch", on_click=ask)
    with right:
        if st.button("Stop", key="stop", type="primary", width="stretch"):
            session.stop(run)
    if held:
        left, right = st.columns(2, gap="small")
        left.button("1 step", key="one_step", width="stretch", on_click=run.control.one_step)
        right.button("1 epoch", key="one_epoch", width="stretch", on_click=run.control.one_epoch)
        st.caption(words.HOW_FAR)


def offer_to_resume(run: Run) -> None:
    """A button to go on with a run that ended before its last epoch, where it was kept last."""
    kept = run.moments.epochs
    if kept and kept[-1] < run.config.epochs:
        st.button(
            f"Go on from epoch {kept[-1]}", key="resume", width="stretch", icon=":material/resume:",
            on_click=session.ask_to_resume, args=(run,),
        )  # fmt: skip


def can_take(run: Run, config: RunConfig) -> bool:
    """Whether the run can go on with these settings, or only a new one can have them."""
    try:
        run.config.steered(**config.changes_from(run.config))
    except ValueError:
        return False
    return True


def offer(run: Run, config: RunConfig) -> None:
    """A button that gives these settings to the run."""
    st.button(
        "Use now", key="use_now", type="primary", width="stretch", on_click=_change, args=(run, config),
        help=words.USE_NOW,
    )  # fmt: skip


def _change(run: Run, config: RunConfig) -> None:
    run.change(**config.changes_from(run.config))
