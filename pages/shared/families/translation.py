"""A translator: what goes in, what comes out, what should, there and back again; and a pad to draw what goes in."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from gan import data, export, inside
from gan.data import tasks
from gan.data.remembered import forgettable
from gan.messages import Message, message_of, msg
from gan.runs import Run
from pages.shared.draw import pad, pictures
from pages.shared.words import plain, say

VIEW = msg("view.translation", "In and out")
LOOK = msg("translation.look", "The first two play against each other; what is below them should fall.")
ROWS = (
    ("in", msg("translation.in", "Goes in")), ("out", msg("translation.out", "Comes out")),
    ("truth", msg("translation.truth", "Should come out")), ("again", msg("translation.again", "And back again")),
    ("other_in", msg("translation.other_in", "The other way: goes in")),
    ("other_out", msg("translation.out", "Comes out")), ("other_again", msg("translation.again", "And back again")),
)  # fmt: skip
PAD = "translation_pad"
DRAW_AN_OUTLINE = msg("translation.draw_an_outline", "**Draw an outline**, and see it filled.")
DRAW = msg("translation.draw", "**Draw what goes in.**")
THICKNESS = (1, 1, 3)  # of a line, in pixels: an outline's is 1


def show(run: Run, views: Mapping[str, np.ndarray], theme: str) -> None:
    """A pad and what the forger makes of the drawing; beside it some pictures on their way, a row for each place."""
    left, middle, right = st.columns([1, 1, 2], gap="medium")
    with left:
        drawn = _draw(run)
    with middle:
        _filled(run, drawn)
    with right:
        st.markdown(say("translation.about", "**The forger never learned from these pictures.**"))
        for name, title in ROWS:
            if name in views:
                _row(name, title, views[name], theme)


def _row(name: str, title: Message, images: np.ndarray, theme: str) -> None:
    st.caption(say(title))
    alt = plain("translation.alt", "{count} pictures: {what}.", count=len(images), what=title)
    pictures.bare(images, alt, theme, f"translation_{name}", len(images))


def _draw(run: Run) -> pad.Drawn:
    config = run.config
    channels, *size = data.shape_of(config.data, config.picture_size)
    st.markdown(say(DRAW_AN_OUTLINE if config.task == tasks.OUTLINE else DRAW))
    paper = np.zeros((*size, *([channels] if channels > 1 else [])), np.uint8)
    inks = pad.inks_for((0,) * channels)
    inks = [inks[0], inks[-1]] if config.task == tasks.OUTLINE else inks
    return pad.show(PAD, plain("translation.pad", "A pad to draw on"), paper, inks, THICKNESS, fine=False)


def _filled(run: Run, drawn: pad.Drawn) -> None:
    """What the forger makes of the drawing: that of the end, or while it learns that of the newest whole epoch."""
    if not drawn.pixels.any():
        return
    whole = max(run.moments.epochs, default=0)
    if run.is_live and not whole:
        st.markdown(say("translation.soon", "Once the forger has been through all pictures, it fills your drawing."))
        return
    try:
        made = _translated(run.watch_id, whole, run.is_live, drawn.pixels, run)
    except ValueError as error:  # thinned out or damaged meanwhile
        st.warning(say(message_of(error)), icon=":material/history:")
        return
    if run.is_live:
        st.markdown(say("translation.made", "**What the forger makes of it** after epoch {epoch}.", epoch=whole))
    else:
        st.markdown(say("translation.made_in_the_end", "**What the forger makes of it** in the end."))
    alt = plain("translation.made_alt", "Your drawing, as the forger fills it")
    st.html(f'<figure class="translated">{pictures.html(export.png(made), alt)}</figure>')


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def _translated(watch_id: str, epoch: int, is_live: bool, pixels: np.ndarray, _run: Run) -> np.ndarray:
    """Once for each drawing and moment: the page looks twice a second."""
    content = _run.moments.read(epoch) if is_live else _run.moments.read_last()
    return inside.translate(inside.open_moment(_run.snapshot().config, content), pixels)
