"""A batch in parts, one after the other: their slopes are summed up before the one step of the optimiser, so that no
more than a part's work is held in memory. So BigGAN's large batches are learned from (Brock, Donahue, Simonyan 2019).

Each part counts by its share of the pictures. For losses that are means, and networks that look at each picture alone,
the step is that of the whole batch. Whatever compares pictures sees those of its part, as in BigGAN's own code:
batch norm, batch variety, batch comparison, packing, means within a loss; and G looks ahead against a part.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from gan.learn import optimizers
from gan.look.networks import for_each
from gan.parts.blocks import Look
from gan.parts.hooks import Batch
from gan.setup.config import LEAST_IN_A_PART

Together = TypeVar("Together", bound=tuple)  # named tensors (n, ...), or None
Turn = TypeVar("Turn", bound=tuple)  # a loss, and what it was worked out from


def split(batch: Together, count: int) -> list[Together]:
    """A batch in `count` parts that differ by one picture at most; in fewer where they would hold less than two."""
    pictures = next(len(each) for each in batch if each is not None)
    count = max(1, min(count, pictures // LEAST_IN_A_PART))
    columns = [[None] * count if each is None else each.tensor_split(count) for each in batch]
    return [type(batch)(*part) for part in zip(*columns, strict=True)]


def joined(parts: Sequence[Together]) -> Together:
    """What `split` parted, without slopes."""
    columns = zip(*parts, strict=True)
    return type(parts[0])(*(None if each[0] is None else torch.cat(each).detach() for each in columns))


def taken(
    turn: Callable[..., Turn], real: Sequence[Batch], fake: Sequence[Batch], optimizer: torch.optim.Optimizer | None
) -> Turn:
    """`turn(real, fake)` of each part, and with all of them one step of the optimiser, if there is one.

    What comes back is of the whole batch, without slopes: the loss is the mean over its pictures, and D's answers are
    one a picture.
    """
    count = sum(len(part.pictures) for part in real)
    turns: list[Turn] = []

    def losses() -> Iterator[Tensor]:
        for one, other in zip(real, fake, strict=True):
            found = turn(one, other)
            share = len(one.pictures) / count
            turns.append(_noted(found, share, len(one.pictures)))
            yield share * found.loss
            del found  # before the next part's is made

    if optimizer:
        optimizers.descend(losses(), optimizer)
    else:
        with torch.no_grad():
            list(losses())
    others = (joined(parts) for parts in zip(*(each[1:] for each in turns), strict=True))
    return type(turns[0])(sum(each.loss for each in turns), *others)


def _noted(found: Turn, share: float, count: int) -> Turn:
    """A part's turn without slopes, with its share of the loss and an answer of D's for each of its pictures."""
    loss, *others = found
    others = [each._replace(logits=for_each(each.logits, count)) if isinstance(each, Look) else each for each in others]
    return type(found)(share * loss.detach(), *(joined([each]) for each in others))
