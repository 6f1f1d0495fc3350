"""The latent space: where a forger's pictures come from."""

from pages.shared.inside import chosen
from pages.shared.inside.latent import room

if found := chosen.choose():
    room.show(*found)
