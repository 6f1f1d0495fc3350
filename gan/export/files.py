"""Files that come whole or not at all."""

import os
from collections.abc import Mapping
from pathlib import Path


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files, with the folders they need; none takes its place before all lie beside theirs on the disk.

    So a full disk costs no older file. What is no plain file, such as /dev/stdout, is written as it stands.
    Raises OSError with the file's name.
    """
    ready: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            path = path.resolve()  # where a link points to, not the link
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and not path.is_file():
                path.write_bytes(content)
                continue
            part = path.with_name(f"{path.name}.part")
            ready[part] = path
            _write(part, content)
        for part, path in ready.items():
            part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    finally:
        for part in ready:
            part.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
