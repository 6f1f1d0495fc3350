"""The rules: each is a function of a `Case` that returns a Diagnosis or None. `RULES` is the order of asking."""

import math
from collections.abc import Callable

from gan.doctor import advice, alike, sentences
from gan.doctor.case import MIN_POINTS, MIN_STEPS, Case
from gan.doctor.cures import add, cures, rates, ratio
from gan.doctor.diagnosis import Condition, Diagnosis
from gan.doctor.series import count_turns, finite, middle, mostly
from gan.messages import Message
from gan.setup.config import RunConfig

SWING_POINTS, SWING_STEPS = 24, 1200  # the last points in which swings are counted, and the steps that they cover

# Divergence
EXPLODED_D = 10.0  # times guessing: D is wrong, and sure of it; a D that wins has nearly 0
EXPLODED_G = 25.0  # times guessing: beyond a merely strong D, and free of the penalties in D's loss
EXPLODED_GROWTH = 1000.0  # times the run's own earlier level, at least 1: for losses without a level
FEW_POINTS = 3  # in which D's loss is EXPLODED_GROWTH times guessing: no run wakes up like that

# Overfitting
LEARNED_BY_HEART = 0.6  # r_v, the target of ADA (Karras et al. 2020, section 3.1)
HEART_GAP = 0.3  # D's belief in known pictures above that in unknown ones: below that r_v is noise
TOLD_APART = 0.2  # the same above that in fakes: below that r_v divides by nearly nothing

# Discriminator too strong
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
MUCH_SMALLER = 0.1  # learning rates after a divergence, or so much smaller that none is above the usual one
BIG_BATCH = 64  # pictures whose mean gradient is calm
DECAY = 0.9  # of the learning rates is gone at the end
AVERAGE = 0.999  # decay of the averaged generator
SLOW = 1e-3  # a learning rate below which bigger steps may help a slow run


def _divergence(case: Case) -> Diagnosis | None:
    """A loss that is not finite, or far from anything a game between two networks can have."""
    evidence = _exploded(case)
    if not evidence:
        return None
    config = case.config
    limits = {name: strength for name, strength in config.stabilisers.items() if strength}  # without those switched off
    usual = RunConfig().learning_rate / max(config.learning_rate, config.discriminator_learning_rate)
    calmer = min(MUCH_SMALLER, usual)
    return Diagnosis(
        Condition.DIVERGENCE,
        evidence,
        advice.CAUSE_DIVERGENCE,
        cures(
            config,
            (advice.LIMITS, {"stabilisers": limits}),
            (advice.MUCH_SMALLER, rates(config, calmer, calmer)),
            (advice.ADAM, {"optimizer": "adam"}),
            (advice.SPECTRAL_NORM, add(config, "spectral_norm")),
            (advice.R1, add(config, "r1")),
        ),
    )


def _exploded(case: Case) -> Message | None:
    """The sentence that says how far the losses have run away."""
    broken = [p for p in case.points[-3:] if not (math.isfinite(p.d_loss) and math.isfinite(p.g_loss))]
    if case.diverged or broken:
        epoch = case.usable[-1].epoch if case.usable else 0.0
        return sentences.not_numbers(math.floor(epoch) + 1)
    if len(case.usable) < MIN_POINTS:
        newest = [abs(p.d_loss) for p in case.usable[-FEW_POINTS:]]
        is_far = case.guessing and len(newest) == FEW_POINTS and min(newest) > EXPLODED_GROWTH * case.guessing
        return sentences.far_from_guessing(middle(newest), case.guessing) if is_far else None
    d_level, g_level = (middle([abs(getattr(p, name)) for p in case.last]) for name in ("d_loss", "g_loss"))
    if case.guessing and d_level > EXPLODED_D * case.guessing and g_level > EXPLODED_G * case.guessing:
        return sentences.far_from_guessing(d_level, case.guessing)
    for network, name, level in (("discriminator", "d_loss", d_level), ("generator", "g_loss", g_level)):
        before = max(1.0, middle([abs(getattr(p, name)) for p in case.early], 1.0))
        if level > EXPLODED_GROWTH * before:
            return sentences.grown(network, level, level / before)
    return None


def _too_early(case: Case) -> Diagnosis | None:
    """Too few steps or points for any rule."""
    if case.steps >= MIN_STEPS and len(case.usable) >= MIN_POINTS:
        return None
    cause = advice.CAUSE_TOO_EARLY
    return Diagnosis(Condition.TOO_EARLY, sentences.few_steps(case.steps), cause)


