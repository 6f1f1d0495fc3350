"""Libraries for the tests of what is kept: with a run that was stopped, and of an older version."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from gan.runs import RunState, Snapshot
from gan.runs.kept import database, store
from gan.runs.kept.database import NAME
from gan.setup import presets
from tests.fakes import wait_until

CONFIG = presets.get("pocket").but(pictures=96, batch_size=16, epochs=5, device="cpu")


def stopped(manager, epochs: int = 4):
    run = manager.starting.new(CONFIG, "somebody")
    wait_until(lambda: run.snapshot().reading)
    run._trainer.go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    run.stop()
    assert run.wait(5)
    return run


def old_fault(folder: Path, version: int) -> None:
    """A library of that version with a failed run."""
    folder.mkdir(exist_ok=True)
    fault = json.dumps({"what": "The {disk} is full.", "try_": "Free **some** space.", "is_divergence": False})
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        for step in database.MIGRATIONS[:version]:
            connection.executescript(step)
        connection.execute(f"PRAGMA user_version = {version}")
        row = store.rows.to_row(Snapshot("old", CONFIG, RunState.FAILED)) | {"fault": fault}
        row |= {"run_id": "old", "created": "2026-01-01T00:00:00+00:00"}
        known = [column[1] for column in connection.execute("PRAGMA table_info(runs)")]
        row = {name: value for name, value in row.items() if name in known}
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO runs ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
