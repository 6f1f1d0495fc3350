"""Both engines, with trainers that a test releases through files, wherever they are."""

import os
import re
import secrets
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

from gan.records import Word
from gan.runs import RunManager
from gan.runs.cluster.engine import ClusterEngine
from gan.runs.cluster.head import listens
from gan.runs.cluster.wire import NAMESPACE, SETTINGS, TOKEN
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from tests.fakes import FakeEyes, FakeTrainer, wait_until

CLIENT_PORT = 9901
ADDRESS = f"ray://127.0.0.1:{CLIENT_PORT}"
SOON_MISSED = {"health_check_period_ms": 1000, "health_check_failure_threshold": 3}  # a node that is gone
ROOT = Path(__file__).parents[1]


class FolderTrainer(FakeTrainer):
    """May go on to the epoch that the file in `folder` says whose name is its seed; fails where that says so."""

    def __init__(self, folder: Path, config, **rest) -> None:
        super().__init__(config, **rest)
        self._file = folder / str(config.seed)

    def readings(self, ask, every_seconds: float = 0.5):
        return super().readings(partial(self._asked, ask), every_seconds)

    def _asked(self, ask):
        said = self._file.read_text() if self._file.exists() else ""
        if said == "fail":
            self.fail(RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"))
        elif said and int(self.epoch) < int(said) and not self._released._value:
            self.go()
        if (word := ask()) is Word.GO:
            self.epoch = int(self.epoch) + 0.5  # on its way
        return word


class Class:
    """A server, and the trainers of its runs."""

    def __init__(self, folder: Path, address: str = "", limits: Limits | None = None) -> None:
        self._folder = folder / "allowed"
        self._folder.mkdir(exist_ok=True)
        limits = limits or Limits(runs_at_once=2, grace_seconds=60)
        store, make = open_store(folder / "library", limits), partial(FolderTrainer, self._folder)
        engine = ClusterEngine(address, store, limits, make, FakeEyes) if address else None
        self.manager = RunManager(make, limits, store, FakeEyes, engine)

    def allow(self, run, epoch: int) -> None:
        """Let the trainer of a run go on to this epoch."""
        self._say(run, str(epoch))

    def fail(self, run) -> None:
        """Have the trainer of a run fail."""
        self._say(run, "fail")

    def _say(self, run, said: str) -> None:
        part = self._folder / f"{run.config.seed}.part"
        part.write_text(said)
        part.replace(self._folder / str(run.config.seed))

    def end(self) -> None:
        """Stop all that goes on."""
        for run in self.manager.runs():
            run.stop()
        for run in self.manager.runs():
            assert run.wait(60)
            self.manager.forget(run.run_id)
        for said in self._folder.iterdir():
            said.unlink()

    def close(self) -> None:
        """The same, and leave."""
        self.end()
        if isinstance(self.manager.engine, ClusterEngine):
            end_foreman(self.manager.engine)
        self.manager.stop_all()


def processes(said: bytes) -> dict[int, int]:
    """The processes whose command lines say this, a regular expression, and the parents of each."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            if re.search(said, folder.joinpath("cmdline").read_bytes()):
                found[int(folder.name)] = int(folder.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
    return found


def end_foreman(engine: ClusterEngine) -> None:
    """A cluster that all tests share is not to keep the foreman of each."""
    ray = engine._wire._connected()  # another server of this process may have let go of it
    ray.kill(ray.get_actor(engine._foreman, namespace=NAMESPACE))


def prepare() -> None:
    """What all processes of a cluster have in common."""
    os.environ |= SETTINGS
    os.environ.setdefault(TOKEN, secrets.token_hex(32))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *sys.path])


def two_nodes():
    """A cluster on this computer: two nodes with a core each, one of which is the head."""
    prepare()
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 1, "include_dashboard": False, "_system_config": SOON_MISSED}
    head["ray_client_server_port"] = CLIENT_PORT
    cluster = Cluster(initialize_head=True, head_node_args=head)
    cluster.add_node(num_cpus=1)
    wait_until(lambda: listens(CLIENT_PORT), 60)
    return cluster


def kill_node(cluster) -> None:
    """Kill the node that is not the head, with all that is its."""
    cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)


def on_that_node(cluster, begin):
    """A run that trains on the node that can be killed, of those that `begin` begins; no other goes on."""
    first = begin(1)
    (raylet,) = (each for node in cluster.worker_nodes for each in node.all_processes["raylet"])
    if raylet.process.pid in processes(b"ray::RayHost").values():
        return first
    second = begin(2)
    first.stop()
    assert first.wait(60)
    return second