def _one_sided(case: Case) -> Diagnosis | None:
    """Only one of the networks learns, as the run is set by now: whatever comes of that, who loses is not to blame.

    Once both learn again, the other rules judge the last points, as after every other change on the way: that one is
    too strong which has learned alone is true then, and passes.
    """
    config = case.config
    if config.learners == "both":
        return None
    return Diagnosis(
        Condition.ONE_SIDED,
        sentences.stands_still(config.learners),
        advice.CAUSE_ONE_SIDED,
        cures(config, (advice.BOTH_LEARN, {"learners": "both"})),
    )


def _mode_collapse(case: Case) -> Diagnosis | None:
    """The fakes look like something, but all like the same few things."""
    evidence = alike.same_classes(case) or alike.same_pictures(case) or alike.same_blobs(case)
    if not evidence:
        return None
    config = case.config
    return Diagnosis(
        Condition.MODE_COLLAPSE,
        evidence,
        advice.CAUSE_MODE_COLLAPSE,
        cures(
            config,
            (advice.MINIBATCH_STD, add(config, "minibatch_std")),
            (advice.PACKING, add(config, "packing")),
            (advice.G_SMALLER, rates(config, min(SMALLER, ratio(config)), 1)),
            (advice.UNROLLING, add(config, "unrolling")),
            (advice.WGAN_GP, {"loss": "wgan_gp", "label_smoothing": 0.0}),
        ),
    )


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
        sentences.known_by_heart(middle(seen), case.level("d_unseen")),
        advice.CAUSE_OVERFITTING,
        cures(
            config,
            (advice.DIFF_AUGMENT, add(config, "diff_augment")),
            (advice.ALL_CLASSES, {"classes": ()}),
            (advice.R1, add(config, "r1")),
            (advice.INSTANCE_NOISE, add(config, "instance_noise")),
            (advice.D_SMALLER, rates(config, 1, SMALLER)),
        ),
    )


def _discriminator_too_strong(case: Case) -> Diagnosis | None:
    """D catches every fake, and the pictures do not get better."""
    vanished = _vanished(case)
    if case.gets_better or not (case.discriminator_wins or vanished):
        return None
    sick = case.is_stuck or case.is_bad is not False
    if not case.has_levels:
        sick = case.is_stuck and case.is_bad  # without levels only the pictures can say that something is wrong
    if not sick:
        return None
    config = case.config
    cause = advice.CAUSE_DISCRIMINATOR_TOO_STRONG
    if vanished:
        evidence = sentences.vanished(vanished, case.is_stuck)
        cause = advice.CAUSE_VANISHING_GRADIENTS
    elif case.has_levels:
        evidence = sentences.catches_all(case.level("d_real"), case.level("d_fake"), case.is_stuck)
    else:
        evidence = sentences.hardly_wrong(case.level("d_loss"), case.is_stuck)
    unsaturated = {"loss": "non_saturating"} if case.saturates else {}
    return Diagnosis(
        Condition.DISCRIMINATOR_TOO_STRONG,
        evidence,
        cause,
        cures(
            config,
            (advice.NON_SATURATING, unsaturated),
            (advice.D_SMALLER, rates(config, 1, min(SMALLER, 1 / ratio(config)))),
            (advice.EQUAL_TURNS, {"d_steps": 1}),
            (advice.INSTANCE_NOISE, add(config, "instance_noise")),
            (advice.LABEL_SMOOTHING, {"label_smoothing": max(0.1, config.label_smoothing)}),
            (advice.SPECTRAL_NORM, add(config, "spectral_norm")),
        ),
    )


def _vanished(case: Case) -> float | None:
    """G's gradient in units of its greatest one, where a saturating loss has made it tiny."""
    if not case.saturates or case.level("d_fake") > NEARLY_CAUGHT:
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
    if _comes_along(case) or case.is_bad is False or not _is_fooled(case):
        return None
    config, few = case.config, alike.has_few_classes(case)
    noise = {name: strength for name, strength in config.stabilisers.items() if name != "instance_noise"}
    return Diagnosis(
        Condition.GENERATOR_TOO_STRONG,
        sentences.fooled(case.level("d_fake"), case.level("d_real"), bool(case.is_bad), few),
        advice.CAUSE_GENERATOR_TOO_STRONG_ALIKE if few else advice.CAUSE_GENERATOR_TOO_STRONG,
        cures(
            config,
            (advice.NO_NOISE, {"stabilisers": noise}),
            (advice.D_EQUAL_TURNS, {"g_steps": 1}),
            (advice.D_BIGGER, rates(config, 1, max(BIGGER, 1 / ratio(config)))),
            (advice.D_MORE_TURNS, {"d_steps": min(config.d_steps + 1, 5)}),
            (advice.G_SMALLER, rates(config, SMALLER, 1)),
        ),
    )


