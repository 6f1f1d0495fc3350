"""Numbers and settings that leave a run: its history as CSV, its settings as JSON, and those read back."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gan.messages import Refusal, message_of, msg, verbatim
from gan.records import Change, Reading
from gan.setup.config import RunConfig
from gan.setup.kinds import Number, Whole, part, refuse

CHANGES, THREADS = "changes", "threads"  # beside the settings in a settings file
THREAD_COUNT = Whole(1, 256)
MAX_SETTINGS_BYTES = 2**20  # some thousand changes


def history_csv(records: Sequence[Reading]) -> str:
    """The records' numbers as CSV: a header, then one row a record; "" when there are none."""
    if not records:
        return ""
    file = io.StringIO()
    table = csv.DictWriter(file, records[0].numbers(), lineterminator="\n")
    table.writeheader()
    table.writerows(record.numbers() for record in records)
    return file.getvalue()


def settings_json(config: RunConfig, changes: Sequence[Change] = (), threads: int | None = None) -> str:
    """The config that a run began with, and what was changed while it went on, as a JSON file.

    `threads` are torch's, with which it was computed: with others, the last digits of all numbers differ.
    """
    values = config.to_dict()
    if threads:
        values[THREADS] = threads
    if changes:
        values[CHANGES] = [asdict(change) for change in changes]
    return json.dumps(values, indent=2) + "\n"


def read_settings(path: str | Path) -> tuple[RunConfig, tuple[Change, ...]]:
    """What `settings_json` wrote. Raises ValueError with a sentence for a file that does not hold it."""
    path = Path(path)
    check_file(path, MAX_SETTINGS_BYTES)
    return parse_settings(path, path.read_bytes())


def read_last_settings(path: str | Path) -> RunConfig:
    """The config that a run ended with, after all changes. Raises what `read_settings` raises."""
    config, changes = read_settings(path)
    return config.after(change.settings for change in changes)


def parse_settings(name: str | Path, content: bytes) -> tuple[RunConfig, tuple[Change, ...]]:
    """`read_settings` for the content of a file called `name`."""
    values = _values(name, content)
    try:
        return settings_from(values)
    except ValueError as error:
        raise Refusal(
            "export.unusable", "{path} cannot be used. {reason}", path=name, reason=message_of(error)
        ) from error


def read_threads(path: str | Path) -> int | None:
    """The threads that a settings file names. Raises what `read_settings` raises."""
    read_settings(path)
    return threads_from(_values(path, Path(path).read_bytes()))


def _values(name: str | Path, content: bytes) -> Any:
    _check_size(name, len(content), MAX_SETTINGS_BYTES)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refusal("export.not_json", "{path} is not a JSON file.", path=name) from error


def settings_from(values: object) -> tuple[RunConfig, tuple[Change, ...]]:
    """The JSON object of `settings_json`. Raises ValueError with a sentence for another one."""
    if not isinstance(values, dict):
        raise Refusal("export.not_an_object", "It must hold a JSON object, one entry a setting.")
    config = RunConfig.from_dict({name: value for name, value in values.items() if name not in (CHANGES, THREADS)})
    threads_from(values)
    return config, _read_changes(config, values.get(CHANGES, []))


def threads_from(values: Mapping[str, Any]) -> int | None:
    """The threads that are named beside the settings. Raises ValueError with a sentence for what is no such number."""
    return THREAD_COUNT.read(THREADS, values[THREADS]) if THREADS in values else None


def _read_changes(config: RunConfig, found: object) -> tuple[Change, ...]:
    """Changes that can be made to a run of `config`, one after the other."""
    changes, now, named = [], config, verbatim(CHANGES)
    for item in found if isinstance(found, list) else [None]:
        if not isinstance(item, dict) or item.keys() != {"step", "epoch", "settings"}:
            raise Refusal(
                "export.bad_changes", "{changes} must be a list of objects with a step, an epoch and settings.",
                changes=CHANGES,
            )  # fmt: skip
        if not isinstance(item["settings"], dict):
            allowed = msg("export.an_object", "an object, one entry a setting")
            raise refuse(part(named, "settings"), item["settings"], allowed)
        now = now.steered(**item["settings"])
        first = changes[-1].step if changes else 0
        step = Whole(first, 10**12).read(part(named, "step"), item["step"])
        epoch = Number(0, 100_000).read(part(named, "epoch"), item["epoch"])
        changes.append(Change(step, epoch, item["settings"]))
    return tuple(changes)


def check_file(path: Path, most_bytes: int) -> None:
    if not path.is_file():
        raise Refusal("export.no_file", "There is no file {path}.", path=path)
    _check_size(path, path.stat().st_size, most_bytes)


def _check_size(name: str | Path, size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise Refusal(
            "export.too_large", "{path} is too large: it must be at most {most:,} bytes.", path=name, most=most_bytes
        )
