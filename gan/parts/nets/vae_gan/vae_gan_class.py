"""VAE-GAN that is told the class: all three networks know what the picture shows, so you can ask for it.

As the autoencoder that is told the class, beside a discriminator with a direction for each (Miyato, Koyama 2018).
"""

from gan.parts.nets.conditional import discriminator
from gan.parts.nets.vae.vae_class import encoder, generator

__all__ = ["discriminator", "encoder", "generator"]

FAMILY = "vae_gan"
CONDITIONAL = True
OPTIONS = {"width": (16, 4, 128), "extra_layers": (0, 0, 4)}
REFUSES = {
    "packing": "what comes back is compared picture by picture, and a packed discriminator sees several as one",
    "dots": "its layers look at neighbouring pixels, and a dot has none",
}
