"""The light-table of this tab, found again by its address, and what was said of the files that came last."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import streamlit as st

from gan.data import own
from gan.messages import Message, message_of, msg
from gan.rooms import Table
from pages.shared.server import held
from pages.shared.tab.session import TABLE

LEFT_OUT = "own_left_out"  # sentences about what of the newest files was left out
KIND = "own_kind"  # what the next pictures are called that bring no name


def current() -> Table | None:
    """The table that this tab has, or that its link names; None while nothing was brought."""
    table = held.tables().of(st.session_state.get(TABLE) or st.query_params.get(TABLE))
    if table is None:
        st.session_state.pop(TABLE, None)
        st.query_params.pop(TABLE, None)
        return None
    _remember(table)
    return table


def opened() -> Table | None:
    """The same, or a new one; None where there are too many, which is said then."""
    table = current()
    if table is None:
        try:
            table = held.tables().open()
        except ValueError as error:
            st.session_state[LEFT_OUT] = [message_of(error)]
            return None
        _remember(table)
    return table


def lay(files: Iterable[own.File | Message], several: bool = False) -> None:
    """Read these files, lay what they show on the table, and remember what was left out."""
    table = opened()
    if table is None:
        return
    told = own.read(files, several)
    if told.found and not table.count:
        table.look(own.are_coloured(told.found))
    called = st.session_state.get(KIND, "")
    named = [replace(each, kind=each.kind or own.kind_name(called)) for each in told.found]
    st.session_state[LEFT_OUT] = [*told.complaints, *_no_room(len(named) - table.add(named))]


def lay_drawn(pixels: np.ndarray) -> None:
    """Lay what was drawn on the pad on the table, light ink on dark uint8 (n, n)."""
    found, table = own.drawn(pixels, st.session_state.get(KIND, "")), opened()
    if found and table:
        st.session_state[LEFT_OUT] = _no_room(1 - table.add([found]))


def put_back(table: Table) -> None:
    """For a button's on_click: what was removed last lies there again."""
    table.put_back()
    st.session_state[LEFT_OUT] = _no_room(table.taken)


def _no_room(count: int) -> list[Message]:
    """That so many pictures found no place on the table; nothing where all did."""
    told = msg(
        "own.no_room", "A light-table holds {most:,} pictures at most. Left out: {count:,}.", most=own.MOST_PICTURES,
        count=count,
    )  # fmt: skip
    return [told] if count else []


def _remember(table: Table) -> None:
    st.session_state[TABLE] = table.table_id
    if st.query_params.get(TABLE) != table.table_id:
        st.query_params[TABLE] = table.table_id
