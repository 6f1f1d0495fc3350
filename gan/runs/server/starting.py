"""Starting: new runs, forks, and runs that go on; and that none goes on twice or is deleted while it does."""

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from gan.messages import Message, Refusal, message_of, msg
from gan.records import Budget
from gan.runs.kept.store import Store
from gan.runs.live.engine import Engine
from gan.runs.live.lease import Lease
from gan.runs.live.run import Run, Ticket
from gan.runs.live.turns import Seat
from gan.runs.server.registry import Registry
from gan.runs.server.watching import Watchers
from gan.runs.state.limits import Limits
from gan.runs.state.snapshot import RunState, Snapshot
from gan.setup.config import RunConfig


class Starting:
    """Every action asks again, under one lock, whether it still applies: another tab may have been faster.

    A viewer is any string that names one browser tab; an owner is who may not take all places, by default the viewer.
    """

    def __init__(
        self,
        engine: Engine,
        registry: Registry,
        watchers: Watchers,
        store: Store | None,
        limits: Limits,
    ) -> None:
        self._engine, self._registry, self._watchers = engine, registry, watchers
        self._store, self._limits = store, limits
        self._acting = threading.Lock()

    def new(self, config: RunConfig, viewer: str, owner: str | None = None) -> Run:
        """Start a run that `viewer` watches from now on. It may have to wait for its place.

        Raises ValueError with a sentence when the queue is full.
        """
        return self._new([config], viewer, owner)[0]

    def together(self, configs: Sequence[RunConfig], viewer: str, owner: str | None = None) -> list[Run]:
        """Start several runs that share one place and begin at the same time."""
        return self._new(configs, viewer, owner, as_one=True)

    def taking_turns(
        self, configs: Sequence[RunConfig], budget: Budget, viewer: str, owner: str | None = None
    ) -> list[Run]:
        """Start several runs that share one place and train one at a time, each for the seconds of the budget."""
        return self._new(configs, viewer, owner, as_one=True, budget=budget)

    def in_turn(self, configs: Sequence[RunConfig], viewer: str, owner: str | None = None) -> list[Run]:
        """Start several runs that take their places one by one, as these become free."""
        return self._new(configs, viewer, owner)

    def fork(self, config: RunConfig, parent: Run, epoch: int, viewer: str, owner: str | None = None) -> Run:
        """Start a run from what `parent` was after `epoch`. Raises ValueError with a sentence if that is not kept."""
        points = tuple(point for point in parent.snapshot().points if point.epoch <= epoch)
        snapshot = Snapshot(secrets.token_hex(8), config, points=points, parent=parent.run_id, forked_at=epoch)
        with self._acting, self._places_for(owner or viewer, [config], [snapshot.run_id]) as (ticket,):
            run = self._made(snapshot, owner, ticket)
            try:
                run.begin_with(parent, epoch)
            except ValueError:
                if run.is_kept:
                    self._store.drop(snapshot.run_id)
                raise
            return self._go(viewer, [run])[0]

    def resume(self, run_id: str, viewer: str, owner: str | None = None) -> Run:
        """Go on with a run that ended before its last epoch, from its newest moment that can be read.

        One that goes on already is watched. Raises ValueError with a sentence where nothing is kept of it, and for one
        of a comparison: what was measured after its seconds would be lost, and only the comparison can give it more.
        """
        with self._acting:
            before = self._registry.look_up(run_id)  # another server may have had it go on
            if before and before.is_live:
                self._watchers.watch(viewer, before)
                return before
            if before is None or not before.moments.epochs:
                raise Refusal("run.no_moment", "This run cannot go on: its networks are not kept.")
            if before.snapshot().budget is not None:
                raise Refusal(
                    "run.compared",
                    "A run of a comparison stays as it ended. To train on, fork it at one of its epochs.",
                )
            with self._places_for(owner or viewer, [before.config], [run_id]) as (ticket,):
                if before.is_kept:
                    self._store.claim(run_id, before.snapshot().seconds)
                newest = before.moments.epochs[-1]
                snapshot, again = before.snapshot().as_of(newest)
                snapshot = replace(snapshot, resumed_at=newest)
                past = {"moments": before.moments, "again": again, "store": self._store if before.is_kept else None}
                return self._go(viewer, [self._engine.build(snapshot, ticket=ticket, lease=self._lease(), **past)])[0]

    def delete(self, *run_ids: str) -> None:
        """Take runs off the list, all or none; `Store.restore` brings them back.

        Raises ValueError with a sentence where one of them goes on.
        """
        with self._acting:
            if any(run.is_live for run in self._registry.runs() if run.run_id in run_ids):
                raise Refusal("runs.stop_first", "This run goes on: stop it before you delete it.")
            if self._store:
                self._store.delete(*run_ids)
            for run_id in run_ids:
                self._registry.forget(run_id)

    def _new(
        self,
        configs: Sequence[RunConfig],
        viewer: str,
        owner: str | None,
        as_one: bool = False,
        budget: Budget | None = None,
    ) -> list[Run]:
        seats = self._engine.seats(budget, len(configs)) if budget else [None] * len(configs)
        snapshots = [Snapshot(secrets.token_hex(8), config, budget=budget and budget.seconds) for config in configs]
        run_ids = [snapshot.run_id for snapshot in snapshots]
        with self._acting, self._places_for(owner or viewer, configs, run_ids, as_one) as tickets:
            made = zip(snapshots, tickets, seats, strict=True)
            return self._go(viewer, [self._made(snapshot, owner, *claims) for snapshot, *claims in made])

    @contextmanager
    def _places_for(
        self, owner: str, configs: Sequence[RunConfig], run_ids: Sequence[str], as_one: bool = False
    ) -> Iterator[list[Ticket]]:
        """Their tickets, given back where nothing comes of it. Raises ValueError where the memory has no room."""
        self._engine.check(configs, as_one, [run.config for run in self._registry.runs() if _has_yet_to_train(run)])
        tickets = self._engine.join(owner, run_ids, as_one)
        try:
            yield tickets
        except BaseException:
            for ticket in tickets:
                ticket.leave()
            raise

    def _made(self, snapshot: Snapshot, owner: str | None, ticket: Ticket, seat: Seat | None = None) -> Run:
        """A new run, in the store where that takes it: otherwise it trains all the same."""
        unkept = self._begin(snapshot, owner)
        store = None if unkept else self._store
        claims = {"ticket": ticket, "lease": self._lease(), "seat": seat}
        return self._engine.build(replace(snapshot, unkept=unkept), store=store, **claims)

    def _begin(self, snapshot: Snapshot, owner: str | None) -> Message | None:
        try:
            if self._store:
                self._store.begin(snapshot, owner or "")
        except ValueError as error:
            if self._engine.needs_store:
                raise
            return msg("run.unkept", "This run is not kept. {why}", why=message_of(error))
        return None

    def _lease(self) -> Lease:
        return Lease(self._limits.grace_seconds)

    def _go(self, viewer: str, runs: list[Run]) -> list[Run]:
        self._registry.add(*runs)
        self._watchers.watch(viewer, *runs)
        for run in runs:
            run.start()
        return runs


def _has_yet_to_train(run: Run) -> bool:
    """Whether it has its place, but not the memory that it will take."""
    seen = run.snapshot()
    return seen.state is RunState.STARTING or (
        seen.state.is_live and bool(seen.reading) and not seen.reading.is_trained
    )
