"""The words of a race: its rules, how each lane stands, who leads, who has won."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from gan import families
from gan.data import DataSet
from gan.messages import Message, msg
from gan.parts import nets
from gan.runs import Contest, RunState, Snapshot
from gan.runs.server.contest_rules import Out, Standing
from gan.setup.config import RunConfig
from pages.shared.words import states, values
from pages.shared.words.values import in_a_row

LETTERS = "ABCD"

ABOUT = msg("race.about", "A fair test: all is the same but one thing.")
ABOUT_START = msg("race.one_start", "All of them start with these fakes:")
ABOUT_STARTS = msg("race.starts", "These are their fakes before training:")
GUESS = msg("race.guess", "Which one will win? Let the class decide before you start.")
NO_LANE = msg("race.no_lane", "none")
MINE = msg("race.my_settings", "My settings")
LOST = msg("race.lost", "The race in this link is not on this computer any more. Start a new one.")
ONLY_BELIEF = msg("race.no_referee", "No referee can read these pictures, so only the detectives judge.")
NEVER_THERE = msg("race.never_there", "Nobody reached the mark.")
TO_THE_END = msg("race.to_the_end", "Only who reaches the last epoch with its settings unchanged can win.")
TOLD_THE_KIND = msg("race.told_the_kind", "These networks are told which kind to draw, so most draw them all.")
WAITS = msg("race.queued", "Waiting for a place to train: number {place} in the queue. It starts by itself.")


class Rule(NamedTuple):
    title: Message
    sentence: Message  # shown all the time
    fairness: Message
    number: Message  # of a lane by this rule, with its name or unit
    bare: Message  # the same where the name has just been said


RULES = {  # by their names in `gan.runs.server.contest_rules`
    "realism": Rule(
        msg("rule.realism.title", "Best at the end"),
        msg("rule.realism.about", "Who has the best realism after the last epoch wins. Lower is better."),
        msg(
            "rule.realism.fair",
            "Fair: one referee compares {count:,} fakes of each with real pictures.",
            count=families.MOST_SCORED,
        ),
        msg("rule.realism.number", "realism {number:.1f}"),
        msg("rule.realism.bare", "{number:.1f}"),
    ),
    "speed": Rule(
        msg("rule.speed.title", "First to the mark"),
        msg("rule.speed.about", "Who is first to reach a realism of {target:g} wins, in seconds of training."),
        msg("rule.speed.fair", "Fair, but measured every few seconds only: a close finish says little."),
        msg("rule.speed.number", "{number:duration}"),
        msg("rule.speed.number", "{number:duration}"),
    ),
    "variety": Rule(
        msg("rule.variety.title", "Most variety"),
        msg("rule.variety.about", "Who draws the most kinds of pictures after the last epoch wins."),
        msg(
            "rule.variety.fair",
            "Fair: one referee sorts {count:,} fakes of each. It counts kinds, not beauty.",
            count=families.MOST_SCORED,
        ),
        msg("rule.variety.number", "{number:.1f} kinds"),
        msg("rule.variety.number", "{number:.1f} kinds"),
    ),
    "alike": Rule(
        msg("rule.alike.title", "Most alike"),
        msg(
            "rule.alike.about",
            "Whose fakes are most like the real dots after the last epoch wins (JS, lower is better).",
        ),
        msg("rule.alike.fair", "Fair: all fakes of each are counted beside all real dots."),
        msg("rule.alike.number", "JS {number:.3f}"),
        msg("rule.alike.bare", "{number:.3f}"),
    ),
    "kinds": Rule(
        msg("rule.kinds.title", "Most blobs"),
        msg("rule.kinds.about", "Whose fakes find the most blobs after the last epoch wins."),
        msg(
            "rule.kinds.fair",
            "Fair: the blobs are counted for all in the same way. Dots that come in none have no winner.",
        ),
        msg("rule.kinds.number", "{number:.0f} blobs"),
        msg("rule.kinds.bare", "{number:.0f}"),
    ),
    "d_fake": Rule(
        msg("rule.d_fake.title", "Most believed"),
        msg("rule.d_fake.about", "Whose detective believes the fakes most in the last epoch (D(fake)) wins."),
        msg(
            "rule.d_fake.fair",
            "Not fair: each has a detective of its own, and a poor one believes anything. Who should not have won?",
        ),
        msg("rule.d_fake.number", "D(fake) {number:.2f}"),
        msg("rule.d_fake.bare", "{number:.2f}"),
    ),
}

OUTS = {
    Out.FAILED: msg("out.failed", "out: something went wrong"),
    Out.STOPPED: msg("out.stopped", "out: stopped early"),
    Out.CHANGED: msg("out.changed", "out: its settings were changed"),
    Out.UNMEASURED: msg("out.unmeasured", "no number by this rule"),
    Out.GONE: msg("out.gone", "not kept any more"),
}
PLACES = {
    1: msg("standing.first", "1st: {number}"),
    2: msg("standing.second", "2nd: {number}"),
    3: msg("standing.third", "3rd: {number}"),
    4: msg("standing.fourth", "4th: {number}"),
}


class Series(NamedTuple):
    title: Message
    look: Message  # what to look for


OF_DOTS = ("js", "kinds")  # of these, what only dots have
SERIES = {  # the numbers that are drawn over the epochs
    "realism": Series(
        msg("series.realism", "Realism"), msg("series.realism.look", "Which line falls fastest? Lower is better.")
    ),
    "variety": Series(
        msg("series.variety", "Variety"), msg("series.variety.look", "How many kinds of pictures each one draws.")
    ),
    "precision": Series(
        msg("series.precision", "Precision"),
        msg("series.precision.look", "The share of fakes that look real to the referee."),
    ),
    "js": Series(
        msg("series.js", "JS divergence"), msg("series.js.look", "Which line falls fastest? Lower is better.")
    ),
    "kinds": Series(
        msg("series.kinds", "Kinds found"), msg("series.kinds.look", "How many of the blobs each one finds.")
    ),
    "d_right": Series(
        msg("series.d_right", "Right answers"),
        msg("series.d_right.look", "How often each detective is right. 50% is guessing."),
    ),
    "d_fake": Series(
        msg("series.d_fake", "D(fake)"),
        msg("series.d_fake.look", "How real each detective finds the fakes of its own forger."),
    ),
    "d_real": Series(
        msg("series.d_real", "D(real)"), msg("series.d_real.look", "How real each detective finds real pictures.")
    ),
    "d_loss": Series(msg("series.d_loss", "Detective's loss"), msg("series.loss.look", "Which one runs away?")),
    "g_loss": Series(msg("series.g_loss", "Forger's loss"), msg("series.loss.look", "Which one runs away?")),
}


OWN = {  # what a family reads of its own
    "reconstruction": msg("series.reconstruction", "What got lost"),
    "kl": msg("series.kl", "How far from noise (KL)"),
    "denoising": msg("series.denoising", "How wrong it is"),
    "fooling": msg("series.fooling", "Forger's loss"),
    "judging": msg("series.judging", "Detective's loss"),
}
OWN_LOOK = msg("series.own.look", "What each one tries to make small.")
OF_DETECTIVES = ("d_right", "d_fake", "d_real", "d_loss", "g_loss")  # of these, what only a game has


def series(name: str) -> Series:
    """A number by its name: one of all runs, or one that only a family reads."""
    return SERIES.get(name) or Series(OWN.get(name, families.reading_title(name)), OWN_LOOK)


def offered(pictures: Collection[DataSet], models: Collection[str]) -> list[str]:
    """The numbers that runs of these families on these pictures have, or some of them do."""
    games = any(map(families.judges, models))
    has_dots = any(each.is_dots for each in pictures)
    own = dict.fromkeys(
        loss for each in models for loss in families.own_losses(each) if loss in families.always_read(each)
    )
    found = [name for name in SERIES if (games or name not in OF_DETECTIVES) and (has_dots or name not in OF_DOTS)]
    return [*found, *own]


NOBODY = msg("race.nobody_leads", "Nobody leads yet.")


def rule(name: str, target: float | None) -> Message:
    """The rule in a sentence."""
    return RULES[name].sentence.but(target=target)


def fairness(name: str, base: RunConfig) -> Message:
    """How fair the rule is."""
    fairness = RULES[name].fairness.but(count=families.most_scored(base.family))
    if name == "variety" and nets.is_conditional(base.architecture):
        return in_a_row(fairness, TOLD_THE_KIND)
    return fairness


def number(rule: str, value: float) -> Message:
    """A lane's number by a rule, with its name or unit."""
    return RULES[rule].number.but(number=value)


