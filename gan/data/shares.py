"""How many of a set's pictures one learns from, and how many are kept aside."""

from gan.data import Pictures

HELD_OUT = 256  # real pictures at most that D never learns from
FEW = 100  # pictures of which none can be spared


def shares(count: int, limit: int = 0, is_a_part: bool = True) -> tuple[int, int]:
    """Of `count` pictures, those to learn from (`limit` of them, 0 = all) and those that D is only ever asked about.

    A set that is published whole is learned from whole, as its recipes have it: the others are what the limit leaves.
    Of a set that `is_a_part` of one, at most an eighth is kept aside, and nothing where there are fewer than 100.
    """
    spared = min(HELD_OUT, count // 8) if is_a_part and count >= FEW else 0
    kept = min(limit or count, count - spared)
    return kept, spared if is_a_part else min(HELD_OUT, count - kept)


def hold_out(pictures: Pictures, limit: int = 0, is_a_part: bool = True) -> tuple[Pictures, Pictures]:
    """The pictures to learn from, and others that D is only ever asked about."""
    count = len(pictures.images)
    kept, others = shares(count, limit, is_a_part)
    return (
        Pictures(pictures.images[:kept], pictures.labels[:kept]),
        Pictures(pictures.images[count - others :], pictures.labels[count - others :]),
    )
