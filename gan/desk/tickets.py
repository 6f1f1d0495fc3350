"""Tickets: for a short time they open what is otherwise behind the PIN, such as a sheet in a tab of its own."""

import secrets
from collections.abc import Callable
from threading import Lock
from time import monotonic

SECONDS = 600.0


class Tickets:
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._until: dict[str, float] = {}

    def make(self) -> str:
        with self._lock:
            self._forget_old()
            ticket = secrets.token_urlsafe(18)
            self._until[ticket] = self._clock() + SECONDS
            return ticket

    def holds(self, ticket: str) -> bool:
        with self._lock:
            self._forget_old()
            return ticket in self._until

    def _forget_old(self) -> None:
        now = self._clock()
        self._until = {ticket: until for ticket, until in self._until.items() if until > now}
