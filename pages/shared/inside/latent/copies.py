"""Which real pictures the picks are nearest to: has the forger copied?"""

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan.inside import latent
from gan.messages import Message, msg
from gan.runs import Run
from pages.shared.inside.latent import desk, sheet
from pages.shared.inside.latent.desk import Desk
from pages.shared.words import html, plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

COPY, NEAR = 0.3, 0.7  # of the usual distance between real pictures: below the one it is a copy, below the other near
VERDICTS = (
    msg("latent.copies.copy", "**A copy**: {ratio:.2f}"),
    msg("latent.copies.near", "**Very near**: {ratio:.2f}"),
    msg("latent.copies.own", "**Its own**: {ratio:.2f}"),
)
FAKE, PIXELS, FEATURES = (
    msg("latent.copies.fake", "Fake"),
    msg("latent.copies.pixels", "Nearest real ones, pixel by pixel"),
    msg("latent.copies.features", "Nearest real ones, as the referee sees them"),
)


def show(run: Run, epoch: int, moment: "Moment", own: Desk) -> None:
    if not own.picks:
        return
    images = desk.draw(moment, own.picks)
    found = latent.nearest(moment, images)
    if not found:
        st.info(say("latent.copies.gone", "The real pictures of this run are not on this computer any more."))
        return
    st.markdown(
        say(
            "latent.copies.usual",
            "The usual distance is that from a real picture to the nearest other real one: 1.00 is as new as a real "
            "picture, 0.00 is a copy.",
        )
    )
    heads = [FAKE, PIXELS, *([FEATURES] if "features" in found else [])]
    rows = "".join(_row(moment, images[place], place, found) for place in range(len(images)))
    spans = (1, 2, 2)
    head = "".join(f"<th scope='col' colspan='{n}'>{html(each)}</th>" for each, n in zip(heads, spans, strict=False))
    st.html(f"<table class='copies'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    if "features" not in found:
        st.caption(
            say("latent.copies.no_referee", "There is no referee for these pictures, so only pixels are compared.")
        )


def _row(moment: "Moment", image: np.ndarray, place: int, found: dict) -> str:
    cells = [f"<td>{sheet.html(image[None], plain(FAKE), 56)}</td>"]
    for name, nearest in found.items():
        reals = moment.pictures.images[nearest.numbers[place]]
        ratio = float(nearest.ratios[place])
        alt = plain(PIXELS if name == "pixels" else FEATURES)
        shown = sheet.html(reals, alt, 56, "real")
        cells.append(f"<td data-what='{escape(alt)}'>{shown}</td><td>{html(_verdict(ratio))}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _verdict(ratio: float) -> Message:
    return VERDICTS[(ratio >= COPY) + (ratio >= NEAR)].but(ratio=ratio)
