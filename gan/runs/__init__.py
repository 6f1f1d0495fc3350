"""Runs: training on background threads, here or in a cluster. The only place in the project where threads live."""

from gan.runs.live.run import Run
from gan.runs.live.thread_run import ThreadRun
from gan.runs.server.contest import Contest, Contests, Kind
from gan.runs.server.manager import RunManager
from gan.runs.state.snapshot import RunState, Snapshot

__all__ = ["Contest", "Contests", "Kind", "Run", "RunManager", "RunState", "Snapshot", "ThreadRun"]
