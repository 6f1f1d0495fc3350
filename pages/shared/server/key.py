"""The key of a server: who opened its link once is known as its teacher, wherever they come from."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "GAN_STUDIO_KEY"
NAME = "teacher.key"
SHORTEST = 32  # characters; a file with fewer is damaged


def read_or_make(folder: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The key that is set, as for several servers that are known as one; otherwise the one that is kept in this folder,
    for nobody else to read; where it cannot be kept, one until the end.
    """
    if _is_key(asked := environment.get(VARIABLE, "").strip()):
        return asked
    path = folder / NAME
    try:
        path.chmod(0o600)
        key = path.read_text("ascii").strip()
    except (OSError, ValueError):
        key = ""
    return key if _is_key(key) else _make(path)


def to_be_told(key: str, environment: Mapping[str, str] = os.environ) -> str:
    """The key as the console may say it: who has set it knows it, and logs are read by others too."""
    return "..." if key == environment.get(VARIABLE, "").strip() else key


def _is_key(text: str) -> bool:
    return len(text) >= SHORTEST and text.isascii() and text.isprintable()


def _make(path: Path) -> str:
    key = secrets.token_urlsafe(SHORTEST)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(key)
    except OSError:
        pass  # it cannot be kept: it opens this server until it ends
    return key
