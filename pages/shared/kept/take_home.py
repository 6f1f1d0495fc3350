"""What can be taken home: from a run that has ended, and from settings alone. A file is made when it is asked for."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

import streamlit as st

from gan import export
from gan.export import script
from gan.runs import Run
from gan.runs.kept.parcel import SUFFIX
from gan.setup.config import RunConfig
from pages.shared.tab import session
from pages.shared.words import words

ZIP = "application/zip"


class Download(NamedTuple):
    """A button: its name in `words.DOWNLOADS`, the end of its file's name, and what makes the file."""

    label: str
    ending: str
    mime: str
    make: Callable[[], str | bytes]
    is_ready: bool = True


def take_home(run: Run) -> None:
    """All that can be taken home from a run that has ended, each with a line that says what it is."""
    snapshot, manager = run.snapshot(), session.manager()
    reading, begun, changes = snapshot.reading, snapshot.first_config, snapshot.changes
    frames = (*snapshot.frames.values(), reading.samples)
    kept = bool(snapshot.kept)
    downloads = [
        Download("Pictures", ".png", "image/png", lambda: export.grid_png(reading.samples)),
        Download("Film", ".gif", "image/gif", lambda: export.gif(frames)),
        Download("Numbers", ".csv", "text/csv", lambda: export.history_csv(snapshot.records), bool(snapshot.records)),
        Download("Settings", ".json", "application/json", lambda: export.settings_json(begun, changes)),
        Download("Code", "-code.zip", ZIP, lambda: script.bundle(begun, changes)),
        Download("Forger", "-forger.zip", ZIP, run.generator_file, kept),
        Download("Forger as ONNX", ".onnx", "application/octet-stream", run.onnx_file, kept and _has("onnx")),
        Download("Whole run", SUFFIX, ZIP, lambda: manager.wrap(run)),
    ]
    name = f"{snapshot.config.data}-{run.watch_id}"
    home = st.popover("Take it home", width="stretch", icon=":material/download:")
    with home, st.container(key="take_home"):
        for start in range(0, len(downloads), 2):
            for download, column in zip(downloads[start : start + 2], st.columns(2, gap="medium"), strict=True):
                with column:
                    _button(download, name)


def code(config: RunConfig, is_ready: bool) -> None:
    """These settings as a script, before anything is trained."""
    make = partial(script.bundle, config)
    _button(Download("Code", "-code.zip", ZIP, make, is_ready), f"{config.data}-{config.architecture}")


def _button(download: Download, name: str) -> None:
    st.download_button(
        download.label, download.make, f"{name}{download.ending}", download.mime, on_click="ignore",
        icon=":material/download:", width="stretch", disabled=not download.is_ready,
    )  # fmt: skip
    st.caption(words.DOWNLOADS[download.label])


def _has(package: str) -> bool:
    return find_spec(package) is not None
