"""What can be taken home: from a run that has ended, and from settings alone. A file is made when it is asked for."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

import streamlit as st

from gan import export, families
from gan.export import script
from gan.runs import Run, Snapshot
from gan.runs.kept.parcel import SUFFIX
from gan.setup.config import RunConfig
from pages.shared.kept import file_button, naming
from pages.shared.tab import session
from pages.shared.words import library, recipes, say

ZIP = "application/zip"


class Offer(NamedTuple):
    """A button: what it gives in `library.DOWNLOADS`, the end of its file's name, and what makes the file."""

    name: str
    ending: str
    mime: str
    make: Callable[[], str | bytes]
    is_ready: bool = True


def take_home(run: Run) -> None:
    """All that can be taken home from a run that has ended, each with a line that says what it is."""
    snapshot, manager = run.snapshot(), session.manager()
    reading, begun, changes = snapshot.reading, snapshot.first_config, snapshot.changes
    frames = (*snapshot.frames.values(), reading.samples)
    kept, in_steps = bool(snapshot.kept), families.draws_in_steps(begun.family)
    offers = [
        Offer("pictures", ".png", "image/png", lambda: export.grid_png(reading.samples)),
        Offer("film", ".gif", "image/gif", lambda: export.gif(frames)),
        *([Offer("from_noise", "-from-noise.gif", "image/gif", run.from_noise, kept)] if in_steps else []),
        Offer("numbers", ".csv", "text/csv", lambda: export.history_csv(snapshot.records), bool(snapshot.records)),
        Offer("settings", ".json", "application/json", lambda: _settings(snapshot)),
        Offer("code", "-code.zip", ZIP, lambda: script.bundle(begun, changes), script.tells(begun)),
        Offer("forger", "-forger.zip", ZIP, run.generator_file, kept),
        Offer("onnx", ".onnx", "application/octet-stream", run.onnx_file, kept and _has("onnx")),
        Offer("run", SUFFIX, ZIP, lambda: manager.wrap(run)),
    ]
    name = library.file_name(naming.called(run))
    home = st.popover(say("take.home", "Take it home"), width="stretch", icon=":material/download:")
    with home, st.container(key="take_home"):
        for start in range(0, len(offers), 2):
            for each, column in zip(offers[start : start + 2], st.columns(2, gap="medium"), strict=False):
                with column:
                    _button(each, name, run.watch_id)


def _settings(snapshot: Snapshot) -> str:
    return export.settings_json(snapshot.first_config, snapshot.changes, snapshot.threads)


def code(config: RunConfig, is_ready: bool) -> None:
    """These settings as a script, before anything is trained."""
    make = partial(script.bundle, config)
    is_ready = is_ready and script.tells(config)
    _button(Offer("code", "-code.zip", ZIP, make, is_ready), library.file_name(recipes.run_title(config)), "before")


def _button(what: Offer, name: str, whose: str) -> None:
    title, line = library.DOWNLOADS[what.name]
    file_button.offer(
        say(title), what.make, f"{name}{what.ending}", what.mime, f"take_{what.name}_{whose}",
        width="stretch", disabled=not what.is_ready,
    )  # fmt: skip
    st.caption(say(line))


def _has(package: str) -> bool:
    return find_spec(package) is not None
