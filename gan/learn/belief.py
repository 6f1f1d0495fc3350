"""How sure a discriminator is that a picture is real, read from its answer."""

from torch import Tensor

from gan.parts import losses


def belief(loss: str, logits: Tensor, midpoint: Tensor) -> Tensor:
    """D's answers (n,) as 0..1 under the loss that it learns with; 0.5 where it cannot tell.

    A critic's points have no zero: theirs is the `midpoint` between its mean answers to reals and fakes.
    """
    facts = losses.facts(loss)
    if facts.get("LINEAR", False):
        return logits.clamp(0, 1)
    if facts.get("CRITIC", False):
        return (logits - midpoint).sigmoid()
    return logits.sigmoid()
