"""A run that trains in the cluster, as an app server follows it."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Any, Protocol

from gan.messages import Message, msg
from gan.records import Wish
from gan.runs.cluster.host import Work
from gan.runs.cluster.news import Known, News, Steered
from gan.runs.cluster.wire import Away
from gan.runs.kept.store import Elsewhere, Store
from gan.runs.live.lease import Lease
from gan.runs.live.run import Run
from gan.runs.live.training import Eyes
from gan.runs.state.faults import Fault
from gan.runs.state.snapshot import RunState, Snapshot

NEWS_SECONDS = 2.0  # that a host waits for some
AGAIN_SECONDS = 0.2  # until it is asked again, where nobody answered
SILENT_SECONDS = 3.0  # after which it is said that nobody answers
TRIES = 3  # to have a run go on that the cluster has lost
UNHOSTED = Fault(
    msg("cluster.unhosted", "The computers that train runs could not begin this one, whichever tried."),
    msg("cluster.unhosted.try", "Tell who looks after the server: the reason stands in the logs of Ray."),
)


class Cluster(Protocol):
    """What a run needs of the cluster; all of it raises Away where that does not answer."""

    def place(self, run_id: str) -> int | None:
        """Its place in the queue; 0 once it need not wait, None where the cluster does not know it."""

    def begin(self, work: Work) -> None: ...
    def follows(self, run: Run) -> None: ...
    def leave(self, party: str, run_id: str) -> bool: ...
    def news(self, party: str, run_id: str, known: Known, seconds: float) -> News | None: ...
    def order(self, party: str, run_id: str, name: str, *values: Any) -> Steered | None: ...


class RemoteControl:
    """Steers a run through `send`, which says how it then stands; None where it cannot be reached yet: whoever follows
    it says it `again` as soon as it can.
    """

    def __init__(self, send: Callable[..., Steered | None]) -> None:
        self._send = send
        self._sending = threading.RLock()
        self._unsent: list[tuple[Any, ...]] = []
        self.is_stopped = False
        self._steered = Steered()

    @property
    def is_held(self) -> bool:
        return self._steered.is_held

    @property
    def is_resting(self) -> bool:
        return self._steered.is_resting

    @property
    def refusal(self) -> Message | None:
        return self._steered.refusal

    def stop(self) -> None:
        self.is_stopped = True
        self._ask("stop")

    def pause(self) -> None:
        self._ask("pause", is_held=True)

    def go_on(self) -> None:
        self._ask("go_on", is_held=False)

    def one_step(self) -> None:
        self._ask("one_step", is_held=True)

    def one_epoch(self) -> None:
        self._ask("one_epoch", is_held=False)

    def change(self, settings: Mapping[str, Any]) -> None:
        self._ask("change", dict(settings))

    def show(self) -> None:
        """Nothing: that a run shows something else is a wish, which is an order of its own."""

    def wish(self, wish: Wish) -> None:
        self._ask("wish", wish)

    def stands(self, steered: Steered) -> None:
        """It is heard how the run stands; what was asked and could not be said goes before that."""
        with self._sending:
            self._say()
            if not self._unsent:
                self._steered = steered

    def again(self, wish: Wish) -> None:
        """The run begins at its host, or came again: it knows nothing of what was asked of it before."""
        with self._sending:
            held = [("pause",)] if self._steered.is_held else []
            changes = [order for order in self._unsent if order[0] == "change"]
            self._unsent = [*held, *changes, ("wish", wish), *([("stop",)] if self.is_stopped else [])]
            self._say()

    def _ask(self, *order: Any, is_held: bool | None = None) -> None:
        with self._sending:
            if is_held is not None:
                self._steered = replace(self._steered, is_held=is_held, is_resting=False)
            self._unsent.append(order)
            self._say()

    def _say(self) -> None:
        while self._unsent:
            try:
                steered = self._send(*self._unsent[0])
            except Away:
                return
            if steered is None:
                return
            self._steered = steered
            self._unsent.pop(0)


class RemoteRun(Run):
    """Follows a run on a thread of its own, from the queue to its end.

    Where the run cannot be reached, its last news stay, and `Snapshot.remark` says so.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        cluster: Cluster,
        store: Store,
        work: Work,
        lease: Lease | None = None,
        ticket: Any = None,
        eyes: type[Eyes] = Eyes,
    ) -> None:
        control = RemoteControl(self._send)
        moments = store.moments(snapshot.run_id)
        super().__init__(snapshot, moments, control, lease or Lease(), ticket, eyes, is_kept=True)
        self._cluster, self._store, self.work = cluster, store, work
        self._is_there = False  # a host has it, and was heard
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"run-{snapshot.run_id}", daemon=True)

    def start(self) -> None:
        """Have it begin, with all that share its place, and follow it."""
        with suppress(Away):  # who follows it tries again
            self._cluster.begin(self.work)
        self.follow()

    def follow(self) -> None:
        """Follow one that was begun, here or elsewhere."""
        self._cluster.follows(self)
        self._thread.start()

    def let_go(self) -> None:
        """Follow it no more; it goes on."""
        self._closed.set()

    def stop(self) -> None:
        super().stop()
        if not self._is_there:
            self._stop_waiting()

    def wish(self, wish: Wish) -> None:
        if self.is_live:
            self._wish = wish
            self.control.wish(wish)
        else:
            super().wish(wish)

    def wait(self, timeout: float | None = None) -> bool:
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self.is_live

    # Within

    def _send(self, *order: Any) -> Steered | None:
        return self._cluster.order(self.work.party, self.run_id, *order) if self._is_there else None

    def _stop_waiting(self) -> None:
        """Leave the queue; where the run has a host by now, that is told as soon as it is heard."""
        try:
            is_out = self._cluster.leave(self.work.party, self.run_id)
        except Away:
            return
        if is_out:  # or its host has ended, unheard
            self._settled()

    def _follow(self) -> None:
        self._hear_of_it()
        if not self.is_live and self._snapshot.wish != self._wish:  # asked for while it ended
            self._look_again()

    def _hear_of_it(self) -> None:
        """From the queue to the end of the run, or of this server."""
        known, heard, tries = Known(), monotonic(), 0
        while self.is_live and not self._closed.is_set():
            try:
                news = self._next(known)
                if news is None:
                    self._is_there = False
                    if self._closed.is_set() or self._settled():
                        return
                    if self.control.is_stopped:  # not to begin again, and the library cannot be read now
                        self._closed.wait(AGAIN_SECONDS)
                        continue
                    if tries == TRIES:
                        return self._end_here(RunState.FAILED, UNHOSTED)
                    self._cluster.begin(self.work)  # it goes on from its newest moment that is kept
                    tries += 1
                else:
                    tries = 0
                    known = self._take(news, known)
                heard = monotonic()
            except Away:
                self._is_there = False
                if monotonic() - heard > SILENT_SECONDS:
                    self._say_away()
                self._closed.wait(AGAIN_SECONDS)

    def _next(self, known: Known) -> News | None:
        """What is new, waited for; None where the cluster does not know this run."""
        while not self._is_there and (place := self._cluster.place(self.run_id)) != 0:
            if self.control.is_stopped:  # it may not have been heard
                self._stop_waiting()
            if place is None or not self.is_live or self._closed.wait(AGAIN_SECONDS):
                return None
        return self._cluster.news(self.work.party, self.run_id, known, NEWS_SECONDS)

    def _take(self, news: News, known: Known) -> Known:
        snapshot = news.whole(self._snapshot)
        if snapshot.kept != self._snapshot.kept:
            self.moments = self._store.moments(self.run_id)
        has_come_again = known.version[0] != news.version[0]
        self._is_there = True
        if has_come_again:
            self.control.again(self._wish)
        self.control.stands(news.steered)
        self._snapshot = snapshot
        return Known(news.version, frozenset(news.frames), len(snapshot.records))

    def _settled(self) -> bool:
        """Whether the run has ended: by the store, since the cluster knows nothing of it any more."""
        if not self.is_live:
            return True
        try:
            found = self._store.load(self.run_id)
        except ValueError:  # the library cannot be read now
            return False
        if found is None:
            self._set(state=RunState.STOPPED)  # somebody deleted it
            return True
        if not (found.state.is_live or found.state is RunState.INTERRUPTED):
            self.moments = self._store.moments(self.run_id)
            self._snapshot = found
            return True
        if self.control.is_stopped or self.lease.ended or not self.lease.is_watched:
            self._end_here(RunState.STOPPED if self.control.is_stopped else RunState.ABANDONED)
            return True
        return False

    def _end_here(self, state: RunState, fault: Fault | None = None) -> None:
        self.moments = self._store.moments(self.run_id)
        self._snapshot = replace(self._snapshot, state=state, fault=fault, remark=None, kept=self.moments.epochs)
        with suppress(Elsewhere):  # a host has just begun with it after all, and will end it
            self._set(unkept=self._store.save(self._snapshot, self.moments.bytes))

    def _say_away(self) -> None:
        if self._snapshot.state is not RunState.STARTING:
            self._set(
                remark=msg("cluster.run_away", "The computer that trains this run does not answer. It will go on.")
            )
