"""The packages that the app needs, in a folder beside it.

It is a plain folder for PYTHONPATH and no virtual environment: it holds no absolute path and no link, so that it goes
on working on a stick with another letter, and can be made on one at all (Python's venv cannot on FAT: cpython issue
98975). Its name says for which Python, computer and requirements it is, so a stick has one for each computer it meets.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from starter import fits, why

ROOT = Path(__file__).resolve().parents[1]
WHOLE = "whole.txt"  # written last
PACKAGES = (
    "site-packages"  # Streamlit takes itself for a developer's checkout where its path has no folder of this name
)
SIZES = {"linux": (3.2, 5.7), "win32": (0.3, 0.9), "darwin": (0.2, 0.8)}  # GB to fetch, and then on the disk
# Against settings of this computer's own that do not go with a folder as the target; mirrors and proxies hold.
PIP = {
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


class CannotBeMade(Exception):
    """What is in the way, as sentences."""


def folder(root: Path = ROOT) -> Path:
    """Where the packages of this Python on this kind of computer lie, whether they are there or not."""
    wanted = hashlib.sha256((root / "requirements.txt").read_bytes().replace(b"\r", b"")).hexdigest()
    return root / "environment" / f"{fits.tag()}-{wanted[:8]}"


def is_whole(place: Path) -> bool:
    return (place / WHOLE).exists()


def variables(place: Path) -> dict[str, str]:
    """With these and without `site`, which is Python's -S, a process finds these packages and nobody else's."""
    return os.environ | {"PYTHONPATH": str(place / PACKAGES), "PYTHONNOUSERSITE": "1"}


def make(root: Path = ROOT) -> Path:
    """Install the packages, unless they are there. pip shows its progress. Raises CannotBeMade.

    A folder that is not whole begins anew; wheels that were fetched before are not fetched again. Folders for what
    earlier versions of the app needed go when the new one is whole.
    """
    place = folder(root)
    if is_whole(place):
        return place
    try:
        place.parent.mkdir(exist_ok=True)
        with _alone(place.parent):
            if not is_whole(place):
                shutil.rmtree(place, ignore_errors=True)
                _install(root, place)
                _clear(place)
                (place / WHOLE).touch()
    except OSError as error:
        raise CannotBeMade(
            f"{place.parent} cannot be used ({error.strerror or error}). Copy the whole folder of the app to where it "
            "can be written to, such as your own documents, and start there."
        ) from error
    return place


def on_the_way() -> float:
    """The bytes that a first start takes while it goes on: wheels are there twice while they are unpacked."""
    fetched, stored = SIZES[sys.platform]
    return (2 * fetched + stored) * why.GB


def _install(root: Path, place: Path) -> None:
    free = shutil.disk_usage(place.parent).free
    if free < why.LEAST:
        raise CannotBeMade(why.no_room(place, free, on_the_way()))
    log, temporary = place.parent / "log.txt", place.parent / "temporary"
    log.unlink(missing_ok=True)
    temporary.mkdir(exist_ok=True)
    wheels = root / "wheelhouse"
    is_offline = any(wheels.glob("*.whl"))
    where = ["--target", str(place / PACKAGES), "--log", str(log)]
    what = ["--only-binary", ":all:", "--no-compile", "--requirement", str(root / "requirements.txt")]
    env = os.environ | PIP | {"PIP_CACHE_DIR": str(place.parent / "cache")}
    if is_offline:
        what += ["--no-index", "--find-links", str(wheels)]
        env["PIP_CONFIG_FILE"] = os.devnull  # what it says of mirrors and versions is for the network
    if os.name == "posix":  # where /tmp is often too small; on Windows names would get too long here
        env["TMPDIR"] = str(temporary)
    code, complaints = _run([*_pip(wheels), "install", *where, *what], env)
    if code:
        free = shutil.disk_usage(place.parent).free
        said = (log.read_text("utf-8", "replace") if log.exists() else "") + complaints
        reason = why.told(said, place, free, on_the_way(), is_offline, is_windows=os.name == "nt")
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(temporary, ignore_errors=True)
        raise CannotBeMade(f"{reason}\n(All that pip said: {log})")


def _run(command: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Run pip with its progress on the console: its exit code, and its complaints.

    Without those of its log, which it cannot write either when the disk is full.
    """
    said = []
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, errors="replace") as pip:
        for line in pip.stderr:
            said.append(line)
            if line.startswith(("ERROR", "WARNING")):
                print(line, end="", flush=True)
    return pip.returncode, "".join(said)


def _pip(wheels: Path) -> list[str]:
    """Python's own pip, or else the one in the wheelhouse, which runs from its wheel."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    for wheel in wheels.glob("pip-*.whl"):
        return [sys.executable, str(wheel / "pip")]
    raise CannotBeMade(
        "This Python has no pip. On Debian and Ubuntu `sudo apt install python3-pip` brings it; elsewhere install "
        "Python again, with pip."
    )


def _clear(place: Path) -> None:
    """What was needed on the way, and what earlier versions of the app needed on this computer."""
    for each in ("temporary", "cache"):
        shutil.rmtree(place.parent / each, ignore_errors=True)
    for other in place.parent.glob(f"{place.name.rpartition('-')[0]}-*"):
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Two windows are opened easily while nothing seems to happen: the second one says so and ends."""
    with (parent / "lock").open("w") as file:
        try:
            lock(file.fileno())
        except OSError:
            raise CannotBeMade("Another window is making the app ready already: wait for that one.") from None
        yield


def lock(file: int) -> None:
    """Have this file to this process alone, for as long as it is open. Raises OSError where another has it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
