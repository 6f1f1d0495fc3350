"""Runs on a Ray cluster: the engine of a school, a course, a district."""

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from gan.records import Budget
from gan.runs.cluster.host import Work
from gan.runs.cluster.hosts import RayForeman, RayHost, foreman_of, host_of
from gan.runs.cluster.news import Known, News, Steered
from gan.runs.cluster.remote import RemoteRun
from gan.runs.cluster.wire import PATIENCE_SECONDS, Away, Wire
from gan.runs.kept.store import Store
from gan.runs.live.places import QueueFull
from gan.runs.live.run import Run
from gan.runs.live.thread_run import ThreadRun
from gan.runs.live.training import Eyes, make_trainer
from gan.runs.state.limits import Limits
from gan.runs.state.snapshot import Snapshot
from gan.setup.config import RunConfig

CALL_SECONDS = 0.5  # between two roll calls
CALL = "call"
LOST_SECONDS = 20.0  # of no answer, after which the connection is made anew
FIRST_SECONDS = 30.0  # for the first answer: a process has to start and to import all that it needs
NEWS_PATIENCE = 3.0  # beyond what a host may wait for news


@dataclass(eq=False)
class Claim:
    """A run's claim to a place in the cluster."""

    cluster: "ClusterEngine"
    party: str
    owner: str
    run_ids: tuple[str, ...]  # of all that share the place
    run_id: str

    @property
    def place(self) -> int | None:
        with suppress(Away):
            return self.cluster.place(self.run_id) or None
        return None

    def leave(self) -> None:
        with suppress(Away):  # the foreman finds out: it never begins
            self.cluster.leave(self.party, self.run_id)


