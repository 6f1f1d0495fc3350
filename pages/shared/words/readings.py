"""The words of numbers: scores, sizes, charts for somebody who cannot see them, and who is winning."""

import math
from collections.abc import Sequence

from gan import families
from gan.messages import Message, msg
from gan.parts import losses
from gan.records import Point, Scores
from gan.runs import Snapshot
from gan.runs.state import balance
from gan.runs.state.situation import Situation

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
DOTS_SCORES = {
    "js": (
        msg("score.js", "JS divergence"),
        msg("score.js.told", "How far the fakes are from the real dots, all of both counted; 0 is no difference."),
    ),
    "kl": (
        msg("score.kl", "KL divergence"),
        msg(
            "score.kl.told",
            "How surprising the real dots are to who knows only the fakes; large where kinds are missing.",
        ),
    ),
    "kinds": (msg("score.kinds", "Kinds found"), msg("score.kinds.told", "How many of the blobs have fakes.")),
    "high_quality": (
        msg("score.high_quality", "High quality"),
        msg("score.high_quality.told", "The share of fakes that lie within a blob."),
    ),
}

ALL_SCORES = SCORES | DOTS_SCORES
SHORT = {  # where there is little room
    "js": msg("score.js.short", "JS"),
    "kl": msg("score.kl.short", "KL"),
    "kinds": msg("score.kinds.short", "kinds"),
    "high_quality": msg("score.high_quality.short", "quality"),
}

REALISM = (  # up to so many times what real pictures get, in words
    (3.0, msg("realism.nearly", "Nearly as real pictures.")),
    (15.0, msg("realism.close", "Close to real pictures.")),
    (60.0, msg("realism.seen", "One sees what they are meant to be.")),
    (300.0, msg("realism.far", "Still far from real pictures.")),
    (math.inf, msg("realism.noise", "Nothing like real pictures yet.")),
)

