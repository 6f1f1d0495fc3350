"""Host: the runs of one place, on threads of a process of their own, somewhere in the cluster."""

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from gan.records import Budget, Change
from gan.runs.cluster.news import Known, News, Steered, news_of
from gan.runs.kept.library import Library
from gan.runs.kept.store import Store
from gan.runs.live.lease import Lease
from gan.runs.live.thread_run import ThreadRun
from gan.runs.live.training import Eyes
from gan.runs.live.turns import Turns
from gan.runs.state.snapshot import RunState, Snapshot

LAST_NEWS_SECONDS = 0.3  # in which those who wait for news hear of the end
LOOK_SECONDS = 0.02  # how often it is looked whether there is something new


@dataclass(frozen=True)
class Work:
    """What a host is to do: runs that share a place."""

    party: str
    owner: str
    run_ids: tuple[str, ...]
    library: Library  # where they are kept
    make: Callable  # a trainer, as `ThreadRun` takes it
    eyes: type[Eyes] = Eyes
    budget: Budget | None = None  # of runs that take turns
    may_use_gpu: bool = True


class Alone(Lease):
    """The lease of a run whose watchers somebody else counts."""

    has_ended = False

    @property
    def ended(self) -> bool:
        return self.has_ended


class Host:
    """Trains the runs of its `work`, each from its newest moment that is kept; one that is new has none.

    It is made again wherever it was lost, and goes on. `over` is called once all its runs have ended.
    """

    def __init__(self, work: Work, over: Callable[[], None]) -> None:
        self._name = secrets.token_hex(4)  # another each time that it is made
        self._work = work
        self._store = store = Store(work.library, beside=True)
        seats = Turns(work.budget, len(work.run_ids)).seats if work.budget else [None] * len(work.run_ids)
        self._runs: dict[str, ThreadRun] = {}
        self._told: dict[str, _Told] = {}
        for run_id, seat in zip(work.run_ids, seats, strict=True):
            found = store.load(run_id)
            if found is None or not (found.state.is_live or found.state is RunState.INTERRUPTED):
                if seat:
                    seat.leave()
                continue  # it was deleted, or had ended before its host was lost
            store.take_over(run_id)
            snapshot, again = begun(found)
            self._told[run_id] = _Told()
            self._runs[run_id] = ThreadRun(
                snapshot, work.make, Alone(), store=store, again=again, eyes=work.eyes, seat=seat
            )
        for run in self._runs.values():
            run.start()
        threading.Thread(target=self._see_them_out, args=(over,), name="host", daemon=True).start()

    def news(self, run_id: str, known: Known, seconds: float) -> News | None:
        """What is new of a run, as soon as something is, or after so many seconds; None for one that is not here."""
        if (run := self._runs.get(run_id)) is None:
            return None
        end = monotonic() + seconds
        while True:
            written, snapshot, steered = run.written, run.snapshot(), _steered(run)
            version = self._name, self._told[run_id].number(written, snapshot.state, steered)
            if version != known.version or monotonic() >= end:
                return news_of(snapshot, steered, version, known)
            threading.Event().wait(LOOK_SECONDS)

    def doing(self) -> Work:
        """What it was made for."""
        return self._work

    def order(self, run_id: str, name: str, *values: Any) -> Steered | None:
        """Have a run do something by the name of its control's method, and say how it stands; None where it is not."""
        if (run := self._runs.get(run_id)) is None:
            return None
        if name == "wish":
            run.wish(*values)
        elif name == "abandon":
            run.lease.has_ended = True
        else:
            getattr(run.control, name)(*values)
        return _steered(run)

    def _see_them_out(self, over: Callable[[], None]) -> None:
        for run in self._runs.values():
            run.wait()
        threading.Event().wait(LAST_NEWS_SECONDS)
        self._store.close()
        over()


def begun(found: Snapshot) -> tuple[Snapshot, Sequence[Change]]:
    """A run as it begins or goes on, from its newest kept moment, and the changes to be made again on the way."""
    if not found.kept:
        return replace(found, state=RunState.STARTING), ()
    newest = found.kept[-1]
    snapshot, again = found.as_of(newest)
    return replace(snapshot, resumed_at=None if newest == found.forked_at else newest), again


def _steered(run: ThreadRun) -> Steered:
    control = run.control
    return Steered(control.is_held, control.is_resting, control.refusal)


class _Told:
    """Numbers what is told of a run: another one whenever something is new."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: tuple[Any, ...] = ()
        self._number = 0

    def number(self, written: Snapshot, *rest: Any) -> int:
        with self._lock:
            if not self._last or self._last[0] is not written or self._last[1:] != rest:
                self._last = (written, *rest)
                self._number += 1
            return self._number
