"""A run's snapshot as plain columns, and back: JSON for numbers and settings, a blob for what is large."""

import io
import json
import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from math import nan
from typing import Any

import numpy as np

from gan import families
from gan.messages import Refusal
from gan.records import Change, EpochRecord, Measures, Point, Reading, Scores
from gan.runs.state.faults import Fault
from gan.runs.state.snapshot import RunState, Snapshot
from gan.setup.config import RunConfig

POINT = tuple(item.name for item in fields(Point) if item.name != "own")
UNSAVED = {"samples", "sample_scores", "walk", "trace", "plane", "views", "scores"}
NUMBERS = tuple(item.name for item in fields(Reading) if item.name not in UNSAVED)


def to_row(snapshot: Snapshot) -> dict[str, Any]:
    """The columns of a snapshot but its records and frames, which are rows of their own."""
    reading, scores = snapshot.reading, snapshot.scores
    return {
        "state": snapshot.state.value,
        "config": json.dumps(snapshot.config.to_dict()),
        "begun_with": json.dumps(snapshot.first_config.to_dict()),
        "changes": json.dumps([asdict(change) for change in snapshot.changes]),
        "fault": json.dumps(snapshot.fault.to_dict()) if snapshot.fault else None,
        "parent": snapshot.parent,
        "forked_at": snapshot.forked_at,
        "threads": snapshot.threads,
        "epoch": float(reading.epoch) if reading else 0.0,
        "seconds": snapshot.seconds,
        "budget": snapshot.budget,
        "realism": scores[-1][1].realism if scores else None,
        "reading": reading_json(reading) if reading else None,
        "scores": json.dumps([(epoch, asdict(each)) for epoch, each in scores]),
        "floor": json.dumps(asdict(snapshot.floor)) if snapshot.floor else None,
        "measures": json.dumps(asdict(snapshot.measures)) if snapshot.measures else None,
        "points": pack(to_array(snapshot.points, snapshot.config.family)),
        "samples": pack(reading.samples) if reading else None,
        "beliefs": json.dumps(reading.sample_scores) if reading else "[]",
    }


def size(snapshot: Snapshot) -> int:
    """Bytes that a snapshot takes in the database, at most."""
    frames = sum(frame.nbytes for frame in snapshot.frames.values())
    return row_size(to_row(snapshot)) + sum(len(reading_json(record)) for record in snapshot.records) + frames


def row_size(row: Mapping[str, Any]) -> int:
    """Bytes of the columns that `to_row` made."""
    return sum(len(value) for value in row.values() if isinstance(value, str | bytes))


def from_row(
    row: Mapping[str, Any],
    state: RunState,
    records: Iterable[str],
    frames: Mapping[int, bytes],
    kept: tuple[int, ...],
) -> Snapshot:
    """The snapshot that `to_row` wrote, in that state now.

    Raises ValueError with a sentence for settings that mean nothing here.
    """
    reading = None
    if row["reading"]:
        reading = replace(
            reading_from(row["reading"], Reading),
            samples=unpack(row["samples"]),
            sample_scores=tuple(json.loads(row["beliefs"])),
        )
    return Snapshot(
        run_id=row["run_id"],
        state=state,
        config=config_from(row["config"]),
        begun_with=config_from(row["begun_with"]),
        changes=tuple(Change(**change) for change in json.loads(row["changes"])),
        fault=Fault.from_dict(json.loads(row["fault"])) if row["fault"] else None,
        parent=row["parent"],
        forked_at=row["forked_at"],
        threads=row["threads"],
        seconds=row["seconds"],
        budget=row["budget"],
        reading=reading,
        records=tuple(reading_from(text, EpochRecord) for text in records),
        points=to_points(unpack(row["points"]), config_from(row["config"]).family),
        frames={number: unpack(frame) for number, frame in frames.items()},
        scores=tuple((epoch, Scores.from_dict(each)) for epoch, each in json.loads(row["scores"])),
        floor=Scores.from_dict(json.loads(row["floor"])) if row["floor"] else None,
        measures=Measures.from_dict(json.loads(row["measures"])) if row["measures"] else None,
        kept=kept,
    )


def config_from(text: str) -> RunConfig:
    """Settings from JSON. Raises ValueError with a sentence where they mean nothing to this version."""
    return RunConfig.from_dict(json.loads(text))


def reading_json(reading: Reading) -> str:
    """The numbers of a reading, its pictures left out."""
    numbers = {name: getattr(reading, name) for name in NUMBERS}
    return json.dumps(numbers | {"scores": asdict(reading.scores) if reading.scores else None})


def reading_from(text: str, kind: type) -> Reading:
    numbers = json.loads(text)
    scores = numbers.pop("scores")
    return kind(**numbers, samples=None, scores=Scores.from_dict(scores) if scores else None)


def to_array(points: Iterable[Point], family: str = "gan") -> np.ndarray:
    """Points as a table float64 (n, columns); the last columns are what this family alone reads."""
    own = own_reads(family)
    rows = [[getattr(point, name) for name in POINT] + [point.own.get(name, nan) for name in own] for point in points]
    return np.array(rows).reshape(-1, len(POINT) + len(own))


def to_points(table: np.ndarray, family: str = "gan") -> tuple[Point, ...]:
    """`to_array` backwards; tables from before a number was recorded have fewer columns."""
    own = own_reads(family)
    first = table.shape[1] - len(own)
    rows = [dict(zip(POINT, row[:first], strict=False)) for row in table.tolist()]
    owns = [
        {name: value for name, value in zip(own, row[first:], strict=True) if not math.isnan(value)}
        for row in table.tolist()
    ]
    return tuple(Point(**row | {"weight": int(row["weight"])}, own=own) for row, own in zip(rows, owns, strict=True))


def own_reads(family: str) -> tuple[str, ...]:
    """The numbers that only a family reads."""
    return tuple(name for name in families.facts(family)["READS"] if name not in POINT)


def pack(array: np.ndarray) -> bytes:
    """An array as compressed bytes."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return zlib.compress(file.getvalue(), 1)


def unpack(content: bytes) -> np.ndarray:
    """`pack` backwards. Raises ValueError for other bytes."""
    try:
        return np.load(io.BytesIO(zlib.decompress(content)), allow_pickle=False)
    except (zlib.error, EOFError) as error:
        raise Refusal("runs.damaged_picture", "A picture of this run is damaged.") from error
