"""Pictures as people see them, and as the numbers that networks see."""

import numpy as np
import torch
from torch import Tensor


def channels_first(images: np.ndarray) -> Tensor:
    """Pictures (n, h, w) or (n, h, w, 3) as a tensor (n, c, h, w)."""
    tensor = torch.from_numpy(images)
    return tensor.unsqueeze(1) if tensor.dim() == 3 else tensor.permute(0, 3, 1, 2).contiguous()


def to_range(images: Tensor, pixel_range: str) -> Tensor:
    """uint8 pictures, or dots from -1 to 1, as floats from 0 to 1 or from -1 to 1."""
    if images.is_floating_point():
        return (images + 1) / 2 if pixel_range == "0..1" else images
    if pixel_range == "0..1":
        return images.float().div_(255)
    return images.float().div_(127.5).sub_(1)


def to_images(pictures: Tensor, pixel_range: str) -> np.ndarray:
    """Float pictures (n, c, h, w) as uint8 (n, h, w) or (n, h, w, 3); what lies outside is clipped.

    Dots stay floats, (n, 1, 2) from -1 to 1, wherever they lie.
    """
    if pictures.shape[1:] == (1, 1, 2):
        return (pictures * 2 - 1 if pixel_range == "0..1" else pictures)[:, 0].float().cpu().numpy()
    scaled = pictures * 255 if pixel_range == "0..1" else (pictures + 1) * 127.5
    whole = scaled.round().clamp_(0, 255).to(torch.uint8).cpu().numpy()
    return whole[:, 0] if whole.shape[1] == 1 else whole.transpose(0, 2, 3, 1).copy()
