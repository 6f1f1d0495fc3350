"""For pairs (pix2pix): the picture shrinks and grows again, and a detective looks at patches of both together.

Isola, Zhu, Zhou, Efros 2017: a U-Net that is to come close to the picture that belongs to what went in, and a PatchGAN
that is shown both. The paper's noise, dropout while drawing, is left out: it found that it changed little.
"""

from gan.parts.translators import PatchGAN, Translator, UNet

FAMILY = "translation"
OPTIONS = {
    "width": (16, 4, 64),  # channels at half the side
    "patches": (1, 1, 3),  # layers that halve the side before patches are judged: of 16, 34 or 70 pixels
    "l1_weight": (100.0, 0.0, 1000.0),  # of the difference from the picture that shall come out
}
REFUSES = {
    "dots": "its layers look at neighbouring pixels, and a dot has none",
    "task=kinds": "it learns from pairs, and here no picture belongs to another",
}


def generator(config, shape):
    return Translator(UNet(shape[0], config.option("width")), shape)


def judge(config, shape):
    return PatchGAN(2 * shape[0], config.option("width"), config.option("patches"))