def bare(rule: str, value: float) -> Message:
    """The same without its name."""
    return RULES[rule].bare.but(number=value)


def cell(contest: Contest, lane: int) -> Message:
    """What one run of a contest has of its own, such as "learning rate 0.002"."""
    return values.pairs(contest.settings, contest.values[lane])


def standing(contest: Contest, each: Standing) -> Message:
    """How one lane stands, in a few words."""
    is_speed = contest.rule == "speed"
    if each.out is Out.UNMEASURED and is_speed:
        return msg("standing.never", "never reached the mark")
    if each.out:
        return OUTS[each.out]
    if each.number is None and is_speed:
        return msg("standing.not_reached", "mark not reached yet")
    if each.number is None:
        return msg("standing.not_measured", "not measured yet")
    return PLACES[each.place].but(number=number(contest.rule, each.number))


def ahead(leaders: Sequence[int]) -> Message:
    """Who is ahead at the moment, and no number."""
    return msg("race.ahead", "Ahead now: {lanes:and}.", lanes=_letters(leaders)) if leaders else NOBODY


def leading(
    contest: Contest, standings: Sequence[Standing], leaders: Sequence[int], snapshots: Sequence[Snapshot | None]
) -> Message:
    """Who is ahead at the moment, and how long it takes at the pace so far."""
    if not leaders:
        return NOBODY
    lanes, best = _letters(leaders), number(contest.rule, standings[leaders[0]].number)
    if len(lanes) == 1:
        told = msg("race.one_leads", "**{lane}** leads at the moment: {best}.", lane=lanes[0], best=best)
    else:
        told = msg("race.several_lead", "**{lanes:and}** lead at the moment: {best}.", lanes=lanes, best=best)
    lefts = [each.seconds_left for each in snapshots if each and each.state.is_live]
    return in_a_row(told, left(max(lefts))) if lefts and None not in lefts else told


