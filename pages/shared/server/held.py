"""The runs, contests, rooms and downloads of this server, and the teacher's desk: one of each, whatever visitors do."""

import os

from gan.desk import Desk
from gan.rooms import Room, Rooms, Tables
from gan.runs import Contests, Run, RunManager
from gan.runs.kept.opening import open_store
from gan.runs.server import exhibit
from gan.runs.server.engines import engine_of
from gan.runs.server.fetching import Downloads
from gan.runs.server.held import Held
from gan.runs.state.limits import Limits
from pages.shared.server import elsewhere


@Held
def manager() -> RunManager:
    """The one run manager of this server."""
    limits, _ = Limits.read(os.environ)
    store = open_store(limits=limits)
    return RunManager(limits=limits, store=store, engine=engine_of(os.environ, store, limits))


@Held
def contests() -> Contests:
    """All races and sweeps of this server."""
    return Contests(manager())


@Held
def downloads() -> Downloads:
    """The downloads of this server; two tabs that ask for the same set share one."""
    return Downloads()


@Held
def directory() -> elsewhere.Directory | None:
    """Which of the servers that are known under one address has which room; None for a server that stands alone."""
    return elsewhere.directory(manager().store)


@Held
def rooms() -> Rooms:
    """The rooms in which classes play."""
    return Rooms(directory=directory())


def run_of(room: Room) -> Run | None:
    """The run that a room plays on; None where it is not on this computer any more."""
    return exhibit.exhibit() if room.run_id == exhibit.RUN_ID else manager().get(room.run_id)


@Held
def tables() -> Tables:
    """The light-tables on which classes sort their own pictures."""
    return Tables()


@Held
def desk() -> Desk:
    """The teacher's desk."""
    return Desk(os.environ)


def let_go() -> None:
    """Forget all of them. For tests."""
    for each in (manager, contests, downloads, directory, rooms, tables, desk):
        each.let_go()
