"""`python -m starter wheelhouse [windows|macos|linux] [PYTHON]`: all packages as files, for schools without internet.

The folder `wheelhouse` beside the app is used instead of the network as soon as there are wheels in it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from starter.environment import ROOT, CannotBeMade

HERE = {"win32": "windows", "darwin": "macos", "linux": "linux"}
LEGACY = ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64")
# How uv calls each system, and which wheels pip may take for it.
SYSTEMS = {
    "windows": ("x86_64-pc-windows-msvc", ["win_amd64"]),
    "macos": ("aarch64-apple-darwin", ["macosx_14_0_arm64"]),
    "linux": ("x86_64-manylinux_2_28", [*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)), *LEGACY]),
}


def fill(system: str = "", python: str = "", root: Path = ROOT) -> int:
    """Download the wheels for a system and a Python, such as 3.13: those of this computer unless told otherwise."""
    here, this = HERE[sys.platform], f"{sys.version_info.major}.{sys.version_info.minor}"
    system, python = system or here, python or this
    if system not in SYSTEMS:
        raise CannotBeMade(f"{system} is none of {', '.join(SYSTEMS)}.")
    wheels = root / "wheelhouse"
    print(f"Wheels for {system} and Python {python} go to {wheels}", flush=True)
    if (system, python) == (here, this):
        code = _pip("--requirement", str(root / "requirements.txt"), "pip", into=wheels)
    else:
        code = _for_another(system, python, root / "requirements.txt", wheels)
    if not code:
        size = sum(wheel.stat().st_size for wheel in wheels.glob("*.whl")) / 1e9
        print(f"\nThat is all: {size:.1f} GB. Copy the app's folder, with wheelhouse in it, to where it is needed.")
    return code


def _for_another(system: str, python: str, requirements: Path, wheels: Path) -> int:
    """pip reads the conditions of packages for the computer that it runs on, uv for any: it chooses, pip fetches."""
    if not shutil.which("uv"):
        raise CannotBeMade("For another computer than this one, uv chooses the packages: pip install uv")
    name, platforms = SYSTEMS[system]
    with tempfile.TemporaryDirectory() as temporary:
        chosen = Path(temporary) / "chosen.txt"
        env = os.environ | {"MACOSX_DEPLOYMENT_TARGET": "14.0"}  # for wheels that pip will take
        asked = ["--python-platform", name, "--python-version", python, "--only-binary", ":all:", "--quiet"]
        code = subprocess.call(
            ["uv", "pip", "compile", str(requirements), *asked, "--output-file", str(chosen)], env=env
        )
        options = [option for each in platforms for option in ("--platform", each)]
        options += ["--python-version", python, "--no-deps", "--requirement", str(chosen), "pip"]
        return code or _pip(*options, into=wheels)


def _pip(*what: str, into: Path) -> int:
    command = [sys.executable, "-m", "pip", "download", "--only-binary", ":all:", "--dest", str(into), *what]
    return subprocess.call([*command, "--disable-pip-version-check"])
