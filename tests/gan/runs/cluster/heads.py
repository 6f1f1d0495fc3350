"""A cluster of a head alone, as its administrator would start it, and what happens when that is killed."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from gan.runs import RunState
from gan.runs.cluster.head import listens
from gan.setup.config import RunConfig
from tests.clusters import Class, prepare, processes
from tests.fakes import wait_until

PORT, CLIENT_PORT = 6397, 9902
NAMED = rb"[:=]%d\b" % PORT  # as a port, and not within another number
SECONDS = 60


class Head:
    """The head, started and killed as often as need be."""

    address = f"ray://127.0.0.1:{CLIENT_PORT}"

    def __enter__(self) -> "Head":
        prepare()
        self.start()
        return self

    def __exit__(self, *error) -> None:
        self.kill()

    def start(self) -> None:
        ray = Path(sys.executable).with_name("ray")
        ports = [f"--port={PORT}", f"--ray-client-server-port={CLIENT_PORT}"]
        options = ["--head", *ports, "--num-cpus=1", "--include-dashboard=false"]
        subprocess.run([ray, "start", *options], check=True, capture_output=True)
        wait_until(lambda: listens(CLIENT_PORT), SECONDS)

    def kill(self) -> None:
        """Kill all that names the head's port; its workers end with it."""
        for pid in processes(NAMED):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not processes(NAMED))


def lives_through(head: Head, folder: Path) -> None:
    """A run that has kept two epochs goes on once the head is back; until then all that can be said is said."""
    room = Class(folder, head.address)
    run = room.manager.starting.new(RunConfig(epochs=4, seed=1), "ann")
    room.allow(run, 2)
    wait_until(lambda: run.snapshot().kept == (0, 1, 2), SECONDS)
    head.kill()
    wait_until(lambda: run.snapshot().remark, SECONDS)
    assert run.is_live and "does not answer" in str(run.snapshot().remark)
    try:
        room.manager.starting.new(RunConfig(epochs=4, seed=2), "ben")
    except ValueError as error:
        assert "The cluster does not answer" in str(error)
    else:
        raise AssertionError("a run was started where there is no cluster")
    head.start()
    wait_until(lambda: run.snapshot().resumed_at == 2, SECONDS)
    room.allow(run, 4)
    assert run.wait(SECONDS) and run.snapshot().state is RunState.FINISHED
    assert [record.epoch for record in run.snapshot().records] == [1, 2, 3, 4]
    room.close()
