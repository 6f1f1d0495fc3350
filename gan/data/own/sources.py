"""Where pictures come from: the files of a folder, of a ZIP, or one alone. Each folder of them is a kind.

A ZIP is read in memory, member by member, and none of its names is ever used as a path. What cannot be had is a message
in its place, and the rest goes on.
"""

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from gan.messages import Message, msg

MOST_FILES = 6_000
MOST_BYTES = 30 * 2**20  # of one file, unpacked
MOST_BYTES_IN_ALL = 500 * 2**20
FINISHED = b"Forger & Detective: pictures of a set"  # the comment of a ZIP that was made of one (`sets.pack`)
LEFT_BY_SYSTEMS = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}  # nobody knows that they have brought these
MOST_DIRECTORY = 4 * 2**20  # bytes of a ZIP's list of its members, which is read whole
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


@dataclass(frozen=True)
class File:
    """A file as it was brought; `kind` is the folder that it lay in, "" where it lay in none."""

    kind: str
    name: str
    content: bytes
    is_finished: bool = False  # a picture of a set of ours, to be taken as it is


def in_folder(folder: Path) -> Iterator[File | Message]:
    """All files in a folder and its folders, in order of their names. Links are not followed."""
    count = total = 0
    for path, folders, names in os.walk(folder):
        folders.sort()
        here = Path(path)
        kind = "" if here == folder else here.name
        for name in sorted(names):
            file = here / name
            if _is_left_by_system(file.parts) or file.is_symlink() or not file.is_file():
                continue
            count += 1
            told, size = str(file.relative_to(folder)), file.stat().st_size
            if count > MOST_FILES or total + min(size, MOST_BYTES) > MOST_BYTES_IN_ALL:
                yield enough(told)
                return
            if size > MOST_BYTES:
                yield _too_large(told)
                continue
            total += size
            content = file.read_bytes()
            yield _archive_within(told) if content.startswith(ZIPPED) else File(kind, told, content)


def in_file(name: str, content: bytes) -> Iterator[File | Message]:
    """The files in a ZIP, or a single one."""
    if content.startswith(ZIPPED):
        yield from _in_zip(name, content)
    elif len(content) > MOST_BYTES:
        yield _too_large(name)
    else:
        yield File("", name, content)


def enough(name: str) -> Message:
    """That nothing is read any more, from this file on."""
    return msg(
        "own.too_many", "That is too much at once: {file} and all after it were left out.", file=name,
    )  # fmt: skip


def _in_zip(name: str, content: bytes) -> Iterator[File | Message]:
    if _is_endless(content):
        yield enough(name)
        return
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        members = [each for each in archive.infolist() if not each.is_dir()]
    except Exception:  # a damaged directory raises one of several kinds
        yield msg("own.zip.broken", "{file} is damaged: it cannot be opened.", file=name)
        return
    total, is_finished = 0, archive.comment == FINISHED
    for number, member in enumerate(members):
        path = PurePosixPath(member.filename.replace("\\", "/"))
        told = f"{name}: {path}"[:200]
        if _is_left_by_system(path.parts):
            continue
        if number >= MOST_FILES or total >= MOST_BYTES_IN_ALL:
            yield enough(told)
            return
        found = _member(archive, member, told)
        if isinstance(found, bytes):
            total += len(found)
            kind = path.parent.name if path.parent.name != ".." else ""
            yield File(kind, told, found, is_finished)
        else:
            yield found


def _is_endless(content: bytes) -> bool:
    """Whether a ZIP's list of members is too long to be read, or of the kind that is made for millions (ZIP64)."""
    before, found, last = content[-(2**16 + 42) :].rpartition(b"PK\x05\x06")
    return bool(found) and (int.from_bytes(last[8:12], "little") > MOST_DIRECTORY or before[-20:-16] == b"PK\x06\x07")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, told: str) -> bytes | Message:
    """What a member holds, whatever its header says of its size."""
    if member.flag_bits & 1:
        return msg("own.zip.locked", "{file} needs a password, so it was left out.", file=told)
    try:
        with archive.open(member) as stream:
            content = stream.read(MOST_BYTES + 1)
    except Exception:  # damage shows in one of many ways, and so does a way of packing that Python does not know
        return msg("own.broken", "{file} is damaged, so it was left out.", file=told)
    if len(content) > MOST_BYTES:
        return _too_large(told)
    return _archive_within(told) if content.startswith(ZIPPED) else content


def _is_left_by_system(parts: tuple[str, ...]) -> bool:
    return not LEFT_BY_SYSTEMS.isdisjoint(parts) or (bool(parts) and parts[-1].startswith("._"))


def _too_large(name: str) -> Message:
    return msg(
        "own.too_large", "{file} is larger than {megabytes} MB, so it was left out.",
        file=name, megabytes=MOST_BYTES // 2**20,
    )  # fmt: skip


def _archive_within(name: str) -> Message:
    return msg("own.zip.within", "{file} is an archive itself, so it was left out. Unpack it first.", file=name)
