"""How steep D is: what three penalties are made of."""

import torch
from torch import Tensor

from gan.parts.hooks import Batch, Judge


def slopes(judge: Judge, batch: Batch) -> Tensor:
    """The length of the gradient of each of D's answers by its pictures, (answers,); it can be made small itself.

    A D that is shown several pictures at once gives fewer answers than there are pictures: the answer i of m
    is about the pictures i, i + m, i + 2m and so on.
    """
    pictures = batch.pictures
    # Where G looks ahead, D's weights depend on the fakes too. An alias stands for the pictures that are shown here, so
    # that the slope is D's own, and not one through all that D has learned from them.
    pictures = pictures.view_as(pictures) if pictures.requires_grad else pictures.detach().requires_grad_()
    answers = judge(Batch(pictures, batch.labels)).logits
    (gradient,) = torch.autograd.grad(answers.sum(), pictures, create_graph=True)
    rows = len(gradient) // len(answers)  # a picture beyond them was not shown, its gradient is 0
    whole = gradient[: rows * len(answers)].reshape(rows, len(answers), -1)
    return torch.linalg.vector_norm(whole, dim=(0, 2))
