"""The doctor: what a run suffers from, in plain words, with its evidence and what to change.

A pure function of a run's points and scores. Each rule is a function of a `Case` that returns a Diagnosis
or None; `RULES` is the order in which they are asked. All limits are the constants below.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from statistics import median
from typing import Any

from gan import data, losses
from gan.config import RunConfig
from gan.records import Point, Scores

# How much of a run is looked at
MIN_STEPS = 300  # before that the networks only wake up: every run looks wild
MIN_POINTS = 12  # fewer points show no trend
WINDOW_STEPS = 150  # the last steps that levels are taken from: enough to even out small batches
SWING_POINTS = 24  # the last points in which swings are counted
LAST_SCORES = 3  # their median is the present level, so that one odd score changes nothing; fewer show no trend
RECENT_SHARE = 1 / 3  # of the run: its scores show whether the pictures get better
RECENT_SCORES = 6  # or the scores before, if these are fewer
MOST_OF = 0.8  # the share of the last points that must show a symptom, so that one odd point changes nothing

# Are the pictures good, and do they get better?
BETTER = 0.9  # realism of the newer half of the recent scores, in units of the older half: noise is under 10 %
MUCH_BETTER = 0.8  # so fast that a low variety is only the beginning
BAD_REALISM = 100.0  # times the floor's; readable digits have 10 to 60 times, noise over 400
BAD_PRECISION = 0.2  # real pictures have about 0.9, noise and smears under 0.1, fakes that are a digit over 0.5

# Divergence
GUESSING = {  # D's loss when it can only guess; a loss that is not here has no such level
    "minimax": math.log(4),
    "non_saturating": math.log(4),
    "least_squares": 0.25,
    "hinge": 2.0,
    "relativistic_average": math.log(4),
    "relativistic_pairing": math.log(2),
}
EXPLODED_D = 10.0  # times guessing: D is wrong, and sure of it; a D that wins has nearly 0
EXPLODED_G = 25.0  # times guessing: beyond a merely strong D, and free of the penalties in D's loss
EXPLODED_GROWTH = 1000.0  # times the run's own earlier level, at least 1: for losses without a level

# Mode collapse
FEW_CLASSES = 0.5  # times the floor's variety; healthy runs have 0.7 or more, total collapse 0.1
VARIETY_RISES = 1.2  # newer half in units of the older: then the classes are still being discovered
NO_RECALL = 0.05  # with one or two classes: hardly a real picture has a fake like it ...
MUCH_PRECISION = 0.5  # ... although the fakes look real
NAMED_SHARE = 0.7  # classes are named until they are this share of the fakes, three at most

# Overfitting
LEARNED_BY_HEART = 0.6  # r_v, the target of ADA (Karras et al. 2020, section 3.1)
HEART_GAP = 0.3  # D's belief in known pictures above that in unknown ones: below that r_v is noise
TOLD_APART = 0.2  # the same above that in fakes: below that r_v divides by nearly nothing

# Discriminator too strong
SURE = 0.95  # belief in real pictures; healthy digits stay below for minutes
CAUGHT = 0.05  # belief in fakes
NEVER_WRONG = 0.05  # D's loss in units of guessing, where beliefs are no probabilities
VANISHED = 0.1  # G's gradient in units of its greatest one
NEARLY_CAUGHT = 0.1  # belief in fakes that is low enough where G's gradient has vanished

# Generator too strong
FOOLED = 0.65  # belief in fakes that no D at work has for long
FOOLED_BY_BAD = 0.25  # the same for pictures that are known to be bad and stay so: they are easy to catch
NO_DIFFERENCE = 0.02  # belief in real pictures less that in fakes: D cannot tell

# Oscillation
BELIEF_SWING = 0.2  # from peak to valley; half-second means of healthy runs move by 0.05
NOISE_SWINGS = 5.0  # and this many standard errors of a point's mean belief
BELIEF_SPREAD = 0.35  # standard deviation of the belief in one fake
LOSS_SWING = 0.75  # from peak to valley, in units of the median or of guessing; healthy ones move by 0.1
TURNS = 4  # peaks and valleys in the last SWING_POINTS; healthy runs have none or one

# Cures
SMALLER, BIGGER = 0.5, 2.0  # learning rates
MUCH_SMALLER = 0.1  # learning rates after a divergence
BIG_BATCH = 64  # pictures whose mean gradient is calm
SLOW = 1e-3  # a learning rate below which bigger steps may help a slow run
MOST_CURES = 3  # as many as fit under one sentence


class Condition(StrEnum):
    TOO_EARLY = "too_early"
    HEALTHY = "healthy"
    MODE_COLLAPSE = "mode_collapse"
    DISCRIMINATOR_TOO_STRONG = "discriminator_too_strong"
    GENERATOR_TOO_STRONG = "generator_too_strong"
    OSCILLATION = "oscillation"
    DIVERGENCE = "divergence"
    OVERFITTING = "overfitting"  # the discriminator learns its pictures by heart


@dataclass(frozen=True)
class Cure:
    """One thing to try. `config.but(**changes)` is valid, and every change differs from the config."""

    why: str  # what it does, in a sentence
    changes: dict[str, Any]


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor says: a sentence each for what is seen and where it comes from, the best cure first."""

    name: Condition
    evidence: str
    cause: str
    cures: tuple[Cure, ...] = ()


