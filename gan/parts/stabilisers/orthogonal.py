"""Different patterns (orthogonal regularisation): no two patterns of one layer of the generator may be alike.

Brock, Donahue, Simonyan 2019, eq. 3, section 3.1: G's loss grows by beta * |W W^T o (1 - I)|^2 for each of its weight
matrices W, which have a pattern in each row, or in each column where that is what an output is made of. Only the dot
products of different patterns count; their lengths are free. The strength is beta. What stands for classes is spared.
"""

from torch import Tensor, nn

from gan.parts.hooks import Base

STRENGTH = (1e-4, 1e-7, 1e-1)
REFUSES = {"style": "its weights are kept larger than they are at work"}


class Stabiliser(Base):
    def g_penalty(self, generator: nn.Module) -> Tensor:
        return self.strength * sum(map(likeness, matrices(generator)))


def matrices(net: nn.Module) -> list[Tensor]:
    """All that a network multiplies by, each as a matrix with a row for each output."""
    found = []
    for layer in (layer for layer in net.modules() if not isinstance(layer, nn.Embedding)):
        for weight in (weight for weight in layer.parameters(recurse=False) if weight.dim() in (2, 4)):
            is_turned = isinstance(layer, nn.ConvTranspose2d)
            found.append((weight.transpose(0, 1) if is_turned else weight).flatten(1))
    return found


def likeness(matrix: Tensor) -> Tensor:
    """The sum of the squared dot products of all pairs of different rows."""
    products = matrix @ matrix.T
    return (products - products.diag().diag()).square().sum()