def _comes_along(case: Case) -> bool:
    """Whether the pictures get better, and not from one kind of noise to another."""
    return case.gets_better and not case.is_noise


def _is_fooled(case: Case) -> bool:
    """Nearly all of the last points say that D cannot tell; where the pictures are bad, less is enough."""
    bad = bool(case.is_bad) and case.is_stuck
    if not case.has_levels:
        if case.guessing is None:
            return False  # the scale of a Wasserstein critic means nothing
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
        advice.CAUSE_OSCILLATION,
        cures(
            config,
            (advice.SMALLER, rates(config, SMALLER, min(SMALLER, SMALLER / ratio(config)))),
            (advice.LESS_MOMENTUM, {"beta1": 0.5} if adam else {}),
            (advice.ADAM, {"optimizer": "adam"}),
            (advice.R1, add(config, "r1")),
            (advice.BIGGER_BATCH, {"batch_size": max(config.batch_size, calmer)}),
        ),
    )


def _swings(case: Case) -> Message | None:
    """The sentence that says what swings, and between which values."""
    last = case.newest(SWING_POINTS, SWING_STEPS)
    pictures = case.config.batch_size * max(1.0, middle([p.weight for p in last]))
    least = max(BELIEF_SWING, NOISE_SWINGS * BELIEF_SPREAD / math.sqrt(pictures))
    beliefs = [p.d_fake for p in last]
    turns = count_turns(beliefs, least)
    if turns >= TURNS:
        return sentences.swinging_belief(turns, min(beliefs), max(beliefs))
    if case.guessing is None:
        return None
    for network, name in (("discriminator", "d_loss"), ("generator", "g_loss")):
        values = [getattr(p, name) for p in last]
        turns = count_turns(values, LOSS_SWING * max(case.guessing, middle([abs(value) for value in values])))
        if turns >= TURNS:
            return sentences.swinging_loss(network, turns, min(values), max(values))
    return None


def _worsening(case: Case) -> Diagnosis | None:
    """The pictures were better before, whatever the networks' own numbers look like."""
    if not case.is_worse:
        return None
    config = case.config
    return Diagnosis(
        Condition.WORSENING,
        sentences.worse(*case.best, case.now),
        advice.CAUSE_WORSENING,
        cures(
            config,
            (advice.SMALLER, rates(config, SMALLER, min(SMALLER, SMALLER / ratio(config)))),
            (advice.DECAY, {"learning_rate_decay": max(DECAY, config.learning_rate_decay)}),
            (advice.AVERAGE, {"ema": max(AVERAGE, config.ema)}),
            (advice.DIFF_AUGMENT, add(config, "diff_augment")),
        ),
    )


def _unfinished(case: Case) -> Diagnosis | None:
    """No symptom, but bad pictures of which nobody knows that they get better: nothing can be promised."""
    if not case.is_bad or _comes_along(case):
        return None
    config = case.config
    slow = max(config.learning_rate, config.discriminator_learning_rate) < SLOW
    realism = next(iter(case.recent("realism")[-1:]), None)
    return Diagnosis(
        Condition.TOO_EARLY,
        sentences.not_real_yet(realism),
        advice.CAUSE_MORE_TIME,
        cures(
            config,
            (advice.BIGGER, rates(config, BIGGER, BIGGER) if slow else {}),
        ),
    )


def _healthy(case: Case) -> Diagnosis:
    """Nothing is wrong: what shows it."""
    realism = case.recent("realism")
    if case.guessing:
        evidence = sentences.even_points(case.level("d_fake"), case.level("d_real"), realism, case.gets_better)
    else:
        calm = [p.d_loss for p in case.last]
        evidence = sentences.steady(min(calm), max(calm), realism, case.gets_better)
    cause = advice.CAUSE_HEALTHY
    if case.is_stuck:
        cause = advice.CAUSE_BALANCE
    return Diagnosis(Condition.HEALTHY, evidence, cause)


RULES: tuple[Callable[[Case], Diagnosis | None], ...] = (
    _divergence,
    _too_early,
    _one_sided,
    _discriminator_gave_up,
    _mode_collapse,
    _overfitting,
    _discriminator_too_strong,
    _oscillation,
    _generator_too_strong,
    _worsening,
    _unfinished,
    _healthy,
)
