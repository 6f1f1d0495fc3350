"""Import torch ahead of time, so that neither the first page nor the first run waits for it."""

import importlib
import threading


def warm_up() -> None:
    """Import the trainer on a background thread; a failure shows up again where it is needed."""
    threading.Thread(target=_import, name="warm-up", daemon=True).start()


def _import() -> None:
    try:
        importlib.import_module("gan.preview")
    except ImportError:
        return  # the first run repeats the import and reports it on its page
