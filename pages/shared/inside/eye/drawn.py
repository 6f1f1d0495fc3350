"""Draw: a pad, the detective's verdict stroke by stroke, the referee's reading, and a ladder of detectives to beat."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import data, export, inside
from gan.inside import Reading, Subject
from gan.messages import Message, msg, msgs
from gan.runs import Run
from pages.shared.draw import pad, pictures
from pages.shared.inside.eye import frame, ladder, words
from pages.shared.words import html, plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

PAD, TOLD = "drawing_pad", "eye_told"
FINER = 4  # pixels of the pad for each of a picture
READ = -1  # tell the detective what the referee reads
EMPTY = msg("eye.draw_something", "Draw something with mouse, finger or pen. Each stroke is judged at once.")


def show(run: Run, moment: "Moment") -> None:
    left, middle, right = st.columns([1.25, 1, 1], gap="medium")
    _, height, width = moment.shape
    with left:
        name = plain("eye.drawing_pad", "A pad to draw on")
        paper = moment.framing.paper(FINER * height, FINER * width)
        drawn = pad.show(PAD, name, paper, pad.inks_for(moment.framing.blank), (3, 9, 24))
    is_empty = np.array_equal(drawn.pixels, paper)
    picture = inside.into_frame(moment, drawn.pixels)
    reading = None if is_empty else inside.read(moment, picture)
    with middle:
        label = _told(moment, reading)
        if is_empty:
            st.markdown(say(EMPTY))
        else:
            _judged(moment, Subject(picture, True, label), reading, drawn.number)
    with right:
        _ladder(run, Subject(picture, True, label), is_empty)


def _judged(moment: "Moment", subject: Subject, reading: Reading | None, number: int) -> None:
    found = inside.judge(moment, subject)
    frame.verdict(found, number, [_read(moment, reading), words.told(moment.config, subject.label)])
    alt = plain("eye.drawing_alt", "Your drawing as the detective is shown it")
    shown = pictures.html(export.png(subject.picture), alt)
    caption = html("eye.shown", "as the detective is shown it")
    st.html(f'<figure class="eye_shown">{shown}<figcaption>{caption}</figcaption></figure>')
    frame.about(moment)


def _read(moment: "Moment", reading: Reading | None) -> Message | None:
    if reading is None:
        return None if moment.referee else msg("eye.no_referee", "There is no referee for these pictures to read it.")
    kind = data.get(moment.config.data).one(reading.label)
    if reading.share < 0.5:
        return msg("eye.read_unsure", "The referee is not sure what it is: perhaps {kind}.", kind=kind)
    return msg("eye.read", "The referee reads {kind} ({share:.0%}).", kind=kind, share=reading.share)


def _told(moment: "Moment", reading: Reading | None) -> int | None:
    """The class that a conditional detective is told: what the referee reads, or what was chosen."""
    if not moment.is_conditional:
        return None
    kinds = moment.config.learned_classes
    offered = [READ, *kinds] if moment.referee else list(kinds)
    names = data.get(moment.config.data).class_names
    if st.session_state.get(TOLD) not in offered:
        st.session_state[TOLD] = offered[0]
    chosen = st.selectbox(
        say("eye.tell", "Tell the detective that it is"), offered, key=TOLD, persist_state="session",
        format_func=lambda each: plain("eye.as_read", "as it is read") if each == READ else plain(names[each]),
    )  # fmt: skip
    if chosen != READ:
        return chosen
    return reading.label if reading and reading.label in kinds else kinds[0]


def _ladder(run: Run, subject: Subject, is_empty: bool) -> None:
    """Every detective on it, from the mildest to the strictest, and which of them this drawing fools."""
    rungs = ladder.rungs(run)
    st.markdown(say("eye.ladder", "**The ladder.** Ever stricter detectives of this run."))
    beliefs = [0.0 if is_empty else inside.judge(rung.moment, subject).belief for rung in rungs]
    fooled = sum(belief > 0.5 for belief in beliefs)
    rows = "".join(_rung(rung, belief, is_empty) for rung, belief in reversed([*zip(rungs, beliefs, strict=True)]))
    st.html(f'<ol class="eye_ladder" reversed>{rows}</ol>')
    if not is_empty:
        st.markdown(
            say(
                msgs(
                    "eye.fooled", "You fool {fooled} of {count} detective.", "You fool {fooled} of {count} detectives.",
                    len(rungs), fooled=fooled,
                )
            )
        )  # fmt: skip


def _rung(rung: ladder.Rung, belief: float, is_empty: bool) -> str:
    who = html("eye.rung", "Epoch {epoch}", epoch=rung.epoch)
    strict = html("eye.strict", "lets {taken} of {count} fakes pass", taken=rung.taken, count=ladder.MEASURED)
    if is_empty:
        return f"<li><b>{who}</b><small>{strict}</small></li>"
    is_fooled = belief > 0.5
    says = html("eye.fooled_one", "fooled") if is_fooled else html("eye.not_fooled", "not fooled")
    kind = "fooled" if is_fooled else ""
    return (
        f'<li class="{kind}"><b>{who}</b><small>{strict}</small><span>{frame.share(belief)}</span><em>{says}</em></li>'
    )
