"""Places: at most so many runs train at once; the others queue."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gan.runs.state.limits import Limits

LOOK_SECONDS = 0.2  # how often one who waits looks whether it still wants to


class QueueFull(ValueError):
    """No more runs are taken; the message says why and what to do."""


@dataclass(eq=False)
class Ticket:
    """One run's claim to a place. Tickets of one party take one place together."""

    places: "Places"
    owner: str
    party: str
    has_place: bool = False

    @property
    def place(self) -> int | None:
        """Its place in the queue, from 1; None once it need not wait."""
        return self.places.place(self)

    def wait(self, is_over: Callable[[], bool]) -> bool:
        """Wait for a place; False as soon as `is_over` says that none is wanted any more."""
        return self.places.wait(self, is_over)

    def leave(self) -> None:
        self.places.leave(self)


class Places:
    """Who trains now, and who waits.

    The next place goes to the owner who has the fewest, and among equals to who came first.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits, self._at_once = limits, limits.runs_at_once or 0
        self._news = threading.Condition()
        self._tickets: list[Ticket] = []  # in the order of arrival

    def join(self, owner: str, parties: Sequence[str]) -> list[Ticket]:
        """Queue up with a run for each name in `parties`. Raises QueueFull when there is no room for them."""
        with self._news:
            waiting = [ticket for ticket in self._tickets if not ticket.has_place]
            mine = sum(ticket.owner == owner for ticket in waiting)
            if mine + len(parties) > self._limits.waiting_each:
                raise QueueFull(f"You have {mine} runs in the queue already. Wait for some of them, or stop them.")
            if len(waiting) + len(parties) > self._limits.waiting:
                raise QueueFull(f"The queue is full: {len(waiting)} runs are waiting. Try again later.")
            tickets = [Ticket(self, owner, party) for party in parties]
            self._tickets += tickets
            self._give_places()
        return tickets

    def wait(self, ticket: Ticket, is_over: Callable[[], bool]) -> bool:
        self._at_once = self._at_once or _at_once()  # on the run's own thread, for it may take torch
        with self._news:
            self._give_places()
            while not ticket.has_place and not is_over():
                self._news.wait(LOOK_SECONDS)
            return ticket.has_place

    def leave(self, ticket: Ticket) -> None:
        """Give the place back, or leave the queue."""
        with self._news:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
                self._give_places()

    def place(self, ticket: Ticket) -> int | None:
        with self._news:
            if ticket.has_place or ticket not in self._tickets or not self._at_once:
                return None
            return 1 + self._queue().index(ticket.party)

    def _give_places(self) -> None:
        free = self._at_once - len({ticket.party for ticket in self._tickets if ticket.has_place})
        chosen = set(self._queue()[: max(0, free)])
        for ticket in self._tickets:
            ticket.has_place |= ticket.party in chosen
        self._news.notify_all()

    def _queue(self) -> list[str]:
        """The parties that wait, in the order in which they get their places."""
        owners = {ticket.party: ticket.owner for ticket in self._tickets}
        placed = {ticket.party for ticket in self._tickets if ticket.has_place}
        has = Counter(owners[party] for party in placed)
        waiting, order = [party for party in owners if party not in placed], []
        while waiting:
            first = min(waiting, key=lambda party: has[owners[party]])  # the earliest among equals
            waiting.remove(first)
            order.append(first)
            has[owners[first]] += 1
        return order


def _at_once() -> int:
    """How many runs this computer trains side by side, by its cores or its graphics card's memory."""
    from gan.learn.device import runs_at_once

    return runs_at_once()
