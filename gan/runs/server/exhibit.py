"""The run that ships with the project: there is something to look into before anything was trained."""

from functools import cache
from pathlib import Path

from gan.runs.kept import parcel
from gan.runs.live.run import Run
from gan.runs.live.thread_run import ThreadRun

FOLDER = Path(__file__).parents[3] / "assets" / "exhibits"
RUN_ID = "exhibit"
NAME = "quick"


@cache
def exhibit() -> Run | None:
    """It has ended, stands in no list, and is kept in no library. Made by `tools/make_exhibit.py`.

    None where its file is missing or damaged.
    """
    try:
        snapshot, kept, _ = parcel.unwrap((FOLDER / f"{NAME}{parcel.SUFFIX}").read_bytes(), RUN_ID)
    except (OSError, ValueError):
        return None
    run = ThreadRun(snapshot)
    for epoch, networks in kept.items():
        run.moments.add(epoch, networks)
    return run
