"""The rules: each is a function of a `Case` that returns a Diagnosis or None. `RULES` is the order of asking."""

import math
from collections.abc import Callable

from gan.doctor.case import BAD_PRECISION, MIN_POINTS, MIN_STEPS, Case, class_count, floor_variety
from gan.doctor.cures import add, cures, rates, ratio
from gan.doctor.diagnosis import Condition, Diagnosis
from gan.doctor.sentences import figure, most_frequent, percent
from gan.doctor.series import LAST_SCORES, count_turns, finite, middle, mostly, trend_of

SWING_POINTS = 24  # the last points in which swings are counted
MUCH_BETTER = 0.8  # realism falls so fast that a low variety is only the beginning

# Divergence
EXPLODED_D = 10.0  # times guessing: D is wrong, and sure of it; a D that wins has nearly 0
EXPLODED_G = 25.0  # times guessing: beyond a merely strong D, and free of the penalties in D's loss
EXPLODED_GROWTH = 1000.0  # times the run's own earlier level, at least 1: for losses without a level

# Mode collapse
FEW_CLASSES = 0.5  # times the floor's variety; healthy runs have 0.7 or more, total collapse 0.1
VARIETY_RISES = 1.2  # newer half in units of the older: then the classes are still being discovered
NO_RECALL = 0.05  # with one or two classes: hardly a real picture has a fake like it ...
MUCH_PRECISION = 0.5  # ... although the fakes look real

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
        cures(
            config,
            ("Give the discriminator back the limits that belong to this loss.", {"stabilisers": limits}),
            ("Let both take much smaller steps.", rates(config, MUCH_SMALLER, MUCH_SMALLER)),
            ("Let Adam choose the size of each step.", {"optimizer": "adam"}),
            ("Stop the discriminator from reacting too strongly to small changes.", add(config, "spectral_norm")),
            ("Keep the discriminator's judgements smooth.", add(config, "r1")),
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
    d_level, g_level = (middle([abs(getattr(p, name)) for p in case.last]) for name in ("d_loss", "g_loss"))
    if case.guessing and d_level > EXPLODED_D * case.guessing and g_level > EXPLODED_G * case.guessing:
        return f"The discriminator's loss is {figure(d_level)}: just guessing would give {figure(case.guessing)}."
    for who, name, level in (("discriminator", "d_loss", d_level), ("generator", "g_loss", g_level)):
        before = max(1.0, middle([abs(getattr(p, name)) for p in case.early], 1.0))
        if level > EXPLODED_GROWTH * before:
            return f"The {who}'s loss has grown to {figure(level)}, {figure(level / before)} times what it was."
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
        cures(
            config,
            ("Tell the discriminator how alike the pictures of a batch are.", add(config, "minibatch_std")),
            ("Show the discriminator two pictures at once, so that it sees they are alike.", add(config, "packing")),
            ("Let the generator take smaller steps.", rates(config, min(SMALLER, ratio(config)), 1)),
            ("Let the generator think some moves ahead.", add(config, "unrolling")),
            ("Take a loss that compares all pictures at once.", {"loss": "wgan_gp", "label_smoothing": 0.0}),
        ),
    )


def _same_classes(case: Case) -> str | None:
    """The sentence that names the classes, if there are too few of them."""
    varieties, floor = case.recent("variety"), floor_variety(case)
    if len(varieties) < LAST_SCORES or floor < 1.5:
        return None
    few = max(varieties[-1], middle(varieties[-LAST_SCORES:])) < FEW_CLASSES * floor
    rises = (trend_of(varieties) or 1) > VARIETY_RISES or (case.trend or 1) < MUCH_BETTER
    precisions = case.recent("precision")
    drawn = middle(precisions[-LAST_SCORES:]) >= BAD_PRECISION if precisions else not _wins(case)
    if not few or rises or not drawn:
        return None
    return most_frequent(case.scores[-1][1].shares, case.config) or (
        f"The fakes are of about {varieties[-1]:.1f} kinds; the real pictures are of {floor:.0f}."
    )


def _same_pictures(case: Case) -> str | None:
    """The same for runs with one or two classes: hardly a real picture has a fake like it."""
    recalls, precisions = case.recent("recall"), case.recent("precision")
    if class_count(case.config) > 2 or case.gets_better or min(len(recalls), len(precisions)) < LAST_SCORES:
        return None
    recall, precision = middle(recalls[-LAST_SCORES:]), middle(precisions[-LAST_SCORES:])
    if max(recall, recalls[-1]) > NO_RECALL or precision < MUCH_PRECISION:
        return None
    return f"For only {percent(recall)} of 100 real pictures there is a fake that looks like it."


