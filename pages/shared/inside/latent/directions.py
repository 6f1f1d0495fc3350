"""The directions in which pictures change most, each a slider."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan.inside import latent
from gan.messages import message_of, msg
from gan.runs import Run
from pages.shared.inside.latent import sheet, words
from pages.shared.inside.latent.desk import Desk, Made
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.latent.directions import Direction
    from gan.inside.moment import Moment

HOW = {
    latent.WEIGHTS: msg("latent.how.weights", "From its first layer's weights (SeFa)"),
    latent.ANSWERS: msg("latent.how.answers", "From what its first layer answers (GANSpace)"),
}
BEFORE, AFTER = msg("latent.before", "A, as it was"), msg("latent.after", "moved by the sliders")
STYLES = msg("latent.styles", "This forger turns noise into a style first: what is moved here has no noise of its own.")
FARTHEST = 3.0  # standard deviations
SHOWN, COLUMNS = 5, 3  # pictures of a strip; sliders beside each other


def show(run: Run, epoch: int, moment: "Moment", own: Desk) -> None:
    how = st.segmented_control(
        plain("latent.how", "How directions are found"), HOW, key="latent_how", default=latent.WEIGHTS, required=True,
        format_func=lambda each: plain(HOW[each]), label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    if own.a is None:
        return
    left, right = st.columns([1, 3.4], gap="medium")
    try:
        found = latent.directions_of(moment, how)
    except ValueError as error:
        st.info(say(message_of(error)))
        return
    with right:
        way = _sliders(moment, own.a, found, how)
    with left:
        _changed(moment, own, way, how, len(found))


def _sliders(moment: "Moment", made: Made, found: "list[Direction]", how: str) -> np.ndarray:
    """A slider a direction, with what lies along it; returns where all of them together lead."""
    together = np.zeros_like(found[0].vector)
    for number, direction in enumerate(found):
        if number % COLUMNS == 0:  # a row for itself, so that on a phone they follow each other by their numbers
            columns = st.columns(COLUMNS, gap="medium")
        with columns[number % COLUMNS]:
            what = plain(words.NUMBERED.but(number=number + 1, what=words.change(moment.config, direction)))
            share = plain("latent.share", "{share:.1%} of all change", share=direction.share)
            amount = st.slider(
                what, -FARTHEST, FARTHEST, 0.0, 0.25, key=_key(how, number), persist_state="session", help=share
            )
            along = np.linspace(-FARTHEST, FARTHEST, SHOWN)[:, None] * direction.spread * direction.vector
            images = latent.moved(moment, made.noise, along.astype(np.float32), made.kind)
            st.html(sheet.html(images, plain("latent.along", "What lies along it"), pixels=56, kind=""))
            together += np.float32(amount * direction.spread) * direction.vector
    return together


def _changed(moment: "Moment", own: Desk, way: np.ndarray, how: str, count: int) -> None:
    before, after = latent.moved(moment, own.a.noise, np.stack([0 * way, way]), own.a.kind)
    st.html(f'<div class="sum">{sheet.figure(before, BEFORE, 112)}{sheet.figure(after, AFTER, 112)}</div>')
    styles = latent.space_of(moment).has_styles
    st.button(
        say("latent.pick_it", "Pick it"), key="latent_pick_moved", width="stretch", disabled=styles or not way.any(),
        help=say(STYLES) if styles else None, on_click=lambda: own.take(Made(own.a.noise + way, own.a.kind)),
    )  # fmt: skip
    st.button(
        say("latent.zero", "All back to 0"), key="latent_zero", on_click=_zero, args=(how, count), width="stretch",
        disabled=not way.any(),
    )  # fmt: skip


def _zero(how: str, count: int) -> None:
    for number in range(count):
        st.session_state[_key(how, number)] = 0.0


def _key(how: str, number: int) -> str:
    return f"latent_{how}_{number}"
