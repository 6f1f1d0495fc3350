"""The light-table: all pictures by what they are called; tapped ones are named anew, or removed."""

import numpy as np
import streamlit as st

from gan.data import own
from gan.messages import Message, msg, msgs
from gan.rooms import Table
from gan.rooms.table import Lying
from pages.shared.inside.latent import sheet
from pages.shared.own import desk
from pages.shared.words import plain, say, values

PICKED = "own_picked"  # numbers of the pictures that were tapped
CALLED = "own_called"
SHOWN = 200  # of a kind
TOLD = 8  # sentences about what was left out
DRAWINGS, COLOURS = "drawings", "colours"
LOOKS = {
    DRAWINGS: msg("own.look.drawings", "Drawings (28 x 28, grey)"),
    COLOURS: msg("own.look.colours", "Pictures in colour (32 x 32)"),
}
NO_KIND = msg("own.no_kind", "Without a name")


def show(table: Table | None) -> None:
    """What lies there, and what can be done with it."""
    _left_out()
    if table and table.is_full:  # what the class sends is not laid there either
        st.caption(say("own.is_full", "The light-table is full. Remove pictures to make room for others."))
    if table is None or not (table.count or table.taken):
        st.markdown(
            say("own.empty_table", "Nothing lies here yet. Bring at least 8 pictures; with 60 it goes well. The more "
                "alike they are, the sooner the forger learns.")
        )  # fmt: skip
        return
    kinds = table.kinds()
    picked = st.session_state.setdefault(PICKED, set())
    picked &= {each.number for kind in kinds.values() for each in kind}
    _bar(table, [kind for kind in kinds if kind], picked)
    for place, (kind, lying) in enumerate(kinds.items()):
        _kind(table, place, kind, lying, picked)


def _bar(table: Table, kinds: list[str], picked: set[int]) -> None:
    key, looks = f"own_look_{table.table_id}", COLOURS if table.is_coloured else DRAWINGS
    if st.session_state.get(key) != looks:  # in another tab it was changed
        st.session_state[key] = looks
    st.segmented_control(
        say("own.look", "How they are looked at"), LOOKS, format_func=lambda each: plain(LOOKS[each]), required=True,
        key=key, label_visibility="collapsed", on_change=_look, args=(table, key),
    )  # fmt: skip
    told = msgs("own.picked", "One picked.", "{count} picked.", len(picked))
    st.markdown(say(told if picked else msg("own.pick", "Tap pictures to pick them.")))
    with st.container(key="own_bar", horizontal=True, vertical_alignment="bottom", gap="small"):
        called = st.selectbox(
            say("own.call", "What the picked ones show"), kinds, index=None, key=CALLED, accept_new_options=True,
            placeholder=plain("own.call.new", "Choose, or type a new name"), label_visibility="collapsed",
        )  # fmt: skip
        st.button(
            say("own.rename", "Name them"), on_click=_rename, args=(table, called or ""),
            disabled=not (picked and called),
        )  # fmt: skip
        st.button(
            say("own.remove", "Remove"), icon=":material/delete:", on_click=_remove, args=(table,), disabled=not picked
        )
        if table.taken:
            back = msgs("own.put_back", "Put one back", "Put {count} back", table.taken)
            st.button(say(back), icon=":material/undo:", key="own_put_back", on_click=desk.put_back, args=(table,))


def _kind(table: Table, place: int, kind: str, lying: list[Lying], picked: set[int]) -> None:
    name: Message = values.shown(kind) if kind else NO_KIND
    numbers = [each.number for each in lying]
    with st.container(key=f"own_kind_{place}", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(say("own.kind_count", "**{kind}** · {count:,}", kind=name, count=len(lying)))
        is_all = picked >= set(numbers)
        label = msg("own.pick_none", "Let all go") if is_all else msg("own.pick_all", "Pick all")
        st.button(say(label), key=f"own_all_{place}", type="tertiary", on_click=_pick, args=(numbers, is_all))
    shown = lying[:SHOWN]
    alt = plain("own.kind_alt", "{kind}: pictures to pick", kind=name)
    sheet.show(
        np.stack([each.found.of(table.is_coloured) for each in shown]), f"own_sheet_{place}", alt,
        [plain("own.picture", "Picture {number}", number=each.number) for each in shown],
        lambda tapped: _tap(shown[tapped].number),
        pressed=[at for at, each in enumerate(shown) if each.number in picked], columns=(16, 12, 8, 6, 4),
    )  # fmt: skip
    if len(lying) > SHOWN:
        st.caption(say("own.not_shown", "{count:,} more of them are not shown.", count=len(lying) - SHOWN))


def _look(table: Table, key: str) -> None:
    """Before anything of the page is drawn: the set that is offered above the table is the one that lies there."""
    table.look(st.session_state[key] == COLOURS)


def _tap(number: int) -> None:
    st.session_state[PICKED] ^= {number}


def _pick(numbers: list[int], is_all: bool) -> None:
    if is_all:
        st.session_state[PICKED] -= set(numbers)
    else:
        st.session_state[PICKED] |= set(numbers)


def _rename(table: Table, called: str) -> None:
    table.label(st.session_state[PICKED], called)
    st.session_state[PICKED] = set()


def _remove(table: Table) -> None:
    table.remove(st.session_state[PICKED])
    st.session_state[PICKED] = set()


def _left_out() -> None:
    """A sentence about each file that was left out."""
    if reasons := st.session_state.get(desk.LEFT_OUT):
        st.warning("\n\n".join(say(each) for each in own.first_few(reasons, TOLD)), icon=":material/block:")
