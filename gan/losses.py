"""The losses, on logits. One function = one equation; the logit's sigmoid is D's probability.

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


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """-log D(x) - log(1 - D(G(z))), the sum of both means (Goodfellow et al. 2014, eq. 1).

    One-sided label smoothing (Salimans et al. 2016, section 3.4) asks D for 1 - label_smoothing
    on real pictures.
    """
    return binary_cross_entropy(real_logits, 1 - label_smoothing) + binary_cross_entropy(fake_logits, 0)


def generator_loss(fake_logits: Tensor) -> Tensor:
    """-log D(G(z)), the non-saturating loss (Goodfellow et al. 2014, section 3)."""
    return binary_cross_entropy(fake_logits, 1)