def left(seconds: float) -> Message:
    """How long it takes from now on."""
    return msg("contest.left", "About {seconds:duration} left.", seconds=seconds)


def verdict(
    contest: Contest, standings: Sequence[Standing], winners: Sequence[int], snapshots: Sequence[Snapshot | None] = ()
) -> Message:
    """Who has won, with the numbers of all, and what the class had said."""
    if not winners:
        is_late = contest.rule == "speed" and all(each.out is Out.UNMEASURED for each in standings)
        return in_a_row(msg("race.nobody_wins", "**Nobody wins.**"), NEVER_THERE if is_late else TO_THE_END)
    lanes, best = _letters(winners), number(contest.rule, standings[winners[0]].number)
    if len(lanes) == 1:
        what = cell(contest, winners[0])
        won = msg("race.one_wins", "**{lane} wins** with {what}: {best}.", lane=lanes[0], what=what, best=best)
    else:
        won = msg("race.several_win", "**{lanes:and} share the first place**: {best}.", lanes=lanes, best=best)
    return in_a_row(won, *_others(contest, standings, winners), *_guess(contest, winners))


def _others(contest: Contest, standings: Sequence[Standing], winners: Sequence[int]) -> list[Message]:
    bare = RULES[contest.rule].bare
    others = [
        msg("race.lane_number", "{lane} {number}", lane=LETTERS[lane], number=bare.but(number=each.number))
        for lane, each in enumerate(standings)
        if lane not in winners and each.number is not None and not each.out
    ]
    return [msg("race.others", "{others:list}.", others=others)] if others else []


def _guess(contest: Contest, winners: Sequence[int]) -> list[Message]:
    if contest.guess is None:
        return []
    if contest.guess in winners:
        return [msg("race.guessed_it", "You had guessed it.")]
    return [msg("race.guessed", "You had guessed {lane}.", lane=LETTERS[contest.guess])]


def _letters(lanes: Sequence[int]) -> list[str]:
    return [LETTERS[lane] for lane in lanes]


def chart_alt(name: str, curves: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> Message:
    """A chart of several runs for somebody who cannot see it."""
    newest = [
        msg("chart.lane", "{lane} {value:.3g}", lane=letter, value=curve[-1][1]) for letter, curve in curves if curve
    ]
    title = series(name).title
    if not newest:
        return msg("chart.no_points", "{title} over the epochs. No points yet.", title=title)
    return msg("chart.newest", "{title} over the epochs. Newest: {newest:list}.", title=title, newest=newest)


def progress(snapshot: Snapshot) -> Message:
    """How far a run is."""
    if snapshot.reading is None or not snapshot.state.is_live:
        return states.STATES[snapshot.state]
    epochs = snapshot.config.epochs
    epoch = min(epochs, int(snapshot.reading.epoch) + 1)
    if snapshot.state is RunState.PAUSED:
        return msg("progress.paused", "Paused, epoch {epoch} of {epochs}", epoch=epoch, epochs=epochs)
    return msg("progress.epoch", "epoch {epoch} of {epochs}", epoch=epoch, epochs=epochs)
