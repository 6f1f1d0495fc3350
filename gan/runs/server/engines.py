"""Which engine a server has, from its environment: threads, unless a cluster is named."""

import re
from collections.abc import Mapping

from gan.messages import msg
from gan.runs.kept.store import Store
from gan.runs.live.engine import Engine
from gan.runs.state.limits import Limits
from gan.setup.kinds import refuse

VARIABLE = "GAN_STUDIO_ENGINE"
THREADS = "threads"
CLUSTER = re.compile(r"ray(://(\[[0-9a-fA-F:]+\]|[^/:\s]+):\d{1,5})?")


def address(environment: Mapping[str, str]) -> str:
    """Where runs are to train: THREADS, `ray`, or `ray://HOST:PORT`. Raises ValueError for anything else."""
    value = environment.get(VARIABLE) or THREADS
    if value != THREADS and not CLUSTER.fullmatch(value):
        raise refuse(VARIABLE, value, msg("engines.allowed", "threads, ray, or ray://HOST:PORT"))
    return value


def engine_of(environment: Mapping[str, str], store: Store, limits: Limits) -> Engine | None:
    """The engine that the environment names; None for threads of this process, and where it names none."""
    try:
        where = address(environment)
    except ValueError:  # a page says so
        return None
    if where == THREADS:
        return None
    from gan.runs.cluster.engine import ClusterEngine  # Ray comes with it, and only then

    return ClusterEngine(where, store, limits)
