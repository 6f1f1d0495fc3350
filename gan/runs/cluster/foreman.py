"""Foreman: the one in a cluster who hands out places, has hosts train, and ends what nobody watches."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from gan.messages import Message
from gan.runs.cluster.host import Work
from gan.runs.live.lease import Lease
from gan.runs.live.places import Places, QueueFull
from gan.runs.live.places import Ticket as PlacesTicket
from gan.runs.state.limits import Limits

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 0.5
SILENT_SECONDS = 10.0  # after which an app server that says nothing is not there, nor a run that is not told to begin


class Hosts(Protocol):
    """What the foreman needs of a cluster."""

    def room(self) -> int:
        """How many places there are now."""

    def known(self) -> Mapping[str, Work]:
        """The work of all hosts that there are, by its party."""

    def launch(self, work: Work) -> None:
        """Have a host do this."""

    def lost(self) -> Set[str]:
        """The parties whose hosts have ended since it was asked last, and will not come again."""

    def abandon(self, party: str, run_id: str) -> None:
        """Tell a host that nobody watches this run of its any more."""


@dataclass
class Party:
    """Runs that share a place."""

    ticket: PlacesTicket
    leases: dict[str, Lease]  # by run id, watched by app servers
    since: float  # when it queued up
    work: Work | None = None  # once it is to begin
    is_hosted: bool = False
    gone: set[str] = field(default_factory=set)  # runs that were stopped while they waited, or left alone


class Foreman:
    """Any thread may call anything. What it knows is lost with its node: those who call it then say it again."""

    def __init__(self, limits: Limits, hosts: Hosts, clock: Callable[[], float] = monotonic) -> None:
        self._limits, self._hosts, self._clock = limits, hosts, clock
        self._lock = threading.RLock()
        self._places = Places(limits)
        self._parties: dict[str, Party] = {}
        self._heard: dict[str, float] = {}  # app servers, and when they said something last
        self._make_room()
        for work in hosts.known().values():  # this foreman is not the first
            ticket = self._places.join(work.owner, [work.party])[0]
            self._parties[work.party] = Party(ticket, self._leases(work.run_ids), clock(), work, is_hosted=True)
        threading.Thread(target=self._look_after, name="foreman", daemon=True).start()

    def join(self, owner: str, parties: Mapping[str, Sequence[str]], server: str) -> Message | None:
        """Queue up with these runs, by their party; or why that cannot be. An app server that asks for it and is
        heard of no more has left them.
        """
        with self._lock:
            try:
                self._queue_up(owner, parties)
            except QueueFull as error:
                return error.message
            self._heard[server] = self._clock()
            for party in parties:
                for lease in self._parties[party].leases.values():
                    lease.join(server)
            return None

    def ahead(self, owner: str, leaving: str | None) -> int:
        """The place in the queue that a new run of `owner`'s would have once the party `leaving` has left."""
        with self._lock:
            self._make_room()
            party = self._parties.get(leaving or "")
            return self._places.ahead(owner, party and party.ticket)

    def begin(self, work: Work) -> None:
        """Have a party that has queued up train, as soon as it has its place; one that is not known queues up anew."""
        with self._lock:
            if work.party not in self._parties:
                with suppress(QueueFull):
                    self._queue_up(work.owner, {work.party: work.run_ids})
            if party := self._parties.get(work.party):
                party.work = work
                self._launch_one(party)  # who asks for it hears that it fails, and asks again

    def leave(self, party: str, run_id: str) -> bool:
        """A run that waits is to be no more; the party leaves with its last one. False where it waits no more."""
        with self._lock:
            found = self._parties.get(party)
            if found is None or found.is_hosted:
                return found is None
            found.gone.add(run_id)
            if found.gone >= found.leases.keys():
                self.over(party)
            return True

    def over(self, party: str) -> None:
        """All runs of a party have ended, or cannot go on."""
        with self._lock:
            if party in self._parties:
                self._free(party)
                self._launch()

    def call(self, server: str, runs: Collection[str], watched: Collection[str]) -> dict[str, int | None]:
        """An app server says which runs it follows, and which of them are watched there.

        Returns for each its place in the queue, 0 once it need not wait, and None where it is not known here, or was
        not asked to begin.
        """
        with self._lock:
            self._heard[server] = self._clock()
            found: dict[str, int | None] = {}
            for party in self._parties.values():
                for run_id in party.leases.keys() & set(runs):
                    lease = party.leases[run_id]
                    (lease.join if run_id in watched else lease.leave)(server)
                    is_gone = run_id in party.gone and not party.is_hosted
                    found[run_id] = None if is_gone or party.work is None else party.ticket.place or 0
            return {run_id: found.get(run_id) for run_id in runs}

    def work_of(self, run_id: str) -> Work | None:
        """The work to which a run belongs that waits or trains."""
        with self._lock:
            parties = reversed(self._parties.values())  # the newest first: a host may be leaving still
            return next((party.work for party in parties if run_id in party.leases), None)

    # Within

    def _queue_up(self, owner: str, parties: Mapping[str, Sequence[str]]) -> None:
        self._make_room()
        tickets = self._places.join(owner, list(parties))
        for (party, run_ids), ticket in zip(parties.items(), tickets, strict=True):
            self._parties[party] = Party(ticket, self._leases(run_ids), self._clock())

    def _leases(self, run_ids: Sequence[str]) -> dict[str, Lease]:
        return {run_id: Lease(self._limits.grace_seconds, self._clock) for run_id in run_ids}

    def _make_room(self) -> None:
        self._places.allow(self._limits.runs_at_once or self._hosts.room())

    def _free(self, party: str) -> None:
        self._parties.pop(party).ticket.leave()

    def _launch(self) -> None:
        for party in self._parties.values():
            with _trying():
                self._launch_one(party)

    def _launch_one(self, party: Party) -> None:
        if party.work and party.ticket.has_place and not party.is_hosted:
            self._hosts.launch(party.work)
            party.is_hosted = True

    def _look_after(self) -> None:
        while True:
            threading.Event().wait(LOOK_SECONDS)
            with _trying():  # the cluster's own state may be one that cannot be read now
                self.look()

    def look(self) -> None:
        """Forget app servers that say nothing, end runs that nobody watches, and fill what places there are."""
        with self._lock:
            self._forget_silent()
            for name, party in self._parties.items():
                self._look_at(name, party)
            over = {name for name, party in self._parties.items() if self._is_over(party)}
            for name in (over | self._hosts.lost()) & self._parties.keys():  # of a lost one it hears once
                self._free(name)
            self._make_room()
            self._launch()

    def _forget_silent(self) -> None:
        for name in [name for name, at in self._heard.items() if self._clock() - at > SILENT_SECONDS]:
            for party in self._parties.values():
                for lease in party.leases.values():
                    lease.leave(name)
            del self._heard[name]

    def _look_at(self, name: str, party: Party) -> None:
        """Tell a host which of its runs nobody watches, again and again: one that is made anew hears nothing."""
        for run_id, lease in party.leases.items():
            if party.is_hosted and lease.is_watched:
                party.gone.discard(run_id)
            elif run_id in party.gone or lease.ended:
                party.gone.add(run_id)
                if party.is_hosted:
                    with _trying():
                        self._hosts.abandon(name, run_id)

    def _is_over(self, party: Party) -> bool:
        if party.work is None and self._clock() - party.since > SILENT_SECONDS:
            return True  # who asked for its place did not hear of it, or could not give it back
        return not party.is_hosted and party.gone >= party.leases.keys()


@contextmanager
def _trying() -> Iterator[None]:
    """What fails is tried again at the next look."""
    try:
        yield
    except Exception:  # whatever Ray raises; the others are not to wait for this one
        LOG.exception("foreman")
