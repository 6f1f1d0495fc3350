"""What every view of the eye shows: one large picture, and what the detective says of it."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import export
from gan.inside import Verdict
from gan.messages import Message
from pages.shared.draw import pictures
from pages.shared.inside.eye import words
from pages.shared.words import html, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment


def picture(image: np.ndarray, alt: str, kind: str = "") -> None:
    """One picture, large and crisp; `kind` is "fake", "real" or nothing, and frames it."""
    st.html(pictures.html(export.png(image), alt, f"eye_picture {kind}"))


def verdict(found: Verdict, number: int = 0, notes: Sequence[Message | None] = ()) -> None:
    """The belief as a large number and a bar, in words, and some more sentences; `number` tells answers apart."""
    width = 100 * found.belief if math.isfinite(found.belief) else 0
    said = "".join(f"<p>{html(note)}</p>" for note in words.sequence(notes))
    bar = f'<span class="track"><i style="width: {width:.1f}%"></i></span>'
    answer = f'<b>{share(found.belief)}</b>{bar}<p role="status">{html(words.verdict(found))}</p>{said}'
    st.html(f'<div class="eye_verdict" data-n="{number}">{answer}</div>')


def about(moment: "Moment") -> None:
    """What is special about this detective's answers."""
    for note in words.about(moment):
        st.caption(say(note))


def share(belief: float) -> str:
    """How real the detective finds something, as HTML."""
    return html("eye.share", "{belief:.0%} real", belief=belief) if math.isfinite(belief) else "–"
