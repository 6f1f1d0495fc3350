"""Every page of the app, as the files in `pages/` say: tests of all pages go by this list, so none is forgotten."""

from pathlib import Path

PAGES = Path(__file__).parents[1] / "pages"
FILES = sorted(path for path in PAGES.rglob("*.py") if "shared" not in path.parts)
SCRIPTS = {path.stem: str(path.relative_to(PAGES)) for path in FILES}  # by the page's address
NAMES = [name for name in SCRIPTS if name != "frame"]
