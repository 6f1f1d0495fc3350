"""The import rules of CONTRIBUTING.md, read from the code itself."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gan.data import tasks
from gan.parts import choices, nets
from tests import app_pages

ROOT = Path(__file__).parents[1]
ENGINE = sorted((ROOT / "gan").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
LIGHT = (
    "gan.setup.config", "gan.setup.presets", "gan.records", "gan.data", "gan.runs",
    "gan.export", "gan.inside", "gan.inside.latent", "gan.export.script", "gan.export.onnx_file", "gan.export.map_file",
    "gan.doctor", "pages.shared.draw.charts",
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
    assert not uses(path, "streamlit", "plotly", "pandas", "altair", "pages")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_touch_no_tensor_and_no_thread(path):
    assert not uses(path, "torch", "torchvision", "threading", "multiprocessing", "concurrent", "asyncio")


@pytest.mark.parametrize("path", [path for path in PAGES if path.stem != "figures"], ids=name)
def test_plotly_is_for_figures_alone(path):
    assert not uses(path, "plotly")


@pytest.mark.parametrize("path", [path for path in PAGES if path.stem != "file_button"], ids=name)
def test_every_file_is_given_by_the_button_that_says_why_it_could_not_be_made(path):
    assert "download_button" not in path.read_text()


@pytest.mark.parametrize("path", PAGES + ENGINE, ids=name)
def test_nothing_is_unpickled(path):
    assert not uses(path, "pickle", "shelve", "dill", "cloudpickle", "joblib")
    assert "torch.load" not in path.read_text()
    assert "allow_pickle=True" not in path.read_text()


@pytest.mark.parametrize("path", [path for path in ENGINE if "runs" not in path.parts], ids=name)
def test_threads_live_in_runs_alone(path):
    code = path.read_text()
    assert "Thread(" not in code and "Timer(" not in code and "Executor(" not in code


GAN = (  # from the ground up: each may import what stands below it, and what stands in itself
    ("messages",),
    ("data", "parts"),
    ("families/__init__",),  # what each family is, in plain literals; what it does stands higher up
    ("setup",),
    ("records",),
    ("look", "doctor", "fast"),
    ("learn",),
    ("families",),  # found by name from "learn", as networks are
    ("inside",),
    ("export",),
    ("runs/state",),
    ("runs/kept",),
    ("runs/live",),
    ("runs/cluster",),
    ("runs/server",),
    ("rooms",),
    ("desk",),
    ("cli",),
)
SHARED = (
    ("words",),
    ("draw", "server"),
    ("tab",),
    ("settings",),
    ("kept",),
    ("families",),
    ("stage",),
    ("contests", "inside", "dots"),
    ("room",),
    ("own",),
    ("lessons",),
    ("printed",),
    ("desk",),
)
HOUSES = {"gan": GAN, "pages/shared": SHARED}
ROOMS = [path for folder in HOUSES for path in sorted((ROOT / folder).rglob("*.py"))]


def place(path: Path) -> tuple[str, int, str] | None:
    """The house of a file, its floor there, and its room; None for those that open a house, and for all others."""
    for house, floors in HOUSES.items():
        for number, rooms in enumerate(floors):
            for room in rooms:
                if path.is_relative_to(ROOT / house / room) or path == ROOT / house / f"{room}.py":
                    return house, number, room
    return None


def file_of(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    found = (path.with_suffix(".py"), path / "__init__.py")
    return next((each for each in found if each.is_file()), None)


@pytest.mark.parametrize("path", ROOMS, ids=name)
def test_arrows_point_down(path):
    """No folder imports one above it or beside it, so there is no circle of folders."""
    if not (here := place(path)):
        assert path.name in ("__init__.py", "__main__.py"), "a new room needs a floor in GAN or SHARED"
        return
    house, floor, room = here
    for module in imports(path):
        there = (target := file_of(module)) and place(target)
        if there and there[0] == house and there[2] != room:
            assert there[1] < floor, f"{room} imports {there[2]}: {module}"


LAYERS = {  # what single files may not import
    "gan/records.py": ("torch",),
    "gan/setup/config.py": ("torch",),
    "gan/look/scores.py": ("gan.setup", "gan.data", "gan.parts"),
    "gan/doctor/rules.py": ("torch",),
    "gan/learn/learner.py": ("gan.look",),
    "pages/shared/draw/charts.py": ("streamlit",),
    "pages/shared/draw/figures.py": ("streamlit",),
}


@pytest.mark.parametrize("path", LAYERS)
def test_these_files_know_little(path):
    assert not uses(ROOT / path, *LAYERS[path])


@pytest.mark.parametrize("path", [path for path in ENGINE + PAGES if path.parent.name != "fast"], ids=name)
def test_one_door_leads_to_what_makes_steps_fast(path):
    """The folder can be deleted whole, so nobody else may know of it, and nobody what is behind the door."""
    asked = uses(path, "gan.fast")
    if name(path) == "gan/learn/pace.py":
        assert asked == {"gan.fast", "gan.fast.quicken", "gan.fast.recorder_for"}
    else:
        assert not asked


FOLDERS = sorted(
    {
        path.parent
        for top in ("gan", "pages", "starter", "benchmarks", "tests", "tools")
        for path in (ROOT / top).rglob("*.py")
    }
)
MOST_FILES = 14


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_folder_is_taken_in_at_a_glance(folder):
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    assert len(files) <= MOST_FILES


@pytest.mark.parametrize("package", ["gan.parts.nets", "gan.parts.losses", "gan.parts.stabilisers"])
def test_every_choice_says_what_it_is(package):
    for choice in choices.names(package):
        assert str(choices.title(package, choice)) and str(choices.about(package, choice)).endswith("."), choice
        assert len(str(choices.about(package, choice))) <= 130, choice


def test_choices_have_different_names_and_refuse_only_each_other():
    names = [
        choice
        for package in ("gan.parts.nets", "gan.parts.losses", "gan.parts.stabilisers")
        for choice in choices.names(package)
    ]
    assert len(set(names)) == len(names)
    specs = [spec for net in nets.names() for spec in nets.options(net).items()]
    options = {f"{option}={value}" for option, spec in specs for value in spec if isinstance(value, str)}
    known = {*names, *options, *(f"task={task}" for task in tasks.NAMES), "label_smoothing", "dots"}
    for package in ("gan.parts.nets", "gan.parts.losses", "gan.parts.stabilisers"):
        for choice in choices.names(package):
            assert choices.facts(package, choice).get("REFUSES", {}).keys() <= known, choice


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_import_no_torch(module):
    code = f"import sys, {module}; sys.exit(not {{'torch', 'onnx'}}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_pages_stay_short_and_the_entry_script_a_frame():
    assert len((ROOT / "streamlit_app.py").read_text().splitlines()) <= 10
    for path in app_pages.FILES:
        assert len(path.read_text().splitlines()) <= 100, path.name


@pytest.mark.parametrize("path", sorted((ROOT / "assets" / "style").glob("*.css")), ids=name)
def test_no_style_has_the_browser_ask_of_the_whole_page(path):
    """A `:has()` of anything at all, or of what is checked, is asked anew for each number that changes."""
    rules = path.read_text()
    assert not re.findall(r"(?:^|[{}]|:is\()\s*:has\(.*", rules, re.MULTILINE)
    assert not re.findall(r":has\([^{]*:checked.*", rules)


@pytest.mark.parametrize("command", (["check", "."], ["format", "--check", "."]), ids=" ".join)
def test_the_linter_finds_nothing(command):
    result = subprocess.run([sys.executable, "-m", "ruff", *command], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_the_app_can_be_started():
    """What `streamlit run` imports is all there; a page alone would not show it."""
    assert subprocess.run([sys.executable, "-c", "import streamlit_app"], cwd=ROOT).returncode == 0


CHOICES = ("losses", "nets", "published", "vae", "vae_gan", "diffusion", "translation", "stabilisers", "penalties")


def test_the_map_shows_every_file():
    tree = (ROOT / "docs/map.md").read_text()
    files = [path for path in ENGINE + PAGES if path.parent.name not in CHOICES and not path.name.startswith("__")]
    assert not [name(path) for path in files if path.name not in tree]
    assert not [file for file in re.findall(r"\b\w+\.py\b", tree) if not list(ROOT.rglob(file))]


def test_no_cell_of_the_comparison_with_gan_lab_is_empty():
    rows = [line for line in (ROOT / "docs/gan_lab.md").read_text().splitlines() if line.startswith("| ")]
    assert len(rows) > 30 and all(
        len(cells) == 3 and all(cells)
        for cells in ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    )
