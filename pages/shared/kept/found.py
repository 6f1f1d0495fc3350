"""What the library lists: runs as they are just now, the runs of a race or a sweep as one, and what a search leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gan.runs import Contest, RunState, Snapshot
from gan.runs.kept.store import StoredRun
from pages.shared.server.held import contests
from pages.shared.tab import session
from pages.shared.words import library, plain


@dataclass(frozen=True)
class Listed:
    """A run, and the place in the queue that it waits in, if it does."""

    run: StoredRun
    place: int | None = None


@dataclass(frozen=True)
class Row:
    """A run alone, or a race or a sweep with those of its runs that are kept, in its own order."""

    runs: tuple[Listed, ...]
    contest: Contest | None = None
    left_out: tuple[Listed, ...] = ()  # its other runs, which a search does not find

    @property
    def all_runs(self) -> tuple[StoredRun, ...]:
        return tuple(each.run for each in (*self.runs, *self.left_out))


def runs() -> list[Listed]:
    """All runs that this visitor sees, the newest first. Raises ValueError where they cannot be read."""
    going = {run.run_id: run.snapshot() for run in session.manager().runs() if run.is_live}
    return [_as_it_is(run, going.get(run.run_id)) for run in session.seen(session.manager().store.runs())]


def deleted() -> list[Row]:
    """What of this visitor's can be brought back, as `rows`. Raises ValueError where it cannot be read."""
    return rows([Listed(run) for run in session.seen(session.manager().store.runs(deleted=True))], "")


def _as_it_is(run: StoredRun, now: Snapshot | None) -> Listed:
    """A run is only written after an epoch; of one that goes on here more is known."""
    if now is None:
        return Listed(run)
    epoch = float(now.reading.epoch) if now.reading else run.epoch
    place = now.place if now.state is RunState.QUEUED else None
    return Listed(replace(run, state=now.state, epoch=epoch, seconds=max(now.seconds, run.seconds)), place)


def rows(listed: Sequence[Listed], sought: str) -> list[Row]:
    """The rows that a search leaves, the newest first; of a race or a sweep, all runs or those that it is about."""
    of = {run_id: contest for contest in contests().all() for run_id in contest.run_ids}
    groups: dict[str, list[Listed]] = {}
    for each in listed:
        contest = of.get(each.run.run_id)
        groups.setdefault(contest.contest_id if contest else each.run.run_id, []).append(each)
    found = [_row(group, of.get(group[0].run.run_id)) for group in groups.values()]
    search = library.search(sought)
    return [left for row in found if (left := _left(row, search))] if search else found


def _row(group: Sequence[Listed], contest: Contest | None) -> Row:
    if contest:
        group = sorted(group, key=lambda each: contest.run_ids.index(each.run.run_id))
    return Row(tuple(group), contest)


def _left(row: Row, search: library.Search) -> Row | None:
    """What a search leaves of a row."""
    if row.contest:
        title = [plain(library.contest_called(row.contest))]
        title.append(plain(library.contest_line(row.contest, [each.run for each in row.runs])))
        if search.finds(title):
            return row
    left = tuple(each for each in row.runs if search.finds(library.told(each.run, each.place)))
    return replace(row, runs=left, left_out=tuple(each for each in row.runs if each not in left)) if left else None
