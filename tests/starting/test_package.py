"""`pip install .` and the command that it brings."""

import os
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from contextlib import ExitStack, closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from tests.browser.raw_tab import RawTab
from tools.real_server import ROOT, Server

BUILT_OF = ("gan", "pages", "assets", "docs", "starter", ".streamlit")
NEVER_RUN = shutil.ignore_patterns("__pycache__")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built in a copy, since setuptools leaves things where it builds."""
    copy, out = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    for folder in BUILT_OF:
        shutil.copytree(ROOT / folder, copy / folder, ignore=NEVER_RUN)
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy(file, copy)
    pip("wheel", "--no-build-isolation", "--wheel-dir", out, copy)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    site = tmp_path_factory.mktemp("site")
    pip("install", "--target", site, wheel)
    return site


def pip(command: str, *arguments: str | Path) -> None:
    usual = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([sys.executable, "-m", "pip", command, *usual, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_wheel_is_one_package_with_all_that_runs(wheel):
    files = {name.partition("/")[2] for name in ZipFile(wheel).namelist() if name.startswith("forger_and_detective/")}
    assert {name.split("/")[0] for name in ZipFile(wheel).namelist()} == {
        "forger_and_detective",
        f"{'-'.join(wheel.name.split('-')[:2])}.dist-info",
    }
    needed = {
        path.relative_to(ROOT).as_posix()
        for folder in ("gan", "pages", "assets", ".streamlit")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not needed - files
    assert not [name for name in files if name.startswith(("tests", "tools", "benchmarks"))]


def test_it_needs_what_requirements_txt_says_and_nothing_else(wheel):
    with ZipFile(wheel) as file:
        metadata = file.read(next(name for name in file.namelist() if name.endswith("/METADATA"))).decode()
    told = [line.partition(": ")[2] for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]
    for name, extra in (("requirements.txt", ""), ("requirements-cluster.txt", '; extra == "cluster"')):
        wanted = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line[:1].isalpha()]
        found = [line for line in told if ("extra" in line) == bool(extra)]
        assert [*map(Requirement, found)] == [Requirement(line + extra) for line in wanted]


def test_the_command_starts_the_app_from_anywhere(installed, tmp_path):
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    command = str(installed / "bin" / "forger-and-detective")
    server = Server(
        "--browser.serverAddress", "gan.example", command=[command], root=elsewhere, PYTHONPATH=str(installed)
    )
    with ExitStack() as end:
        end.callback(server.stop)
        tab = end.enter_context(closing(RawTab(server.port)))
        assert "http://gan.example:" in server.console(), "more options go on to Streamlit"
        tab.say(rerun_script={"page_name": "train"})
        heard = tab.hear("script_finished")
        theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"]["light"]
        (session,) = [each.new_session for each in heard if each.WhichOneof("type") == "new_session"]
        assert session.custom_theme.light.primary_color == theme["primaryColor"]
        assert "Start training" in "\n".join(map(str, heard))
        for path in ("app/static/source-sans-3-latin-wght-normal.woff2", "print/privacy", ""):
            with urllib.request.urlopen(f"{server.url}/{path}") as answer:
                assert answer.status == 200 and answer.read(), path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version"], "forger-and-detective "),
        (["gan", "presets"], "\nbest\n"),
        (["gan", "sample", "--help"], "usage: forger-and-detective gan sample"),
    ],
    ids=" ".join,
)
def test_the_command_says(arguments, said, installed, tmp_path):
    command = [str(installed / "bin" / "forger-and-detective"), *arguments]
    env = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0 and said in f"\n{done.stdout}", done.stderr
