"""The import rules of CONTRIBUTING.md, read from the code itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from gan import choices

ROOT = Path(__file__).parents[1]
ENGINE = sorted((ROOT / "gan").rglob("*.py"))
PAGES = sorted((ROOT / "app_pages").rglob("*.py"))
LIGHT = (
    "gan.config", "gan.presets", "gan.records", "gan.data", "gan.runs",
    "gan.export", "gan.script", "gan.onnx_file", "gan.doctor", "app_pages.shared.charts",
)  # fmt: skip


def imports(path: Path) -> set[str]:
    """The modules that a file imports anywhere in it, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def uses(path: Path, *packages: str) -> set[str]:
    return {name for name in imports(path) for package in packages if name == package or name.startswith(package + ".")}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", ENGINE, ids=name)
def test_the_engine_never_knows_the_app(path):
    assert not uses(path, "streamlit", "plotly", "pandas", "altair", "app_pages")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_touch_no_tensor_and_no_thread(path):
    assert not uses(path, "torch", "torchvision", "threading", "multiprocessing", "concurrent", "asyncio")


@pytest.mark.parametrize("path", [path for path in PAGES if path.stem != "figures"], ids=name)
def test_plotly_is_for_figures_alone(path):
    assert not uses(path, "plotly")


@pytest.mark.parametrize("path", PAGES + ENGINE, ids=name)
def test_nothing_is_unpickled(path):
    assert not uses(path, "pickle", "shelve", "dill", "cloudpickle", "joblib")
    assert "torch.load" not in path.read_text()
    assert "allow_pickle=True" not in path.read_text()


@pytest.mark.parametrize("path", [path for path in ENGINE if "runs" not in path.parts], ids=name)
def test_threads_live_in_runs_alone(path):
    code = path.read_text()
    assert "Thread(" not in code and "Timer(" not in code and "Executor(" not in code


LAYERS = {  # what each part of the engine may not import
    "gan/config.py": ("gan.trainer", "gan.runs", "torch"),
    "gan/records.py": ("gan.trainer", "gan.runs", "gan.nets", "torch"),
    "gan/scores.py": ("gan.config", "gan.trainer", "gan.runs", "gan.data", "gan.nets", "gan.observer"),
    "gan/referee.py": ("gan.config", "gan.trainer", "gan.runs", "gan.nets", "gan.observer"),
    "gan/doctor/rules.py": ("gan.trainer", "gan.runs", "torch", "gan.observer"),
    "gan/observer.py": ("gan.trainer", "gan.runs", "gan.presets", "gan.export"),
    "gan/learner.py": ("gan.trainer", "gan.runs", "gan.observer", "gan.recorder"),
    "gan/trainer.py": ("gan.runs", "gan.presets", "gan.export"),
    "app_pages/shared/charts.py": ("streamlit",),
    "app_pages/shared/figures.py": ("streamlit",),
}


@pytest.mark.parametrize("path", LAYERS)
def test_arrows_point_one_way(path):
    assert not uses(ROOT / path, *LAYERS[path])


PARTS = [path for part in ("nets", "losses", "stabilisers", "data") for path in (ROOT / "gan" / part).glob("*.py")]


@pytest.mark.parametrize("path", PARTS, ids=name)
def test_the_parts_of_a_training_stand_below_the_trainer(path):
    assert not uses(path, "gan.trainer", "gan.runs", "gan.config", "gan.observer")


@pytest.mark.parametrize("package", ["gan.nets", "gan.losses", "gan.stabilisers"])
def test_every_choice_says_what_it_is(package):
    for choice in choices.names(package):
        assert choices.title(package, choice) and choices.about(package, choice).endswith("."), choice
        assert len(choices.about(package, choice)) <= 130, choice


def test_choices_have_different_names_and_refuse_only_each_other():
    names = [choice for package in ("gan.nets", "gan.losses", "gan.stabilisers") for choice in choices.names(package)]
    assert len(set(names)) == len(names)
    for package in ("gan.nets", "gan.losses", "gan.stabilisers"):
        for choice in choices.names(package):
            assert set(choices.facts(package, choice).get("REFUSES", {})) <= {*names, "label_smoothing"}, choice


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_import_no_torch(module):
    code = f"import sys, {module}; sys.exit(not {{'torch', 'onnx'}}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_no_pages_folder_beside_the_entry_script():
    """Streamlit would run its files in a legacy mode on a fresh server, before any navigation."""
    assert not (ROOT / "pages").exists()


def test_pages_stay_short_and_the_entry_script_a_frame():
    assert len((ROOT / "streamlit_app.py").read_text().splitlines()) <= 40
    for path in (ROOT / "app_pages").glob("*.py"):
        assert len(path.read_text().splitlines()) <= 100, path.name


@pytest.mark.parametrize("command", (["check", "."], ["format", "--check", "."]), ids=" ".join)
def test_the_linter_finds_nothing(command):
    result = subprocess.run([sys.executable, "-m", "ruff", *command], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
