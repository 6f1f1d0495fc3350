"""The picture that is looked at: a fake or a real one from two sheets, as it was or as somebody painted it."""

from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import inside
from gan.data.remembered import forgettable
from gan.inside import Sheet, Subject
from gan.messages import msg
from pages.shared.inside.eye import pick, words
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

SHOWN = 18  # of each kind
PICTURE, QUERY = "eye_picture", "picture"  # in session state, mirrored to ?picture=fake-3, or fake-3-1 of others
MOST = 1_000  # times that others are asked for; then they begin anew
FAKE, REAL = "fake", "real"
UNJUDGED = {
    FAKE: msg("eye.fake_number", "Fake {number}"),
    REAL: msg("eye.real_number", "Real picture {number}"),
}


@dataclass(frozen=True)
class Picked:
    """One of the two sheets' pictures."""

    kind: str
    place: int
    seed: int | None  # of the noise that fakes come of; None = the run's own
    original: Subject
    subject: Subject  # as it is looked at, painted or not

    @property
    def is_painted(self) -> bool:
        return self.subject is not self.original


def choose(moment: "Moment", paintings: dict[str, np.ndarray]) -> Picked:
    """Both sheets; a tap picks a picture. `paintings` are what somebody made of pictures, by their names."""
    kind, place, more = _named()
    fakes, reals = sheets(moment, moment.name, more)
    if place >= len((fakes if kind == FAKE else reals).pictures):
        kind, place = FAKE, 0
    _name(kind, place, more)
    with st.container(key="fakes"):
        with st.container(key="eye_head", horizontal=True, vertical_alignment="center"):
            st.markdown(say("eye.fakes", "**Fakes.** Tap one."))
            more_label = say("eye.more", "Other pictures")
            st.button(
                more_label, key="eye_more_button", type="tertiary", icon=":material/refresh:",
                on_click=partial(_name, kind, place, (more + 1) % MOST),
            )  # fmt: skip
        _show(FAKE, fakes, place if kind == FAKE else None, more)
    if len(reals.pictures):
        with st.container(key="reals"):
            st.markdown(say("eye.reals", "**Real pictures.**"))
            _show(REAL, reals, place if kind == REAL else None, more)
    else:
        st.caption(say(words.NO_REALS))
    sheet = fakes if kind == FAKE else reals
    original = Subject(sheet.pictures[place], kind == REAL, sheet.labels[place])
    painted = paintings.get(original.picture.tobytes())
    subject = original if painted is None else replace(original, picture=painted)
    return Picked(kind, place, _seed(moment, more), original, subject)


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def sheets(_moment: "Moment", name: str, more: int) -> tuple[Sheet, Sheet]:
    """The fakes and the real pictures of a moment; `name` says which it is."""
    return inside.fakes(_moment, SHOWN, _seed(_moment, more)), inside.reals(_moment, SHOWN, more * SHOWN)


def _seed(moment: "Moment", more: int) -> int | None:
    """Of the noise of other fakes: never that of the run's own, which None is for."""
    return moment.config.seed + more if more else None


def _show(kind: str, sheet: Sheet, picked: int | None, more: int) -> None:
    alts = [_alt(kind, place, belief) for place, belief in enumerate(sheet.beliefs, start=1)]
    names = {FAKE: plain("eye.fakes_name", "Fakes"), REAL: plain("eye.reals_name", "Real pictures")}
    pick.sheet(
        f"pick_{kind}", names[kind], sheet.pictures, alts, sheet.beliefs, picked,
        lambda place: _name(kind, place, more),
    )  # fmt: skip


def _alt(kind: str, number: int, belief: float) -> str:
    if not isfinite(belief):
        return plain(UNJUDGED[kind].but(number=number))
    if kind == FAKE:
        return plain("eye.fake_alt", "Fake {number}, {belief:.0%} real", number=number, belief=belief)
    return plain("eye.real_alt", "Real picture {number}, {belief:.0%} real", number=number, belief=belief)


def _named() -> tuple[str, int, int]:
    """The picture that was tapped, or that the link names, or the first fake: its kind, its place, and how many times
    others were asked for.
    """
    name = st.session_state.get(PICTURE) or st.query_params.get(QUERY) or ""
    kind, *numbers = name.split("-")
    is_known = kind in (FAKE, REAL) and all(number.isdecimal() and len(number) < 4 for number in numbers)
    if not is_known or len(numbers) not in (1, 2):
        return FAKE, 0, 0
    place, more = map(int, [*numbers, "0"][:2])
    return kind, place, more


def _name(kind: str, place: int, more: int) -> None:
    """Have this be the picture that is looked at, here and in the link."""
    st.session_state[PICTURE] = name = "-".join(map(str, [kind, place, more] if more else [kind, place]))
    if st.query_params.get(QUERY) != name:
        st.query_params[QUERY] = name
