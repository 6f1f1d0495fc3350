"""The command `forger-and-detective`: what `streamlit run streamlit_app.py` and `python -m gan` start in a checkout.

Installed, all of a checkout that runs lies in one folder of site-packages, this file's parent's: its top-level packages
are found from there alone, so that no other package called `pages` or `gan` meets them.
"""

import os
import sys
from pathlib import Path

VERSION = "1.0"
NAME = "forger-and-detective"
ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Start the app with some more of Streamlit's options, or with `gan` first, the engine's command line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments == ["--version"]:
        print(f"{NAME} {VERSION}")
        return 0
    be_found()
    if arguments[:1] == ["gan"]:
        from gan.cli.commands import main as engine

        return engine(arguments[1:], prog=f"{NAME} gan")
    from streamlit.web.cli import main as streamlit

    return streamlit(["run", str(ROOT / "streamlit_app.py"), *arguments], prog_name="streamlit")


def be_found() -> None:
    """Have this process, and all that it starts, import `gan` and `pages` from where they lie."""
    sys.path.insert(0, str(ROOT))
    others = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = f"{ROOT}{os.pathsep}{others}" if others else str(ROOT)


if __name__ == "__main__":
    sys.exit(main())
