"""The words of numbers: scores, sizes, and charts for somebody who cannot see them."""

import math
from collections.abc import Sequence

from gan.messages import Message, msg
from gan.records import Point, Scores

SCORES = {  # title, and what it says
    "realism": (
        msg("score.realism", "Realism"),
        msg("score.realism.told", "How far the fakes are from real pictures; 0 is no difference."),
    ),
    "variety": (msg("score.variety", "Variety"), msg("score.variety.told", "How many kinds the forger draws.")),
    "precision": (
        msg("score.precision", "Precision"),
        msg("score.precision.told", "The share of fakes that lie among the real pictures."),
    ),
    "recall": (
        msg("score.recall", "Recall"),
        msg("score.recall.told", "The share of real pictures that have fakes like them."),
    ),
    "copying": (
        msg("score.copying", "Copying"),
        msg("score.copying.told", "How far fakes are from the nearest real picture; near 0 they are copies."),
    ),
}

REALISM = (  # up to so many times what real pictures get, in words
    (3.0, msg("realism.nearly", "Nearly as real pictures.")),
    (15.0, msg("realism.close", "Close to real pictures.")),
    (60.0, msg("realism.seen", "One sees what they are meant to be.")),
    (300.0, msg("realism.far", "Still far from real pictures.")),
    (math.inf, msg("realism.noise", "Nothing like real pictures yet.")),
)

NO_REFEREE = msg(
    "score.no_referee", "There is no referee for these pictures, so only the scores that need none are shown."
)


def realism_in_words(realism: float | None, floor: Scores | None) -> Message | None:
    """How real the fakes are, from what real pictures get; None where that is unknown."""
    real = floor.realism if floor else None
    if realism is None or not real or not math.isfinite(realism):
        return None
    return next(told for most, told in REALISM if realism <= most * real)


def score_told(name: str, scores: Scores, floor: Scores | None) -> Message:
    """A score by name, what it says, and for realism how good that is."""
    title, told = SCORES[name]
    in_words = realism_in_words(scores.realism, floor) if name == "realism" else None
    if in_words is None:
        return msg("score.told", "**{title}** {told}", title=title, told=told)
    return msg("score.told_in_words", "**{in_words}** {title}: {told}", in_words=in_words, title=title, told=told)


def score_number(name: str, scores: Scores, floor: Scores | None) -> Message:
    """A score as a number, beside what real pictures get, to be tapped."""
    told = {"title": SCORES[name][0], "number": getattr(scores, name)}
    real = getattr(floor, name, None)
    if real is None:
        return msg("score.number", "**{number:.3g}** {title}", **told)
    return msg("score.number_real", "**{number:.3g}** {title} (real {real:.3g})", real=real, **told)


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


def accuracy_alt(points: Sequence[Point]) -> Message:
    """The chart of right answers."""
    if not points:
        return msg("accuracy.none", "The detective's right answers over the epochs. No points yet.")
    told = {"epoch": points[-1].epoch, "sure": points[-1].d_sure}
    if math.isnan(points[-1].d_right):
        return msg(
            "accuracy.alt_sure",
            "The detective after {epoch:.1f} epochs: it gives {sure:.0%} to the right answer on average. How often it "
            "is right was not counted.",
            **told,
        )
    return msg(
        "accuracy.alt",
        "The detective after {epoch:.1f} epochs: {right:.0%} of its answers are right, and it gives {sure:.0%} to the "
        "right answer on average.",
        right=points[-1].d_right,
        **told,
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
