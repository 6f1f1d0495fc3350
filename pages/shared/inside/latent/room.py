"""The room: which view, the shelf of picks above it, and the view."""

from typing import TYPE_CHECKING

import streamlit as st

from gan.runs import Run
from pages.shared.inside import chosen
from pages.shared.inside.latent import copies, desk, directions, map, mixtures, new_ones, sheet, walks, words
from pages.shared.inside.latent.desk import Desk
from pages.shared.kept import file_button
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

VIEW, QUERY = "latent_view", "look"
SHOW = {
    "new": new_ones.show,
    "walk": walks.show,
    "directions": directions.show,
    "mix": mixtures.show,
    "map": map.show,
    "copies": copies.show,
}


def show(run: Run, epoch: int) -> None:
    """The space of one kept moment of a run."""
    moment = chosen.open_moment(run, epoch)
    if moment:
        st.fragment(_show)(run, epoch, moment)


def _show(run: Run, epoch: int, moment: "Moment") -> None:
    own = desk.of(run, moment)
    desk.keep_in_link(own)
    view = _choose()
    st.markdown(say(words.VIEWS[view].about))
    if view != "map":
        with st.container(key="shelf", horizontal=True, gap="small", vertical_alignment="center"):
            _shelf(own, moment)
    SHOW[view](run, epoch, moment, own)


def _choose() -> str:
    if VIEW not in st.session_state:
        asked = st.query_params.get(QUERY)
        st.session_state[VIEW] = asked if asked in words.VIEWS else next(iter(words.VIEWS))
    view = st.segmented_control(
        plain("latent.view", "View"), words.VIEWS, key=VIEW, required=True, persist_state="session",
        format_func=lambda each: plain(words.VIEWS[each].title), label_visibility="collapsed",
    )  # fmt: skip
    if st.query_params.get(QUERY) != view:
        st.query_params[QUERY] = view
    return view


def _shelf(own: Desk, moment: "Moment") -> None:
    """The picks: a tap makes one A, and what was A becomes B."""
    told, row, menu = st.columns([1.6, 8, 1.3], gap="small", vertical_alignment="center")
    told.markdown(say("latent.picks", "**Picks.** Tapped last: A. Before: B."))
    with row:
        if own.picks:
            sheet.show(
                desk.draw(moment, own.picks), "latent_shelf", plain("latent.picks_alt", "Picks"),
                [pick.name for pick in own.picks], lambda place: own.take(own.picks[place]),
                marks=own.marks, columns=(12, 8, 5),
            )  # fmt: skip
    with menu.popover(say("latent.keep", "Keep"), icon=":material/favorite:", width="stretch", disabled=not own.picks):
        _keep(own, moment)


def _keep(own: Desk, moment: "Moment") -> None:
    picks = own.picks
    file_button.offer(
        say("latent.save_png", "Save as pictures (PNG)"), lambda: desk.png(moment, picks), "picks.png", "image/png",
        "latent_png", width="stretch",
    )  # fmt: skip
    file_button.offer(
        say("latent.save_csv", "Save their numbers (CSV)"), lambda: desk.numbers(picks), "picks.csv", "text/csv",
        "latent_csv", width="stretch",
    )  # fmt: skip
    st.button(
        say("latent.put_back", "Put A back"), on_click=lambda: own.a and own.drop(own.a), width="stretch",
        icon=":material/remove:", disabled=len(picks) < 3, key="latent_put_back",
    )  # fmt: skip
