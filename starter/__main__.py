"""`python -m starter`: make the app ready where it lies, and start it. More of Streamlit's options go on to it.

`python -m starter wheelhouse` and `python -m starter uninstall` are in files of their names. The scripts to be clicked
on find a Python and come here; that it fits is asked first, in `fits.py`, which old Pythons can read.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from starter import environment, fits, running, uninstall, wheelhouse


def main(arguments: list[str]) -> int:
    """The exit code: 0, 1 after a sentence about what is wrong, or the app's own."""
    if reason := fits.why_not(**fits.facts()):
        print(reason)
        return 1
    try:
        if arguments[:1] == ["wheelhouse"]:
            return wheelhouse.fill(*arguments[1:])
        if arguments == ["uninstall"]:
            return uninstall.ask()
        return start(arguments)
    except environment.CannotBeMade as reason:
        print(f"\n{reason}")
        return 1
    except KeyboardInterrupt:
        return 0


def start(options: list[str]) -> int:
    place = environment.folder()
    if not environment.is_whole(place):
        announce()
        environment.make()
        print("\nThat is done. The next start takes seconds, and needs no network.")
    if options:
        return run(place, options)
    with running.alone(place.parent) as port:
        if port is None:
            print("The app runs already, in another window: its page opens in the browser.", flush=True)
            return running.show(place.parent)
        return run(place, ["--server.port", str(port)])


def run(place: Path, options: list[str]) -> int:
    if options[:1] != ["gan"]:  # the engine's command line: see command.py
        print("Starting. The app opens in the browser; leave this window open as long as it is used.", flush=True)
    command = [sys.executable, "-S", "-m", "starter.command", *options]
    app = subprocess.Popen(command, cwd=environment.ROOT, env=environment.variables(place))
    signal.signal(signal.SIGTERM, lambda *_: app.terminate())
    try:
        code = app.wait()
    except KeyboardInterrupt:  # the app has heard it too, and ends in its own time
        app.wait()
        return 0
    if code > 0:
        print(f"\nThe app has ended with an error ({code}). If it does so again, delete the folder")
        print(f"{place}\nand start again: it is made anew.")
    return max(code, 0)


def announce() -> None:
    fetched, stored = environment.SIZES[sys.platform]
    if any((environment.ROOT / "wheelhouse").glob("*.whl")):
        print("The first start on this kind of computer: packages are installed from the folder wheelhouse.")
    else:
        print(f"The first start: about {fetched} GB are fetched, and {stored} GB stored, in")
        print(f"{environment.folder().parent}{os.sep}\nThat takes some minutes, and a network.")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
