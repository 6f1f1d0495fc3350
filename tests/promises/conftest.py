"""A copy of the house, to add rooms to as CONTRIBUTING.md says, and nothing else."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("gan", "pages", "assets", "tools")
RULES = "tests/test_house_rules.py"
INSIDE = Path(__file__).with_name("inside.py")


class House:
    """A copy of the checkout in the folder `root`."""

    def __init__(self, root: Path, outside: Path) -> None:
        self.root, self.outside = root, outside
        for name in COPIED:
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (root / "tests").mkdir()
        shutil.copy(ROOT / RULES, root / RULES)

    def add(self, path: str, content: str) -> None:
        assert not (self.root / path).exists()
        (self.root / path).write_text(content, "utf-8")

    def add_line(self, path: str, below: str, line: str) -> None:
        """Put a line below the one that holds `below`, as far in as the one that stood there."""
        lines = (self.root / path).read_text("utf-8").splitlines()
        (number,) = [number for number, each in enumerate(lines, start=1) if below in each]
        lines.insert(number, lines[number][: -len(lines[number].lstrip())] + line)
        (self.root / path).write_text("\n".join(lines) + "\n", "utf-8")

    def ask(self, question: str, **given: Any) -> Any:
        """The answer of a function in `inside.py`, asked in a process of its own that has the copy alone."""
        return json.loads(self.run(str(INSIDE), question, json.dumps(given)).splitlines()[-1])

    def run(self, *command: str) -> str:
        """What a Python command prints in the copy's folder; it has to end well."""
        mine = {"PYTHONPATH": str(self.root), "OMP_NUM_THREADS": "1"}
        mine |= {f"GAN_STUDIO_{name}": str(self.outside / name) for name in ("LIBRARY", "DATA")}
        return _output([sys.executable, *command], self.root, os.environ | mine)

    def keeps_its_rules(self) -> None:
        """No folder has become too full, no arrow points up, and every choice says what it is."""
        self.run("-m", "pytest", "-q", "-c", os.devnull, RULES, "-k", "folder or arrows or choice")

    def runs_as_a_script(self, bundle: Path) -> Path:
        """Run a script that was written here where there is nothing of ours; the folder that it ran in."""
        folder = bundle.with_suffix("")
        with zipfile.ZipFile(bundle) as file:
            file.extractall(folder)
        (script,) = folder.rglob("train.py")
        bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        _output([sys.executable, "-P", script.name], script.parent, bare | {"OMP_NUM_THREADS": "1"})
        return script.parent


def _output(command: list[str], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    """A copy that still has to keep the rules when the test has added its rooms."""
    house = House(tmp_path / "house", tmp_path / "outside")
    yield house
    house.keeps_its_rules()
