"""Why: the pixels that made the picture look real or fake, in two ways."""

import math
from typing import TYPE_CHECKING

import streamlit as st

from gan import inside
from gan.data.remembered import forgettable
from gan.inside import GRADIENT, OCCLUSION, Heat, Subject
from gan.messages import msg
from pages.shared.inside.eye import frame, overlay, words
from pages.shared.inside.eye.picking import Picked
from pages.shared.words import html, plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

METHOD = "eye_method"
METHODS = {
    GRADIENT: msg("eye.gradient", "By its slopes"),
    OCCLUSION: msg("eye.occlusion", "By covering"),
}
ABOUT = {
    GRADIENT: msg(
        "eye.gradient_about",
        "Integrated gradients (Sundararajan et al. 2017): how much each pixel adds to the answer on the way from an "
        "empty picture to this one.",
    ),
    OCCLUSION: msg(
        "eye.occlusion_about",
        "Occlusion (Zeiler and Fergus 2014): a small square is wiped out at each place in turn, and the detective is "
        "asked again.",
    ),
}


def show(moment: "Moment", picked: Picked) -> None:
    left, right = st.columns([1, 1.15], gap="medium")
    with right:
        place = st.container()
        method = st.segmented_control(
            say("eye.method", "How to find out"), METHODS, format_func=lambda each: say(METHODS[each]), key=METHOD,
            default=GRADIENT, required=True, persist_state="session",
        )  # fmt: skip
        st.caption(say(ABOUT[method]))
        found = _heat(moment, moment.name, picked.subject, method)
        st.html(
            f'<p class="eye_legend"><span><i class="real"></i>{html("eye.made_real", "made it look real")}</span> '
            f'<span><i class="fake"></i>{html("eye.made_fake", "made it look fake")}</span></p>'
        )
        if math.isfinite(found.blank.belief):
            st.caption(say("eye.compared", "An empty picture gets {belief:.0%}.", belief=found.blank.belief))
    with place:
        frame.verdict(found.verdict, notes=_notes(moment, picked, found))
        frame.about(moment)
    with left:
        frame.picture(overlay.heat(picked.subject.picture, found.values), _alt(found), picked.kind)


def _notes(moment: "Moment", picked: Picked, found: Heat) -> list:
    told = words.told(moment.config, picked.subject.label)
    if picked.is_painted:
        return [words.PAINTED, told]
    return [words.truth(found.verdict, picked.subject.is_real), told]


def _alt(found: Heat) -> str:
    return plain(
        "eye.heat_alt", "The picture, with the pixels marked that made it look real ({share:.0%} of them) or fake.",
        share=float((found.values > 0).mean()),
    )  # fmt: skip


@forgettable
@st.cache_resource(show_spinner=False, max_entries=128, hash_funcs={Subject: lambda subject: _parts(subject)})
def _heat(_moment: "Moment", name: str, subject: Subject, method: str) -> Heat:
    return inside.heat(_moment, subject, method)


def _parts(subject: Subject) -> tuple:
    return subject.picture.tobytes(), subject.is_real, subject.label
