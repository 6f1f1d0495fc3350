"""Links for others, as text and as a QR code over the whole page: to watch this run, and to have these settings."""

from base64 import b64encode
from html import escape

import segno
import streamlit as st

from gan.messages import msg
from gan.runs import Contest, Kind, Run
from gan.setup.config import RunConfig
from pages.shared.server import address
from pages.shared.settings import controls, hidden
from pages.shared.tab import dialogs, looks, session
from pages.shared.words import chosen, plain, say

SETTINGS = "settings"
WORDS = {  # of each link: what it is, and what others can do with it
    session.WATCH: (
        msg("share.run", "Watch this run"),
        msg("share.about_run", "Others see it live. They cannot stop or change it."),
    ),
    SETTINGS: (
        msg("share.settings", "These settings"),
        msg("share.about_settings", "Others find the same settings, ready to start."),
    ),
    Kind.RACE: (
        msg("share.race", "Watch this race"),
        msg("share.about_contest", "Others see it live. From another computer they cannot stop or change it."),
    ),
    Kind.VERSUS: (
        msg("share.versus", "Watch this comparison"),
        msg("share.about_contest", "Others see it live. From another computer they cannot stop or change it."),
    ),
    Kind.SWEEP: (
        msg("share.sweep", "Watch this sweep"),
        msg("share.about_contest", "Others see it live. From another computer they cannot stop or change it."),
    ),
}


def offer(run: Run | None, config: RunConfig) -> None:
    """A button that shows both links; the first, with what of the run is looked at, only where there is one."""
    queries = {session.WATCH: {session.WATCH: run.watch_id} | looks.to_watch(run)} if run else {}
    _offer(queries | {SETTINGS: controls.to_link(st.session_state[controls.PRESET], config)})


def offer_contest(contest: Contest) -> None:
    """A button that shows the link to a race or a sweep: from elsewhere one can only look at it."""
    _offer({contest.kind: {contest.kind: contest.contest_id}})


def _offer(queries: dict[str, dict[str, str]]) -> None:
    title = say("share.title", "Share")
    dialogs.offer("share", title, title, _dialog, queries, width="stretch")


def _dialog(queries: dict[str, dict[str, str]]) -> None:
    picture, text = st.columns([1.25, 1], gap="medium", vertical_alignment="center")
    with text, st.container(key="shared"):
        name = st.segmented_control(
            say("share.what", "What to share"), queries, format_func=lambda each: say(WORDS[each][0]),
            default=next(iter(queries)), required=True, key="what", label_visibility="collapsed",
        )  # fmt: skip
        st.markdown(say(WORDS[name][1]))
        link = address.link(queries[name] | chosen() | (_put_away() if name == SETTINGS else {}))
        st.code(link, language=None, wrap_lines=True)
        if not address.is_for_others(link):
            told = say(
                "share.only_here", "Only this computer can open these links: others cannot reach it over the network."
            )
            st.info(told, icon=":material/computer:")
    with picture:
        st.html(qr_code(link))


def _put_away() -> dict[str, str]:
    """What those who open the link are not to see, or not to change: few controls are easier to find one's way in."""
    offered, lockable = hidden.everything(), hidden.lockable()
    chosen_names = st.multiselect(
        say("share.hide", "Hide from others"), list(offered), format_func=lambda each: plain(offered[each]),
        default=hidden.by_link(), key="share_hide", placeholder=plain("share.hide_nothing", "Nothing"),
    )  # fmt: skip
    locked = st.multiselect(
        say("share.lock", "Lock for others"), list(lockable), format_func=lambda each: plain(lockable[each]),
        default=hidden.by_link(hidden.LOCK), key="share_lock", placeholder=plain("share.hide_nothing", "Nothing"),
    )  # fmt: skip
    return hidden.in_link(chosen_names, locked)


def qr_code(link: str) -> str:
    """A link as a QR code in HTML: sharp at any size, dark on white in both themes, with the white edge it needs."""
    svg = segno.make(link, micro=False).svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges" ', 1)
    return f'<img class="qr" alt="{escape(link)}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
