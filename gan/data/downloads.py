"""The picture sets that are downloaded: once, and only when the user asks.

The MNIST family comes by torchvision's addresses and is read by torchvision's classes. CIFAR-10 is its binary
version: torchvision's own reads Python pickles, and nothing here is ever unpickled.

A file gets its name only when it is whole and verified, so a name that exists is worth reading. An archive that
somebody put into the set's folder by hand is taken instead of the network's (`by_hand`). torchvision is imported late:
that takes seconds, and nothing else in the project needs it.
"""

import gzip
import math
import os
import shutil
import ssl
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np

from gan.data.catalog import SETS
from gan.messages import Message, Told, msg

TIMEOUT_SECONDS = 15  # to connect, and for the next bytes to come
CHUNK = 1 << 16  # bytes

IDX_CLASSES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "kmnist": "KMNIST"}  # in torchvision.datasets
# torchvision opens the training set only where all four files lie; the numbers are their shares of the bytes.
IDX_FILES = {
    "train-images-idx3-ubyte": 0.855,
    "train-labels-idx1-ubyte": 0.002,
    "t10k-images-idx3-ubyte": 0.142,
    "t10k-labels-idx1-ubyte": 0.001,
}

CIFAR_MIRRORS = ("https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/")
CIFAR_ARCHIVE = "cifar-10-binary.tar.gz"
CIFAR_MD5 = "c32a1d4ab5d03f1284b67883e8d87530"
CIFAR_FILES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
CIFAR_COUNT = 10_000  # pictures in each file
CIFAR_RECORD = 1 + 3 * 32 * 32  # bytes: the label, then all red, all green, all blue

ADVICE = msg("download.advice", "Try again later; the embedded pictures work without a network.")
FILTER_ADVICE = msg(
    "download.filter_advice",
    "A filter of the school or the provider may be in the way: ask who looks after the network to let it through, "
    "or fetch the files by hand.",
)
BROKEN = msg("download.broken", "Broken download")
NOT_SECURE = msg("download.not_secure", "No secure connection")
NO_NETWORK = msg("download.no_network", "No network, or the server is down")
FILTERED = msg("download.filtered", "Something in this network refuses it")
FILTER_CODES = (403, 407, 451, 511)  # forbidden; by a proxy; for legal reasons; log in to the network first

_busy = {name: threading.Lock() for name in (*IDX_CLASSES, "cifar10")}


class DownloadFailed(Told, RuntimeError):
    """A set could not be fetched or opened: a sentence that says why, and what to do."""

    @property
    def in_public(self) -> Message:
        """The same for those who are not to know where files lie."""
        return self.message


class CannotStore(DownloadFailed):
    """There is no room for a set, or its folder cannot be written to."""

    def __init__(self, title: Message | str, error: OSError) -> None:
        super().__init__(
            "download.cannot_store",
            "{title} cannot be stored in {folder} ({reason}). "
            "Make room there, or set GAN_STUDIO_DATA to a folder that can be written to.",
            title=title, folder=folder(), reason=error.strerror or error,
        )  # fmt: skip
        self._title, self._reason = title, error.strerror or type(error).__name__

    @property
    def in_public(self) -> Message:
        return msg(
            "download.cannot_store_here",
            "{title} cannot be stored on this server ({reason}). Your teacher can read here what to do.",
            title=self._title, reason=self._reason,
        )  # fmt: skip


class _Stopped(Exception):
    """The user does not want the set any more."""


class _MirrorFailed(Exception):
    """One address gave no good file, for a reason."""

    def __init__(self, reason: Message, url: str) -> None:
        super().__init__(reason)
        self.reason, self.host = reason, urlsplit(url).hostname


# For everyone


def folder() -> Path:
    """Where the sets lie: the user's own folder, or what GAN_STUDIO_DATA names."""
    chosen = os.environ.get("GAN_STUDIO_DATA")
    return Path(chosen).expanduser() if chosen else Path.home() / ".cache" / "forger-and-detective" / "data"


def by_hand(name: str) -> Message:
    """Where the set's files belong when somebody fetches them in another way, such as with a browser."""
    files = (CIFAR_ARCHIVE,) if name == "cifar10" else tuple(f"{file}.gz" for file in IDX_FILES)
    return msg(
        "download.by_hand", "Files that were fetched by hand are taken from {folder}: {files:list}.",
        folder=_home(name), files=files,
    )  # fmt: skip


def is_here(name: str) -> bool:
    """Whether the set is complete on this computer; opens no more than file headers."""
    if name == "cifar10":
        return all(_size(_home(name) / file) == CIFAR_COUNT * CIFAR_RECORD for file in CIFAR_FILES)
    return all(_is_whole_idx(_home(name) / file) for file in IDX_FILES)