def diagnose(
    config: RunConfig,
    points: Sequence[Point],
    scores: Sequence[tuple[float, Scores]] = (),
    floor: Scores | None = None,
    *,
    diverged: bool = False,
) -> Diagnosis:
    """What a run suffers from. `scores` are (epoch, Scores) in order, `floor` the scores of real pictures.

    `diverged` says that the run ended with a loss that is not finite.
    """
    case = Case(config, tuple(points), tuple(scores), floor, diverged)
    return next(found for rule in RULES if (found := rule(case)))


@dataclass(frozen=True)
class Case:
    """What the rules look at: the last part of a run, and what it says about the pictures."""

    config: RunConfig
    points: tuple[Point, ...]
    all_scores: tuple[tuple[float, Scores], ...]
    floor: Scores | None
    diverged: bool

    @cached_property
    def usable(self) -> list[Point]:
        """The points whose means are numbers."""
        return [p for p in self.points if all(map(math.isfinite, (p.epoch, p.d_loss, p.g_loss, p.d_real, p.d_fake)))]

    @cached_property
    def steps(self) -> int:
        return sum(point.weight for point in self.usable)

    @cached_property
    def last(self) -> list[Point]:
        """The last points: at least MIN_POINTS of them, over at least WINDOW_STEPS steps."""
        count = steps = 0
        for point in reversed(self.usable):
            if count >= MIN_POINTS and steps >= WINDOW_STEPS:
                break
            count, steps = count + 1, steps + point.weight
        return self.usable[len(self.usable) - count :]

    @cached_property
    def early(self) -> list[Point]:
        """The first half of what lies before the last points."""
        before = len(self.usable) - len(self.last)
        return self.usable[: (before + 1) // 2]

    def level(self, name: str) -> float:
        """The median of a number over the last points; not a number where it is unknown."""
        return _median([getattr(point, name) for point in self.last])

    # Beliefs and losses

    @property
    def is_critic(self) -> bool:
        """D gives points without a zero: its beliefs say what it tells apart, and nothing else."""
        return losses.facts(self.config.loss).get("CRITIC", False)

    @property
    def has_levels(self) -> bool:
        """D's beliefs are probabilities, or labels, so that 0.95 is a lot."""
        return not self.is_critic and self.config.loss != "hinge"

    @property
    def guessing(self) -> float | None:
        return GUESSING.get(self.config.loss)

    @property
    def most_belief(self) -> float:
        """The highest belief in real pictures that D is asked for."""
        return 1 - self.config.label_smoothing

    # Pictures

    @cached_property
    def scores(self) -> list[tuple[float, Scores]]:
        """The scores of networks that have been trained."""
        return [(epoch, scores) for epoch, scores in self.all_scores if epoch > 0]

    def recent(self, name: str) -> list[float]:
        """The known values of a score in the last part of the run."""
        begin = (1 - RECENT_SHARE) * self.scores[-1][0] if self.scores else 0.0
        count = sum(epoch > begin for epoch, _ in self.scores)
        return _known([getattr(scores, name) for _, scores in self.scores[-max(count, RECENT_SCORES) :]])

    @cached_property
    def trend(self) -> float | None:
        """Realism of the newer half of the recent scores in units of the older half; below 1 is better."""
        return _trend(self.recent("realism"))

    @property
    def gets_better(self) -> bool:
        return self.trend is not None and self.trend < BETTER

    @property
    def is_stuck(self) -> bool:
        return self.trend is not None and self.trend >= BETTER

    @cached_property
    def is_bad(self) -> bool | None:
        """Whether the fakes do not look real; None where nobody can say."""
        realism, precision = self.recent("realism"), self.recent("precision")
        floor = _known([self.floor.realism]) if self.floor else []
        signs = []
        if realism and floor and floor[0] > 0:
            signs.append(_median(realism[-LAST_SCORES:]) > BAD_REALISM * floor[0])
        if precision:
            signs.append(_median(precision[-LAST_SCORES:]) < BAD_PRECISION)
        return any(signs) if signs else None


# Rules


def _divergence(case: Case) -> Diagnosis | None:
    """A loss that is not finite, or far from anything a game between two networks can have."""
    evidence = _exploded(case)
    if not evidence:
        return None
    config = case.config
    limits = {name: strength for name, strength in config.stabilisers.items() if strength}  # without those switched off
    return Diagnosis(
        Condition.DIVERGENCE,
        evidence,
        "The learning steps are too big, so each one makes things worse instead of better.",
        _cures(
            config,
            ("Give the discriminator back the limits that belong to this loss.", {"stabilisers": limits}),
            ("Let both take much smaller steps.", _rates(config, MUCH_SMALLER, MUCH_SMALLER)),
            ("Let Adam choose the size of each step.", {"optimizer": "adam"}),
            ("Stop the discriminator from reacting too strongly to small changes.", _add(config, "spectral_norm")),
            ("Keep the discriminator's judgements smooth.", _add(config, "r1")),
        ),
    )


def _exploded(case: Case) -> str | None:
    """The sentence that says how far the losses have run away."""
    broken = [p for p in case.points[-3:] if not (math.isfinite(p.d_loss) and math.isfinite(p.g_loss))]
    if case.diverged or broken:
        epoch = case.usable[-1].epoch if case.usable else 0.0
        return f"In epoch {math.floor(epoch) + 1} the losses grew until they were no longer numbers."
    if len(case.usable) < MIN_POINTS:
        return None
    d_level, g_level = (_median([abs(getattr(p, name)) for p in case.last]) for name in ("d_loss", "g_loss"))
    if case.guessing and d_level > EXPLODED_D * case.guessing and g_level > EXPLODED_G * case.guessing:
        return f"The discriminator's loss is {_number(d_level)}: just guessing would give {_number(case.guessing)}."
    for who, name, level in (("discriminator", "d_loss", d_level), ("generator", "g_loss", g_level)):
        before = max(1.0, _median([abs(getattr(p, name)) for p in case.early], 1.0))
        if level > EXPLODED_GROWTH * before:
            return f"The {who}'s loss has grown to {_number(level)}, {_number(level / before)} times what it was."
    return None


def _too_early(case: Case) -> Diagnosis | None:
    """Too few steps or points for any rule."""
    if case.steps >= MIN_STEPS and len(case.usable) >= MIN_POINTS:
        return None
    steps = f"Only {case.steps:,} training {'step' if case.steps == 1 else 'steps'} so far."
    cause = "The first steps of every run look wild, so wait a little."
    return Diagnosis(Condition.TOO_EARLY, steps if case.steps else "There are no training steps yet.", cause)


def _mode_collapse(case: Case) -> Diagnosis | None:
    """The fakes look like something, but all like the same few things."""
    evidence = _same_classes(case) or _same_pictures(case)
    if not evidence:
        return None
    config = case.config
    return Diagnosis(
        Condition.MODE_COLLAPSE,
        evidence,
        "The generator has found a picture that works and draws it again and again.",
        _cures(
            config,
            ("Tell the discriminator how alike the pictures of a batch are.", _add(config, "minibatch_std")),
            ("Show the discriminator two pictures at once, so that it sees they are alike.", _add(config, "packing")),
            ("Let the generator take smaller steps.", _rates(config, min(SMALLER, _ratio(config)), 1)),
            ("Let the generator think some moves ahead.", _add(config, "unrolling")),
            ("Take a loss that compares all pictures at once.", {"loss": "wgan_gp", "label_smoothing": 0.0}),
        ),
    )


def _same_classes(case: Case) -> str | None:
    """The sentence that names the classes, if there are too few of them."""
    varieties, floor = case.recent("variety"), _floor_variety(case)
    if len(varieties) < LAST_SCORES or floor < 1.5:
        return None
    few = max(varieties[-1], _median(varieties[-LAST_SCORES:])) < FEW_CLASSES * floor
    rises = (_trend(varieties) or 1) > VARIETY_RISES or (case.trend or 1) < MUCH_BETTER
    precisions = case.recent("precision")
    drawn = _median(precisions[-LAST_SCORES:]) >= BAD_PRECISION if precisions else not _wins(case)
    if not few or rises or not drawn:
        return None
    return _most_frequent(case.scores[-1][1].shares, case.config) or (
        f"The fakes are of about {varieties[-1]:.1f} kinds; the real pictures are of {floor:.0f}."
    )


def _same_pictures(case: Case) -> str | None:
    """The same for runs with one or two classes: hardly a real picture has a fake like it."""
    recalls, precisions = case.recent("recall"), case.recent("precision")
    if _class_count(case.config) > 2 or case.gets_better or min(len(recalls), len(precisions)) < LAST_SCORES:
        return None
    recall, precision = _median(recalls[-LAST_SCORES:]), _median(precisions[-LAST_SCORES:])
    if max(recall, recalls[-1]) > NO_RECALL or precision < MUCH_PRECISION:
        return None
    return f"For only {_percent(recall)} of 100 real pictures there is a fake that looks like it."


def _overfitting(case: Case) -> Diagnosis | None:
    """D believes pictures that it knows, and doubts real ones that it does not: ADA's r_v."""
    known = [p for p in case.last if math.isfinite(p.d_unseen)]
    if len(known) < MIN_POINTS / 2:
        return None  # pictures that get better are no excuse: they get nearer to the few that D knows
    seen = [p.d_seen if math.isfinite(p.d_seen) else p.d_real for p in known]
    by_heart = _median([mine - p.d_unseen for mine, p in zip(seen, known, strict=True)])
    apart = _median([mine - p.d_fake for mine, p in zip(seen, known, strict=True)])
    if by_heart < HEART_GAP or apart < TOLD_APART or by_heart / apart < LEARNED_BY_HEART:
        return None
    config = case.config
    return Diagnosis(
        Condition.OVERFITTING,
        f"The discriminator gives {_percent(_median(seen))} of 100 points to real pictures that it knows, "
        f"but only {_percent(case.level('d_unseen'))} to real ones that it has never seen.",
        "There are too few pictures for so many steps, so the discriminator learns them by heart.",
        _cures(
            config,
            ("Shift and fade every picture a little, so that none looks the same twice.", _add(config, "diff_augment")),
            ("Show the discriminator all kinds of pictures: more are harder to learn by heart.", {"classes": ()}),
            ("Keep the discriminator's judgements smooth.", _add(config, "r1")),
            ("Put some noise on every picture that the discriminator sees.", _add(config, "instance_noise")),
            ("Let the discriminator take smaller steps.", _rates(config, 1, SMALLER)),
        ),
    )


def _discriminator_too_strong(case: Case) -> Diagnosis | None:
    """D catches every fake, and the pictures do not get better."""
    vanished = _vanished(case)
    if case.gets_better or not (_wins(case) or vanished):
        return None
    sick = case.is_stuck or case.is_bad is not False
    if not case.has_levels:
        sick = case.is_stuck and case.is_bad  # without levels only the pictures can say that something is wrong
    if not sick:
        return None
    config = case.config
    stuck = ", and the pictures do not get better" if case.is_stuck else ""
    cause = "The discriminator has learned faster, so every fake is caught and the generator does not learn why."
    if vanished:
        evidence = f"The generator's gradients have shrunk to {vanished:.1%} of what they were{stuck}."
        cause = (
            "With this loss the generator learns almost nothing while all its fakes are caught: vanishing gradients."
        )
    elif case.has_levels:
        evidence = (
            f"The discriminator gives {_percent(case.level('d_real'))} of 100 points to real pictures "
            f"and {_percent(case.level('d_fake'))} to fakes{stuck}."
        )
    else:
        evidence = f"The discriminator is hardly ever wrong (its loss is {_number(case.level('d_loss'))}){stuck}."
    unsaturated = {"loss": "non_saturating"} if config.loss == "minimax" else {}
    return Diagnosis(
        Condition.DISCRIMINATOR_TOO_STRONG,
        evidence,
        cause,
        _cures(
            config,
            ("Take a loss with which the generator still learns when it is caught.", unsaturated),
            ("Let the discriminator take smaller steps.", _rates(config, 1, min(SMALLER, 1 / _ratio(config)))),
            ("Give the generator as many turns as the discriminator.", {"d_steps": 1}),
            ("Put some noise on every picture that the discriminator sees.", _add(config, "instance_noise")),
            (
                "Keep the discriminator from being too sure.",
                {"label_smoothing": max(0.1, config.label_smoothing)},
            ),
            ("Stop the discriminator from reacting too strongly to small changes.", _add(config, "spectral_norm")),
        ),
    )


def _wins(case: Case) -> bool:
    """Nearly all of the last points say that D is not wrong any more; a Wasserstein critic cannot win."""
    if case.has_levels:
        sure = SURE * case.most_belief
        return _most(case.last, lambda p: p.d_real >= sure and p.d_fake <= CAUGHT)
    return bool(case.guessing) and _most(case.last, lambda p: p.d_loss <= NEVER_WRONG * case.guessing)


def _vanished(case: Case) -> float | None:
    """G's gradient in units of its greatest one, where a saturating loss has made it tiny."""
    if case.config.loss != "minimax" or case.level("d_fake") > NEARLY_CAUGHT:
        return None
    greatest = max(_known([point.g_gradient for point in case.usable]), default=0)
    left = case.level("g_gradient") / greatest if greatest else math.nan
    return left if left < VANISHED else None


def _discriminator_gave_up(case: Case) -> Diagnosis | None:
    """D takes nearly all fakes for real: asked before a collapse, which then is only what follows from it."""
    return _generator_too_strong(case) if case.has_levels and _takes_for_real(case) else None


def _takes_for_real(case: Case) -> bool:
    """D's belief in fakes is above that in real pictures, or higher than any D's at work."""
    return _most(case.last, lambda p: p.d_fake >= FOOLED * case.most_belief or p.d_fake >= p.d_real + NO_DIFFERENCE)


def _generator_too_strong(case: Case) -> Diagnosis | None:
    """D takes fakes for real that are not good."""
    if case.gets_better or case.is_bad is False or not _is_fooled(case):
        return None
    config = case.config
    although = ", although the pictures do not look real yet" if case.is_bad else ""
    noise = {name: strength for name, strength in config.stabilisers.items() if name != "instance_noise"}
    return Diagnosis(
        Condition.GENERATOR_TOO_STRONG,
        f"The discriminator gives {_percent(case.level('d_fake'))} of 100 points to fakes "
        f"and {_percent(case.level('d_real'))} to real pictures{although}.",
        "The discriminator is too weak to see what is wrong, so the generator does not learn what to do better.",
        _cures(
            config,
            ("Let the discriminator see the pictures without noise.", {"stabilisers": noise}),
            ("Give the discriminator as many turns as the generator.", {"g_steps": 1}),
            ("Let the discriminator take bigger steps.", _rates(config, 1, max(BIGGER, 1 / _ratio(config)))),
            ("Give the discriminator more turns.", {"d_steps": min(config.d_steps + 1, 5)}),
            ("Let the generator take smaller steps.", _rates(config, SMALLER, 1)),
        ),
    )


def _is_fooled(case: Case) -> bool:
    """Nearly all of the last points say that D cannot tell; where the pictures are bad, less is enough."""
    if case.guessing is None:
        return False  # the scale of a Wasserstein critic means nothing
    bad = bool(case.is_bad) and case.is_stuck
    if not case.has_levels:
        return bad and case.level("d_real") - case.level("d_fake") <= NO_DIFFERENCE
    if bad:
        return _most(case.last, lambda p: p.d_fake >= FOOLED_BY_BAD * case.most_belief)
    return _takes_for_real(case)


def _oscillation(case: Case) -> Diagnosis | None:
    """D's belief in the fakes, or a loss, goes up and down again and again."""
    evidence = _swings(case)
    if not evidence:
        return None
    config = case.config
    calmer = min(2 * config.batch_size, BIG_BATCH)
    adam = config.optimizer == "adam" and config.beta1 > 0.5
    return Diagnosis(
        Condition.OSCILLATION,
        evidence,
        "The steps are so big that each network overshoots, and the other one swings back with it.",
        _cures(
            config,
            ("Let both take smaller steps.", _rates(config, SMALLER, min(SMALLER, SMALLER / _ratio(config)))),
            ("Give Adam less momentum, so that it can turn round sooner.", {"beta1": 0.5} if adam else {}),
            ("Let Adam choose the size of each step.", {"optimizer": "adam"}),
            ("Keep the discriminator's judgements smooth.", _add(config, "r1")),
            ("Learn from more pictures at a time.", {"batch_size": max(config.batch_size, calmer)}),
        ),
    )


def _swings(case: Case) -> str | None:
    """The sentence that says what swings, and between which values."""
    last = case.usable[-SWING_POINTS:]
    pictures = case.config.batch_size * max(1.0, _median([p.weight for p in last]))
    least = max(BELIEF_SWING, NOISE_SWINGS * BELIEF_SPREAD / math.sqrt(pictures))
    beliefs = [p.d_fake for p in last]
    turns = _turns(beliefs, least)
    if turns >= TURNS:
        return (
            f"The discriminator's points for fakes have changed direction {turns} times, "
            f"between {_percent(min(beliefs))} and {_percent(max(beliefs))} of 100."
        )
    if case.guessing is None:
        return None
    for who, name in (("discriminator", "d_loss"), ("generator", "g_loss")):
        values = [getattr(p, name) for p in last]
        turns = _turns(values, LOSS_SWING * max(case.guessing, _median([abs(value) for value in values])))
        if turns >= TURNS:
            return (
                f"The {who}'s loss has changed direction {turns} times, "
                f"between {_number(min(values))} and {_number(max(values))}."
            )
    return None


def _unfinished(case: Case) -> Diagnosis | None:
    """No symptom, but bad pictures of which nobody knows that they get better: nothing can be promised."""
    if not case.is_bad or case.gets_better:
        return None
    config = case.config
    slow = max(config.generator_learning_rate, config.discriminator_learning_rate) < SLOW
    realism = "".join(f": realism is {_number(value)}, and 0 is perfect" for value in case.recent("realism")[-1:])
    return Diagnosis(
        Condition.TOO_EARLY,
        f"The fakes do not look real yet{realism}.",
        "Nothing looks wrong, so the networks may just need more time.",
        _cures(config, ("Let both take bigger steps.", _rates(config, BIGGER, BIGGER) if slow else {})),
    )


def _healthy(case: Case) -> Diagnosis:
    """Nothing is wrong: what shows it."""
    calm = [p.d_loss for p in case.last]
    if case.guessing:
        evidence = f"The discriminator gives {_percent(case.level('d_fake'))} of 100 points to fakes"
    else:
        evidence = f"The discriminator's loss is steady, between {_number(min(calm))} and {_number(max(calm))}"
    realism = case.recent("realism")
    cause = "Both learn equally fast, so each one always has something to learn from the other."
    if case.gets_better:
        evidence += f", and realism has gone from {_number(realism[0])} to {_number(realism[-1])} (0 is perfect)"
    elif realism:
        evidence += f", and realism is {_number(realism[-1])} (0 is perfect)"
    elif case.guessing:
        evidence += f" and {_percent(case.level('d_real'))} to real pictures"
    if case.is_stuck:
        cause = "Both are in balance, and the pictures are about as good as these settings can make them."
    return Diagnosis(Condition.HEALTHY, f"{evidence}.", cause)


RULES: tuple[Callable[[Case], Diagnosis | None], ...] = (
    _divergence,
    _too_early,
    _discriminator_gave_up,
    _mode_collapse,
    _overfitting,
    _discriminator_too_strong,
    _generator_too_strong,
    _oscillation,
    _unfinished,
    _healthy,
)


# Cures


def _cures(config: RunConfig, *offers: tuple[str, dict[str, Any]]) -> tuple[Cure, ...]:
    """The first offers that the config accepts and that change something."""
    cures = []
    for why, changes in offers:
        try:
            changed = config.but(**changes)
        except ValueError:
            continue  # not with this loss or architecture
        changes = {name: getattr(changed, name) for name in changes if getattr(changed, name) != getattr(config, name)}
        if changes:
            cures.append(Cure(why, changes))
    return tuple(cures[:MOST_CURES])


def _add(config: RunConfig, stabiliser: str) -> dict[str, Any]:
    """The changes that switch a stabiliser on at its usual strength, beside those that are on."""
    if stabiliser in config.strengths:
        return {}
    return {"stabilisers": {**config.stabilisers, stabiliser: None}}


def _rates(config: RunConfig, g_times: float, d_times: float) -> dict[str, Any]:
    """The changes that multiply both learning rates."""
    g_rate, d_rate = (
        rate if times == 1 else float(f"{rate * times:.3g}")
        for rate, times in ((config.generator_learning_rate, g_times), (config.discriminator_learning_rate, d_times))
    )
    return {"learning_rate": g_rate, "d_learning_rate": None if d_rate == g_rate else d_rate}


def _ratio(config: RunConfig) -> float:
    """D's learning rate in units of G's."""
    return config.discriminator_learning_rate / config.generator_learning_rate


# Words and numbers


def _most_frequent(shares: Sequence[float], config: RunConfig) -> str | None:
    """Such as "9 of 10 fakes are a 1 or a 7."; None where the shares are not of the set's classes."""
    names = data.get(config.data).class_names
    if len(shares) != len(names):
        names = tuple(names[number] for number in config.classes)
    if not shares or len(shares) != len(names) or not all(map(math.isfinite, shares)):
        return None
    order = sorted(range(len(shares)), key=lambda number: -shares[number])
    count = next((n for n in (1, 2) if sum(shares[i] for i in order[:n]) >= NAMED_SHARE), 3)
    chosen = [_with_article(names[number]) for number in order[:count]]
    tenths = math.floor(10 * sum(shares[number] for number in order[:count]) + 1e-6)
    which = " or ".join([", ".join(chosen[:-1]), chosen[-1]] if chosen[1:] else chosen)
    return f"All fakes are {which}." if tenths >= 10 else f"{tenths} of 10 fakes are {which}."


def _with_article(name: str) -> str:
    """Such as "an 8", "a bag", "trousers"."""
    if name.endswith("s") and not name.endswith("ss"):
        return name
    return f"{'an' if name[0] in 'aeiou8' else 'a'} {name}"


def _class_count(config: RunConfig) -> int:
    return len(config.classes) or config.class_count


def _floor_variety(case: Case) -> float:
    """The variety of real pictures, or the number of classes where it was not measured."""
    known = _known([case.floor.variety]) if case.floor else []
    return min([*known, float(_class_count(case.config))])


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _median(values: Sequence[float], otherwise: float = math.nan) -> float:
    known = _known(values)
    return median(known) if known else otherwise


def _trend(values: Sequence[float]) -> float | None:
    """The median of the newer half in units of the older half's; None where there are too few values."""
    half = len(values) // 2
    if len(values) < LAST_SCORES or median(values[:half]) <= 0:
        return None
    return median(values[-half:]) / median(values[:half])


def _most(points: Sequence[Point], holds: Callable[[Point], bool]) -> bool:
    return sum(map(holds, points)) >= MOST_OF * len(points) > 0


def _turns(values: Sequence[float], swing: float) -> int:
    """Peaks and valleys of a series, counting only moves of at least `swing` between them."""
    turns, direction = 0, 0
    low = high = values[0] if values else 0.0
    for value in values:
        low, high = min(low, value), max(high, value)
        if direction >= 0 and value <= high - swing:
            turns, direction, low = turns + (direction > 0), -1, value
        elif direction <= 0 and value >= low + swing:
            turns, direction, high = turns + (direction < 0), 1, value
    return turns


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _number(value: float) -> str:
    """1,234, 54, 1.4, 0.0031; beyond a billion the digits say nothing."""
    if abs(value) >= 1e9:
        return "over a billion" if value > 0 else "less than minus a billion"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"
