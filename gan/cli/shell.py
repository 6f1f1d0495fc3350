"""What the commands share: complaints in one shape, files that are checked before the work, and Ctrl-C."""

import argparse
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

from gan import data
from gan.export.files import write_whole


class Parser(argparse.ArgumentParser):
    """argparse, with its complaints in the shape of all others."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} (see {self.prog} --help)")


def say(sentence: str) -> None:
    print(f"gan: {sentence}", file=sys.stderr, flush=True)


def check_writable(path: Path | None, is_folder: bool = False) -> None:
    """Refuse a path before the work begins, without leaving anything behind."""
    if not path:
        return
    nearest = next(place for place in (path, *path.absolute().parents) if place.exists())
    if nearest.is_dir() != (is_folder or nearest != path):
        raise ValueError(f"{path} cannot be written: {nearest} is a {'folder' if nearest.is_dir() else 'file'}.")
    try:
        if nearest.is_dir():
            tempfile.TemporaryFile(dir=nearest).close()
        else:
            nearest.open("r+b").close()
            if nearest.is_file():  # a new one comes beside it first
                tempfile.TemporaryFile(dir=nearest.absolute().parent).close()
    except OSError as error:
        raise ValueError(f"{path} cannot be written: {error.strerror}.") from error


def fetch_first(error: data.NotDownloaded, name: str) -> ValueError:
    """What to do where the picture set `name` is not here."""
    if isinstance(error, data.NotBrought):
        return ValueError(f"{error} Run: python -m gan pictures FOLDER")
    return ValueError(f"{error} Run: python -m gan download {name}")


def write(path: Path, content: bytes) -> None:
    write_whole({path: content})


def drop_output(stream: TextIO) -> None:
    """Send to nowhere what a stream still holds: nobody can have it, and Python would complain when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, so that a step is never cut in two; a second Ctrl-C ends the program."""
    asked = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def ask(*_: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
