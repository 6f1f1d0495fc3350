"""Looking inside a kept moment of a run. The door for all who have no torch: it is imported where it is needed."""

from typing import TYPE_CHECKING

from gan.setup.config import RunConfig

if TYPE_CHECKING:
    from gan.inside.moment import Moment


def open_moment(config: RunConfig, content: bytes) -> "Moment":
    """The moment that `run.moments` kept as `content`, of a run that had this `config` then; opened once for all.

    Raises ValueError with a sentence for content that is damaged or of other networks.
    """
    from gan.inside import moment

    return moment.open_moment(config, content)
