"""What pupils may do on this server, which controls they do not see, and which settings they do not change."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from gan.desk.rules import ALLOWED
from gan.messages import Message, msg
from pages.shared.server import address, held
from pages.shared.settings import hidden
from pages.shared.tab import session
from pages.shared.words import plain, say

HIDE, LOCK = "desk_hide", "desk_lock_settings"  # the widgets' keys


def show() -> None:
    st.markdown(
        say("visitors.who", "This is for everybody who opens this app on another computer and does not come in here by "
            "the PIN. What you choose counts at once, until the program ends.")
    )  # fmt: skip
    may, see = st.columns(2, gap="large")
    with may:
        st.header(say("visitors.may", "What pupils may do"), anchor=False)
        for what, told in ALLOWED.items():
            st.session_state[_key(what)] = what not in held.desk().rules.forbidden
            st.toggle(say(told), key=_key(what), on_change=_allow, args=(what,))
    with see:
        _put_away()


def _key(what: str) -> str:
    return f"desk_may_{what}"


def _allow(what: str) -> None:
    desk = held.desk()
    forbidden = desk.rules.forbidden
    desk.rules = replace(
        desk.rules, forbidden=forbidden - {what} if st.session_state[_key(what)] else forbidden | {what}
    )


def _put_away() -> None:
    """Controls that they do not see, settings that they see and do not change; and a link that does the same, for a
    server of somebody else's.
    """
    st.header(say("visitors.see", "What pupils see"), anchor=False)
    rules = held.desk().rules
    hide = _several(
        HIDE, msg("visitors.hide", "Hidden: they do not see these"), hidden.everything(), rules.hidden, "hidden"
    )
    lock = _several(
        LOCK, msg("visitors.lock", "Locked: they see these, and cannot change them"), hidden.lockable(), rules.locked,
        "locked",
    )  # fmt: skip
    if hide or lock:
        st.caption(say("visitors.link", "This link does the same for whoever opens it, on any page:"))
        link = f"{address.for_others() or address.own()}/{session.PICTURES.removesuffix('.py')}"
        st.code(address.with_query(link, hidden.in_link(hide, lock)), language=None, wrap_lines=True)


def _several(key: str, label: Message, offered: dict[str, Message], now: Sequence[str], rule: str) -> list[str]:
    st.session_state[key] = [name for name in now if name in offered]
    return st.multiselect(
        say(label), list(offered), format_func=lambda each: plain(offered[each]), key=key,
        placeholder=plain("share.hide_nothing", "Nothing"), on_change=_keep, args=(key, rule),
    )  # fmt: skip


def _keep(key: str, rule: str) -> None:
    held.desk().rules = replace(held.desk().rules, **{rule: tuple(st.session_state[key])})
