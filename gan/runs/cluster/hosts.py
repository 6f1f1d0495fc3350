"""The hosts of a Ray cluster, and its foreman: what runs as actors there. Imported by Ray's own processes."""

from collections.abc import Mapping, Set
from contextlib import suppress

from gan.runs.cluster import wire
from gan.runs.cluster.foreman import Foreman
from gan.runs.cluster.host import Host, Work
from gan.runs.kept.library import Library


def foreman_of(library: Library) -> str:
    """The name of the foreman in the cluster: each library has one."""
    return f"foreman-{library.name}"


def host_of(library: Library, party: str = "") -> str:
    """The name of a host in the cluster, or what all of a library begin with."""
    return f"host-{library.name}-{party}"


class RayHost(Host):
    """A host that tells the foreman when it is done, and ends."""

    def __init__(self, work: Work) -> None:
        super().__init__(work, self._end)

    def _end(self) -> None:
        wire.tell(foreman_of(self._work.library), "over", self._work.party)
        wire.end(host_of(self._work.library, self._work.party))


class RayHosts:
    """See `foreman.Hosts`."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._cores, self._gpu = library.limits.place_cores, library.limits.place_gpu
        self._launched: set[str] = set()

    def room(self) -> int:
        return max(1, int(wire.resources().get("CPU", 0) // self._cores))

    def known(self) -> Mapping[str, Work]:
        found, first = {}, host_of(self._library)
        for name in wire.names():
            if name.startswith(first):
                with suppress(wire.Away):  # it was lost, or ends just now
                    found[name.removeprefix(first)] = wire.answer(name, "doing")
        self._launched |= found.keys()
        return found

    def launch(self, work: Work) -> None:
        gpu = self._gpu if work.may_use_gpu and wire.resources().get("GPU") else 0
        wire.launch(RayHost, self._name(work.party), (work,), self._cores, gpu)
        self._launched.add(work.party)

    def lost(self) -> Set[str]:
        names = set(wire.names())
        lost = {party for party in self._launched if self._name(party) not in names}
        self._launched -= lost
        return lost

    def abandon(self, party: str, run_id: str) -> None:
        wire.tell(self._name(party), "order", run_id, "abandon")

    def _name(self, party: str) -> str:
        return host_of(self._library, party)


class RayForeman(Foreman):
    """The foreman as an actor."""

    def __init__(self, library: Library) -> None:
        super().__init__(library.limits, RayHosts(library))
