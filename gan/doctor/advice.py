"""What the doctor says of where an illness comes from, and of what each cure does."""

from gan.messages import msg

# Causes

CAUSE_DIVERGENCE = msg(
    "doctor.cause.divergence", "The learning steps are too big, so each one makes things worse instead of better."
)
CAUSE_TOO_EARLY = msg("doctor.cause.too_early", "The first steps of every run look wild, so wait a little.")
CAUSE_ONE_SIDED = msg(
    "doctor.cause.one_sided", "While one of them stands still, the other one soon has nothing left to learn from it."
)
CAUSE_MODE_COLLAPSE = msg(
    "doctor.cause.mode_collapse", "The generator has found a picture that works and draws it again and again."
)
CAUSE_OVERFITTING = msg(
    "doctor.cause.overfitting",
    "There are too few pictures for so many steps, so the discriminator learns them by heart.",
)
CAUSE_DISCRIMINATOR_TOO_STRONG = msg(
    "doctor.cause.discriminator_too_strong",
    "The discriminator has learned faster, so every fake is caught and the generator does not learn why.",
)
CAUSE_VANISHING_GRADIENTS = msg(
    "doctor.cause.vanishing_gradients",
    "With this loss the generator learns almost nothing while all its fakes are caught: vanishing gradients.",
)
CAUSE_GENERATOR_TOO_STRONG = msg(
    "doctor.cause.generator_too_strong",
    "The discriminator is too weak to see what is wrong, so the generator does not learn what to do better.",
)
CAUSE_GENERATOR_TOO_STRONG_ALIKE = msg(
    "doctor.cause.generator_too_strong_alike",
    "The discriminator is too weak to turn a bad picture down, so the generator collapses: it draws that one again "
    "and again.",
)
CAUSE_OSCILLATION = msg(
    "doctor.cause.oscillation",
    "The steps are so big that each network overshoots, and the other one swings back with it.",
)
CAUSE_WORSENING = msg(
    "doctor.cause.worsening",
    "The steps are so big, or have gone on for so long, that the networks undo what they have learned.",
)
CAUSE_MORE_TIME = msg("doctor.cause.more_time", "Nothing looks wrong, so the networks may just need more time.")
CAUSE_HEALTHY = msg(
    "doctor.cause.healthy", "Both learn equally fast, so each one always has something to learn from the other."
)
CAUSE_BALANCE = msg(
    "doctor.cause.balance", "Both are in balance, and the pictures are about as good as these settings can make them."
)

# Cures

LIMITS = msg("doctor.cure.limits", "Give the discriminator back the limits that belong to this loss.")
MUCH_SMALLER = msg("doctor.cure.much_smaller", "Let both take much smaller steps.")
ADAM = msg("doctor.cure.adam", "Let Adam choose the size of each step.")
SPECTRAL_NORM = msg("doctor.cure.spectral_norm", "Stop the discriminator from reacting too strongly to small changes.")
R1 = msg("doctor.cure.r1", "Keep the discriminator's judgements smooth.")
MINIBATCH_STD = msg("doctor.cure.minibatch_std", "Tell the discriminator how alike the pictures of a batch are.")
PACKING = msg("doctor.cure.packing", "Show the discriminator two pictures at once, so that it sees they are alike.")
G_SMALLER = msg("doctor.cure.g_smaller", "Let the generator take smaller steps.")
UNROLLING = msg("doctor.cure.unrolling", "Let the generator think some moves ahead.")
WGAN_GP = msg("doctor.cure.wgan_gp", "Take a loss that compares all pictures at once.")
DIFF_AUGMENT = msg(
    "doctor.cure.diff_augment", "Shift and fade every picture a little, so that none looks the same twice."
)
ALL_CLASSES = msg(
    "doctor.cure.all_classes", "Show the discriminator all kinds of pictures: more are harder to learn by heart."
)
INSTANCE_NOISE = msg("doctor.cure.instance_noise", "Put some noise on every picture that the discriminator sees.")
D_SMALLER = msg("doctor.cure.d_smaller", "Let the discriminator take smaller steps.")
BOTH_LEARN = msg("doctor.cure.both_learn", "Let both learn, so that each one can answer the other.")
NON_SATURATING = msg(
    "doctor.cure.non_saturating", "Take a loss with which the generator still learns when it is caught."
)
EQUAL_TURNS = msg("doctor.cure.equal_turns", "Give the generator as many turns as the discriminator.")
LABEL_SMOOTHING = msg("doctor.cure.label_smoothing", "Keep the discriminator from being too sure.")
NO_NOISE = msg("doctor.cure.no_noise", "Let the discriminator see the pictures without noise.")
D_EQUAL_TURNS = msg("doctor.cure.d_equal_turns", "Give the discriminator as many turns as the generator.")
D_BIGGER = msg("doctor.cure.d_bigger", "Let the discriminator take bigger steps.")
D_MORE_TURNS = msg("doctor.cure.d_more_turns", "Give the discriminator more turns.")
SMALLER = msg("doctor.cure.smaller", "Let both take smaller steps.")
LESS_MOMENTUM = msg("doctor.cure.less_momentum", "Give Adam less momentum, so that it can turn round sooner.")
BIGGER_BATCH = msg("doctor.cure.bigger_batch", "Learn from more pictures at a time.")
DECAY = msg("doctor.cure.decay", "Let the steps of both become smaller and smaller.")
AVERAGE = msg("doctor.cure.average", "Draw with the average of what the generator was lately.")
BIGGER = msg("doctor.cure.bigger", "Let both take bigger steps.")