def fetch(
    name: str,
    on_progress: Callable[[float], None] = lambda fraction: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Download the set `name`, unless it is here; return early, without it, when `should_stop()`.

    `on_progress` gets the part done of all files, 0 to 1, never falling. A server that keeps silent delays
    the stop by up to TIMEOUT_SECONDS. Raises DownloadFailed.
    """
    furthest = 0.0

    def report(fraction: float) -> None:
        nonlocal furthest
        if should_stop():
            raise _Stopped
        furthest = max(furthest, min(fraction, 1.0))  # a second mirror starts again, the bar does not
        on_progress(furthest)

    title = SETS[name].title
    with _busy[name]:  # two at once would write the same files
        try:
            if not is_here(name):
                datasets = _torchvision(name)  # before the network is troubled
                _home(name).mkdir(parents=True, exist_ok=True)
                (_fetch_cifar if name == "cifar10" else _fetch_idx)(name, datasets, report)
        except _Stopped:
            return
        except _MirrorFailed as failure:
            raise DownloadFailed(
                "download.failed", "{reason}: {title} could not be downloaded from {host}. {advice}",
                reason=failure.reason, title=title, host=failure.host,
                advice=FILTER_ADVICE if failure.reason is FILTERED else ADVICE,
            ) from failure  # fmt: skip
        except OSError as error:
            raise CannotStore(title, error) from error
        if not is_here(name):
            raise DownloadFailed(
                "download.other_files", "Broken download: {title} did not have the files it should have. {advice}",
                title=title, advice=ADVICE,
            )  # fmt: skip
    on_progress(1.0)


def load(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The training pictures of a set that is here: uint8 (n, h, w) or (n, h, w, 3), and labels uint8 (n,).

    Raises DownloadFailed when torchvision, which reads the MNIST family, cannot be used.
    """
    if name == "cifar10":
        return _load_cifar(name)
    kind = getattr(_torchvision(name), IDX_CLASSES[name])
    # Old torchvisions left pickles in the same folder, and new ones would still prefer them.
    kind = type(kind.__name__, (kind,), {"_check_legacy_exist": lambda self: False})
    pictures = kind(folder(), train=True, download=False)
    return pictures.data.numpy(), pictures.targets.numpy().astype(np.uint8)


# The MNIST family: idx files, each gzipped


def _fetch_idx(name: str, datasets: Any, report: Callable[[float], None]) -> None:
    kind = getattr(datasets, IDX_CLASSES[name])
    done = 0.0
    for resource, md5 in kind.resources:
        file = _home(name) / resource.removesuffix(".gz")
        share = IDX_FILES[file.name]
        if not _is_whole_idx(file):
            urls = [mirror + resource for mirror in kind.mirrors]
            came = _archive(file.with_name(resource), urls, md5, _part(report, done, share))
            with came as archive, gzip.open(archive) as packed, _new_file(file) as out:
                shutil.copyfileobj(packed, out)
        done += share


def _is_whole_idx(file: Path) -> bool:
    """Whether an idx file of bytes is as long as its own header says.

    The header: 0, 0, 8 (unsigned bytes), the number of dimensions, then the length of each in four bytes.
    """
    try:
        with file.open("rb") as stream:
            header = stream.read(16)
    except OSError:
        return False
    dimensions = header[3] if header[:3] == b"\0\0\x08" else 0
    start = 4 + 4 * dimensions
    if not 0 < dimensions <= 3 or len(header) < start:
        return False
    lengths = np.frombuffer(header, ">u4", count=dimensions, offset=4).tolist()
    return _size(file) == start + math.prod(lengths)


# CIFAR-10: one gzipped tar with five files of records


def _fetch_cifar(name: str, datasets: Any, report: Callable[[float], None]) -> None:
    urls = [mirror + CIFAR_ARCHIVE for mirror in CIFAR_MIRRORS]
    came = _archive(_home(name) / CIFAR_ARCHIVE, urls, CIFAR_MD5, _part(report, 0.0, 0.95))
    with came as archive, tarfile.open(archive, "r|gz") as tar:
        for member in tar:
            report(0.95)
            # Our own names, never a path that the archive chooses.
            file = PurePosixPath(member.name).name
            if file in CIFAR_FILES and member.isfile() and member.size == CIFAR_COUNT * CIFAR_RECORD:
                with _new_file(_home(name) / file) as out:
                    shutil.copyfileobj(tar.extractfile(member), out)


def _load_cifar(name: str) -> tuple[np.ndarray, np.ndarray]:
    parts = [cifar_records(_home(name) / file) for file in CIFAR_FILES]
    images, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
    return images, labels


def cifar_records(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """The pictures uint8 (n, 32, 32, 3) and labels uint8 (n,) of one file of CIFAR-10's binary version."""
    records = np.fromfile(file, np.uint8).reshape(-1, CIFAR_RECORD)
    return np.ascontiguousarray(records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)), records[:, 0]


# Network


@contextmanager
def _archive(own: Path, urls: list[str], md5: str, report: Callable[[float], None]) -> Iterator[Path]:
    """The archive with this sum: the one that somebody put at `own`, or one from the network, gone afterwards."""
    from torchvision.datasets.utils import check_integrity

    if check_integrity(own, md5):
        report(1.0)
        yield own
        return
    with _temporary(own) as archive:
        _download(urls, archive, md5, report)
        yield archive


def _download(urls: list[str], target: Path, md5: str, report: Callable[[float], None]) -> None:
    """Write to `target` what the first good one of `urls` sends; raises the first one's _MirrorFailed if none is."""
    from torchvision.datasets.utils import check_integrity

    failures = []
    for url in urls:
        try:
            report(0.0)
            with closing(_chunks(url)) as chunks, target.open("wb") as file:
                for chunk, fraction in chunks:
                    file.write(chunk)
                    report(fraction)
            if not check_integrity(target, md5):  # too short or too long is wrong as well
                raise _MirrorFailed(BROKEN, url)
            return
        except _MirrorFailed as failure:
            failures.append(failure)
    raise failures[0]


def _chunks(url: str) -> Iterator[tuple[bytes, float]]:
    """The file at `url` piece by piece, each with the part of it that has come, 0 to 1 (0 if nobody knows).

    It may end early without a word. Raises _MirrorFailed.
    """
    request = Request(url, headers={"User-Agent": "forger-and-detective"})
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            if response.headers.get_content_type() == "text/html":  # the page of a filter, or of a network's login
                raise _MirrorFailed(FILTERED, url)
            length = int(response.headers.get("Content-Length") or 0)
            received = 0
            while chunk := response.read1(CHUNK):  # read() would wait until a slow line has filled the chunk
                received += len(chunk)
                yield chunk, received / length if length else 0.0
    except (OSError, HTTPException) as error:
        raise _MirrorFailed(_reason(error), url) from error


def _reason(error: Exception) -> Message:
    """Why no file came."""
    cause = error.reason if isinstance(error, URLError) else error  # urllib wraps what happened while it connected
    if isinstance(error, HTTPError):
        if error.code in FILTER_CODES:
            return FILTERED
        return msg("download.server_error", "The server answered with error {code}", code=error.code)
    if isinstance(cause, ssl.SSLCertVerificationError | ConnectionResetError | ConnectionAbortedError):
        return FILTERED
    if "Tunnel connection failed" in str(cause):  # urllib's words for a proxy that does not let it through
        return FILTERED
    if isinstance(cause, ssl.SSLError):
        return NOT_SECURE
    return BROKEN if isinstance(error, HTTPException) else NO_NETWORK


def _part(report: Callable[[float], None], start: float, share: float) -> Callable[[float], None]:
    """`report` for one file of several, whose bytes are `share` of them all."""
    return lambda fraction: report(start + share * fraction)


def _torchvision(name: str) -> Any:
    """torchvision.datasets; raises DownloadFailed when it cannot be imported."""
    try:
        from torchvision import datasets
    except Exception as error:  # ImportError, RuntimeError, AttributeError, OSError: a misfit has many faces
        raise DownloadFailed(
            "download.no_torchvision",
            "{title} needs torchvision, and torch and torchvision do not fit together or one is missing. "
            "Repair them with `pip install --upgrade --force-reinstall torch torchvision` and start the program again.",
            title=SETS[name].title,
        ) from error
    return datasets


# Files


def _home(name: str) -> Path:
    """The set's own folder; for the MNIST family, where torchvision looks for it."""
    return folder() / IDX_CLASSES[name] / "raw" if name in IDX_CLASSES else folder() / "cifar-10-batches-bin"


def _size(file: Path) -> int:
    """In bytes; -1 where there is no such file."""
    try:
        return file.stat().st_size
    except OSError:
        return -1


@contextmanager
def _temporary(file: Path) -> Iterator[Path]:
    """A `.part` path next to `file`; whatever lies there is gone afterwards."""
    part = file.with_name(f"{file.name}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _new_file(file: Path) -> Iterator[IO[bytes]]:
    """A stream that becomes `file` at the end, when all is on the disk; after an error nothing is left."""
    with _temporary(file) as part:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
