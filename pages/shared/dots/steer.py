"""A run of dots is steered as one turns: what it can take is given to it at once."""

from gan.runs import Run
from gan.setup.config import RunConfig


def at_once(run: Run, before: RunConfig | None, now: RunConfig) -> None:
    """Give the run what this tab has just changed, if only that and if it can go on with it.

    What stands on the page otherwise is not given: it may be older than what somebody else has set.
    """
    turned = now.changes_from(before) if before else {}
    if not turned:
        return
    try:
        run.config.steered(**turned)
    except ValueError:  # a new run is needed, and Start is there
        return
    run.change(**turned)
