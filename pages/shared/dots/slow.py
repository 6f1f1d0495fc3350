"""Slow motion: one training step, part by part, with the numbers of that very step."""

from time import monotonic

import numpy as np
import streamlit as st

from gan.messages import Message, msg
from gan.records import StepTrace
from gan.runs import Run, Snapshot
from pages.shared.draw.plane import Part
from pages.shared.tab import requests
from pages.shared.words import say, states

SLOW = "slow_motion"  # the switch's key
TAKEN = "slow_taken"  # in session state: the run and its newest step, and when it came
PART_SECONDS, REST_SECONDS = 2.0, 2.0  # that a part is shown in assets/dots/play.js, and after the last one


def offer(run: Run) -> None:
    """The switch; the run rests between two steps while it is on."""
    if st.session_state.get(SLOW) and not run.control.is_held:  # somebody pressed "Go on"
        st.session_state[SLOW] = False  # only then: what is set on the way to the browser undoes a press there
    st.toggle(
        say("slow.motion", "Slow motion"), key=SLOW, on_change=_turn, args=(run,),
        help=say("slow.about", "One training step after the other, part by part."),
    )  # fmt: skip


def _turn(run: Run) -> None:
    if st.session_state[SLOW]:
        run.control.pause()
        requests.ask(run, states.STEP)  # before it is taken, for its parts to be told
        run.control.one_step()
    else:
        run.control.go_on()


def is_on(run: Run) -> bool:
    return bool(st.session_state.get(SLOW)) and run.control.is_held


def go_on(run: Run, snapshot: Snapshot) -> None:
    """In each look at the run: the next step, once all parts of the newest have been seen."""
    if not (is_on(run) and run.control.is_resting):
        return
    reading = snapshot.reading
    known, since = st.session_state.get(TAKEN, (None, 0.0))
    if known != (run.run_id, reading.step):
        st.session_state[TAKEN] = (run.run_id, reading.step), monotonic()
    elif monotonic() - since > PART_SECONDS * len(parts(reading.trace)) + REST_SECONDS:
        run.control.one_step()


def parts(trace: StepTrace | None) -> tuple[Part, ...]:
    """The detective's turn, then the forger's; none where nobody had asked for them."""
    if trace is None:
        return ()
    said = [*_detective(trace), *_forger(trace)]
    return tuple(
        Part(title, _numbered(number, len(said), says), **rest)
        for number, (title, says, rest) in enumerate(said, start=1)
    )


def _numbered(number: int, count: int, says: Message) -> Message:
    return msg("slow.part", "{number} of {count}. {says}", number=number, count=count, says=says)


def _detective(trace: StepTrace) -> list[tuple[Message, Message, dict]]:
    batch = np.concatenate([_places(trace.reals), _places(trace.fakes)])
    judged = msg(
        "slow.judged", "The detective finds the real ones {real:.0%} real and the fakes {fake:.0%} real.",
        real=_mean(trace.real_beliefs), fake=_mean(trace.fake_beliefs),
    )  # fmt: skip
    loss = msg("slow.d_loss", "Its loss says how wrong that was: {loss:.3g}.", loss=trace.d_loss)
    moved = msg(
        "slow.d_update", "The detective learns: its weights move by {change:.2%}, and so does what it believes.",
        change=trace.d_change,
    ) if trace.d_change else msg("slow.d_still", "The detective stands still: it does not learn.")  # fmt: skip
    batch_in = msg("slow.batch", "Some real dots and some fakes go to the detective (ringed).")
    heat = {"heat": True, "arrows": False}
    return [
        (msg("slow.in", "Real dots and fakes in"), batch_in, _look("detective", heat=False, rings=batch)),
        (msg("step.beliefs", "How real, it says"), judged, _look("detective", rings=batch, **heat)),
        (msg("step.loss", "Its loss"), loss, _look("detective", **heat)),
        (msg("step.update", "Its update"), moved, _look("detective", after=True, fakes=False, **heat)),
    ]


def _forger(trace: StepTrace) -> list[tuple[Message, Message, dict]]:
    if trace.drawn is None:
        waits = msg("slow.waits", "The forger has no turn in this step.")
        return [(msg("step.no_turn", "No turn in this step"), waits, _look("forger"))]
    numbers = [msg("slow.number", "{number:.2f}", number=number) for number in trace.noise[:2]]
    drawn = _places(trace.drawn)
    noise = msg("slow.noise", "Now the forger: it gets random numbers, such as {numbers:list}.", numbers=numbers)
    draws = msg("slow.draws", "It turns them into new fakes (ringed).")
    says = msg(
        "slow.verdict", "The detective finds these {belief:.0%} real.", belief=_mean(trace.drawn_beliefs)
    )  # fmt: skip
    loss = msg(
        "slow.g_loss", "The forger's loss is {loss:.3g}. The arrows show which way would make it smaller.",
        loss=trace.g_loss,
    )  # fmt: skip
    moved = msg(
        "slow.g_update", "The forger learns: its weights move by {change:.2%}, and so do all its fakes.",
        change=trace.g_change,
    ) if trace.g_change else msg("slow.g_still", "The forger stands still: it does not learn.")  # fmt: skip
    return [
        (msg("step.noise", "Random numbers in"), noise, _look("noise", "forger", arrows=False)),
        (msg("step.draws", "It draws"), draws, _look("forger", fakes=True, arrows=False, rings=drawn)),
        (msg("step.detective_says", "The detective says"), says, _look("detective", heat=True, rings=drawn)),
        (msg("step.loss", "Its loss"), loss, _look("forger", fakes=True, arrows=True)),
        (msg("step.update", "Its update"), moved, _look("forger", after=True, fakes=True, arrows=False)),
    ]


def _look(*lit: str, after: bool = False, rings: np.ndarray | tuple = (), **on: bool) -> dict:
    return {"lit": lit, "after": after, "rings": rings, "on": on}


def _places(dots: np.ndarray) -> np.ndarray:
    return np.asarray(dots, np.float32).reshape(-1, 2)


def _mean(beliefs: tuple[float, ...]) -> float:
    return sum(beliefs) / len(beliefs)
