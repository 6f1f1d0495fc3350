"""What each layer of a discriminator sees in a picture, and which part of the picture excites each feature most."""

import copy
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from gan.inside.judging import answers, as_input
from gan.inside.moment import Moment
from gan.inside.seen import LayerSeen, Subject, Unit
from gan.look.way import picture_of
from gan.parts.blocks import kind, layers

SHOWN = 6  # features of a layer
FELT = 0.1  # of the largest slope: pixels beyond which a feature hardly feels the picture


def look(moment: Moment, subject: Subject, shown: int = SHOWN) -> tuple[LayerSeen, ...]:
    """Every layer with weights, as it answers after its activation: its features that this picture excites most."""
    net = copy.deepcopy(moment.discriminator)  # hooks would be seen by all who look at the moment
    picture = as_input(moment, subject.picture).requires_grad_()
    notes: list[tuple[nn.Module, Tensor]] = []
    for layer in (layer for layer in layers(net) if layer not in {*net[-1].modules()}):
        layer.register_forward_hook(lambda layer, _, output: notes.append((layer, output)))
    with torch.enable_grad():
        answers(replace(moment, discriminator=net), picture, subject.label, subject.is_real)
        return tuple(_seen(layer, output[0], picture, shown) for layer, output in _after_activation(notes))


def _after_activation(notes: list[tuple[nn.Module, Tensor]]) -> list[tuple[nn.Module, Tensor]]:
    """The layers with weights, each with the last output of its own shape before the next such layer."""
    found: list[tuple[nn.Module, Tensor]] = []
    for layer, output in notes:
        if any(weight.dim() > 1 for weight in layer.parameters()):
            found.append((layer, output))
        elif found and output.shape == found[-1][1].shape:
            found[-1] = found[-1][0], output
    return found


def _seen(layer: nn.Module, output: Tensor, picture: Tensor, shown: int) -> LayerSeen:
    strengths = output.flatten(1).amax(1) if output.dim() == 3 else output.flatten()
    strongest = strengths.topk(min(shown, len(strengths))).indices.tolist()
    units = tuple(_unit(output, number, picture) for number in strongest)
    return LayerSeen(kind(layer), tuple(output.shape), units)


def _unit(output: Tensor, number: int, picture: Tensor) -> Unit:
    """A feature at its most excited place, and how that depends on each pixel."""
    own = output[number] if output.dim() == 3 else output.flatten()[number]
    strength = own.max()
    (slope,) = torch.autograd.grad(strength, picture, retain_graph=True, allow_unused=True)
    pattern = np.zeros(picture.shape[2:], np.float32) if slope is None else slope[0].sum(0).float().cpu().numpy()
    pattern = np.nan_to_num(pattern / max(np.abs(pattern).max(), 1e-12))
    place = picture_of(own[None]) if output.dim() == 3 else None
    return Unit(number, strength.item(), place, _box(np.abs(pattern)), pattern)


def _box(felt: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero((felt > FELT).any(1)), np.flatnonzero((felt > FELT).any(0))
    if not len(rows):
        return 0, 0, *felt.shape
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
