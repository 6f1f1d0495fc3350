"""The picture that is looked at: a fake or a real one from two sheets, as it was or as somebody painted it."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from gan import inside
from gan.data.remembered import forgettable
from gan.inside import Sheet, Subject
from pages.shared.inside.eye import pick, words
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

SHOWN = 18  # of each kind
PICTURE, QUERY = "eye_picture", "picture"  # in session state, mirrored to ?picture=fake-3
MORE = "eye_more"  # how many times other pictures were asked for
FAKE, REAL = "fake", "real"


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
    more = st.session_state.get(MORE, 0)
    fakes, reals = sheets(moment, moment.name, more)
    kind, place = _picked(len(reals.pictures))
    with st.container(key="fakes"):
        with st.container(key="eye_head", horizontal=True, vertical_alignment="center"):
            st.markdown(say("eye.fakes", "**Fakes.** Tap one."))
            more_label = say("eye.more", "Other pictures")
            st.button(
                more_label, key="eye_more_button", type="tertiary", icon=":material/refresh:", on_click=_ask_for_others
            )
        _show(FAKE, fakes, place if kind == FAKE else None)
    if len(reals.pictures):
        with st.container(key="reals"):
            st.markdown(say("eye.reals", "**Real pictures.**"))
            _show(REAL, reals, place if kind == REAL else None)
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


def _show(kind: str, sheet: Sheet, picked: int | None) -> None:
    alts = [_alt(kind, place, belief) for place, belief in enumerate(sheet.beliefs, start=1)]
    names = {FAKE: plain("eye.fakes_name", "Fakes"), REAL: plain("eye.reals_name", "Real pictures")}
    pick.sheet(f"pick_{kind}", names[kind], sheet.pictures, alts, sheet.beliefs, picked, partial(_put, kind))


def _alt(kind: str, number: int, belief: float) -> str:
    if kind == FAKE:
        return plain("eye.fake_alt", "Fake {number}, {belief:.0%} real", number=number, belief=belief)
    return plain("eye.real_alt", "Real picture {number}, {belief:.0%} real", number=number, belief=belief)


def _picked(reals: int) -> tuple[str, int]:
    """What was tapped, or what the link names, or the first fake."""
    name = st.session_state.get(PICTURE) or st.query_params.get(QUERY) or ""
    kind, _, number = name.partition("-")
    known = {FAKE: SHOWN, REAL: reals}
    if not (kind in known and number.isdecimal() and len(number) < 4 and int(number) < known[kind]):
        kind, number = FAKE, "0"
    st.session_state[PICTURE] = name = f"{kind}-{int(number)}"
    if st.query_params.get(QUERY) != name:
        st.query_params[QUERY] = name
    return kind, int(number)


def _put(kind: str, place: int) -> None:
    st.session_state[PICTURE] = f"{kind}-{place}"


def _ask_for_others() -> None:
    st.session_state[MORE] = st.session_state.get(MORE, 0) + 1
