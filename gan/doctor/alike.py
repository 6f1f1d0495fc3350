"""Mode collapse: what shows that the fakes are all like the same few things."""

from gan.doctor import sentences
from gan.doctor.case import BAD_PRECISION, Case, floor_variety
from gan.doctor.series import LAST_SCORES, has_fallen, middle, trend_of
from gan.messages import Message

MUCH_BETTER = 0.8  # realism falls so fast that a low variety is only the beginning
FEW_CLASSES = 4 / 9  # of the way from one kind to the floor's; healthy runs have 0.65 or more, total collapse 0
VARIETY_RISES = 1.2  # newer half in units of the older, in pictures that get better: classes are being discovered
FEW_BLOBS = 0.7  # of the blobs; healthy runs find them all
NO_RECALL = 0.05  # hardly a real picture has a fake like it; healthy runs have 0.07 or more once theirs look real ...
MUCH_PRECISION = 0.5  # ... although the fakes look real, if only for a while


def same_classes(case: Case) -> Message | None:
    """The sentence that names the classes, if there are too few of them."""
    if not has_few_classes(case):
        return None
    varieties, precisions = case.recent("variety"), case.recent("precision")
    is_discovering = _gets_much_better(case) or ((case.trend or 1) < 1 and _rise(varieties))
    if is_discovering and not (max(precisions, default=0.0) >= MUCH_PRECISION and _reaches_nothing(case)):
        return None
    drawn = _have_looked_real(precisions) or case.is_noise is False if precisions else not case.discriminator_wins
    if not drawn:
        return None
    # What hardly looks real is of no kind: the referee has to say one of them.
    is_of_a_kind = not precisions or precisions[-1] >= MUCH_PRECISION
    named = is_of_a_kind and sentences.most_frequent(case.scores[-1][1].shares, case.config)
    return named or sentences.few_kinds(varieties[-1], floor_variety(case))


def _gets_much_better(case: Case) -> bool:
    return case.gets_better and case.trend < MUCH_BETTER


def _reaches_nothing(case: Case) -> bool:
    """Whether hardly a real picture has a fake like it."""
    recalls = case.recent("recall")
    return len(recalls) >= LAST_SCORES and max(recalls[-1], middle(recalls[-LAST_SCORES:])) <= NO_RECALL


def _rise(numbers: list[float]) -> bool:
    """Whether kinds are being discovered; a collapse that moves on finds now more of them and now fewer."""
    return (trend_of(numbers) or 1) > VARIETY_RISES and has_fallen([-each for each in numbers])


def _have_looked_real(shares: list[float]) -> bool:
    """Whether many fakes look real, or did: a collapse that moves on from kind to kind draws smears on the way."""
    return middle(shares[-LAST_SCORES:]) >= BAD_PRECISION or max(shares, default=0.0) >= MUCH_PRECISION


def has_few_classes(case: Case) -> bool:
    """Whether the fakes are of far fewer classes than the real pictures."""
    varieties, floor = case.recent("variety"), floor_variety(case)
    if len(varieties) < LAST_SCORES or floor < 1.5:
        return False
    return max(varieties[-1], middle(varieties[-LAST_SCORES:])) - 1 < FEW_CLASSES * (floor - 1)


def same_pictures(case: Case) -> Message | None:
    """The same whatever the classes: the fakes look real, or did, and hardly a real picture has one like it."""
    precisions = case.recent("precision")
    is_only_beginning = _gets_much_better(case) and max(precisions, default=0.0) < MUCH_PRECISION
    if is_only_beginning or not _reaches_nothing(case) or not _have_looked_real(precisions):
        return None
    return sentences.low_recall(middle(case.recent("recall")[-LAST_SCORES:]))


def same_blobs(case: Case) -> Message | None:
    """The same for dots that come in blobs: most of the fakes lie in some of them, and the others stay empty."""
    found, drawn = case.recent("kinds"), _have_looked_real(case.recent("high_quality"))
    few = case.blobs and case.blobs[0] < FEW_BLOBS * case.blobs[1]
    return sentences.few_blobs(*case.blobs) if few and drawn and not _rise(found) else None
