"""Library: where runs are kept, and within which limits; plain data, so that it can be told to other processes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from platformdirs import user_data_path

from gan.messages import Refusal
from gan.runs.kept.access import Access, FileAccess
from gan.runs.kept.files import Files, Folders
from gan.runs.state.limits import DEFAULTS, Limits

DATABASE_ENV, FILES_ENV = "GAN_STUDIO_LIBRARY", "GAN_STUDIO_FILES"
SHARED = ("postgresql://", "postgres://")
SECRET = ("user", "password", "sslpassword", "passfile")  # in an address


@dataclass(frozen=True)
class Library:
    """An SQLite file and files in a folder, unless there are addresses of what servers share."""

    folder: Path
    limits: Limits = DEFAULTS
    database: str = ""  # postgresql://...
    files: str = ""  # s3://bucket/folder, or another folder

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, limits: Limits = DEFAULTS) -> Self:
        """The one that the environment names; otherwise in this user's own data folder."""
        where, files = environment.get(DATABASE_ENV, ""), environment.get(FILES_ENV, "")
        folder = Path(user_data_path("forger-and-detective", appauthor=False))
        if where.startswith(SHARED):
            return cls(folder, limits, where, files)
        return cls(Path(where) if where else folder, limits, files=files)

    @property
    def name(self) -> str:
        """By which it is told from others."""
        return sha256(self.told.encode()).hexdigest()[:10]

    @property
    def told(self) -> str:
        """Where it is; without the user and the password that the address of a database may hold."""
        if not self.database:
            return str(self.folder.absolute())
        parts = urlsplit(self.database)
        query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name not in SECRET])
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{'?' if query else ''}{query}"

    def access(self, only_read: bool = False) -> Access:
        """Access to its database. Raises what `FileAccess` and `SharedAccess` raise."""
        if not self.database:
            return FileAccess(self.folder, only_read)
        try:
            from gan.runs.kept.shared import SharedAccess
        except ImportError as error:
            raise _lacks(error) from error
        return SharedAccess(self.database)

    def places(self) -> Files:
        """Where its files are. Raises Refusal for an address that is none."""
        if "://" not in self.files:
            return Folders(Path(self.files) if self.files else self.folder / "runs")
        try:
            from gan.runs.kept.bucket import Bucket
        except ImportError as error:
            raise _lacks(error) from error
        try:
            return Bucket(self.files)
        except OSError as error:
            raise Refusal(
                "library.no_place", "{address} is no address for files: {reason}.", address=self.files, reason=error
            ) from error


def _lacks(error: ImportError) -> Refusal:
    return Refusal(
        "library.lacks",
        "The shared library needs a package that is not there: {package}. See requirements-cluster.txt.",
        package=error.name,
    )
