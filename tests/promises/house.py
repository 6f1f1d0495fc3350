"""A copy of the house, to add rooms to as CONTRIBUTING.md says, and nothing else."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COPIED = ("gan", "pages", "assets", "tools")
RULES = ("tests/test_house_rules.py", "tests/app_pages.py")
INSIDE = Path(__file__).with_name("inside.py")


class House:
    """A copy of the checkout in the folder `root`. Add all rooms, then ask: who answers lives there from the first
    question on.
    """

    def __init__(self, root: Path, outside: Path) -> None:
        self.root, self.outside = root, outside
        self._resident: subprocess.Popen | None = None
        for name in COPIED:
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        (root / "tests").mkdir()
        for name in RULES:
            shutil.copy(ROOT / name, root / name)

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
        """The answer of a function in `inside.py`, asked in a process of its own that has the copy alone. Starting it
        takes far longer than most answers, so that one process gives them all.
        """
        resident = self._resident = self._resident or self._move_in()
        resident.stdin.write(json.dumps([question, given]) + "\n")
        resident.stdin.flush()
        answer = json.loads(resident.stdout.readline() or '{"fault": "it has ended"}')
        assert "fault" not in answer, f"{question}: {answer['fault']}"
        return answer["answer"]

    def _move_in(self) -> subprocess.Popen:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, str(INSIDE)], cwd=self.root, env=self._env(), **pipes)

    def run(self, *command: str) -> str:
        """What a Python command prints in the copy's folder; it has to end well."""
        return _output([sys.executable, *command], self.root, self._env())

    def _env(self) -> dict[str, str]:
        mine = {"PYTHONPATH": str(self.root), "OMP_NUM_THREADS": "1"}
        mine |= {f"GAN_STUDIO_{name}": str(self.outside / name) for name in ("LIBRARY", "DATA")}
        return os.environ | mine

    def runs_as_a_script(self, bundle: Path) -> Path:
        """Run a script that was written here where there is nothing of ours; the folder that it ran in."""
        folder = bundle.with_suffix("")
        with zipfile.ZipFile(bundle) as file:
            file.extractall(folder)
        (script,) = folder.rglob("train.py")
        bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        _output([sys.executable, "-P", script.name], script.parent, bare | {"OMP_NUM_THREADS": "1"})
        return script.parent

    def close(self) -> None:
        if self._resident:
            self._resident.communicate()  # it ends when there are no more questions


def _output(command: list[str], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
