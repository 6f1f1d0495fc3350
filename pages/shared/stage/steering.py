"""The buttons of a run that goes on: stop, pause, single steps, and other settings without starting anew."""

import streamlit as st

from gan.messages import message_of
from gan.runs import Run
from gan.setup.config import RunConfig
from pages.shared.tab import looks, requests, session
from pages.shared.words import say, states


def show(run: Run) -> None:
    """Stop and pause; while it rests, how far to go next. Who only watches is told so."""
    held = run.control.is_held
    if session.only_watches():
        st.markdown(
            say("steering.watching_rest", "It is paused. You are watching.")
            if held
            else say("steering.watching", "You are watching.")
        )
        return
    if held:
        label, icon, ask = say("steering.go_on", "Go on"), ":material/play_arrow:", run.control.go_on
    else:
        label, icon, ask = say("steering.pause", "Pause"), ":material/pause:", run.control.pause
    st.button(label, key="pause", icon=icon, width="stretch", on_click=ask)
    if st.button(say("steering.stop", "Stop"), key="stop", type="primary", width="stretch", icon=":material/stop:"):
        session.stop(run)
    if held:
        about = say("steering.how_far", "A step is a batch, an epoch is all.")
        step, epoch = say("steering.one_step", "1 step"), say("steering.one_epoch", "1 epoch")
        st.button(step, key="one_step", width="stretch", help=about, on_click=_one_step, args=(run,))
        st.button(epoch, key="one_epoch", width="stretch", help=about, on_click=run.control.one_epoch)


def _one_step(run: Run) -> None:
    """A single step, and the view that shows its parts."""
    st.session_state[looks.VIEW] = states.STEP
    requests.ask(run, states.STEP)  # before it is taken, for its parts to be told
    run.control.one_step()


def offer_to_resume(run: Run) -> None:
    """A button to go on with a run that ended before its last epoch, where it was kept last; one whose numbers blew up
    would only do so again, and one of a comparison stays as it ended.
    """
    kept, seen = run.moments.epochs, run.snapshot()
    has_diverged = bool(seen.fault) and seen.fault.is_divergence
    if kept and 0 < kept[-1] < run.config.epochs and seen.budget is None and not has_diverged:
        st.button(
            say("steering.resume", "Go on from epoch {epoch}", epoch=kept[-1]), key="resume", width="stretch",
            icon=":material/resume:",
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
        say("steering.use_now", "Use now"), key="use_now", type="primary", width="stretch", on_click=_change,
        args=(run, config),
        help=say("steering.about_use_now", "The run goes on with these settings; the charts mark the moment."),
    )  # fmt: skip


def _change(run: Run, config: RunConfig) -> None:
    try:
        run.change(**config.changes_from(run.config))
    except ValueError as error:  # it ended since the page was drawn
        st.session_state[session.REFUSED] = message_of(error)
