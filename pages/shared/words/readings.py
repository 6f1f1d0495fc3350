"""The words of numbers: scores, sizes, and charts for somebody who cannot see them."""

from collections.abc import Sequence

from gan.messages import Message, msg
from gan.records import Point, Scores

SCORES = {  # title, and what is good
    "realism": (msg("score.realism", "Realism"), msg("score.realism.line", "Lower is better.")),
    "variety": (msg("score.variety", "Variety"), msg("score.variety.line", "Kinds drawn.")),
    "precision": (msg("score.precision", "Precision"), msg("score.precision.line", "Looks real.")),
    "recall": (msg("score.recall", "Recall"), msg("score.recall.line", "Covers the real.")),
    "copying": (msg("score.copying", "Copying"), msg("score.copying.line", "Near 0: it copies.")),
}


NO_REFEREE = msg(
    "score.no_referee", "There is no referee for these pictures, so only the scores that need none are shown."
)


def score_alt(name: str, scores: Sequence[tuple[float, Scores]], floor: Scores | None) -> Message:
    """A score's chart."""
    epoch, newest = scores[-1]
    told = msg(
        "score.alt",
        "{score} after {epoch:.0f} epochs: {number:.3g}.",
        score=SCORES[name][0],
        epoch=epoch,
        number=getattr(newest, name),
    )
    real = getattr(floor, name, None)
    return told if real is None else msg("score.alt_real", "{told} Real pictures get {real:.3g}.", told=told, real=real)


def beliefs_alt(points: Sequence[Point]) -> Message:
    """The chart of beliefs."""
    if not points:
        return msg("beliefs.none", "The detective's beliefs over the epochs. No points yet.")
    return msg(
        "beliefs.alt",
        "The detective's beliefs after {epoch:.1f} epochs: D(real) {real:.2f}, D(fake) {fake:.2f}.",
        epoch=points[-1].epoch,
        real=points[-1].d_real,
        fake=points[-1].d_fake,
    )


def losses_alt(points: Sequence[Point]) -> Message:
    """The chart of losses."""
    if not points:
        return msg("losses.none", "The losses over the epochs. No points yet.")
    return msg(
        "losses.alt",
        "Losses after {epoch:.1f} epochs: detective {detective:.2f}, forger {forger:.2f}.",
        epoch=points[-1].epoch,
        detective=points[-1].d_loss,
        forger=points[-1].g_loss,
    )


def size(count: float) -> Message:
    """A number of bytes."""
    if count >= 2**30:
        return msg("size.gigabytes", "{size:.1f} GB", size=count / 2**30)
    return msg("size.megabytes", "{size:.0f} MB", size=count / 2**20)
