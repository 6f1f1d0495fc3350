"""What translators make small (Isola et al. 2017, section 3.1; Zhu et al. 2017, section 3 and 5.2)."""

from collections.abc import Callable

from torch import Tensor

Translates = Callable[[Tensor], Tensor]


def l1(some: Tensor, others: Tensor) -> Tensor:
    """The mean difference of two batches of pictures -1..1, as a share of the way from black to white: 0..1.

    The papers' own code takes it without the half: a weight here counts half as much as there.
    """
    return (some - others).abs().mean() / 2


def cycle(back: Translates, drawn: Tensor, pictures: Tensor) -> Tensor:
    """How much of pictures is lost there, where they became `drawn`, and back again (Zhu et al. 2017, eq. 2, one of its
    ways).
    """
    return l1(back(drawn), pictures)


def identity(drawn: Tensor, aims: Tensor) -> Tensor:
    """How much a translator changed pictures that were already as they should be (section 5.2, one way)."""
    return l1(drawn, aims)
