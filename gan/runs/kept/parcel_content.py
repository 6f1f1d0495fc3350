"""What stands in a parcel, checked value by value: nothing of it is believed."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gan import families
from gan.data import dots
from gan.export import settings_from
from gan.export.settings_file import threads_from
from gan.messages import Message, Refusal, verbatim
from gan.records import EpochRecord, Measures, Point, Reading, Scores
from gan.runs.kept import rows
from gan.runs.state.faults import Fault
from gan.runs.state.history import FRAMES, POINTS
from gan.runs.state.snapshot import RunState, Snapshot
from gan.setup.config import RunConfig
from gan.setup.kinds import Number, Whole

MOST_SAMPLES, MOST_SIDE = 64, 128
LONGEST_TEXT = 1000
FRAME = re.compile(r"frame\.(0|[1-9][0-9]{0,8})")
MOST = 1e12  # of anything that is counted
LARGEST = 1e39  # just beyond what a network's numbers can be
MOST_CLASSES = 100
MOST_CHANGES = 2000  # by hand; each is a config to be checked
COUNTS = ("epoch", "step", "seconds", "steps_per_second")
SHARES = ("real_passed", "fake_passed")  # 0..1; parcels from before they were counted have none
MUST = ("epoch", "weight")  # of a point, and what its family makes small; the others may be missing: not a number


def read(
    run_id: str, numbers: dict[str, Any], pictures: dict[str, np.ndarray], kept: tuple[int, ...]
) -> tuple[Snapshot, str]:
    """The run and its name. Raises ValueError with a sentence, KeyError, TypeError or AttributeError for another."""
    begun_with, config, changes = _settings(numbers["settings"])
    state, fault = _state(numbers["state"], numbers["fault"])
    most = max(begun_with.epochs, config.epochs)
    records = tuple(_reading(each, EpochRecord, most, config.family) for each in numbers["records"])
    if [each.epoch for each in records] != sorted({each.epoch for each in records}):
        raise Refusal("parcel.order", "The epochs in this file are out of order.")
    forked_at = numbers["forked_at"]
    forked_at = None if forked_at is None else Whole(0, most).read("forked_at", forked_at)
    points = _points(pictures.pop("points"), most, config.family)
    reading, frames = None, {}
    if numbers["reading"]:
        reading, frames = _seen(_reading(numbers["reading"], Reading, most, config.family), pictures)
    newest = records[-1].epoch if records else forked_at or 0
    if (not reading and (pictures or records)) or any(epoch > newest for epoch in kept):
        raise Refusal("parcel.never_began", "This file holds pictures of a run that never began.")
    scores = tuple((_epoch(epoch, most), _scores(each)) for epoch, each in numbers["scores"])
    found = Snapshot(
        run_id=run_id,
        config=config,
        begun_with=begun_with,
        changes=changes,
        state=state,
        reading=reading,
        records=records,
        points=points,
        frames=frames,
        seconds=_number("seconds", numbers["seconds"]),
        budget=_budget(numbers.get("budget")),  # files from before have none
        scores=scores[: 2 * POINTS],
        floor=_scores(numbers["floor"]) if numbers["floor"] else None,
        measures=_measures(numbers["measures"]) if numbers.get("measures") else None,  # files from before have none
        fault=fault,
        kept=kept,
        forked_at=forked_at,
        threads=threads_from(numbers["settings"]),
    )
    return found, _text("name", numbers["name"])


def _budget(value: object) -> float | None:
    return None if value is None else _number("budget", value)


def _settings(values: Mapping[str, Any]) -> tuple[RunConfig, RunConfig, tuple]:
    """The settings that the run began with, those that it ended with, and the changes between."""
    if len(values.get("changes", ())) > MOST_CHANGES:
        raise too_much()
    begun_with, changes = settings_from({name: value for name, value in values.items() if name != "device"})
    return begun_with, begun_with.after(change.settings for change in changes), changes


def _state(value: object, fault: Mapping[str, Any] | None) -> tuple[RunState, Fault | None]:
    if value not in list(RunState):
        raise Refusal("parcel.state", "This file holds a run in an unknown state: {state!r}.", state=str(value)[:20])
    state = RunState(value)
    if (state is RunState.FAILED) != bool(fault):
        raise Refusal("parcel.fault", "This file holds a run that failed without a reason, or the other way round.")
    if state.is_live:
        return RunState.INTERRUPTED, None
    if fault is None:
        return state, None
    return state, Fault(_told(fault["what"]), _told(fault["try_"]), fault["is_divergence"] is True)


def _told(value: object) -> Message:
    """What a message says, to be shown as it is: no sentence of a file is taken for one of ours."""
    return verbatim(_text("fault", value if isinstance(value, str) else str(Message.from_dict(value))))


def _seen(reading: Reading, pictures: dict[str, np.ndarray]) -> tuple[Reading, dict[int, np.ndarray]]:
    """The reading with its samples, and the film."""
    samples, beliefs = _samples(pictures.pop("samples")), pictures.pop("beliefs")
    if beliefs.shape not in [(0,), samples.shape[:1]] or not ((beliefs >= 0) & (beliefs <= 1)).all():
        raise Refusal("parcel.beliefs", "The discriminator's beliefs in this file are not numbers from 0 to 1.")
    numbers = {name: FRAME.fullmatch(name) for name in pictures}
    if len(numbers) > FRAMES + 1 or not all(numbers.values()):
        raise Refusal("parcel.film", "This file holds a longer film than a run can have.")
    frames = {int(found[1]): _samples(pictures[name], samples.shape) for name, found in numbers.items()}
    reading = replace(reading, samples=samples, sample_scores=tuple(map(float, beliefs)))
    return reading, dict(sorted(frames.items()))


def _samples(found: np.ndarray, shape: tuple[int, ...] | None = None) -> np.ndarray:
    if found.shape[1:] == dots.SHAPE[1:]:
        return _dots(found, shape)
    count, *sides = found.shape if found.ndim in (3, 4) else (0,)
    fits = 0 < count <= MOST_SAMPLES and all(0 < side <= MOST_SIDE for side in sides[:2]) and sides[2:] in ([], [3])
    if found.dtype != np.uint8 or not fits or (shape and found.shape != shape):
        raise Refusal("parcel.pictures", "The pictures in this file do not have the shape of pictures.")
    return found


def _dots(found: np.ndarray, shape: tuple[int, ...] | None) -> np.ndarray:
    if found.dtype != np.float32 or not 0 < len(found) <= MOST_SAMPLES or (shape and found.shape != shape):
        raise Refusal("parcel.dots", "The dots in this file do not have the shape of dots.")
    return found


def _points(table: np.ndarray, most: int, family: str) -> tuple[Point, ...]:
    names = (*rows.POINT, *rows.own_reads(family))
    least = len(names) - len(SHARES) if names == rows.POINT else len(names)
    if (
        table.dtype != np.float64
        or table.ndim != 2
        or table.shape[1] not in (least, len(names))
        or len(table) > 2 * POINTS
    ):
        raise Refusal("parcel.points", "The chart's points in this file do not have the shape of points.")
    columns = dict(zip(names, table.T, strict=False))
    must = [columns[name] for name in (*MUST, *must_be_numbers(family))]
    are_numbers = np.isfinite(must).all() and ((np.abs(table) < LARGEST) | np.isnan(table)).all()
    shares = np.array([columns[name] for name in SHARES if name in columns])
    are_numbers = are_numbers and (((shares >= 0) & (shares <= 1)) | np.isnan(shares)).all()
    epochs, weights = columns["epoch"], columns["weight"]
    are_in_place = ((epochs >= 0) & (epochs <= most) & (weights >= 1) & (weights < MOST)).all()
    if not (are_numbers and are_in_place and (np.diff(epochs) >= 0).all()):
        raise Refusal("parcel.nowhere", "The chart's points in this file are not where points can be.")
    return rows.to_points(table, family)


def must_be_numbers(family: str) -> tuple[str, ...]:
    """What every step of a family is counted by, but for what was not counted once."""
    return tuple(name for name in families.always_read(family) if name not in SHARES)


def _reading(values: Mapping[str, Any], kind: type, most: int, family: str) -> Reading:
    must = {*COUNTS, *(must_be_numbers(family) if kind is EpochRecord else ())}
    known = dict.fromkeys(SHARES, math.nan) | dict(values)
    told = {name: known[name] for name in rows.NUMBERS if name != "own"}
    numbers = {name: _number(name, value, name not in must) for name, value in told.items()}
    own = known.get("own") or {}
    reads = [name for name in rows.own_reads(family) if name in own or (own and name in families.always_read(family))]
    numbers["own"] = {name: _number(name, own[name], name not in must) for name in reads}
    epoch = _epoch(numbers["epoch"], most)
    is_record = kind is EpochRecord
    if is_record and not (epoch >= 1 and epoch.is_integer()):
        raise Refusal("parcel.too_early", "The epochs in this file begin before the first.")
    whole = {"step": int(numbers["step"]), "epoch": int(epoch) if is_record else epoch}
    scores = _scores(values["scores"]) if values["scores"] else None
    return kind(**numbers | whole, samples=None, scores=scores)


def _scores(values: Mapping[str, Any]) -> Scores:
    shares = tuple(_number("shares", each) for each in values["shares"])
    if len(shares) > MOST_CLASSES:
        raise Refusal("parcel.shares", "The scores in this file are of more classes than there are.")
    numbers = {name: value for name, value in values.items() if name != "shares"}
    found = {name: None if value is None else _number(name, value) for name, value in numbers.items()}
    kinds = {"kinds": int(found["kinds"])} if found.get("kinds") is not None else {}
    return Scores(**found | kinds | {"samples": int(found["samples"]), "shares": shares})


def _measures(values: Mapping[str, Any]) -> Measures:
    scores = {name: _scores(values[name]) for name in ("scores", "real")}
    weights = int(Whole(0, int(MOST)).read("weights", values["weights"]))
    error = None if values["error"] is None else _number("error", values["error"])
    rest = values.keys() - {*scores, "weights", "error"}
    return Measures(**scores, weights=weights, error=error, **{name: _number(name, values[name]) for name in rest})


def _epoch(value: object, most: int) -> float:
    return float(Number(0, most).read("epoch", value))


def _number(name: str, value: object, may_be_nan: bool = False) -> float:
    low, high = (0, MOST) if name in COUNTS else (0, 1) if name in SHARES else (-LARGEST, LARGEST)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
    if not (is_number or (may_be_nan and isinstance(value, float) and math.isnan(value))):
        raise Refusal(
            "parcel.number",
            "{name} in this file is {value!r}: it must be a number.",
            name=name,
            value=str(value)[:20],
        )
    return float(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or value != _safe(value):
        raise Refusal(
            "parcel.text",
            "{name} in this file must be a text of at most {most} characters.",
            name=name,
            most=LONGEST_TEXT,
        )
    return value


def too_much() -> Refusal:
    return Refusal("parcel.too_much", "This file is not a run of this program: it holds more than a run can.")


def printable(message: Message) -> Message:
    """The message, or its text without what cannot be written: half a surrogate pair is no character."""
    said = str(message)
    return message if said == _safe(said) else verbatim(_safe(said))


def _safe(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
