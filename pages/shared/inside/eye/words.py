"""The words of the detective's eye: how sure it is, and whether it is right."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gan import data
from gan.inside import Verdict
from gan.messages import Message, msg
from gan.parts import losses
from gan.setup.config import RunConfig

if TYPE_CHECKING:
    from gan.inside.moment import Moment

WHY, PAINT, NEXT, LAYERS, EPOCHS, DRAW = "why", "paint", "next", "layers", "epochs", "draw"
VIEWS = {
    WHY: msg("eye.why", "Why?"),
    PAINT: msg("eye.paint", "Paint"),
    NEXT: msg("eye.next", "Next step"),
    LAYERS: msg("eye.layers", "Layers"),
    EPOCHS: msg("eye.epochs", "All epochs"),
    DRAW: msg("eye.draw", "Draw"),
}
SURE = (  # up to such a belief, in words
    (0.05, msg("eye.surely_fake", "It is sure: a fake.")),
    (0.35, msg("eye.rather_fake", "It takes this for a fake.")),
    (0.45, msg("eye.leans_fake", "It leans towards fake.")),
    (0.55, msg("eye.cannot_tell", "It cannot tell.")),
    (0.65, msg("eye.leans_real", "It leans towards real.")),
    (0.95, msg("eye.rather_real", "It takes this for real.")),
    (math.inf, msg("eye.surely_real", "It is sure: real.")),
)
RUN_AWAY = msg("eye.run_away", "This detective's numbers have run away: it has no answer any more.")
CRITIC = msg(
    "eye.critic",
    "This detective is a critic: it gives points, not a share. 50 % is the middle between its points for real pictures "
    "and for fakes.",
)
MARGIN = msg("eye.margin", "This detective is not asked to be surer than a margin, so how sure it is says little.")
SEVERAL = msg(
    "eye.several",
    "This detective looks at {count} pictures at once. The others are of the same kind, and always the same ones.",
)
COARSE = msg(
    "eye.coarse", "At this epoch the detective is shown real pictures and drawings coarser than they are here."
)
NO_REALS = msg("eye.no_reals", "The real pictures are not on this computer.")
RIGHT, WRONG = msg("eye.right", "It is right."), msg("eye.wrong", "It is wrong.")
A_FAKE, A_REAL = msg("eye.a_fake", "This is a fake."), msg("eye.a_real", "This is a real picture.")
PAINTED = msg("eye.painted", "You have painted on this picture.")


def verdict(found: Verdict) -> Message:
    """How sure the detective is, in words."""
    if not math.isfinite(found.belief):
        return RUN_AWAY
    return next(told for most, told in SURE if found.belief <= most)


def truth(found: Verdict, is_real: bool) -> Message | None:
    """What the picture is, and whether the detective is right; nothing of that where it cannot tell."""
    what = A_REAL if is_real else A_FAKE
    if not math.isfinite(found.belief) or 0.45 < found.belief <= 0.55:
        return what
    is_right = (found.belief > 0.5) == is_real
    return msg("eye.truth", "{what} {right}", what=what, right=RIGHT if is_right else WRONG)


def about(moment: "Moment") -> list[Message]:
    """What is special about the answers of this detective."""
    facts, found = losses.facts(moment.config.loss), []
    if facts.get("CRITIC", False):
        found.append(CRITIC)
    elif facts.get("HAS_MARGIN", False):
        found.append(MARGIN)
    if moment.company_size:
        found.append(SEVERAL.but(count=moment.company_size + 1))
    if moment.is_coarse:
        found.append(COARSE)
    return found


def told(config: RunConfig, label: int | None) -> Message | None:
    """The class that the detective is told with the picture."""
    if label is None:
        return None
    return msg("eye.told", "The detective is told: {kind}.", kind=data.get(config.data).one(label))


def sequence(sentences: Sequence[Message | None]) -> list[Message]:
    return [sentence for sentence in sentences if sentence]
