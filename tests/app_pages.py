"""Every page of the app, as the files in `pages/` say: tests of all pages go by this list, so none is forgotten."""

from pathlib import Path

PAGES = Path(__file__).parents[1] / "pages"
FILES = sorted(path for path in PAGES.rglob("*.py") if "shared" not in path.parts)
NAMES = [path.stem for path in FILES if path.stem != "frame"]
