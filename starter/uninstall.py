"""`python -m starter uninstall`: all that was stored goes, and what people made only if they say so."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from starter import environment

# The app knows where it keeps things: nobody else has to.
ASKED = """
import json
from gan.data.downloads import folder
from gan.runs.kept.opening import default_folder
print(json.dumps([str(default_folder()), str(folder())]))
"""


def ask(root: Path = environment.ROOT) -> int:
    """Remove the packages; ask about runs and downloaded pictures; say what is left."""
    kept = places(root)
    packages = root / "environment"
    print(f"Packages: {packages}")
    if not _remove(packages):
        return 1
    if kept is None:
        print("The app cannot be asked where runs and pictures are kept: see the README.")
    for what, place in (kept or {}).items():
        if place.is_dir():
            answer = _asked(f"{what}: {place}\n  Delete them for good? Type yes, or press Enter to keep them: ")
            if answer.strip().lower() == "yes" and not _remove(place):
                return 1
    print(f"Left is this folder, which you can delete now: {root}")
    _asked("Python stays. Press Enter to close this window. ")
    return 0


def places(root: Path) -> dict[str, Path] | None:
    """Where runs and downloaded pictures are kept, asked of the app itself; None where it cannot answer."""
    command = [sys.executable, "-S", "-c", ASKED]
    env = environment.variables(environment.folder(root))
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    if done.returncode:
        return None
    library, pictures = map(Path, json.loads(done.stdout))
    return {"Runs, and the teacher's key": library, "Downloaded picture sets": pictures}


def _asked(question: str) -> str:
    try:
        return input(question)
    except EOFError:  # nobody is there to answer
        return ""


def _remove(place: Path) -> bool:
    try:
        if place.exists():
            shutil.rmtree(place)
    except OSError as error:
        print(f"  {place} cannot be deleted ({error.strerror or error}). Close the app's window first, and try again.")
        return False
    print("  deleted.")
    return True
