"""The end of a class: what goes on is stopped, and what visitors left is cleared away."""

from dataclasses import dataclass

from gan.data import own
from gan.rooms import Rooms, Tables
from gan.runs import Run, RunManager
from gan.runs.kept.store import Store

WAIT_SECONDS = 10.0  # for runs to end: a step takes half a second


@dataclass(frozen=True)
class Ending:
    """How many there are of each."""

    runs: int  # that go on or wait
    rooms: int
    tables: int  # with pictures of the class's own
    sets: int  # made of such pictures, in memory alone
    kept: int  # runs of visitors in the library


def live_runs(manager: RunManager) -> list[Run]:
    """All that go on or wait for their places, oldest first."""
    return [run for run in manager.runs() if run.is_live]


def what_would_go(manager: RunManager, rooms: Rooms, tables: Tables) -> Ending:
    """What `begin_anew` would end. Raises ValueError with a sentence where the library cannot be read."""
    return Ending(
        len(live_runs(manager)), len(rooms.all()), len(tables.all()), own.unsaved(), len(_of_visitors(manager.store))
    )


def stop_everything(manager: RunManager, rooms: Rooms) -> None:
    """Stop every run and end every room."""
    for run in live_runs(manager):
        run.stop()
    for room in rooms.all():
        room.end()


def begin_anew(manager: RunManager, rooms: Rooms, tables: Tables) -> Ending:
    """The same, clear the light-tables, let go of the sets made there, delete the runs of visitors. What the teacher
    started or saved stays. Returns what went.

    Raises ValueError with a sentence where one of them cannot be deleted.
    """
    runs, open_rooms, open_tables, sets = live_runs(manager), len(rooms.all()), len(tables.all()), own.unsaved()
    stop_everything(manager, rooms)
    tables.clear()
    for run in runs:
        run.wait(WAIT_SECONDS)
    gone = _of_visitors(manager.store)
    manager.starting.delete(*gone)
    own.let_go()
    return Ending(len(runs), open_rooms, open_tables, sets, len(gone))


def _of_visitors(store: Store | None) -> list[str]:
    return [run_id for run_id in store.run_ids() if store.owner(run_id)] if store else []
