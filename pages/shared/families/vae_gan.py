"""An autoencoder with a detective: real pictures, and what comes back of each, as the detective sees it."""

from gan.messages import msg
from pages.shared.families import vae

VIEW, show = vae.VIEW, vae.show
LOOK = msg("vae_gan.look", "How differently the detective sees what came back, and how far codes are from noise.")
