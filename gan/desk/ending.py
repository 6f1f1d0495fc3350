"""The end of a class: what goes on is stopped, and what visitors left is cleared away."""

from dataclasses import dataclass
from time import monotonic, sleep

from gan.data import own
from gan.rooms import Rooms, Tables
from gan.runs import Run, RunManager
from gan.runs.kept.store import Store

WAIT_SECONDS = 10.0  # for all runs to end: a step takes half a second
REST_SECONDS = 0.05  # between two looks at what goes on


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
        len(live_runs(manager)), len(rooms.all()), _filled(tables), own.unsaved(), len(_of_visitors(manager.store))
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

    The class's pictures go first, and whatever fails. Raises ValueError with a sentence where a run cannot be deleted,
    once all others are.
    """
    open_rooms, open_tables, sets = len(rooms.all()), _filled(tables), own.unsaved()
    _let_go(tables)
    try:
        stopped = _stop_all(manager, rooms)
        return Ending(stopped, open_rooms, open_tables, sets, _delete_all(manager))
    finally:
        _let_go(tables)  # of what was brought, or worked out, while runs ended


def _filled(tables: Tables) -> int:
    """How many light-tables have pictures, or such as can be put back."""
    return sum(bool(table.count or table.taken) for table in tables.all())


def _let_go(tables: Tables) -> None:
    tables.clear()
    own.let_go()


def _stop_all(manager: RunManager, rooms: Rooms) -> int:
    """Stop everything until nothing goes on, or the time is up: visitors may begin anew meanwhile. How many runs."""
    end, stopped = monotonic() + WAIT_SECONDS, set()
    while True:
        live = live_runs(manager)
        stop_everything(manager, rooms)
        stopped |= {run.run_id for run in live}
        if not live or monotonic() > end:
            return len(stopped)
        for run in live:
            run.wait(max(0.0, end - monotonic()))
        sleep(REST_SECONDS)  # a run elsewhere is not waited for


def _delete_all(manager: RunManager) -> int:
    """Delete the runs of visitors one by one, all that can be. How many."""
    gone, failed = 0, None
    for run_id in _of_visitors(manager.store):
        try:
            manager.starting.delete(run_id)
            gone += 1
        except ValueError as error:
            failed = failed or error
    if failed:
        raise failed
    return gone


def _of_visitors(store: Store | None) -> list[str]:
    return [run_id for run_id in store.run_ids() if store.owner(run_id)] if store else []
