"""Links for others, as text and as a QR code over the whole page: to watch this run, and to have these settings."""

from base64 import b64encode
from html import escape

import segno
import streamlit as st

from gan.runs import Contest, Run
from gan.setup.config import RunConfig
from pages.shared.server import address
from pages.shared.settings import controls
from pages.shared.tab import session
from pages.shared.words import contest_words, words

SHOWN = "share_shown"
SHARED = words.SHARED | contest_words.SHARED


def offer(run: Run | None, config: RunConfig) -> None:
    """A button that shows both links; the first only where there is a run to watch."""
    links = {words.THIS_RUN: address.link({session.WATCH: run.watch_id})} if run else {}
    links[words.THESE_SETTINGS] = address.link(controls.to_link(st.session_state[controls.PRESET], config))
    _offer(links)


def offer_contest(contest: Contest) -> None:
    """A button that shows the link to a race or a sweep: from elsewhere one can only look at it."""
    _offer({contest_words.THIS[contest.kind]: address.link({contest.kind: contest.contest_id})})


def _offer(links: dict[str, str]) -> None:
    st.button("Share", key="share", width="stretch", on_click=_show, args=(True,))
    if st.session_state.get(SHOWN):  # and still, when the run behind it has ended
        _dialog(links)


def _show(shown: bool) -> None:
    st.session_state[SHOWN] = shown


@st.dialog("Share", width="large", on_dismiss=lambda: _show(False))
def _dialog(links: dict[str, str]) -> None:
    picture, text = st.columns([1.25, 1], gap="medium", vertical_alignment="center")
    with text, st.container(key="shared"):
        name = st.segmented_control(
            "What to share", links, default=next(iter(links)), required=True, key="what", label_visibility="collapsed"
        )
        st.markdown(SHARED[name])
        st.code(links[name], language=None, wrap_lines=True)
        if not address.is_for_others(links[name]):
            st.info(words.ONLY_HERE, icon=":material/computer:")
    with picture:
        st.html(qr_code(links[name]))


def qr_code(link: str) -> str:
    """A link as a QR code in HTML: sharp at any size, dark on white in both themes, with the white edge it needs."""
    svg = segno.make(link, micro=False).svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges" ', 1)
    return f'<img class="qr" alt="{escape(link)}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
