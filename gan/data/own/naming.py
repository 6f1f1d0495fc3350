"""The name of a set of people's own pictures. It goes into a link and a file of settings, so it says all that must be
known of the set where that is not: `own-28-20.20.20-0123456789abcdef` has pictures of 28 pixels (grey; those of 32 are
in colour), 20 of each of three kinds, and these sixteen digits of the SHA-256 of its content.
"""

import re
from functools import lru_cache

from gan.data.catalog import DataSet
from gan.messages import Message, msg

SHAPES = {28: (1, 28, 28), 32: (3, 32, 32)}
MOST_KINDS = 12
MOST_PICTURES = 5_000
SOURCE = "yours"  # whose they are, in the README beside a script

_NAME = re.compile(r"own-(28|32)-([1-9]\d{0,3}(?:\.[1-9]\d{0,3})*)-([0-9a-f]{16})")


def name_of(side: int, counts: tuple[int, ...], digest: str) -> str:
    """The name of a set of pictures `side` pixels wide, `counts` of each kind."""
    return f"own-{side}-{'.'.join(map(str, counts))}-{digest[:16]}"


def is_own(name: object) -> bool:
    """Whether this can be the name of such a set, here or elsewhere."""
    return isinstance(name, str) and _parts(name) is not None


@lru_cache(maxsize=256)
def facts(name: str, kinds: tuple[str, ...] = ()) -> DataSet:
    """What is known of the set `name`; its `kinds` are called what people called them, if that is known, too.

    Raises KeyError for what is no such name.
    """
    if (parts := _parts(name)) is None:
        raise KeyError(name)
    side, counts = parts
    named = tuple(kind for kind in kinds if kind)
    title = msg("data.own.title", "Our pictures ({count:,})", count=sum(counts))
    if named:
        title = msg("data.own.named", "Our pictures: {kinds:list} ({count:,})", kinds=named, count=sum(counts))
    return DataSet(
        name, title, tuple(_called(number, kinds, counts) for number in range(len(counts))), sum(counts),
        shape=SHAPES[side], source=SOURCE, class_counts=counts,
    )  # fmt: skip


def _called(number: int, kinds: tuple[str, ...], counts: tuple[int, ...]) -> Message | str:
    if kinds and kinds[number]:
        return kinds[number]
    if len(counts) == 1:
        return msg("class.own.picture", "picture")
    return msg("class.own.kind", "kind {number}", number=number + 1)


@lru_cache(maxsize=256)
def _parts(name: str) -> tuple[int, tuple[int, ...]] | None:
    """The pixels of a picture's side and the pictures of each kind; None for what is no such name."""
    found = _NAME.fullmatch(name) if len(name) < 100 else None
    if not found:
        return None
    counts = tuple(map(int, found[2].split(".")))
    return (int(found[1]), counts) if len(counts) <= MOST_KINDS and sum(counts) <= MOST_PICTURES else None
