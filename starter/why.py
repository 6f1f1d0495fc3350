"""Why packages could not be installed, in words."""

import re
from pathlib import Path

GB = 1e9
LEAST = 1.3 * GB  # bytes: the packages without NVIDIA's, and their wheels; with less it is of no use to begin
NO_ROOM = 50e6  # bytes that are left when a disk has run full
LONGEST_PATH = 259  # letters, on a Windows that was not told otherwise
LONGEST_FILE = 140  # letters from the folder of this Python to the deepest file

# What pip and what it stands on say. Earlier ones are told first: without a network pip also finds no version.
SIGNS = (
    ("No space left on device|Errno 28|WinError 112|Disk quota exceeded", "full"),
    ("CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError", "tls"),
    (r"\b(403|407|451|511) (Client|Server) Error|HTTP error (403|407|451|511)|ProxyError|Tunnel connection", "filter"),
    (
        "NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|Failed to establish|getaddrinfo"
        "|Network is unreachable|Connection refused|ConnectionResetError|RemoteDisconnected|IncompleteRead"
        "|ProtocolError|incomplete-download",
        "network",
    ),
    (r"located at .* is invalid|do not match the hashes|BadZipFile", "broken"),
    ("No matching distribution|Could not find a version", "version"),
    ("Errno 13|Errno 30|WinError 5|PermissionError|Read-only file system", "locked"),
)


def told(said: str, folder: Path, free: float, needed: float, is_offline: bool, is_windows: bool) -> str:
    """What stood in pip's way, from what it said and from the disk: sentences with what to do.

    `folder` is where the packages go, `free` the bytes that are left there, `needed` those that it takes at most;
    `is_offline` with wheels of one's own.
    """
    sign = "full" if free < NO_ROOM else next((name for words, name in SIGNS if re.search(words, said)), "")
    if is_windows and sign in ("", "locked") and len(str(folder)) + LONGEST_FILE > LONGEST_PATH:
        sign = "deep"
    return {
        "full": no_room(folder, free, needed),
        "tls": "The network shows a certificate that Python does not know: a filter of the school reads along. Ask who "
        "looks after the network for pypi.org and files.pythonhosted.org to be let through, or bring a wheelhouse.",
        "filter": "A filter or proxy in this network refuses it. Ask who looks after it to let pypi.org and "
        "files.pythonhosted.org through, or bring a wheelhouse.",
        "network": "There is no network, or it broke off. The first start needs one, later ones do not: connect and "
        "start again, what has come so far is not fetched again. Without a network, bring a wheelhouse.",
        "broken": f"A package has come in pieces: {_last(said)}\n"
        + ("Copy or fill the folder wheelhouse again." if is_offline else "Start again, it is fetched once more."),
        "version": f"The folder wheelhouse has not all that this Python takes: {_missing(said)}. Fill it with the same "
        "Python on the same kind of computer."
        if is_offline
        else f"There is no package for this Python and computer: {_missing(said)}.",
        "locked": f"{folder} cannot be written to. Copy the whole folder of the app to where it can, such as your own "
        "documents, and start there.",
        "deep": "The folder of the app lies too deep for Windows: its name with all folders around it is too long. "
        "Move it to a place such as C:\\forger and start there.",
        "": f"pip could not install the packages:\n{_last(said)}",
    }[sign]


def no_room(folder: Path, free: float, needed: float) -> str:
    return (
        f"There is no room: the first start takes up to {needed / GB:.1f} GB in {folder}, and {free / GB:.1f} GB are "
        "free. Make room and start again."
    )


def _missing(said: str) -> str:
    found = re.search(r"No matching distribution found for ([^\s(]+)", said)
    found = found or re.search(r"satisfies the requirement ([^\s(]+)", said)
    return found[1] if found else "see above"


def _last(said: str, lines: int = 4) -> str:
    told = [line for line in said.splitlines() if line.strip()]
    return "\n".join([line for line in told if line.startswith("ERROR")] or told[-lines:])
