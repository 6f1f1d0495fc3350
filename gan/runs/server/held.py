"""What a server holds for as long as it runs: made by the first that asks, the same for all, and never taken away.

`st.cache_resource` is no place for it: any visitor's browser may ask Streamlit to clear that.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Held(Generic[T]):
    """`held()` makes the thing once, whoever asks at the same time, and returns it from then on."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.RLock()
        self._made: list[T] = []
        self.__doc__ = make.__doc__

    def __call__(self) -> T:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]

    def let_go(self) -> None:
        """Forget it; the next that asks makes another. For tests."""
        with self._lock:
            self._made.clear()
