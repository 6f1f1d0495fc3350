"""What is remembered of pictures because it takes long to work out, such that all of it can be forgotten together: it
holds pictures that somebody brought.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")

_forgetting: list[Callable[[], None]] = []
_times = 0


def remembered(most: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator: what was given for the newest `most` arguments is given again, until all is forgotten."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        known = lru_cache(most)(function)
        on_forgetting(known.cache_clear)
        return known

    return decorate


def forgettable(cached: T) -> T:
    """A decorator of what is remembered by other means, and has a method `clear`: that goes along."""
    on_forgetting(cached.clear)
    return cached


def on_forgetting(forget: Callable[[], None]) -> None:
    """Call this too when all is forgotten."""
    _forgetting.append(forget)


def forget_all() -> None:
    global _times
    _times += 1
    for forget in _forgetting:
        forget()


def times_forgotten() -> int:
    """How many times all was forgotten: for those who cannot be told, and look before they use what they hold."""
    return _times
