"""Pieces that several losses share, on logits: the logit's sigmoid is D's probability.

log sigmoid(x) = -softplus(-x), which stays finite where a log of a rounded 0 would not.
"""

from torch import Tensor
from torch.nn.functional import softplus


def binary_cross_entropy(logits: Tensor, target: float) -> Tensor:
    """Mean of -[t log D + (1 - t) log(1 - D)] over the logits (n,); t in 0..1."""
    if target == 1:
        return softplus(-logits).mean()
    if target == 0:
        return softplus(logits).mean()
    return (target * softplus(-logits) + (1 - target) * softplus(logits)).mean()


def cross_entropy_discriminator(real: Tensor, fake: Tensor, real_label: float = 1.0) -> Tensor:
    """-log D(x) - log(1 - D(G(z))), the sum of both means (Goodfellow et al. 2014, eq. 1).

    One-sided label smoothing (Salimans et al. 2016, section 3.4) asks D for `real_label` on real pictures.
    """
    return binary_cross_entropy(real, real_label) + binary_cross_entropy(fake, 0)
