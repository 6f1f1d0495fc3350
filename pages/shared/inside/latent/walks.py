"""Walks from one picture to another, or three at once between any: a strip, a slider, a GIF."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import export
from gan.inside import latent
from gan.messages import msg
from gan.runs import Run
from pages.shared.draw import film
from pages.shared.inside.latent import desk, sheet
from pages.shared.inside.latent.desk import Desk, Made
from pages.shared.kept import file_button
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

AB, THREE = "ab", "three"
BETWEEN = {AB: msg("latent.walk.ab", "From A to B, two ways"), THREE: msg("latent.walk.three", "Three at once")}
WAYS = {
    "spherical": msg("latent.way.spherical", "**Along the arc** (spherical): it stays where noise usually lies."),
    "straight": msg("latent.way.straight", "**Straight** (linear): half-way, the numbers are smaller than usual."),
}
SHORT = {
    "spherical": msg("latent.way.arc", "Along the arc"),
    "straight": msg("latent.way.line", "Straight"),
}
STEPS, FINE = (5, 16, 9), 25  # of a strip: fewest, most, usual; of the film
WALKS, WALK_SEED = 3, "latent_walk_seed"
SLIDER = 200  # pixels
TALL = 140  # pixels of a picture in the film


def show(run: Run, epoch: int, moment: "Moment", own: Desk) -> None:
    with st.container(key="latent_walking", horizontal=True, gap="medium", vertical_alignment="bottom"):
        between = st.segmented_control(
            plain("latent.walk.between", "Between"), BETWEEN, key="latent_between", default=AB, required=True,
            format_func=lambda each: plain(BETWEEN[each]), label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        count = st.slider(
            say("latent.walk.steps", "Pictures on the way"), *STEPS, key="latent_steps", persist_state="session",
            width=SLIDER,
        )  # fmt: skip
        if between == THREE:
            way = st.segmented_control(
                plain("latent.walk.way", "The way of all three"), SHORT, key="latent_way", default="spherical",
                required=True, format_func=lambda each: plain(SHORT[each]), label_visibility="collapsed",
                persist_state="session",
            )  # fmt: skip
            st.button(
                say("latent.walk.others", "Three others"), key="latent_others", type="primary", on_click=_others,
                icon=":material/casino:",
            )  # fmt: skip
    if between == THREE:
        _three(moment, count, way)
    elif own.b is None:
        st.info(say("latent.walk.two", "Pick two pictures: this walk goes from A to B."))
    else:
        _two_ways(moment, own, count)


def _two_ways(moment: "Moment", own: Desk, count: int) -> None:
    """The same two ends, both ways."""
    ends = [(own.a, own.b)]
    told = {way: plain("latent.walk.alt", "A walk from A to B: {way}", way=short) for way, short in SHORT.items()}
    strips = [(say(WAYS[way]), told[way], _walk(moment, ends, count, way)[0]) for way in WAYS]
    fine = np.concatenate([_walk(moment, ends, FINE, way) for way in WAYS])
    _show(strips, fine, plain("latent.walk.film", "Left along the arc, right straight."))


def _three(moment: "Moment", count: int, way: str) -> None:
    """Three walks between random vectors, all along arcs or all straight."""
    made = desk.new(moment, st.session_state.get(WALK_SEED, 1), 2 * WALKS)
    pairs = list(zip(made[::2], made[1::2], strict=True))
    names = [msg("latent.walk.number", "Walk {number}", number=number + 1) for number in range(WALKS)]
    walks = _walk(moment, pairs, count, way)
    strips = [(say(name), plain(name), strip) for name, strip in zip(names, walks, strict=True)]
    fine = _walk(moment, pairs, FINE, way)
    _show(strips, fine, plain("latent.walk.three_film", "Three walks side by side."))


def _show(strips: list[tuple[str, str, np.ndarray]], fine: np.ndarray, alt: str) -> None:
    """Strips, each under what is said of it; beside them the film of all."""
    left, right = st.columns([3, 2.2], gap="large")
    with left:
        for told, alt_text, strip in strips:
            st.markdown(told)
            st.html(sheet.html(strip, alt_text, pixels=56))
    with right:
        _film(fine, alt)


def _others() -> None:
    st.session_state[WALK_SEED] = st.session_state.get(WALK_SEED, 1) + 1


def _walk(moment: "Moment", pairs: list[tuple[Made, Made]], steps: int, way: str) -> np.ndarray:
    starts, ends = (np.stack([pair[end].noise for pair in pairs]) for end in (0, 1))
    kinds = None if pairs[0][0].kind is None else np.array([[pair[0].kind, pair[1].kind] for pair in pairs])
    return latent.space_of(moment).walk(starts, ends, steps, way, kinds)


def _film(walks: np.ndarray, alt: str) -> None:
    """Walks (n, steps, h, w[, 3]) side by side, one sheet a step."""
    scale = sheet.scale(walks[0], TALL)
    frames = list(walks.swapaxes(0, 1))
    sheets = [export.grid_png(frame, columns=len(frame), scale=scale, gap=2 * scale) for frame in frames]
    told = [plain("latent.walk.share", "{share:.0%} of the way", share=step / (FINE - 1)) for step in range(FINE)]
    film.show(film.encode(sheets, [""] * FINE, alt, told), "latent_film")
    told = say("latent.walk.gif", "Take it home (GIF)")
    file_button.offer(told, lambda: gif(frames), "walk.gif", "image/gif", "latent_gif")


def gif(frames: list[np.ndarray]) -> bytes:
    """There and back again, without an end."""
    return export.gif(
        [*frames, *frames[-2:0:-1]], columns=len(frames[0]), scale=4, gap=4, milliseconds=80, last_milliseconds=80
    )
