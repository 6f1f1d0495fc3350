"""Every page of the app, as the files in `pages/` say: tests of all pages go by this list, so none is forgotten."""

from pathlib import Path

FILES = sorted((Path(__file__).parents[1] / "pages").glob("*.py"))
NAMES = [path.stem for path in FILES if path.stem != "frame"]
