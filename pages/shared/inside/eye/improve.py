"""Next step: what the forger, or the picture itself, would do to look more real."""

import math
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import export, inside
from gan.data.remembered import forgettable
from gan.inside import Improved
from gan.messages import Message, msg
from pages.shared.draw import pictures
from pages.shared.inside.eye import frame, overlay, words
from pages.shared.inside.eye.picking import FAKE, Picked
from pages.shared.words import html, plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

STEPS, COUNTS = "eye_steps", (1, 5, 20)
FORGER = msg(
    "eye.forger_step", "**The forger learns once more.** Its weights move a little; the same noise then gives:"
)
FORGER_MORE = msg("eye.forger_steps", "**The forger learns {count} times more.** The same noise then gives:")
PIXELS = msg(
    "eye.pixel_step",
    "**If the picture itself could move.** Every pixel takes one step towards what the detective finds more real. To "
    "us that often looks like noise.",
)
CHANGE = msg("eye.change", "blue brighter, orange darker")
NO_SLOPE = msg("eye.no_slope", "The detective gives no direction here: whatever a pixel does, its answer stays.")
NOT_A_FAKE = msg("eye.not_a_fake", "The forger did not draw this picture. Pick a fake to see its next step.")


def show(moment: "Moment", picked: Picked) -> None:
    if picked.kind == FAKE:
        count = st.segmented_control(
            say("eye.steps", "Steps of the forger"),
            COUNTS,
            key=STEPS,
            default=1,
            required=True,
            persist_state="session",
        )
        step = _forger(moment, moment.name, picked.place, count, picked.seed)
        _row(FORGER if count == 1 else FORGER_MORE.but(count=count), step, picked.kind)
    else:
        st.info(say(NOT_A_FAKE), icon=":material/info:")
    step = inside.pixel_step(moment, picked.subject)
    if step is None:
        st.info(say(NO_SLOPE), icon=":material/explore_off:")
    else:
        _row(PIXELS, step, picked.kind)


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def _forger(_moment: "Moment", name: str, place: int, count: int, seed: int | None) -> Improved:
    return inside.forger_step(_moment, place, count, seed)


def _row(about: Message, step: Improved, kind: str) -> None:
    """Before, what moves, and after, each with what the detective says."""
    before, after = (verdict.belief for verdict in step.verdicts)
    if not (math.isfinite(before) and math.isfinite(after)):
        st.info(say(words.RUN_AWAY), icon=":material/explore_off:")
        return
    change = overlay.heat(np.zeros_like(step.before), step.change)
    figures = (
        _figure(step.before, plain("eye.before_alt", "The picture before"), kind, frame.share(before)),
        _figure(change, plain("eye.change_alt", "What becomes brighter or darker"), "", html(CHANGE)),
        _figure(step.after, plain("eye.after_alt", "The picture after"), kind, frame.share(after)),
    )
    st.markdown(say(about))
    st.html(f'<div class="eye_steps">{"".join(figures)}</div>')


def _figure(image: np.ndarray, alt: str, kind: str, caption: str) -> str:
    return f"<figure>{pictures.html(export.png(image), alt, kind)}<figcaption>{caption}</figcaption></figure>"
