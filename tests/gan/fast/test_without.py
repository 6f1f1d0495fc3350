"""The folder is deleted whole: training goes on."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def checkout(tmp_path):
    """A copy of the engine without `gan/fast`."""
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gan", tmp_path / "gan", ignore=no_caches)
    (tmp_path / "assets").symlink_to(ROOT / "assets")
    shutil.rmtree(tmp_path / "gan" / "fast")
    return tmp_path


def train(checkout, *words):
    command = [sys.executable, "-m", "gan", "train", "--set", "pictures=64", "--epochs", "1", "--json", *words]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True)


@pytest.mark.parametrize("architecture", ["conditional", "dcgan", "pocket"])
def test_without_what_makes_steps_fast_training_goes_on(architecture, checkout):
    found = train(checkout, "--set", f"architecture={architecture}")
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["step"] == 4


def test_a_folder_of_which_only_leftovers_are_there_counts_as_deleted(checkout):
    (checkout / "gan" / "fast" / "__pycache__").mkdir(parents=True)
    assert train(checkout).returncode == 0


def test_a_fault_inside_it_is_not_passed_over(checkout):
    (checkout / "gan" / "fast").mkdir()
    (checkout / "gan" / "fast" / "__init__.py").write_text("import nothing_of_that_name\n")
    found = train(checkout)
    assert found.returncode != 0 and "nothing_of_that_name" in found.stderr
