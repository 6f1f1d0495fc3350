"""Denoiser that is told the class (U-Net): you can ask it for a 7, and say how closely it shall keep to that.

The small U-Net with the class beside the time; in a tenth of the training it is not told, so that it can do without
(Ho, Salimans 2022, section 3.2).
"""

from gan.parts.nets.diffusion import denoiser

FAMILY = "diffusion"
CONDITIONAL = True
OPTIONS = {"width": (32, 8, 128)}
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape):
    return denoiser.generator(config, shape, config.class_count)
