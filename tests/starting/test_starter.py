"""The scripts to be clicked on, from one end to the other: on a stick whose name has spaces and letters beyond ASCII,
with wheels written here in the place of big ones, and with faults that are caused and not pretended.
"""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from importlib.metadata import files
from pathlib import Path
from zipfile import ZipFile

import pytest

from starter import environment, fits, running, uninstall, why
from tests.fakes import wait_until
from tools.real_server import ROOT

STREAMLIT = """
import sys
def main(arguments, prog_name):
    print(prog_name, "runs", arguments, "from", __file__)
    return 3 if "--fail" in arguments else 0
"""
WAITS = """
import sys
def main(arguments, prog_name):
    print(arguments, flush=True)
    sys.stdin.read()
"""
# In the place of the app, what `uninstall` asks it.
APP = {
    "gan/data/downloads.py": "from pathlib import Path\ndef folder(): return Path('../pictures').resolve()",
    "gan/runs/kept/opening.py": "from pathlib import Path\ndef default_folder(): return Path('../runs').resolve()",
}
NOBODY = "http://127.0.0.1:9"  # the port of "discard", where nobody listens


class Healthy(BaseHTTPRequestHandler):
    """In the place of the app's server."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


class Stick:
    """The app's folder on a stick, and a computer with a Python in its PATH, and no network."""

    def __init__(self, folder: Path) -> None:
        self.root, self.path = folder / "USB stick ü" / "app", folder / "bin"
        self.root.mkdir(parents=True)
        self.path.mkdir()
        shutil.copytree(ROOT / "starter", self.root / "starter", ignore=shutil.ignore_patterns("__pycache__"))
        for script in ROOT.glob("start-*"):
            shutil.copy(script, self.root)
        (self.root / "requirements.txt").write_text("streamlit\n")
        for name, content in APP.items():
            (self.root / name).parent.mkdir(parents=True)
            (self.root / name).write_text(content)
        for tool in ("sh", "dirname", "uname"):
            (self.path / tool).symlink_to(shutil.which(tool))
        self.python("python3", f'exec "{sys.executable}" "$@"')

    def python(self, name: str, script: str) -> None:
        (self.path / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.path / name).chmod(0o755)

    def wheel(self, name: str = "streamlit", version: str = "1.0", **contents: str) -> None:
        """Put one into the wheelhouse; `contents` are its modules."""
        info = f"{name}-{version}.dist-info"
        (self.root / "wheelhouse").mkdir(exist_ok=True)
        with ZipFile(self.root / "wheelhouse" / f"{name}-{version}-py3-none-any.whl", "w") as file:
            for module, content in (contents or {"streamlit/web/cli": STREAMLIT}).items():
                file.writestr(f"{module}.py", content)
            file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{info}/RECORD", "")

    def run(self, *options: str, script: str = "start-linux.sh", said: str = "", **settings: str) -> tuple[int, str]:
        """Its exit code and what it prints, with `said` on its keyboard."""
        bare = {"PATH": str(self.path), "HOME": str(self.root.parent), "PYTHONDONTWRITEBYTECODE": "1"}
        pip = {"PIP_INDEX_URL": NOBODY, "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull} | settings
        command = ["sh", str(self.root / script), *options]
        done = subprocess.run(command, cwd="/", env=bare | pip, input=said, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def packages(self) -> Path:
        return environment.folder(self.root)


@pytest.fixture
def stick(tmp_path) -> Stick:
    return Stick(tmp_path)


def test_the_second_start_needs_no_network_no_wheels_and_not_the_same_place(stick):
    stick.wheel()
    code, said = stick.run("--server.port", "8600")
    assert code == 0 and "packages are installed from the folder wheelhouse" in said and "That is done" in said
    shutil.rmtree(stick.root / "wheelhouse")
    stick.root = stick.root.parent.rename(stick.root.parents[1] / "E élan") / "app"
    code, said = stick.run("--server.port", "8600")
    assert code == 0 and "Installing" not in said and "first start" not in said
    found = re.search(r"streamlit runs \['run', '(.*)', '--server.port', '8600'\] from (.*)", said)
    assert found[1] == str(stick.root / "streamlit_app.py")
    assert Path(found[2]).is_relative_to(stick.packages() / "site-packages")
    left = {path.name for path in (stick.root / "environment").iterdir()}
    assert left == {stick.packages().name, "lock", "log.txt"}


def test_the_second_click_shows_the_page_of_the_app_that_runs(stick, tmp_path):
    """The first one waits for a word on its keyboard; its server is this test's."""
    stick.wheel(**{"streamlit/web/cli": WAITS})
    assert stick.run("--version")[0] == 0
    shown = tmp_path / "shown.txt"
    browser = {"BROWSER": f'{sys.executable} -c "import sys; open({str(shown)!r}, chr(97)).write(sys.argv[1])" %s'}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=server.serve_forever).start()
    with subprocess.Popen(
        ["sh", stick.root / "start-linux.sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PATH": str(stick.path), "HOME": str(tmp_path)},
    ) as first:  # fmt: skip
        assert "Starting" in first.stdout.readline()
        options = first.stdout.readline()
        told = stick.root / "environment" / "port.txt"
        assert f"'--server.port', '{told.read_text()}'" in options
        told.write_text(str(server.server_port))
        code, said = stick.run(**browser)
        assert code == 0 and "runs already" in said and "Starting" not in said
        wait_until(shown.exists)
        assert shown.read_text() == f"http://localhost:{server.server_port}"
        first.communicate("end")
    server.shutdown()
    server.server_close()
    assert not told.exists()
    assert "Starting" in stick.run(said="end")[1]


def test_where_nobody_can_be_told_it_starts_all_the_same(stick):
    stick.wheel()
    assert stick.run("--version")[0] == 0
    (stick.root / "environment" / "running").mkdir()  # as on a stick that cannot be written to
    code, said = stick.run()
    assert code == 0 and "'--server.port', '85" in said and "Traceback" not in said


def test_a_port_that_was_just_left_is_taken_again_and_one_where_somebody_listens_is_not(monkeypatch):
    """A server's connections outlive it for a minute."""
    with socket.create_server(("", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr(running, "FIRST_PORT", port)
        assert running._free() != port
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            server.accept()[0].close()
            visitor.recv(1)
    assert running._free() == port


def test_what_was_half_made_or_made_for_other_requirements_is_made_again(stick):
    stick.wheel()
    half = stick.packages()
    (half / "site-packages").mkdir(parents=True)
    (half / "site-packages" / "streamlit.py").write_text("a half")
    assert stick.run()[0] == 0 and not (half / "site-packages" / "streamlit.py").exists()
    stick.wheel(version="2.0")
    (stick.root / "requirements.txt").write_text("streamlit>=2\n")
    code, said = stick.run()
    assert code == 0 and "streamlit-2.0" in said
    assert stick.packages() != half and not half.exists()


def test_packages_of_the_computer_are_not_mixed_in(stick):
    stick.wheel(**{"streamlit/web/cli": "import packaging"})  # which is in the environment of these tests
    code, said = stick.run()
    assert code == 1 and "No module named 'packaging'" in said and "The app has ended with an error" in said


def test_an_app_that_fails_says_what_to_delete(stick):
    stick.wheel()
    code, said = stick.run("--fail")
    assert code == 3 and f"delete the folder\n{stick.packages()}" in said


# What can be in the way


def test_no_network(stick):
    code, said = stick.run()
    assert code == 1 and "There is no network" in said
    assert not stick.packages().exists()
    stick.wheel()
    assert stick.run()[0] == 0, "and later it goes on"


class Index(HTTPServer):
    """What pip asks, in a school whose filter forbids what is in `forbidden`."""

    def __init__(self, wheels: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.wheels, self.forbidden, self.given = wheels, "", []
        here = f"127.0.0.1:{self.server_port}"
        self.settings = {"PIP_INDEX_URL": f"http://{here}/simple", "PIP_TRUSTED_HOST": here}


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        wheel = self.server.wheels / Path(self.path).name
        if re.search(self.server.forbidden or "$^", self.path):
            return self.send_error(403)
        links = "".join(f'<a href="/{each.name}">{each.name}</a>' for each in self.server.wheels.glob("*.whl"))
        content = wheel.read_bytes() if wheel.is_file() else links.encode()
        self.server.given.append(wheel.name)
        self.send_response(200)
        self.send_header("Content-Type", "application/zip" if wheel.is_file() else "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.send_header(
            "Cache-Control", "max-age=365000000, immutable" if wheel.is_file() else "no-cache"
        )  # as PyPI's
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def index(stick, tmp_path) -> Iterator[Index]:
    stick.wheel()
    stick.wheel("other", **{"other": ""})
    (stick.root / "requirements.txt").write_text("streamlit\nother\n")
    with Index((stick.root / "wheelhouse").rename(tmp_path / "wheels")) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


def test_a_filter(stick, index):
    index.forbidden = "."
    code, said = stick.run(**index.settings)
    assert code == 1 and "A filter or proxy in this network refuses it" in said


def test_what_has_come_is_not_fetched_again(stick, index):
    index.forbidden = "other.*whl"
    assert stick.run(**index.settings)[0] == 1
    index.forbidden = ""
    code, _ = stick.run(**index.settings)
    wheels = [name for name in index.given if name.endswith(".whl")]
    assert code == 0 and wheels == ["streamlit-1.0-py3-none-any.whl", "other-1.0-py3-none-any.whl"]
    assert not (stick.root / "environment" / "cache").exists()


def test_a_wheelhouse_that_lacks_something(stick):
    stick.wheel("other", **{"other": ""})
    code, said = stick.run()
    assert code == 1 and "The folder wheelhouse has not all that this Python takes: streamlit." in said


def test_a_wheelhouse_with_a_broken_file(stick):
    stick.wheel()
    wheel = next((stick.root / "wheelhouse").iterdir())
    wheel.write_bytes(wheel.read_bytes()[:400])
    code, said = stick.run()
    assert code == 1 and "A package has come in pieces" in said and "fill the folder wheelhouse again" in said


def test_two_windows(stick):
    stick.wheel()
    (stick.root / "environment").mkdir()
    with (stick.root / "environment" / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        code, said = stick.run()
    assert code == 1 and "Another window is making the app ready already" in said
    assert stick.run()[0] == 0


def test_a_place_that_cannot_be_written_to(stick):
    stick.wheel()
    (stick.root / "environment").touch()
    code, said = stick.run()
    assert code == 1 and "environment cannot be used" in said and "Traceback" not in said


@pytest.mark.parametrize("left", [0.2e9, 5e9])
def test_a_full_disk_before_or_on_the_way(stick, monkeypatch, left):
    stick.wheel()
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1e12, 1e12 - left, left))
    monkeypatch.setattr(environment, "_pip", lambda _: [sys.executable, "-c", FULL])
    with pytest.raises(environment.CannotBeMade, match=r"There is no room: .* and (0.2|5.0) GB are free"):
        environment.make(stick.root)


FULL = """
import sys
try:
    with open("/dev/full", "w") as file:
        file.write("a wheel")
except OSError as error:
    sys.exit(f"ERROR: Could not install packages due to an OSError: {error}")
"""


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed", "certificate"),
        ("NameResolutionError(...): Failed to resolve 'pypi.org'\nERROR: No matching distribution found", "no network"),
        ("ProxyError('Unable to connect to proxy')", "filter or proxy"),
        ("ERROR: [WinError 5] Access is denied: 'E:\\\\app'", "cannot be written to"),
        ("ERROR: [WinError 112] There is not enough space on the disk", "There is no room"),
        ("one\n\nERROR: something new\ntwo", ":\nERROR: something new"),
    ],
)
def test_what_pip_says_is_said_in_words(log, reason):
    assert reason in why.told(log, Path("/app/environment/x"), 9e9, 9e9, is_offline=False, is_windows=False)


def test_windows_has_an_end_of_names():
    log = "ERROR: [Errno 2] No such file or directory"
    for length, is_deep in ((100, False), (130, True)):
        told = why.told(log, Path("C" * length), 9e9, 9e9, is_offline=False, is_windows=True)
        assert ("lies too deep" in told) == is_deep


# Which Python


def test_no_python(stick):
    (stick.path / "python3").unlink()
    code, said = stick.run()
    assert code == 1 and said.startswith("There is no Python here") and "sudo apt install python3" in said


def test_pythons_that_do_not_fit_are_passed_over_and_say_why(stick):
    fitting = (stick.path / "python3").rename(stick.path / "kept")
    stick.python("python3.14", "echo 'version 3.14 is not installed'; exit 1")
    stick.python("python3", "echo 'Python 3.8 is too old'; exit 1")
    code, said = stick.run()
    assert code == 1 and "version 3.14 is not installed\nPython 3.8 is too old\n" in said
    fitting.rename(stick.path / "python3.12")
    stick.wheel()
    assert stick.run()[0] == 0


def test_a_python_whose_packages_are_here_comes_before_a_newer_one(stick):
    newer = 'case "$*" in "starter/fits.py fitting") ;; *) echo "asked $*"; exit 1 ;; esac'
    stick.python("python3.14", newer)
    assert "asked -m starter" in stick.run()[1]
    stick.wheel("torch", **{"torch": ""})
    stick.wheel()
    for wheel in (stick.root / "wheelhouse").glob("torch*"):
        wheel.rename(wheel.with_name(wheel.name.replace("py3-", f"cp3{sys.version_info.minor}-")))
    assert stick.run()[0] == 0
    shutil.rmtree(stick.root / "wheelhouse")
    assert stick.run()[0] == 0


def test_a_stick_can_bring_a_python(stick):
    own = stick.root / "python" / "bin"
    own.mkdir(parents=True)
    (stick.path / "python3").rename(own / "python3")
    stick.wheel()
    assert stick.run()[0] == 0


def test_a_python_without_pip_takes_the_one_of_the_wheelhouse(stick):
    stick.python("python3", f'[ "$1" = -S ] && exec "{sys.executable}" "$@"; exec "{sys.executable}" -S "$@"')
    code, said = stick.run()
    assert code == 1 and "This Python has no pip" in said
    stick.wheel()
    with ZipFile(stick.root / "wheelhouse" / "pip-1.0-py3-none-any.whl", "w") as wheel:
        for file in files("pip"):
            if file.parts[0].startswith("pip") and "__pycache__" not in file.parts:
                wheel.write(file.locate(), file.as_posix())
    code, said = stick.run()
    assert code == 0, said


FACTS = {
    "version": (3, 13),
    "bits": 64,
    "built_for": "linux-x86_64",
    "machine": "x86_64",
    "libc": ("glibc", "2.36"),
    "maker": "CPython",
    "is_free_threaded": False,
}
MAC = {"built_for": "macosx-10.13-universal2", "libc": ("", "")}
WINDOWS = {"built_for": "win-amd64", "machine": "AMD64", "libc": ("", "")}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, ""),
        ({"machine": "aarch64", "built_for": "linux-aarch64"}, ""),
        (MAC | {"machine": "arm64"}, ""),
        (WINDOWS, ""),
        ({"version": (3, 10)}, "Python 3.10 is too old: it takes 3.11 to 3.14."),
        ({"version": (3, 15)}, "Python 3.15 is too new"),
        (WINDOWS | {"built_for": "win32", "bits": 32}, "32 bits"),
        (WINDOWS | {"built_for": "win-arm64", "machine": "ARM64"}, "Windows on ARM cannot run this"),
        (MAC | {"machine": "x86_64"}, "Intel Macs cannot run this"),
        ({"libc": ("glibc", "2.17")}, "glibc 2.28 or newer; here is glibc 2.17."),
        ({"libc": ("", "")}, "here is another one."),
        ({"machine": "riscv64"}, "of the kind riscv64"),
        ({"maker": "PyPy"}, "This Python is PyPy"),
        ({"is_free_threaded": True}, "free-threaded"),
        (WINDOWS | {"built_for": "mingw_x86_64_ucrt_gnu"}, "take the one of python.org"),
    ],
)
def test_which_computers_can(facts, reason):
    told = fits.why_not(**FACTS | facts)
    assert reason in told and bool(reason) == bool(told)


# Away with it


def test_uninstall_asks_before_anything_of_value_goes(stick):
    stick.wheel()
    stick.run()
    kept = [stick.root.parent / name for name in ("runs", "pictures")]
    for folder in kept:
        folder.mkdir()
    code, said = stick.run(script="starter/uninstall-linux.sh", said="no\n")
    assert code == 0 and not (stick.root / "environment").exists() and all(folder.exists() for folder in kept)
    stick.run()
    code, said = stick.run(script="starter/uninstall-linux.sh", said="yes\n\n")
    assert code == 0 and [folder.exists() for folder in kept] == [False, True]
    assert str(kept[0]) in said and str(stick.root) in said


def test_the_app_says_where_it_keeps_things(tmp_path):
    env = os.environ | {"GAN_STUDIO_LIBRARY": str(tmp_path / "l"), "GAN_STUDIO_DATA": str(tmp_path / "d")}
    command = [sys.executable, "-c", uninstall.ASKED]
    assert subprocess.check_output(command, cwd=ROOT, env=env, text=True).strip() == (
        f'["{tmp_path / "l"}", "{tmp_path / "d"}"]'
    )
