"""Once a moment of a run, not once a viewer: what all pages show alike is worked out by the first that asks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from gan.runs import Snapshot
from pages.shared.words import voice

KEPT = 32  # results of each function: a few runs, in both themes and a few languages

P, T = ParamSpec("P"), TypeVar("T")


def _parts(snapshot: Snapshot) -> tuple[int, ...]:
    """A snapshot as a key. A run at rest hands out a new one at each look, but made of the very same parts."""
    return tuple(map(id, vars(snapshot).values()))


def once(make: Callable[Concatenate[Snapshot, P], T]) -> Callable[Concatenate[Snapshot, P], T]:
    """A function of a snapshot and other plain values, worked out once for all who see this snapshot in one language.

    Who asks meanwhile waits for it (Streamlit's cache has a lock for each key); a failure is not kept.
    """

    def kept(snapshot: Snapshot, voice: tuple[str, str], *others: P.args) -> tuple[T, Snapshot]:
        return make(snapshot, *others), snapshot  # kept too, so that no other object gets the identity of a part

    kept.__module__, kept.__qualname__ = make.__module__, make.__qualname__  # by which Streamlit tells caches apart
    cached = st.cache_resource(show_spinner=False, max_entries=KEPT, hash_funcs={Snapshot: _parts})(kept)

    @wraps(make)
    def shared(snapshot: Snapshot, *others: P.args) -> T:
        return cached(snapshot, voice(), *others)[0]

    return shared
