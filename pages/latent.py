"""The latent space: where a forger's pictures come from."""

from gan import families
from pages.shared.inside import chosen
from pages.shared.inside.latent import room

if found := chosen.choose(families.has_latent_space, chosen.NO_SPACE):
    room.show(*found)
