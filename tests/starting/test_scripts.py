"""What the scripts to be clicked on look like. Those for Windows are only read here: no Windows is at hand."""

import ast
import os
import re
import subprocess
import sys

import pytest

from starter import fits
from tools.real_server import ROOT

NAMES = ("start-{}", "starter/uninstall-{}")
UNIX = [ROOT / name.format(kind) for name in NAMES for kind in ("linux.sh", "macos.command")]
WINDOWS = [ROOT / name.format("windows.bat") for name in NAMES]
VERSIONS = [f"3.{minor}" for minor in range(fits.NEWEST[1], fits.OLDEST[1] - 1, -1)]


@pytest.mark.parametrize("path", [*UNIX, ROOT / "starter/find.sh"], ids=lambda path: path.name)
def test_a_shell_reads_it(path):
    assert subprocess.run(["sh", "-n", path]).returncode == 0
    assert b"\r" not in path.read_bytes()


@pytest.mark.parametrize("path", [*UNIX, ROOT / "start-linux.desktop"], ids=lambda path: path.name)
def test_it_can_be_clicked_on(path):
    assert os.access(path, os.X_OK)


def test_all_look_for_the_same_pythons():
    names = re.search(r"^names=(.*)$", (ROOT / "starter/find.sh").read_text("utf-8"), re.MULTILINE)[1]
    assert re.findall(r"python(3\.\d+)", names) == VERSIONS
    lists = re.findall(r"^for %%P in (.*) do", WINDOWS[0].read_text("ascii"), re.MULTILINE)
    assert len(lists) == 2 and lists[0] == lists[1]
    assert [re.findall(r"py -(3\.\d+)", each) for each in lists] == [VERSIONS, VERSIONS]


@pytest.mark.parametrize("path", WINDOWS, ids=lambda path: path.parent.name)
def test_windows_reads_its_lines(path):
    content = path.read_bytes()
    assert content.isascii() and content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")
    lines = content.decode().splitlines()
    assert lines[0] == "@echo off"
    jumps = {target for line in lines for target in re.findall(r"(?:goto |call :)(\w+)", line)}
    labels = [line[1:] for line in lines if line.startswith(":")]
    assert jumps == set(labels) and len(labels) == len(jumps)
    for name in re.findall(r"(?<![\w~])(?:starter\\\w+\.py|\.\.\\[\w-]+\.bat)", content.decode()):
        assert (path.parent / name.replace("\\", "/")).is_file(), name


@pytest.mark.parametrize("path", sorted((ROOT / "starter").glob("*.py")), ids=lambda path: path.name)
def test_what_runs_before_there_are_packages_imports_none(path):
    tree = ast.parse(path.read_text("utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in top if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= {"starter", *sys.stdlib_module_names}


def test_an_old_python_reads_why_it_cannot():
    ast.parse((ROOT / "starter/fits.py").read_text("ascii"), feature_version=(3, 4))