def _overfitting(case: Case) -> Diagnosis | None:
    """D believes pictures that it knows, and doubts real ones that it does not: ADA's r_v."""
    known = [p for p in case.last if math.isfinite(p.d_unseen)]
    if len(known) < MIN_POINTS / 2:
        return None  # pictures that get better are no excuse: they get nearer to the few that D knows
    seen = [p.d_seen if math.isfinite(p.d_seen) else p.d_real for p in known]
    by_heart = middle([mine - p.d_unseen for mine, p in zip(seen, known, strict=True)])
    apart = middle([mine - p.d_fake for mine, p in zip(seen, known, strict=True)])
    if by_heart < HEART_GAP or apart < TOLD_APART or by_heart / apart < LEARNED_BY_HEART:
        return None
    config = case.config
    return Diagnosis(
        Condition.OVERFITTING,
        f"The discriminator gives {percent(middle(seen))} of 100 points to real pictures that it knows, "
        f"but only {percent(case.level('d_unseen'))} to real ones that it has never seen.",
        "There are too few pictures for so many steps, so the discriminator learns them by heart.",
        cures(
            config,
            ("Shift and fade every picture a little, so that none looks the same twice.", add(config, "diff_augment")),
            ("Show the discriminator all kinds of pictures: more are harder to learn by heart.", {"classes": ()}),
            ("Keep the discriminator's judgements smooth.", add(config, "r1")),
            ("Put some noise on every picture that the discriminator sees.", add(config, "instance_noise")),
            ("Let the discriminator take smaller steps.", rates(config, 1, SMALLER)),
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
            f"The discriminator gives {percent(case.level('d_real'))} of 100 points to real pictures "
            f"and {percent(case.level('d_fake'))} to fakes{stuck}."
        )
    else:
        evidence = f"The discriminator is hardly ever wrong (its loss is {figure(case.level('d_loss'))}){stuck}."
    unsaturated = {"loss": "non_saturating"} if config.loss == "minimax" else {}
    return Diagnosis(
        Condition.DISCRIMINATOR_TOO_STRONG,
        evidence,
        cause,
        cures(
            config,
            ("Take a loss with which the generator still learns when it is caught.", unsaturated),
            ("Let the discriminator take smaller steps.", rates(config, 1, min(SMALLER, 1 / ratio(config)))),
            ("Give the generator as many turns as the discriminator.", {"d_steps": 1}),
            ("Put some noise on every picture that the discriminator sees.", add(config, "instance_noise")),
            (
                "Keep the discriminator from being too sure.",
                {"label_smoothing": max(0.1, config.label_smoothing)},
            ),
            ("Stop the discriminator from reacting too strongly to small changes.", add(config, "spectral_norm")),
        ),
    )


def _wins(case: Case) -> bool:
    """Nearly all of the last points say that D is not wrong any more; a Wasserstein critic cannot win."""
    if case.has_levels:
        sure = SURE * case.most_belief
        return mostly(case.last, lambda p: p.d_real >= sure and p.d_fake <= CAUGHT)
    return bool(case.guessing) and mostly(case.last, lambda p: p.d_loss <= NEVER_WRONG * case.guessing)


def _vanished(case: Case) -> float | None:
    """G's gradient in units of its greatest one, where a saturating loss has made it tiny."""
    if case.config.loss != "minimax" or case.level("d_fake") > NEARLY_CAUGHT:
        return None
    greatest = max(finite([point.g_gradient for point in case.usable]), default=0)
    left = case.level("g_gradient") / greatest if greatest else math.nan
    return left if left < VANISHED else None


def _discriminator_gave_up(case: Case) -> Diagnosis | None:
    """D takes nearly all fakes for real: asked before a collapse, which then is only what follows from it."""
    return _generator_too_strong(case) if case.has_levels and _takes_for_real(case) else None


def _takes_for_real(case: Case) -> bool:
    """D's belief in fakes is above that in real pictures, or higher than any D's at work."""
    return mostly(case.last, lambda p: p.d_fake >= FOOLED * case.most_belief or p.d_fake >= p.d_real + NO_DIFFERENCE)


def _generator_too_strong(case: Case) -> Diagnosis | None:
    """D takes fakes for real that are not good."""
    if case.gets_better or case.is_bad is False or not _is_fooled(case):
        return None
    config = case.config
    although = ", although the pictures do not look real yet" if case.is_bad else ""
    noise = {name: strength for name, strength in config.stabilisers.items() if name != "instance_noise"}
    return Diagnosis(
        Condition.GENERATOR_TOO_STRONG,
        f"The discriminator gives {percent(case.level('d_fake'))} of 100 points to fakes "
        f"and {percent(case.level('d_real'))} to real pictures{although}.",
        "The discriminator is too weak to see what is wrong, so the generator does not learn what to do better.",
        cures(
            config,
            ("Let the discriminator see the pictures without noise.", {"stabilisers": noise}),
            ("Give the discriminator as many turns as the generator.", {"g_steps": 1}),
            ("Let the discriminator take bigger steps.", rates(config, 1, max(BIGGER, 1 / ratio(config)))),
            ("Give the discriminator more turns.", {"d_steps": min(config.d_steps + 1, 5)}),
            ("Let the generator take smaller steps.", rates(config, SMALLER, 1)),
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
        return mostly(case.last, lambda p: p.d_fake >= FOOLED_BY_BAD * case.most_belief)
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
        cures(
            config,
            ("Let both take smaller steps.", rates(config, SMALLER, min(SMALLER, SMALLER / ratio(config)))),
            ("Give Adam less momentum, so that it can turn round sooner.", {"beta1": 0.5} if adam else {}),
            ("Let Adam choose the size of each step.", {"optimizer": "adam"}),
            ("Keep the discriminator's judgements smooth.", add(config, "r1")),
            ("Learn from more pictures at a time.", {"batch_size": max(config.batch_size, calmer)}),
        ),
    )


def _swings(case: Case) -> str | None:
    """The sentence that says what swings, and between which values."""
    last = case.usable[-SWING_POINTS:]
    pictures = case.config.batch_size * max(1.0, middle([p.weight for p in last]))
    least = max(BELIEF_SWING, NOISE_SWINGS * BELIEF_SPREAD / math.sqrt(pictures))
    beliefs = [p.d_fake for p in last]
    turns = count_turns(beliefs, least)
    if turns >= TURNS:
        return (
            f"The discriminator's points for fakes have changed direction {turns} times, "
            f"between {percent(min(beliefs))} and {percent(max(beliefs))} of 100."
        )
    if case.guessing is None:
        return None
    for who, name in (("discriminator", "d_loss"), ("generator", "g_loss")):
        values = [getattr(p, name) for p in last]
        turns = count_turns(values, LOSS_SWING * max(case.guessing, middle([abs(value) for value in values])))
        if turns >= TURNS:
            return (
                f"The {who}'s loss has changed direction {turns} times, "
                f"between {figure(min(values))} and {figure(max(values))}."
            )
    return None


def _unfinished(case: Case) -> Diagnosis | None:
    """No symptom, but bad pictures of which nobody knows that they get better: nothing can be promised."""
    if not case.is_bad or case.gets_better:
        return None
    config = case.config
    slow = max(config.generator_learning_rate, config.discriminator_learning_rate) < SLOW
    realism = "".join(f": realism is {figure(value)}, and 0 is perfect" for value in case.recent("realism")[-1:])
    return Diagnosis(
        Condition.TOO_EARLY,
        f"The fakes do not look real yet{realism}.",
        "Nothing looks wrong, so the networks may just need more time.",
        cures(config, ("Let both take bigger steps.", rates(config, BIGGER, BIGGER) if slow else {})),
    )


def _healthy(case: Case) -> Diagnosis:
    """Nothing is wrong: what shows it."""
    calm = [p.d_loss for p in case.last]
    if case.guessing:
        evidence = f"The discriminator gives {percent(case.level('d_fake'))} of 100 points to fakes"
    else:
        evidence = f"The discriminator's loss is steady, between {figure(min(calm))} and {figure(max(calm))}"
    realism = case.recent("realism")
    cause = "Both learn equally fast, so each one always has something to learn from the other."
    if case.gets_better:
        evidence += f", and realism has gone from {figure(realism[0])} to {figure(realism[-1])} (0 is perfect)"
    elif realism:
        evidence += f", and realism is {figure(realism[-1])} (0 is perfect)"
    elif case.guessing:
        evidence += f" and {percent(case.level('d_real'))} to real pictures"
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
