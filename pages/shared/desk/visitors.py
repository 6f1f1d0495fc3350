"""What visitors may do on this server, and which controls they do not see."""

from dataclasses import replace

import streamlit as st

from gan.desk.rules import ALLOWED
from pages.shared.server import address, held
from pages.shared.settings import hidden
from pages.shared.tab import session
from pages.shared.words import plain, say

HIDE = "desk_hide"  # the widget's key


def show() -> None:
    st.markdown(
        say("visitors.who", "Visitors are all who open this app on other computers and do not come in here by the PIN. "
            "What you choose counts at once, until the server ends.")
    )  # fmt: skip
    may, see = st.columns(2, gap="large")
    with may:
        st.header(say("visitors.may", "What they may do"), anchor=False)
        for what, told in ALLOWED.items():
            st.session_state[_key(what)] = what not in held.desk().rules.forbidden
            st.toggle(say(told), key=_key(what), on_change=_allow, args=(what,))
    with see:
        _hide()


def _key(what: str) -> str:
    return f"desk_may_{what}"


def _allow(what: str) -> None:
    desk = held.desk()
    forbidden = desk.rules.forbidden
    desk.rules = replace(
        desk.rules, forbidden=forbidden - {what} if st.session_state[_key(what)] else forbidden | {what}
    )


def _hide() -> None:
    """Controls that they do not see; and a link that hides the same, for a server of somebody else's."""
    st.header(say("visitors.see", "What they do not see"), anchor=False)
    offered = hidden.everything()
    st.session_state[HIDE] = [name for name in held.desk().rules.hidden if name in offered]
    chosen = st.multiselect(
        say("visitors.hide", "Controls to hide"), list(offered), format_func=lambda each: plain(offered[each]),
        key=HIDE, placeholder=plain("share.hide_nothing", "Nothing"), on_change=_put_away,
    )  # fmt: skip
    if chosen:
        st.caption(say("visitors.link", "This link hides them too, for whoever opens it, on any page:"))
        link = f"{address.for_others() or address.own()}/{session.PICTURES.removesuffix('.py')}"
        st.code(address.with_query(link, hidden.in_link(chosen)), language=None, wrap_lines=True)


def _put_away() -> None:
    held.desk().rules = replace(held.desk().rules, hidden=tuple(st.session_state[HIDE]))
