"""Once a moment of a run, not once a viewer: what all pages show alike is worked out by the first that asks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from gan.data.remembered import forgettable
from gan.runs import Snapshot
from pages.shared.words import voice

KEPT = 32  # results of each function: a few runs, in both themes and a few languages

P, T = ParamSpec("P"), TypeVar("T")


def _moment(snapshot: Snapshot) -> tuple[int, str, int | None]:
    """A snapshot as a key, which keeps nothing of it. A run at rest hands out new ones of the same moment."""
    return snapshot.moment, snapshot.state, snapshot.place


def once(make: Callable[Concatenate[Snapshot, P], T]) -> Callable[Concatenate[Snapshot, P], T]:
    """A function of a snapshot and other plain values, worked out once for all who see this snapshot in one language.

    What it gives is kept when the run is long gone from memory: it holds nothing of the snapshot. Who asks meanwhile
    waits for it (Streamlit's cache has a lock for each key); a failure is not kept.
    """

    def made(snapshot: Snapshot, voice: tuple[str, str], *others: P.args) -> T:
        return make(snapshot, *others)

    made.__module__, made.__qualname__ = make.__module__, make.__qualname__  # by which Streamlit tells caches apart
    cached = forgettable(st.cache_resource(show_spinner=False, max_entries=KEPT, hash_funcs={Snapshot: _moment})(made))

    @wraps(make)
    def shared(snapshot: Snapshot, *others: P.args) -> T:
        return cached(snapshot, voice(), *others)

    return shared