COPYING = (  # of the usual distance between real pictures, up to which fakes are so near to one, in words
    (0.6, msg("copying.copies", "**It copies.** Most fakes are one of your pictures, hardly changed.")),
    (0.85, msg("copying.near", "**Close to copying.** Many fakes lie very near to one of your pictures.")),
    (math.inf, msg("copying.own", "**No copies.** The fakes are as new as another picture of yours would be.")),
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


def copying_in_words(copying: float, floor: Scores | None) -> Message:
    """Whether the fakes are copies, from how near real pictures are to each other."""
    real = (floor and floor.copying) or 1.0
    return next(told for most, told in COPYING if copying <= most * real)


def score_told(name: str, scores: Scores, floor: Scores | None) -> Message:
    """A score by name, what it says, and for realism how good that is."""
    title, told = ALL_SCORES[name]
    in_words = realism_in_words(scores.realism, floor) if name == "realism" else None
    if in_words is None:
        return msg("score.told", "**{title}** {told}", title=title, told=told)
    return msg("score.told_in_words", "**{in_words}** {title}: {told}", in_words=in_words, title=title, told=told)


def score_number(name: str, scores: Scores, floor: Scores | None, short: bool = False) -> Message:
    """A score as a number, beside what real pictures get, to be tapped."""
    told = {
        "title": SHORT.get(name, ALL_SCORES[name][0]) if short else ALL_SCORES[name][0],
        "number": getattr(scores, name),
    }
    real = getattr(floor, name, None)
    if name == "kinds" and real:
        return msg("score.number_of", "**{number:.3g} of {real:.3g}** {title}", real=real, **told)
    if real is None or short:
        return msg("score.number", "**{number:.3g}** {title}", **told)
    return msg("score.number_real", "**{number:.3g}** {title} (real {real:.3g})", real=real, **told)


def score_alt(name: str, scores: Sequence[tuple[float, Scores]], floor: Scores | None) -> Message:
    """A score's chart."""
    epoch, newest = scores[-1]
    told = msg(
        "score.alt",
        "{score} after {epoch:.0f} epochs: {number:.3g}.",
        score=ALL_SCORES[name][0],
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


def own_alt(points: Sequence[Point], names: Sequence[str]) -> Message:
    """The chart of what a family makes small."""
    if not points:
        return msg("losses.none", "The losses over the epochs. No points yet.")
    told = [
        msg("losses.own_one", "{name} {value:.2f}", name=families.reading_title(name), value=points[-1].own[name])
        for name in names
        if name in points[-1].own
    ]
    return msg("losses.own_alt", "Losses after {epoch:.1f} epochs: {told:list}.", epoch=points[-1].epoch, told=told)


def size(count: float) -> Message:
    """A number of bytes."""
    if count >= 2**30:
        return msg("size.gigabytes", "{size:.1f} GB", size=count / 2**30)
    return msg("size.megabytes", "{size:.0f} MB", size=count / 2**20)


# Who is winning

SITUATIONS = {
    Situation.BEGINNING: msg("situation.beginning", "Both have only just begun to learn."),
    Situation.WILD: msg("situation.wild", "The losses jump wildly: the two cannot learn from each other like this."),
    Situation.BETTER_GUESSES: msg(
        "situation.better_guesses", "The fakes get better, and the detective can only guess."
    ),
    Situation.BETTER_LOSES: msg(
        "situation.better_loses", "The fakes get better, and the detective falls for more and more of them."
    ),
    Situation.BETTER_HOLDS: msg("situation.better_holds", "The fakes get better, and the detective keeps up."),
    Situation.BETTER_GAINS: msg(
        "situation.better_gains", "The fakes get better, and the detective learns even faster."
    ),
    Situation.BETTER_SURE: msg(
        "situation.better_sure", "The fakes get better, but the detective still spots nearly all of them."
    ),
    Situation.SAME_GUESSES: msg("situation.same_guesses", "The fakes hardly change, and the detective can only guess."),
    Situation.SAME_HOLDS: msg("situation.same_holds", "The fakes hardly change: neither of the two pulls away."),
    Situation.SAME_SURE: msg(
        "situation.same_sure", "The detective spots nearly all fakes, and they hardly get any better."
    ),
    Situation.WORSE_GUESSES: msg(
        "situation.worse_guesses", "The fakes get worse, and the detective does not notice: it can only guess."
    ),
    Situation.WORSE_HOLDS: msg("situation.worse_holds", "The fakes get worse, although some still fool the detective."),
    Situation.WORSE_SURE: msg(
        "situation.worse_sure", "The fakes get worse, and the detective spots nearly all of them."
    ),
    Situation.GUESSES: msg("situation.guesses", "The detective can only guess which are real."),
    Situation.LOSES: msg("situation.loses", "The forger fools the detective more and more often."),
    Situation.HOLDS: msg("situation.holds", "Neither of the two pulls away."),
    Situation.GAINS: msg(
        "situation.gains", "The detective gets better and better at telling fakes from real pictures."
    ),
    Situation.STARTS: msg("situation.starts", "The forger has only just begun to learn."),
    Situation.BETTER: msg("situation.better", "The fakes get better."),
    Situation.SAME: msg("situation.same", "The fakes hardly change any more."),
    Situation.WORSE: msg("situation.worse", "The fakes get worse."),
    Situation.SURE: msg("situation.sure", "The detective spots nearly all fakes."),
}

ALIKE = 0.1  # of real pictures or fakes: where no more of either are told from the others, all are the same to D
HARDLY, OFTEN = 0.6, 0.85  # shares of right answers, up to which the detective can hardly and often tell
APART = 0.2  # the fakes shown and those counted differ by more than 32 pictures do by chance

NOT_COUNTED = msg("rope.not_counted", "Who is winning was not counted in this run: it is from an earlier version.")
NOT_MEASURED = msg("standing.soon", "How real they are is measured soon.")
NOT_YET = msg("rope.not_yet", "Nobody is winning yet.")
GUESSING = msg("rope.guessing", "50%: only guesses")
ALWAYS = msg("rope.always", "always right: 100%")
CRITIC = msg(
    "rope.critic",
    "This detective gives points: right is each picture on its own side of the middle between both kinds.",
)


def right(share: float) -> Message:
    """What the rope shows."""
    return msg("rope.right", "The detective is right **{share:.0%}** of the time", share=share)


def rope_alt(share: float) -> Message:
    """The rope in full, for somebody who cannot see it."""
    return msg(
        "rope.alt",
        "Who is winning: the detective took {share:.0%} of the real pictures and fakes for what they are, over about "
        "the last {steps} training steps. With 50% it would only guess.",
        share=share,
        steps=balance.WINDOW_STEPS,
    )


def why_apart(snapshot: Snapshot, spotted: float | None, epoch: float) -> Message | None:
    """Why the detective spots another share of the fakes that are shown than of those that it was trained with."""
    fooled = balance.fooled(snapshot.points, epoch)
    if spotted is None or fooled is None or abs(spotted - (1 - fooled)) <= APART:
        return None
    told = {"trained": 1 - fooled}
    if snapshot.wish.label is not None:
        return msg("apart.kind", "It spots {trained:.0%} of the fakes of all kinds; above is only one kind.", **told)
    if snapshot.config.ema:
        return msg(
            "apart.average",
            "It spots {trained:.0%} of the fakes it trains with; shown are those of the forger's average (EMA).",
            **told,
        )
    return msg(
        "apart.moment", "It spots {trained:.0%} of all fakes in the last steps; shown are a few of this moment.", **told
    )


def note(snapshot: Snapshot, spotted: float | None, epoch: float) -> Message | None:
    """What else one has to know of the rope, if anything."""
    apart = why_apart(snapshot, spotted, epoch)
    if apart is None and losses.facts(snapshot.config.loss).get("CRITIC", False):
        return CRITIC
    return apart


def verdict(snapshot: Snapshot) -> Message | None:
    """What a run that has ended came to, by the numbers that stand beside it; None where it has none."""
    share, passed = balance.accuracy(snapshot.points), balance.fooled(snapshot.points)
    if share is None or passed is None:
        beliefs = [each.d_fake for each in (*reversed(snapshot.points), snapshot.reading) if each]
        return next((_from_belief(belief) for belief in beliefs if math.isfinite(belief)), None)
    shown = round(share, 2)  # so that the words are those of the number that stands there
    real_passed = 2 * share - 1 + passed
    if max(passed, real_passed) <= ALIKE:  # half of its answers are right, but no belief is a half
        return msg(
            "verdict.all_fake", "The detective gets {share:.0%} right: it takes nearly all for fake.", share=share
        )
    if min(passed, real_passed) >= 1 - ALIKE:
        return msg(
            "verdict.all_real", "The detective gets {share:.0%} right: it takes nearly all for real.", share=share
        )
    if shown <= HARDLY:
        return msg("verdict.hardly", "The detective gets {share:.0%} right: it can hardly tell.", share=share)
    if shown <= OFTEN:
        return msg("verdict.often", "The detective gets {share:.0%} right: it can often tell.", share=share)
    return msg("verdict.always", "The detective gets {share:.0%} right: it can nearly always tell.", share=share)


def _from_belief(belief: float) -> Message:
    """The same of a run from before right answers were counted."""
    shown = round(belief, 2)
    if shown > 0.4:
        return msg("ended.hardly", "D(fake) is {belief:.2f}: the detective can hardly tell.", belief=belief)
    if shown > 0.2:
        return msg("ended.often", "D(fake) is {belief:.2f}: the detective can often tell.", belief=belief)
    return msg("ended.always", "D(fake) is {belief:.2f}: the detective can nearly always tell.", belief=belief)
