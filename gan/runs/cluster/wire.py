"""The wire to a Ray cluster. Ray is imported only here, and only where a cluster is asked for.

What goes over it is plain data, but Ray itself pickles it: whoever reaches the cluster's ports may run anything there.
So its nodes belong in a network of their own, and they ask for a token (https://docs.ray.io/en/latest/ray-security).
"""

import logging
import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from gan.messages import Message, Refusal, msg
from gan.runs.cluster.head import Head, listens

LOG = logging.getLogger(__name__)
NAMESPACE = "forger-and-detective"
PATIENCE_SECONDS = 5.0  # for an answer that takes milliseconds
AT_ONCE = 64  # calls that an actor answers side by side: those that wait for news among them
TOKEN = "RAY_AUTH_TOKEN"  # all nodes and app servers of a cluster have the same
LOCAL, CLIENT = "ray", "ray://"
KNOCK_SECONDS = 2.0

# Read when Ray is imported or starts: nothing about its use leaves the machine, and the nodes ask for a token.
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_CLIENT_RECONNECT_GRACE_PERIOD": "2",  # seconds in which Ray hides that a connection is lost
    "GRPC_ENABLE_FORK_SUPPORT": "0",  # with it, one in six heads that have just started ended a client's first process
}


class Away(Refusal):
    """The cluster, or what was asked for there, does not answer now; it may come back."""

    def __init__(self, message: Message | None = None) -> None:
        super().__init__(message or msg("cluster.away", "The cluster does not answer at the moment. Try again later."))


class Wire:
    """A connection to the cluster at `address`: `ray://HOST:PORT`, or `ray` for one on this computer alone.

    It is that of Ray's client, which leaves this process as it is: a node's own would handle its signals, and end it
    with the cluster.

    It connects when it is used first, and again after it was lost. Any thread may call anything; all of it raises Away
    while the cluster does not answer.
    """

    def __init__(self, address: str) -> None:
        for name, value in SETTINGS.items():
            os.environ.setdefault(name, value)
        self._head = Head() if address == LOCAL else None
        if self._head:
            os.environ.setdefault(TOKEN, secrets.token_hex(32))
        self._address = address
        self._connecting = threading.Lock()
        self._is_closed = False
        self._ray: Any = None

    def see_to(self, name: str, kind: type, *values: Any) -> None:
        """See that the cluster has an actor of this name; where there is none, it is of this kind, made of these
        values, and takes no place.
        """
        ray = self._connected()
        options = {"name": name, "lifetime": "detached", "get_if_exists": True, "max_restarts": -1, "num_cpus": 0}
        with _answering():
            ray.remote(kind).options(**options, namespace=NAMESPACE, max_concurrency=AT_ONCE).remote(*values)

    def ask(self, name: str, kind: type, method: str, *values: Any, patience: float = PATIENCE_SECONDS) -> Any:
        """What a method of the actor with this name, which is of this kind, returns."""
        ray = self._connected()
        with _answering():
            from ray.util.client.common import ClientActorClass, ClientActorHandle

            # Of what was found by its name the client would have a process of the cluster tell the methods, each time.
            actor = ClientActorHandle(ray.get_actor(name, namespace=NAMESPACE).actor_ref, ClientActorClass(kind))
            return ray.get(getattr(actor, method).remote(*values), timeout=patience)

    def lose(self) -> None:
        """Let go of a connection that does not answer; the next call makes another."""
        with self._connecting:
            self._let_go()

    def close(self) -> None:
        """Let go of the connection for good."""
        self._is_closed = True
        self.lose()
        if self._head:
            self._head.end()

    def _connected(self) -> Any:
        with self._connecting:
            if self._is_closed:
                raise Away
            if self._ray is None or not self._ray.is_initialized():
                self._let_go()
                self._ray = _connect(self._head.address() if self._head else self._address)
            return self._ray

    def _let_go(self) -> None:
        if self._ray is not None:
            with suppress(Exception):  # it is lost already
                self._ray.shutdown()
        self._ray = None


@contextmanager
def _answering() -> Iterator[None]:
    """Raises Away for what Ray raises when something is not there, and for what broke there, which is logged."""
    from ray.exceptions import RayTaskError

    try:
        yield
    except RayTaskError as error:
        LOG.exception("cluster")
        raise Away from error
    except Exception as error:  # Ray's own kinds, its client's, and those of the network below
        raise Away from error


def _connect(address: str) -> Any:
    try:
        import ray
    except ImportError as error:
        needed = msg(
            "cluster.not_installed",
            "Training on a cluster needs the package ray: pip install -r requirements-cluster.txt",
        )
        raise Away(needed) from error
    _knock(address)
    try:
        ray.init(address, namespace=NAMESPACE, log_to_driver=False, ignore_reinit_error=True)
    except Exception as error:  # Ray raises many kinds for an address where nobody answers
        raise Away from error
    return ray


def _knock(address: str) -> None:
    """Raises Away where nobody listens, which Ray itself would find out within half a minute."""
    host, _, port = address.removeprefix(CLIENT).rpartition(":")
    if not port.isdecimal() or not listens(int(port), host.strip("[]"), KNOCK_SECONDS):
        raise Away


# Within the cluster: called by its actors


def resources() -> dict[str, float]:
    """What all nodes have together."""
    return _ray().cluster_resources()


def names() -> list[str]:
    """The actors that there are, those that are being made or come again among them."""
    return _ray().util.list_named_actors()


def launch(kind: type, name: str, values: Sequence[Any], cores: float, gpu: float) -> None:
    """Have an actor of this kind made, unless there is one of this name. A killed one comes again, on another node if
    need be.
    """
    options = {"name": name, "namespace": NAMESPACE, "lifetime": "detached", "get_if_exists": True, "max_restarts": -1}
    actor = _ray().remote(kind).options(**options, num_cpus=cores, num_gpus=gpu, max_concurrency=AT_ONCE)
    actor.remote(*values)


def tell(name: str, method: str, *values: Any) -> None:
    """Have an actor do something, and do not wait; one that is not there has nothing to do."""
    with suppress(ValueError):
        getattr(_ray().get_actor(name, namespace=NAMESPACE), method).remote(*values)


def answer(name: str, method: str) -> Any:
    """What a method of an actor returns. Raises Away where it does not."""
    with _answering():
        ray = _ray()
        return ray.get(getattr(ray.get_actor(name, namespace=NAMESPACE), method).remote(), timeout=PATIENCE_SECONDS)


def end(name: str) -> None:
    """End an actor for good."""
    with suppress(ValueError):  # it is gone
        _ray().kill(_ray().get_actor(name, namespace=NAMESPACE), no_restart=True)


def _ray() -> Any:
    import ray

    return ray
