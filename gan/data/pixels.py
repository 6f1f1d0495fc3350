"""Pictures as people see them, and as the numbers that networks see. Dots are floats for both."""

import numpy as np
import torch
from torch import Tensor


def channels_first(images: np.ndarray) -> Tensor:
    """Pictures (n, h, w) or (n, h, w, 3) as a tensor (n, c, h, w)."""
    tensor = torch.from_numpy(images)
    return tensor.unsqueeze(1) if tensor.dim() == 3 else tensor.permute(0, 3, 1, 2).contiguous()


def to_range(images: Tensor, pixel_range: str) -> Tensor:
    """uint8 pictures or dots as networks see them, floats from 0 to 1 or from -1 to 1."""
    return (dots_to_range if images.is_floating_point() else bytes_to_range)(images, pixel_range)


def to_images(pictures: Tensor, pixel_range: str) -> np.ndarray:
    """What networks see (n, c, h, w) as people do: uint8 (n, h, w) or (n, h, w, 3), or dots float32 (n, 1, 2)."""
    return (to_dots if pictures.shape[1:] == (1, 1, 2) else to_bytes)(pictures, pixel_range)


def bytes_to_range(images: Tensor, pixel_range: str) -> Tensor:
    """uint8 pictures as floats from 0 to 1 or from -1 to 1."""
    if pixel_range == "0..1":
        return images.float().div_(255)
    return images.float().div_(127.5).sub_(1)


def to_bytes(pictures: Tensor, pixel_range: str) -> np.ndarray:
    """Float pictures (n, c, h, w) as uint8 (n, h, w) or (n, h, w, 3); what lies outside is clipped."""
    scaled = pictures * 255 if pixel_range == "0..1" else (pictures + 1) * 127.5
    whole = scaled.round().clamp_(0, 255).to(torch.uint8).cpu().numpy()
    return whole[:, 0] if whole.shape[1] == 1 else whole.transpose(0, 2, 3, 1).copy()


def dots_to_range(dots: Tensor, pixel_range: str) -> Tensor:
    """Dots from -1 to 1 as floats from 0 to 1 or as they are."""
    return (dots + 1) / 2 if pixel_range == "0..1" else dots


def to_dots(pictures: Tensor, pixel_range: str) -> np.ndarray:
    """Dots (n, 1, 1, 2) as float32 (n, 1, 2), from -1 to 1; those outside stay there."""
    return (pictures * 2 - 1 if pixel_range == "0..1" else pictures)[:, 0].float().cpu().numpy()
