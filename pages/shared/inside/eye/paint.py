"""Paint: change the picture pixel by pixel, and watch the detective change its mind."""

import math
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import inside
from gan.data.remembered import times_forgotten
from gan.inside import Subject, Verdict
from gan.messages import Message, msg
from pages.shared.draw import pad
from pages.shared.inside.eye import frame, words
from pages.shared.inside.eye.picking import Picked
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

PAD, PAINTINGS, CLASS = "eye_pad", "eye_paintings", "eye_paintings_class"
MOST_PAINTINGS = 50


def paintings() -> dict[str, np.ndarray]:
    """What this visitor made of pictures, by what these were; nothing from before pictures were forgotten."""
    times = times_forgotten()
    if st.session_state.setdefault(CLASS, times) != times:
        st.session_state[CLASS], st.session_state[PAINTINGS] = times, {}
    return st.session_state.setdefault(PAINTINGS, {})


def show(moment: "Moment", picked: Picked) -> None:
    left, right = st.columns([1, 1.15], gap="medium")
    original = picked.original.picture
    with left:
        name = plain("eye.pad_name", "The picture, to paint on")
        start = picked.subject.picture
        drawn = pad.show(PAD, name, original, pad.inks_for(moment.framing.blank), (1, 1, 5), fine=False, start=start)
    _keep(original, drawn.pixels)
    found = inside.judge(moment, Subject(drawn.pixels, picked.original.is_real, picked.original.label))
    before = inside.judge(moment, picked.original)
    with right:
        st.markdown(say("eye.paint_about", "Change some pixels. Which ones change the detective's mind?"))
        changed = int((drawn.pixels != original).reshape(*original.shape[:2], -1).any(2).sum())
        frame.verdict(found, drawn.number, [words.told(moment.config, picked.original.label)])
        st.markdown(say(_changed(before, changed, original.shape[0] * original.shape[1])))
        frame.about(moment)


def _changed(before: Verdict, changed: int, pixels: int) -> Message:
    if not math.isfinite(before.belief):
        return msg("eye.changed_away", "You have changed {count:,} of {all:,} pixels.", count=changed, all=pixels)
    return msg(
        "eye.changed", "Before: {before:.0%} real. You have changed {count:,} of {all:,} pixels.",
        before=before.belief, count=changed, all=pixels,
    )  # fmt: skip


def _keep(original: np.ndarray, pixels: np.ndarray) -> None:
    """Remember a painting for the other views; one that was undone is none."""
    known, name = paintings(), original.tobytes()
    known.pop(name, None)
    if not np.array_equal(original, pixels):
        known[name] = pixels
    while len(known) > MOST_PAINTINGS:
        del known[next(iter(known))]
