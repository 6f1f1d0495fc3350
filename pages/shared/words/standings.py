"""The words of who is winning: the situation in a sentence, the rope, and what a run came to."""

from gan.messages import Message, msg
from gan.parts import losses
from gan.runs import Snapshot
from gan.runs.state import balance
from gan.runs.state.situation import Situation

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
    Situation.GUESSES: msg("situation.guesses", "The detective can only guess which pictures are real."),
    Situation.LOSES: msg("situation.loses", "The forger fools the detective more and more often."),
    Situation.HOLDS: msg("situation.holds", "Neither of the two pulls away."),
    Situation.GAINS: msg(
        "situation.gains", "The detective gets better and better at telling fakes from real pictures."
    ),
    Situation.SURE: msg("situation.sure", "The detective spots nearly all fakes."),
}

HARDLY, OFTEN = 0.6, 0.85  # shares of right answers, up to which the detective can hardly and often tell
APART = 0.2  # the fakes shown and those counted differ by more than 32 pictures do by chance

NOT_COUNTED = msg("rope.not_counted", "Who is winning was not counted in this run: it is from an earlier version.")
NOT_YET = msg("rope.not_yet", "Nobody is winning yet.")
GUESSING = msg("rope.guessing", "forger 50%")
ALWAYS = msg("rope.always", "100% detective")
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
            "It spots {trained:.0%} of the fakes it trains with; above are those of the forger's average (EMA).",
            **told,
        )
    return msg(
        "apart.moment", "It spots {trained:.0%} of all fakes in the last steps; above are a few of this moment.", **told
    )


def note(snapshot: Snapshot, spotted: float | None, epoch: float) -> Message | None:
    """What else one has to know of the rope, if anything."""
    apart = why_apart(snapshot, spotted, epoch)
    if apart is None and losses.facts(snapshot.config.loss).get("CRITIC", False):
        return CRITIC
    return apart


def verdict(snapshot: Snapshot) -> Message:
    """What a run that has ended came to."""
    share = balance.accuracy(snapshot.points)
    if share is None:
        return _from_belief(snapshot.points[-1].d_fake if snapshot.points else snapshot.reading.d_fake)
    shown = round(share, 2)  # so that the words are those of the number that stands there
    if shown <= HARDLY:
        return msg("verdict.hardly", "The detective gets {share:.0%} right: it can hardly tell.", share=share)
    if shown <= OFTEN:
        return msg("verdict.often", "The detective gets {share:.0%} right: it can often tell.", share=share)
    return msg("verdict.always", "The detective gets {share:.0%} right: it can nearly always tell.", share=share)


def _from_belief(belief: float) -> Message:
    """The same of a run from before right answers were counted."""
    if belief > 0.4:
        return msg("ended.hardly", "D(fake) is {belief:.2f}: the detective can hardly tell.", belief=belief)
    if belief > 0.2:
        return msg("ended.often", "D(fake) is {belief:.2f}: the detective can often tell.", belief=belief)
    return msg("ended.always", "D(fake) is {belief:.2f}: the detective can nearly always tell.", belief=belief)
