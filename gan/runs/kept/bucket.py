"""Where the networks of runs lie if several servers share them: in an object store that speaks S3.

The one module that knows obstore, and imported only where an address asks for it. Which server, region and keys stands
in the environment, as for any program: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from gan.runs.kept.files import Place

# A run waits for what is written: rather a moment that is not kept than one that holds up the training.
PATIENCE = {"connect_timeout": timedelta(seconds=1), "timeout": timedelta(seconds=30)}
AGAIN = {"max_retries": 1, "retry_timeout": timedelta(seconds=5)}


class Bucket:
    """The places of runs at an address such as s3://bucket/folder. Raises OSError for one that is none."""

    free_bytes = None

    def __init__(self, address: str) -> None:
        is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        with _told():
            self._store = from_url(address, client_options=PATIENCE | {"allow_http": is_plain}, retry_config=AGAIN)

    def of(self, run_id: str) -> "Objects":
        return Objects(self._store, run_id)

    def names(self) -> list[str]:
        """The runs that have a place; none where the store does not answer: this is for tidying up."""
        try:
            with _told():
                return [str(name) for name in obstore.list_with_delimiter(self._store)["common_prefixes"]]
        except OSError:
            return []


class Objects:
    """A place in an object store."""

    is_far = True

    def __init__(self, store, run_id: str) -> None:
        self._store, self._run_id = store, run_id

    def sizes(self) -> dict[str, int]:
        with _told():
            found = [each for some in obstore.list(self._store, f"{self._run_id}/") for each in some]
        return {each["path"].rpartition("/")[2]: each["size"] for each in found}

    def read(self, name: str) -> bytes:
        with _told():
            return bytes(obstore.get(self._store, self._path(name)).bytes())

    def write(self, name: str, content: bytes, is_synced: bool = True) -> None:
        with _told():
            obstore.put(self._store, self._path(name), content)

    def copy(self, other: Place, name: str) -> None:
        if isinstance(other, Objects):
            with _told():
                obstore.copy(self._store, other._path(name), self._path(name))
        else:
            self.write(name, other.read(name))

    def remove(self, name: str) -> None:
        with _told():
            obstore.delete(self._store, self._path(name))

    def clear(self) -> None:
        try:
            for name in self.sizes():
                self.remove(name)
        except OSError:
            return

    def _path(self, name: str) -> str:
        return f"{self._run_id}/{name}"


@contextmanager
def _told() -> Iterator[None]:
    """What the store says as an OSError with a short text: its own goes on for a page, addresses included."""
    try:
        yield
    except BaseError as error:
        line = str(error).partition("\n")[0].rpartition(" - ")[2]
        raise OSError(line.partition(": <")[0]) from error
