"""A whole run as one file, to keep elsewhere or to give away: a zip of JSON and safetensors, never a pickle.

`run.json` holds settings and numbers, `pictures.safetensors` the samples, the film and the chart's points,
`epochs/N.safetensors` the networks after epoch N.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors import numpy as safetensors

from gan.export import settings_from, settings_json
from gan.records import EpochRecord, Reading, Scores
from gan.runs.kept import rows
from gan.runs.state.faults import Fault
from gan.runs.state.history import FRAMES, POINTS
from gan.runs.state.snapshot import RunState, Snapshot
from gan.setup.config import RunConfig

SUFFIX = ".ganrun"
FORMAT = 1
NUMBERS, PICTURES = "run.json", "pictures.safetensors"
EPOCH = re.compile(r"epochs/(0|[1-9][0-9]{0,5})\.safetensors")
MOST_BYTES, MOST_NUMBERS_BYTES, MOST_FILES = 256 * 2**20, 64 * 2**20, 4096
MOST_SAMPLES, MOST_SIDE = 256, 128
LONGEST_TEXT = 1000
COUNTS = ("epoch", "step", "seconds", "steps_per_second")


def wrap(snapshot: Snapshot, moments: Mapping[int, bytes], name: str = "") -> bytes:
    """A run that has ended, as the content of a file."""
    pictures = {f"frame.{number}": frame for number, frame in snapshot.frames.items()}
    pictures["points"] = rows.to_array(snapshot.points)
    reading = snapshot.reading
    if reading:
        pictures["samples"] = reading.samples
        pictures["beliefs"] = np.array(reading.sample_scores)
    row = rows.to_row(snapshot)
    numbers = {
        "format": FORMAT,
        "name": name,
        "state": snapshot.state.value,
        "settings": json.loads(settings_json(snapshot.first_config, snapshot.changes)),
        "seconds": snapshot.seconds,
        "forked_at": snapshot.forked_at,
        "fault": row["fault"] and json.loads(row["fault"]),
        "floor": row["floor"] and json.loads(row["floor"]),
        "scores": json.loads(row["scores"]),
        "reading": row["reading"] and json.loads(row["reading"]),
        "records": [json.loads(rows.reading_json(record)) for record in snapshot.records],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:  # not compressed: weights hardly shrink
        archive.writestr(NUMBERS, json.dumps(numbers), zipfile.ZIP_DEFLATED)
        archive.writestr(
            PICTURES, safetensors.save({key: np.ascontiguousarray(each) for key, each in pictures.items()})
        )
        for epoch, content in moments.items():
            archive.writestr(f"epochs/{epoch}.safetensors", content)
    return file.getvalue()


def unwrap(content: bytes, run_id: str) -> tuple[Snapshot, dict[int, bytes], str]:
    """The run in a file, as one of ours with that id; what it kept, by epoch; and its name.

    Everything is checked but the networks, which `gan.learn.checkpoint` checks when they are built. Raises ValueError
    with a sentence for a file that holds no run.
    """
    try:
        parts = _parts(content)
        numbers = json.loads(parts.pop(NUMBERS))
        pictures = safetensors.load(parts.pop(PICTURES))
        snapshot = _snapshot(run_id, numbers, pictures)
        name = _text("name", numbers["name"])
    except KeyError as error:
        raise ValueError(f"This file is not a run of this program: {error.args[0]} is missing.") from error
    except (zipfile.BadZipFile, json.JSONDecodeError, UnicodeDecodeError, SafetensorError, RecursionError) as error:
        raise ValueError("This file is not a run of this program, or it is damaged.") from error
    except (TypeError, AttributeError, OverflowError, NotImplementedError) as error:
        raise ValueError("This file is not a run of this program: its numbers are not where they belong.") from error
    kept = {int(EPOCH.fullmatch(file)[1]): each for file, each in parts.items()}
    return snapshot, dict(sorted(kept.items())), name


def _parts(content: bytes) -> dict[str, bytes]:
    """The files of the zip by name, none of them unexpected or larger than it may be."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"This file is too large: a run may have at most {MOST_BYTES // 2**20} MB.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = archive.infolist()
        for each in found:
            if each.filename not in (NUMBERS, PICTURES) and not EPOCH.fullmatch(each.filename):
                raise ValueError(
                    f"This file is not a run of this program: {each.filename[:40]!r} does not belong there."
                )
        numbers_bytes = sum(each.file_size for each in found if each.filename == NUMBERS)
        if (
            len(found) > MOST_FILES
            or numbers_bytes > MOST_NUMBERS_BYTES
            or sum(each.file_size for each in found) > MOST_BYTES
        ):
            raise ValueError("This file is not a run of this program: it holds more than a run can.")
        return {each.filename: archive.read(each) for each in found}


def _snapshot(run_id: str, numbers: dict[str, Any], pictures: dict[str, np.ndarray]) -> Snapshot:
    if numbers["format"] != FORMAT:
        raise ValueError("This run was saved by another version of this program.")
    settings = {name: value for name, value in numbers["settings"].items() if name != "device"}  # of another computer
    begun_with, changes = settings_from(settings)
    config: RunConfig = begun_with
    for change in changes:
        config = config.steered(**change.settings)
    if numbers["state"] not in list(RunState):
        raise ValueError(f"This file holds a run in an unknown state: {str(numbers['state'])[:20]!r}.")
    state = RunState(numbers["state"])
    reading, frames, points = None, {}, _points(pictures.pop("points"))
    if numbers["reading"]:
        samples = _samples(pictures.pop("samples"))
        beliefs = pictures.pop("beliefs")
        if beliefs.shape not in [(0,), samples.shape[:1]] or not ((beliefs >= 0) & (beliefs <= 1)).all():
            raise ValueError("The detective's beliefs in this file are not numbers from 0 to 1.")
        reading = _reading(numbers["reading"], Reading)
        reading = replace(reading, samples=samples, sample_scores=tuple(beliefs.tolist()))
        frames = {int(key.removeprefix("frame.")): _samples(each, samples.shape) for key, each in pictures.items()}
    elif pictures:
        raise ValueError("This file holds pictures of a run that never began.")
    if len(frames) > FRAMES + 1:
        raise ValueError("This file holds a longer film than a run can have.")
    records = tuple(_reading(each, EpochRecord) for each in numbers["records"])
    if [each.epoch for each in records] != sorted({each.epoch for each in records}):
        raise ValueError("The epochs in this file are out of order.")
    scores = tuple((_number("epoch", epoch), _scores(each)) for epoch, each in numbers["scores"])
    fault = numbers["fault"]
    return Snapshot(
        run_id=run_id,
        config=config,
        begun_with=begun_with,
        changes=changes,
        state=RunState.INTERRUPTED if state.is_live else state,
        reading=reading,
        records=records,
        points=points,
        frames=dict(sorted(frames.items())),
        seconds=_number("seconds", numbers["seconds"]),
        scores=scores[: 2 * POINTS],
        floor=_scores(numbers["floor"]) if numbers["floor"] else None,
        fault=Fault(_text("fault", fault["what"]), _text("fault", fault["try_"]), fault["is_divergence"] is True)
        if fault
        else None,
        forked_at=None if numbers["forked_at"] is None else int(_number("forked_at", numbers["forked_at"])),
    )


def _samples(found: np.ndarray, shape: tuple[int, ...] | None = None) -> np.ndarray:
    count, *sides = found.shape if found.ndim in (3, 4) else (0,)
    fits = 0 < count <= MOST_SAMPLES and all(0 < side <= MOST_SIDE for side in sides[:2]) and sides[2:] in ([], [3])
    if found.dtype != np.uint8 or not fits or (shape and found.shape != shape):
        raise ValueError("The pictures in this file do not have the shape of pictures.")
    return found


def _points(table: np.ndarray) -> tuple:
    if table.dtype != np.float64 or table.ndim != 2 or table.shape[1] != len(rows.POINT) or len(table) > 2 * POINTS:
        raise ValueError("The chart's points in this file do not have the shape of points.")
    epochs, weights = table[:, rows.POINT.index("epoch")], table[:, rows.POINT.index("weight")]
    if not (np.isfinite(epochs) & np.isfinite(weights) & (weights >= 1) & (weights < 1e12)).all():
        raise ValueError("The chart's points in this file are not where points can be.")
    return rows.to_points(table)


def _reading(values: dict[str, Any], kind: type) -> Reading:
    numbers = {name: _number(name, values[name], may_be_nan=name not in COUNTS) for name in rows.NUMBERS}
    whole = {name: int(numbers[name]) for name in ("step", *(["epoch"] if kind is EpochRecord else []))}
    if numbers["epoch"] < 0 or numbers["step"] < 0:
        raise ValueError("The epochs in this file begin before the first.")
    scores = _scores(values["scores"]) if values["scores"] else None
    return kind(**numbers | whole, samples=None, scores=scores)


def _scores(values: dict[str, Any]) -> Scores:
    shares = tuple(_number("shares", each) for each in values["shares"])
    numbers = {name: value for name, value in values.items() if name != "shares"}
    found = {name: None if value is None else _number(name, value) for name, value in numbers.items()}
    return Scores(**found | {"samples": int(found["samples"]), "shares": shares})


def _number(name: str, value: object, may_be_nan: bool = False) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
    if not (is_number or (may_be_nan and isinstance(value, float))):
        raise ValueError(f"{name} in this file is {str(value)[:20]!r}: it must be a number.")
    return float(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"{name} in this file must be a text of at most {LONGEST_TEXT} characters.")
    return value
