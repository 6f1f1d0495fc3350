"""A whole run as one file, to keep elsewhere or to give away: a zip of JSON and safetensors, never a pickle.

`run.json` holds settings and numbers, `pictures.safetensors` the samples, the film and the chart's points,
`epochs/N.safetensors` the networks after epoch N.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping

import numpy as np
from safetensors import numpy as safetensors

from gan.export import settings_json
from gan.messages import Refusal, message_of, verbatim
from gan.runs.kept import parcel_content, rows
from gan.runs.state.snapshot import Snapshot

SUFFIX = ".ganrun"
FORMAT = 1
NUMBERS, PICTURES = "run.json", "pictures.safetensors"
EPOCH = re.compile(r"epochs/(0|[1-9][0-9]{0,5})\.safetensors")
# What a file may unfold to. A run's film is 61 sheets of 64 pictures of at most 64 by 64 pixels in colour: 48 MB.
MOST_BYTES, MOST_NUMBERS_BYTES, MOST_PICTURES_BYTES, MOST_FILES = 256 * 2**20, 16 * 2**20, 64 * 2**20, 4096


def wrap(snapshot: Snapshot, moments: Mapping[int, bytes], name: str = "") -> bytes:
    """A run that has ended, as the content of a file. Raises ValueError for one that is too long for that."""
    if len(snapshot.changes) > parcel_content.MOST_CHANGES:
        raise _cannot_hold()
    pictures = {f"frame.{number}": frame for number, frame in snapshot.frames.items()}
    pictures["points"] = rows.to_array(snapshot.points, snapshot.config.family)
    reading = snapshot.reading
    if reading:
        pictures["samples"] = reading.samples
        pictures["beliefs"] = np.array(reading.sample_scores)
    row = rows.to_row(snapshot)
    numbers = {
        "format": FORMAT,
        "name": name,
        "state": snapshot.state.value,
        "settings": json.loads(settings_json(snapshot.first_config, snapshot.changes, snapshot.threads)),
        "seconds": snapshot.seconds,
        "budget": snapshot.budget,
        "forked_at": snapshot.forked_at,
        "fault": row["fault"] and json.loads(row["fault"]),
        "floor": row["floor"] and json.loads(row["floor"]),
        "measures": row["measures"] and json.loads(row["measures"]),
        "scores": json.loads(row["scores"]),
        "reading": row["reading"] and json.loads(row["reading"]),
        "kept": [*moments],
        "records": [json.loads(rows.reading_json(record)) for record in snapshot.records],
    }
    parts = {
        NUMBERS: json.dumps(numbers).encode(),
        PICTURES: safetensors.save({key: np.ascontiguousarray(each) for key, each in pictures.items()}),
    } | {f"epochs/{epoch}.safetensors": content for epoch, content in moments.items()}
    sizes = {part: len(content) for part, content in parts.items()}
    if _is_too_large(sizes) or _is_too_much(sizes):
        raise _cannot_hold()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:  # not compressed: weights hardly shrink
        for part, content in parts.items():
            archive.writestr(part, content, zipfile.ZIP_DEFLATED if part == NUMBERS else zipfile.ZIP_STORED)
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
    except Refusal:
        raise
    except KeyError as error:
        raise _missing(error) from error
    except Exception as error:  # zip, deflate, JSON, safetensors and numpy each raise several for bytes that lie
        raise _damaged() from error
    kept = dict(sorted((int(EPOCH.fullmatch(file)[1]), each) for file, each in parts.items()))
    if isinstance(numbers, dict) and numbers.get("kept", [*kept]) != [*kept]:  # a zip can lose files and not notice
        raise _damaged()
    try:
        if numbers["format"] != FORMAT:
            raise Refusal("parcel.other_version", "This run was saved by another version of this program.")
        snapshot, name = parcel_content.read(run_id, numbers, pictures, tuple(kept))
    except ValueError as error:
        raise Refusal(parcel_content.printable(message_of(error))) from error
    except KeyError as error:
        raise _missing(error) from error
    except (TypeError, AttributeError) as error:
        raise Refusal(
            "parcel.misplaced", "This file is not a run of this program: its numbers are not where they belong."
        ) from error
    return snapshot, kept, name


def _missing(error: KeyError) -> Refusal:
    part = parcel_content.printable(verbatim(error.args[0]))
    return Refusal("parcel.missing", "This file is not a run of this program: {part} is missing.", part=part)


def _damaged() -> Refusal:
    return Refusal("parcel.damaged", "This file is not a run of this program, or it is damaged.")


def _parts(content: bytes) -> dict[str, bytes]:
    """The files of the zip by name, none of them unexpected or larger than it may be."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = archive.infolist()
        for each in found:
            if each.filename not in (NUMBERS, PICTURES) and not EPOCH.fullmatch(each.filename):
                raise Refusal(
                    "parcel.stranger",
                    "This file is not a run of this program: {part!r} does not belong there.",
                    part=each.filename[:40],
                )
            if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or each.flag_bits & 1:
                raise _damaged()
        sizes = {each.filename: each.file_size for each in found}
        if len(sizes) < len(found):
            raise _damaged()
        if _is_too_large(sizes):
            raise _too_large()
        if _is_too_much(sizes):
            raise parcel_content.too_much()
        return {part: archive.read(part) for part in sizes}  # never more than the size that it claims


def _is_too_large(sizes: Mapping[str, int]) -> bool:
    return sum(sizes.values()) > MOST_BYTES


def _is_too_much(sizes: Mapping[str, int]) -> bool:
    """Whether a part of the file, or their number, is more than that of any run."""
    return (
        len(sizes) > MOST_FILES
        or sizes.get(NUMBERS, 0) > MOST_NUMBERS_BYTES
        or sizes.get(PICTURES, 0) > MOST_PICTURES_BYTES
    )


def _cannot_hold() -> Refusal:
    return Refusal(
        "parcel.cannot_hold",
        "This run cannot be saved as a file: it is too long. A file holds at most {most} MB "
        "and {changes:,} changes of settings.",
        most=MOST_BYTES // 2**20,
        changes=parcel_content.MOST_CHANGES,
    )


def _too_large() -> Refusal:
    return Refusal(
        "parcel.too_large",
        "This file is too large: a run may have at most {most} MB.",
        most=MOST_BYTES // 2**20,
    )
