"""Runs: training on background threads. The only place in the project where threads live."""

from gan.runs.contest import Contest, Contests, Kind
from gan.runs.manager import RunManager
from gan.runs.run import Run
from gan.runs.snapshot import RunState, Snapshot

__all__ = ["Contest", "Contests", "Kind", "Run", "RunManager", "RunState", "Snapshot"]
