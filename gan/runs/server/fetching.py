"""Downloads in the background: one thread for a picture set, shared by all who ask for it."""

import logging
import threading
from dataclasses import dataclass, replace
from enum import StrEnum

from gan.data import downloads
from gan.data.catalog import SETS
from gan.messages import Message, msg


class DownloadState(StrEnum):
    RUNNING = "running"
    DONE = "done"  # the set is here
    FAILED = "failed"  # see DownloadSnapshot.error
    CANCELLED = "cancelled"  # somebody cancelled it


@dataclass(frozen=True)
class DownloadSnapshot:
    """All there is to know of a download at one moment; it never changes."""

    name: str
    state: DownloadState = DownloadState.RUNNING
    fraction: float = 0.0  # of all bytes, 0..1
    error: Message | None = None  # why it failed and what to do
    in_public: Message | None = None  # the same for those who are not to know where files lie


class Download:
    """The download of one picture set. `cancel`, `wait` and `snapshot` may be called from any thread."""

    def __init__(self, name: str) -> None:
        self._snapshot = DownloadSnapshot(name)
        self._cancel = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"download-{name}", daemon=True)

    @property
    def is_live(self) -> bool:
        """Whether it runs and nobody has cancelled it."""
        return self._snapshot.state is DownloadState.RUNNING and not self._cancel.is_set()

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Ask the download to end; it does so when the next bytes come, or after the network's timeout."""
        self._cancel.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if it has not after `timeout` seconds."""
        return self._ended.wait(timeout)

    def snapshot(self) -> DownloadSnapshot:
        return self._snapshot

    # On the thread

    def _work(self) -> None:
        name = self._snapshot.name
        try:
            downloads.fetch(name, self._progress, self._cancel.is_set)
            self._set(state=DownloadState.DONE if downloads.is_here(name) else DownloadState.CANCELLED)
        except downloads.DownloadFailed as failure:
            self._fail(failure.message, failure.in_public)
        except Exception as error:  # kept as data: the page shows it, the server lives on
            logging.getLogger(__name__).exception("The download of %s failed.", name)
            title = SETS[name].title if name in SETS else name
            told = msg(
                "fetching.unexpected",
                "{title} could not be downloaded, for a reason that nobody expected ({kind}). Try again.",
                title=title, kind=type(error).__name__,
            )  # fmt: skip
            self._fail(told, told)
        finally:
            self._ended.set()

    def _progress(self, fraction: float) -> None:
        self._set(fraction=fraction)

    def _fail(self, why: Message, in_public: Message) -> None:
        if self._cancel.is_set():  # nobody waits for it any more
            self._set(state=DownloadState.CANCELLED)
        else:
            self._set(state=DownloadState.FAILED, error=why, in_public=in_public)

    def _set(self, **changes) -> None:
        self._snapshot = replace(self._snapshot, **changes)


class Downloads:
    """The downloads of a server, at most one live one for each picture set. Any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, Download] = {}

    def start(self, name: str) -> Download:
        """The live download of the set `name`, begun now if there is none."""
        with self._lock:
            download = self._newest.get(name)
            if download is None or not download.is_live:
                download = self._newest[name] = Download(name)
                download.start()
            return download

    def get(self, name: str) -> Download | None:
        """The newest download of the set, ended or not; None if there never was one."""
        return self._newest.get(name)
