"""The library's list: what it tells of a run without reading all of it."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from gan.runs.kept import rows
from gan.runs.state.snapshot import RunState
from gan.setup.config import RunConfig

SUMMARY = (
    "run_id, name, starred, deleted, created, server, bytes, state, config, epoch, seconds, realism, samples, parent"
)


@dataclass(frozen=True)
class StoredRun:
    """A line of the library."""

    run_id: str
    name: str  # "" until somebody names it
    is_starred: bool
    is_deleted: bool  # it can still be brought back
    created: datetime
    state: RunState
    config: RunConfig | None  # None when it has settings that this version does not know
    epoch: float  # that it came to
    seconds: float
    realism: float | None
    samples: np.ndarray | None  # uint8 (n, h, w) or (n, h, w, 3)
    bytes: int
    parent: str | None


def stored(row: sqlite3.Row, state: RunState) -> StoredRun:
    """A line of the list; `state` is what its run is in now."""
    try:
        config = rows.config_from(row["config"])
    except ValueError:
        config = None
    return StoredRun(
        run_id=row["run_id"],
        name=row["name"],
        is_starred=bool(row["starred"]),
        is_deleted=bool(row["deleted"]),
        created=datetime.fromisoformat(row["created"]),
        state=state,
        config=config,
        epoch=row["epoch"],
        seconds=row["seconds"],
        realism=row["realism"],
        samples=rows.unpack(row["samples"]) if row["samples"] else None,
        bytes=row["bytes"],
        parent=row["parent"],
    )


def text(run: StoredRun) -> str:
    """What a search looks through."""
    settings = run.config.to_dict().values() if run.config else ()
    return " ".join([run.name, run.run_id, run.state.value, *map(str, settings)]).lower()