class ClusterEngine:
    """See `live.engine.Engine`. Runs go on there when this app server ends; others find them.

    `address` is `ray://HOST:PORT`, or `ray` for a cluster of this computer alone.
    """

    needs_store = True  # what a host is lost with is the rest of it

    def __init__(
        self,
        address: str,
        store: Store,
        limits: Limits,
        make: Callable | None = None,
        eyes: type[Eyes] = Eyes,
    ) -> None:
        self._wire, self._store = Wire(address), store
        self._foreman = foreman_of(store.library)
        self._make, self._eyes = make or partial(make_trainer, cores=limits.place_cores), eyes
        self._server = secrets.token_hex(4)
        self._following: dict[str, RemoteRun] = {}
        self._places: Mapping[str, int | None] = {}
        self._has_foreman = False
        self._trouble: Away | None = None  # why the cluster does not answer, as long as it does not
        self._lock = threading.Lock()
        self._closed, self._wanted = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._call, name="roll-call", daemon=True)
        self._thread.start()

    # See Engine

    def check(self, configs: Sequence[RunConfig], as_one: bool, beside: Sequence[RunConfig]) -> None:
        """Its nodes know what they have room for."""

    def join(self, owner: str, run_ids: Sequence[str], as_one: bool = False) -> list[Claim]:
        """See `Engine.join`. Raises Away as well, where nobody answers."""
        those = [tuple(run_ids)] if as_one else [(run_id,) for run_id in run_ids]
        parties = {secrets.token_hex(4): each for each in those}  # not the run's: its last host may be leaving still
        if refusal := self._ask("join", owner, parties, self._server):
            raise QueueFull(refusal)
        return [Claim(self, party, owner, those, run_id) for party, those in parties.items() for run_id in those]

    def ahead(self, owner: str, leaving: Run | None = None) -> int:
        """See `Engine.ahead`."""
        party = leaving.work.party if isinstance(leaving, RemoteRun) and leaving.is_live else None
        try:
            return self._ask("ahead", owner, party)
        except Away:  # that is said when the run is to be started
            return 0

    def seats(self, budget: Budget, count: int) -> Sequence[Budget]:
        """The turns are taken within a host: all that it needs to know is the budget."""
        return [budget] * count

    def build(self, snapshot: Snapshot, ticket: Claim | None = None, seat: Budget | None = None, **rest: Any) -> Run:
        """See `Engine.build`. A host finds in the store from where a run goes on."""
        if ticket is None:
            return ThreadRun(snapshot, store=rest.get("store"), moments=rest.get("moments"), eyes=self._eyes)
        library, may_use_gpu = self._store.library, snapshot.config.device != "cpu"
        work = Work(ticket.party, ticket.owner, ticket.run_ids, library, self._make, self._eyes, seat, may_use_gpu)
        return RemoteRun(snapshot, self, self._store, work, rest.get("lease"), ticket, self._eyes)

    def find(self, run_id: str) -> Run | None:
        """See `Engine.find`."""
        try:
            work, snapshot = self._ask("work_of", run_id), self._store.load(run_id)
        except (Away, ValueError):
            return None
        if work is None or snapshot is None:
            return None
        claim = Claim(self, work.party, work.owner, work.run_ids, run_id)
        return RemoteRun(snapshot, self, self._store, work, ticket=claim, eyes=self._eyes)

    def close(self, runs: Sequence[Run], timeout: float) -> bool:
        """See `Engine.close`. Its runs go on in the cluster."""
        self._closed.set()
        for run in self._following.values():
            run.let_go()
        self._wanted.set()
        self._thread.join(timeout)
        self._wire.close()
        return True

    # What its runs need: see remote.Cluster

    def place(self, run_id: str) -> int | None:
        with self._lock:
            if self._trouble or run_id not in self._places:
                raise Away
            return self._places[run_id]

    def begin(self, work: Work) -> None:
        self._ask("begin", work)
        with self._lock:  # until the next roll call
            self._places = {**self._places, **dict.fromkeys(work.run_ids, 1)}

    def follows(self, run: RemoteRun) -> None:
        with self._lock:
            self._following = {**self._following, run.run_id: run}
            self._places = {**self._places, run.run_id: 1}  # until the next roll call
        self._wanted.set()

    def leave(self, party: str, run_id: str) -> bool:
        return self._ask("leave", party, run_id)

    def news(self, party: str, run_id: str, known: Known, seconds: float) -> News | None:
        patience = seconds + NEWS_PATIENCE
        return self._wire.ask(self._host(party), RayHost, "news", run_id, known, seconds, patience=patience)

    def order(self, party: str, run_id: str, name: str, *values: Any) -> Steered | None:
        return self._wire.ask(self._host(party), RayHost, "order", run_id, name, *values)

    # Within

    def _ask(self, method: str, *values: Any) -> Any:
        """What the foreman says."""
        if self._trouble and method != CALL:  # the roll call finds out when that is over
            raise Away(self._trouble.message)
        patience = PATIENCE_SECONDS
        if not self._has_foreman:
            self._wire.see_to(self._foreman, RayForeman, self._store.library)
            patience = FIRST_SECONDS
        answer = self._wire.ask(self._foreman, RayForeman, method, *values, patience=patience)
        self._has_foreman = True
        return answer

    def _host(self, party: str) -> str:
        return host_of(self._store.library, party)

    def _call(self) -> None:
        """Say again and again which runs are followed and watched here, and hear of their places; and where the cluster
        does not answer, find out when it does.
        """
        failed_since: float | None = None
        while not self._closed.is_set():
            live = {run_id: run for run_id, run in self._following.items() if run.is_live}
            watched = [run_id for run_id, run in live.items() if run.lease.is_watched]
            try:
                places, trouble = self._ask(CALL, self._server, list(live), watched), None
                failed_since = None
            except Away as error:
                places, trouble = None, error
                failed_since = failed_since or monotonic()
                if monotonic() - failed_since > LOST_SECONDS:
                    self._wire.lose()
                    self._has_foreman, failed_since = False, None
            with self._lock:
                self._following = {each: run for each, run in self._following.items() if run.is_live}
                self._trouble = trouble
                self._places = self._places if trouble else places
            self._wanted.wait(CALL_SECONDS if self._following or trouble else None)
            self._wanted.clear()
