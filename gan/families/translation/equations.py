"""What translators make small (Isola et al. 2017, section 3.1; Zhu et al. 2017, section 3 and 5.2)."""

from collections.abc import Callable

from torch import Tensor

Translates = Callable[[Tensor], Tensor]


def l1(some: Tensor, others: Tensor) -> Tensor:
    """The mean difference of two batches of pictures -1..1, as a share of the way from black to white: 0..1."""
    return (some - others).abs().mean() / 2


def cycle(there: Translates, back: Translates, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """The pictures there, and how much of them is lost there and back again (Zhu et al. 2017, eq. 2, one way)."""
    drawn = there(pictures)
    return drawn, l1(back(drawn), pictures)


def identity(there: Translates, aims: Tensor) -> Tensor:
    """How much a translator changes pictures that are already as they should be (section 5.2, one way)."""
    return l1(there(aims), aims)
