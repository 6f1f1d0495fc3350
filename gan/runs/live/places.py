"""Places: at most so many runs train at once; the others queue."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gan.messages import Message, Refusal, msgs
from gan.runs.state.limits import Limits

LOOK_SECONDS = 0.2  # how often one who waits looks whether it still wants to
LEAST = 2  # runs that are taken to train side by side before it is known how many; most computers have room for more


class QueueFull(Refusal):
    """No more runs are taken; the message says why and what to do."""


@dataclass(eq=False)
class Party:
    """Runs that take one place together. Each is itself: the same run can come back while its old one leaves."""

    owner: str
    has_place: bool = False


@dataclass(eq=False)
class Ticket:
    """One run's claim to a place."""

    places: "Places"
    party: Party

    @property
    def has_place(self) -> bool:
        return self.party.has_place

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

    @property
    def at_once(self) -> int:
        """How many train at once, as far as that is known."""
        return self._at_once or LEAST

    def allow(self, at_once: int) -> None:
        """Have so many train at once from now on; those that have their places keep them."""
        with self._news:
            self._at_once = at_once
            self._give_places()

    def join(self, owner: str, parties: Sequence[str]) -> list[Ticket]:
        """Queue up with a run for each name in `parties`; those with one name take one place together.

        Raises QueueFull when more would have to wait than may.
        """
        made = {name: Party(owner) for name in parties}
        tickets = [Ticket(self, made[name]) for name in parties]
        with self._news:
            waiting = self._waiting(self._tickets)
            more = len(self._waiting([*self._tickets, *tickets])) - len(waiting)
            mine = sum(ticket.party.owner == owner for ticket in waiting)
            if more and mine + more > self._limits.waiting_each:
                raise QueueFull(_too_many_of_one(mine, more))
            if more and len(waiting) + more > self._limits.waiting:
                raise QueueFull(_too_many_of_all(len(waiting)))
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
            return 1 + _queue(self._tickets).index(ticket.party)

    def ahead(self, owner: str, leaving: Ticket | None = None) -> int:
        """The place in the queue, from 1, that a new run of `owner`'s would have once `leaving` has given its place
        back; 0 where it would begin at once.
        """
        with self._news:
            tickets = [ticket for ticket in self._tickets if ticket is not leaving]
            new = Ticket(self, Party(owner))
            place = 1 + _queue([*tickets, new]).index(new.party)
            return max(0, place - _free(tickets, self.at_once))

    def _give_places(self) -> None:
        for party in _queue(self._tickets)[: _free(self._tickets, self._at_once)]:
            party.has_place = True
        self._news.notify_all()

    def _waiting(self, tickets: Sequence[Ticket]) -> list[Ticket]:
        """Those for whom there is no place."""
        behind = _queue(tickets)[_free(tickets, self.at_once) :]
        return [ticket for ticket in tickets if ticket.party in behind]


def _free(tickets: Sequence[Ticket], at_once: int) -> int:
    return max(0, at_once - len({ticket.party for ticket in tickets if ticket.has_place}))


def _queue(tickets: Sequence[Ticket]) -> list[Party]:
    """The parties that wait, in the order in which they get their places."""
    parties = list(dict.fromkeys(ticket.party for ticket in tickets))
    has = Counter(party.owner for party in parties if party.has_place)
    waiting, order = [party for party in parties if not party.has_place], []
    while waiting:
        first = min(waiting, key=lambda party: has[party.owner])  # the earliest among equals
        waiting.remove(first)
        order.append(first)
        has[first.owner] += 1
    return order


def _too_many_of_one(mine: int, more: int) -> Message:
    if mine:
        return msgs(
            "places.yours",
            "You have {count} run in the queue already. Wait for it, or stop it.",
            "You have {count} runs in the queue already. Wait for some of them, or stop them.",
            mine,
        )
    return msgs(
        "places.too_many",
        "{count} run would have to wait for its place, and that is more than may wait. Try again later.",
        "{count} runs would have to wait for their places, and that is more than may wait. Try again later.",
        more,
    )


def _too_many_of_all(waiting: int) -> Message:
    return msgs(
        "places.full",
        "The queue is full: {count} run is waiting. Try again later.",
        "The queue is full: {count} runs are waiting. Try again later.",
        waiting,
    )


def _at_once() -> int:
    """How many runs this computer trains side by side, by its cores or its graphics card's memory."""
    from gan.learn.device import runs_at_once

    return runs_at_once()
