"""How a run stands: what went wrong, who is winning, and how far it is, now or at an epoch of its past."""

import math

import streamlit as st

from gan import families
from gan.messages import Message
from gan.runs import RunState, Snapshot
from gan.runs.state.balance import accuracy
from gan.runs.state.situation import situation
from pages.shared.draw import pictures
from pages.shared.stage.once import once
from pages.shared.words import html, readings, say, states, values


def alarms(snapshot: Snapshot) -> None:
    """What went wrong, if anything did: why it failed, what it could not take, and why it is not kept."""
    told = [(snapshot.refusal, ":material/block:"), (snapshot.unkept, ":material/save:")]
    if snapshot.state is not RunState.FAILED and not any(trouble for trouble, _ in told):
        return
    with st.container(key="alarms"):
        if snapshot.state is RunState.FAILED:
            fault = snapshot.fault
            with st.container(key="fault"):
                st.error(say("stage.fault", "{what} {try_}", what=fault.what, try_=fault.try_), icon=":material/error:")
        for trouble, icon in told:
            if trouble:
                st.warning(say(trouble), icon=icon)


def show(snapshot: Snapshot, epoch: int | None = None, spotted: float | None = None) -> None:
    """The situation in a sentence, the rope and the numbers, now or after `epoch`; `spotted` is the share of the
    fakes on screen that the detective spots, where that is not those of the newest reading.
    """
    with st.container(key="standing"):
        st.html(_situation(snapshot, epoch))  # by itself: it is read out when it changes, and only then
        if not families.judges(snapshot.config.family):
            st.html(_realism(snapshot, epoch))
            return
        st.html(_winning(snapshot, epoch))
        st.html(_rope(snapshot, epoch, spotted))


def progress(snapshot: Snapshot, epoch: int | None = None) -> None:
    """How far the run is, how fast, and for how long."""
    with st.container(key="how_far"):
        st.html(_progress(snapshot, epoch))


@once
def _situation(snapshot: Snapshot, epoch: int | None) -> str:
    word = situation(snapshot.points, snapshot.scores, _until(epoch))
    return f'<p class="situation" role="status">{html(readings.SITUATIONS[word])}</p>'


@once
def _progress(snapshot: Snapshot, epoch: int | None) -> str:
    numbers = (f"<span><b>{value}</b> <small>{name}</small></span>" for value, name in _numbers(snapshot, epoch))
    return f'<p class="progress">{"".join(numbers)}</p>'


@once
def _winning(snapshot: Snapshot, epoch: int | None) -> str:
    """Who is winning, in a sentence with its number."""
    share = accuracy(snapshot.points, _until(epoch))
    if share is None:
        is_old = any(point.epoch <= _until(epoch) for point in snapshot.points)
        return f'<p class="tug">{html(readings.NOT_COUNTED if is_old else readings.NOT_YET)}</p>'
    return f'<p class="tug">{html(readings.right(share))}</p>'


@once
def _realism(snapshot: Snapshot, epoch: int | None) -> str:
    """How real the fakes are, where nobody plays against the forger."""
    known = [each for at, each in snapshot.scores if at <= _until(epoch)]
    told = readings.realism_in_words(known[-1].realism, snapshot.floor) if known else None
    return f'<p class="tug">{html(told or readings.NOT_MEASURED)}</p>'


@once
def _rope(snapshot: Snapshot, epoch: int | None, spotted: float | None) -> str:
    """The same as a rope; below it what its ends are, and between them what else there is to know of it, if anything:
    that has its place, so that nothing moves when it comes.
    """
    share = accuracy(snapshot.points, _until(epoch))
    drawn = '<div class="rope none"></div>'
    if share is not None:
        detective = min(1.0, max(0.0, 2 * share - 1))  # from guessing, where all of the rope is the forger's
        drawn = f'<div class="rope" role="img" aria-label="{html(readings.rope_alt(share))}">'
        drawn += f'<i style="width:{detective:.0%}"></i></div>'
    ends = [html(end) if share is not None else "" for end in (readings.GUESSING, readings.ALWAYS)]
    note = _note(snapshot, epoch, spotted)
    told = f'<span class="rope_note">{html(note)}</span>' if note else ""
    return f'{drawn}<p class="ends"><span>{ends[0]}</span>{told}<span>{ends[1]}</span></p>'


def _note(snapshot: Snapshot, epoch: int | None, spotted: float | None) -> Message | None:
    """What else there is to know of the rope; nothing in most runs."""
    if epoch is None and snapshot.reading.sample_scores:
        scores = snapshot.reading.sample_scores[: pictures.SHOWN]
        spotted = sum(score < 0.5 for score in scores) / len(scores)
    return readings.note(snapshot, spotted, _until(epoch))


def _until(epoch: int | None) -> float:
    return math.inf if epoch is None else epoch


def _numbers(snapshot: Snapshot, then: int | None) -> list[tuple[str, str]]:
    """What stands beside the rope, as HTML: each number, and what it is."""
    reading, epochs = snapshot.reading, snapshot.epochs
    if snapshot.state.is_live:
        epoch, left = min(epochs, int(reading.epoch) + 1), snapshot.seconds_left
        told = "..." if left is None else html(values.number(left, "duration"))
        time = (told, html("strip.left", "left"))
    else:
        epoch = int(reading.epoch)
        told = html(values.number(snapshot.seconds, "duration"))
        time = (told, html("strip.taken", "taken"))
    epoch = epoch if then is None else then
    steps = html(values.number(reading.steps_per_second, ".0f"))
    return [
        (html(states.at(snapshot, epoch)), html("strip.epoch", "epoch")),
        (steps, html("strip.steps", "steps a second")),
        time,
    ]
